"""Every objective at n = 20, m = 5, batch 256 and its defaults, against its PyTorch counterpart."""

from rich.console import Console
from rich.table import Table

from benchmarks.case import case_of
from benchmarks.pytorch import Peer
from benchmarks.sizes import rounds_of

INSTANCES = 16, 2  # conditions and seeds
# These look at all pairs of a batch; InfoNCE's rate is the measure for them.
PAIRWISE = ("siglip", "triplet", "supcon", "align_uniform", "clip")
SLOWEST = 0.5  # of InfoNCE's rate, before an objective is flagged


def measure(rounds: int, peer: Peer | None) -> dict[str, dict]:
    """The rates of each objective by name, the fastest first."""
    from toysup import registry

    names = registry.names("objectives")
    found = {name: rounds_of(case_of(name), INSTANCES, rounds, peer) for name in names}
    for name in PAIRWISE:
        found[name]["of InfoNCE"] = share = found[name]["toysup"] / found["infonce"]["toysup"]
        found[name]["slow"] = share < SLOWEST
    return dict(sorted(found.items(), key=lambda item: -item[1]["toysup"]))


def show(found: dict[str, dict]) -> None:
    table = Table(title="objectives, n = 20, m = 5, batch 256: instance-steps a second", box=None)
    for column in ("objective", "toysup", "PyTorch", "ratio", "wall", "of InfoNCE", ""):
        table.add_column(column, justify="left" if column in ("objective", "") else "right")
    for name, row in found.items():
        theirs = ("", "", "")
        if "ratio" in row:
            ratios = f"{row['ratio']:.1f}x", f"{row['ratio, wall']:.1f}x"
            theirs = f"{row['PyTorch']:,.0f}", *ratios
        share = f"{row['of InfoNCE']:.2f}" if "of InfoNCE" in row else ""
        flag = "slower than half of InfoNCE" if row.get("slow") else ""
        table.add_row(name, f"{row['toysup']:,.0f}", *theirs, share, flag)
    Console(width=100).print(table)
