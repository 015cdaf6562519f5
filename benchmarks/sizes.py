"""MSE and InfoNCE from the notebook's size to 1,000 features: rates, ratios, share of the floor."""

from collections.abc import Callable, Iterator
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks import hardware, plain_jax
from benchmarks.case import Case, case_of
from benchmarks.clock import Rate
from benchmarks.ours import Contender, loss_and_start
from benchmarks.pytorch import Peer

BATCHES = {"mse": 1024, "infonce": 256}
# (n, m) and how many conditions and seeds train: fewer large ones, as their batches are large.
SIZES = {(20, 5): (16, 2), (100, 20): (8, 2), (400, 30): (4, 2), (1000, 100): (2, 2)}
# MSE of rare features, where a step can be faster than its dense products.
RARE = {"sizes": ((400, 30), (1000, 100)), "densities": (0.05, 0.01)}
TOLERANCE = 1e-4  # of the loss of a batch, between two ways to compute the same
SECONDS = {"ours": 0.7, "PyTorch": 1.0, "floor": 0.5}  # of each round


def checked(case: Case, peer: Peer) -> None:
    """Leave the peer with a start, if it computes the same loss of a batch as toysup does."""
    ours, start = loss_and_start(case)
    theirs = peer.loss(case, start)
    if not abs(theirs - ours) <= TOLERANCE * abs(ours):
        raise SystemExit(f"{case.name}: a loss of {ours} here and of {theirs} in PyTorch")


def rounds_of(case: Case, instances: tuple[int, int], rounds: int, peer: Peer | None) -> dict:
    """The rates of each round in which toysup and PyTorch take turns, with the products of matrices
    in between for the `SIZES`, and their medians.

    `floor` is instance-steps a second if the dense matrix products of a step were all its work.
    """
    ours = Contender(case, *instances)
    contenders: dict[str, Callable[[], Rate]] = {"toysup": lambda: ours.rate(SECONDS["ours"])}
    if peer:
        checked(case, peer)
        contenders["PyTorch"] = lambda: peer.rate(case, ours.instances, SECONDS["PyTorch"])
    if case.objective in BATCHES and case.batch == BATCHES[case.objective]:
        products = hardware.products_of(case)
        contenders["floor"] = lambda: products(SECONDS["floor"])
    found: dict[str, list[Rate]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            found[name].append(contender())
    result: dict = {"runs": found, "compiling, seconds": ours.compiling}
    result |= {name: median(rate.cores for rate in rates) for name, rates in found.items()}
    for other, name in {"PyTorch": "ratio", "floor": "share"}.items():
        if other in found:
            result[name], result[f"{name}, wall"] = ratio_of(found["toysup"], found[other])
    return result


def ratio_of(ours: list[Rate], theirs: list[Rate]) -> tuple[float, float]:
    """The median ratio over rounds: by seconds of the cores, and by the wall's clock."""
    pairs = list(zip(ours, theirs, strict=True))
    return median(a.cores / b.cores for a, b in pairs), median(a.wall / b.wall for a, b in pairs)


def cases() -> Iterator[tuple[Case, tuple[int, int]]]:
    """What is timed, and how many conditions and seeds of it train."""
    for objective, batch in BATCHES.items():
        for (n, m), instances in SIZES.items():
            yield case_of(objective, n=n, m=m, batch=batch), instances
    for n, m in RARE["sizes"]:
        for density in RARE["densities"]:
            case = case_of("mse", n=n, m=m, batch=BATCHES["mse"], density=density)
            yield case, SIZES[n, m]


def measure(rounds: int, peer: Peer | None) -> dict[str, dict]:
    """Every size of both objectives, and rare features; at the first size, plain JAX as well."""
    found = {}
    for case, instances in cases():
        found[case.name] = row = rounds_of(case, instances, rounds, peer)
        if (case.n, case.m) == (plain_jax.N, plain_jax.M):
            row["plain JAX"] = plain_jax.measured(case.objective, 32, SECONDS["PyTorch"])
    return found


def show(found: dict[str, dict]) -> None:
    table = Table(title="instance-steps a second, by size", box=None)
    for column in ("objective-n-m-batch-p", "toysup", "PyTorch", "ratio", "wall", "floor", "share"):
        table.add_column(column, justify="left" if column.startswith("obj") else "right")
    for name, row in found.items():
        theirs = ("", "", "")
        if "ratio" in row:
            ratios = f"{row['ratio']:.1f}x", f"{row['ratio, wall']:.1f}x"
            theirs = f"{row['PyTorch']:,.0f}", *ratios
        floor = f"{row['floor']:,.0f}", f"{row['share']:.0%}"
        table.add_row(name, f"{row['toysup']:,.0f}", *theirs, *floor)
    Console(width=100).print(table)
    print(
        "Rates, ratio and share are by seconds of the cores; wall is the ratio by the wall's clock."
    )
    for name, row in found.items():
        if "plain JAX" in row:
            theirs = row["plain JAX"].cores
            print(f"{name}: plain JAX {theirs:,.0f} ({row['toysup'] / theirs:.1f}x)")
