"""What the other commands print: a sweep's plan and outcome, what there is, the columns."""

import shlex

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from toysup.files.called import program
from toysup.files.shown import line
from toysup.reports.console import Text, console
from toysup.reports.words import counted, distinct, duration, joined, plain
from toysup.resources.units import bytes_text

WIDEST_NAME = 40  # columns; a longer name has a line of its own
MOST_VALUES = 8  # of a setting, that are listed
SMALL = "(small)"
AXIS = (
    "axis: takes several values, as a list or { linspace = [0.0, 1.0, 5] }, { logspace = "
    "[1.0, 0.01, 7] } or { range = [1, 10, 2] }. --schema prints a JSON schema for editors."
)
PLUGINS = ("features", "views", "encoder")  # a stack's id has its objective
HEALTH = {
    "converged": "converged",
    "not converged": "still moved at the end: not judged (more steps may help)",
    "diverged": "diverged: see the outcome column",
}


def outcome(found: dict, out: Console | None = None) -> None:
    """After a sweep: where the results are, how the instances fared, and what to do next."""
    out = out or console()
    out.print(f"Results: {found['results']} ({counted(found['instances'], 'instance')})")
    for name, count in found["outcomes"].items():
        out.print(f"  {count:>7,} {HEALTH.get(name, name)}")
    out.print(f"Next:    {program()} report {shlex.quote(found['run'])}", soft_wrap=True)


def share(found: dict, out: Console | None = None) -> None:
    """After a shard, while others still train."""
    out = out or console()
    out.print(
        f"Shard {found['shard']} is trained. {found['chunks_done']:,} of {found['chunks']:,} "
        f"chunks are in {found['run']}; the shard that finishes last publishes the results.",
        soft_wrap=True,
    )


def outline(plan: dict, out: Console | None = None) -> None:
    """What a sweep would do."""
    out = out or console()
    out.print(Text(line(plan["title"]), style="bold"))
    grid = f"{counted(plan['conditions'], 'condition')} x {counted(plan['seeds'], 'seed')}"
    out.print(
        f"{grid} = {counted(plan['instances'], 'instance')}, {plan['steps']:,} steps in all. "
        f"Plan {plan['hash']}."
    )
    if "there" in plan:
        out.print(f"{plan['there']:,} of them are trained, {plan['to_train']:,} are missing.")
    if "seconds" in plan:
        out.print(
            f"About {duration(plan['seconds'])} on this machine, now that its programs are "
            f"compiled, and {bytes_text(plan['memory'])} of memory and "
            f"{bytes_text(plan['disk'])} of disk."
        )
    out.print()
    shared = common([stack["static"] for stack in plan["stacks"]])
    whos = [{name: stack[name] or "none" for name in PLUGINS} for stack in plan["stacks"]]
    alike = common(whos)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("stack", overflow="fold")
    names = [name for name in PLUGINS if name not in alike]
    for name in names:
        table.add_column(name, overflow="fold", min_width=len(name))
    for name in ("conditions", "lanes"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    table.add_column("its own settings", overflow="fold")
    for stack, who in zip(plan["stacks"], whos, strict=True):
        own = {name: v for name, v in stack["static"].items() if name not in shared}
        words = ", ".join(f"{name} {plain(value)}" for name, value in own.items())
        counts = [str(stack[name]) for name in ("conditions", "lanes")]
        table.add_row(stack["id"], *(who[name] for name in names), *counts, words)
    out.print(table)
    out.print()
    shared = {name: value for name, value in alike.items() if value != "none"} | shared
    words = ", ".join(f"{name} {plain(value)}" for name, value in shared.items())
    out.print(
        f"A stack is the conditions that one program trains. They share: {words or 'nothing'}."
    )
    if plan["varies"]:
        varying = "; ".join(f"{name} ({some(values)})" for name, values in plan["varies"].items())
        out.print(f"The conditions of a stack differ in {varying}.")
    if "seconds" in plan:
        out.print("Nothing was kept: leave out --dry-run to train it.")
    else:
        out.print("Nothing was trained: --dry-run times it, and without --plan it is trained.")


def some(values: list) -> str:
    """The values of a setting, or of many how many they are and their ends.

    >>> some([1.0, 0.464159, 0.1])
    '1, 0.46 and 0.1'
    >>> some([n / 100 for n in range(1, 91)])
    '90 values from 0.01 to 0.9'
    """
    texts = list(distinct(values).values())
    if len(texts) <= MOST_VALUES:
        return joined(texts)
    return f"{len(texts)} values from {texts[0]} to {texts[-1]}"


def common(tables: list[dict]) -> dict:
    """The settings that all stacks have alike."""
    first, *others = tables or [{}]
    return {k: v for k, v in first.items() if all(t.get(k, k) == v for t in others)}


def names(entries: dict[str, list[dict]], out: Console) -> None:
    """The names of each kind, and how to learn more."""
    for kind, things in entries.items():
        out.print(Text(kind, style="bold underline"))
        text = ", ".join(line(thing["name"]) for thing in things) or "none here"
        out.print(Padding(Text(text, style="" if things else "dim"), (0, 0, 1, 2)))
    command = f"{program()} list"
    words = f"{command} KIND or NAME describes them: {command} views"
    out.print(Text(words, style="dim"))
    out.print(Text(f"{command} sweepfile: every key of a sweep file", style="dim"))


def catalogue(
    entries: dict[str, list[dict]], out: Console | None = None, brief: bool = False
) -> None:
    """What there is of each kind, with the settings that a sweep file may give it.

    Briefly, it is their names.
    """
    out = out or console()
    if brief:
        names(entries, out)
        return
    for number, (kind, things) in enumerate(entries.items()):
        if number:
            out.print()
        out.print(Text(kind, style="bold underline"))
        if not things:
            out.print(Text("  none here", style="dim"))
        width = max((len(thing["name"]) for thing in things), default=0)
        source = None
        for thing in sorted(things, key=lambda thing: "from" in thing):  # the packaged ones first
            if thing.get("from") != source:
                source = thing["from"]
                out.print(Text(f"  from {source}", style="dim"))
            name, summary = f"  {line(thing['name'])}", line(thing["summary"])
            if thing.get("small"):
                summary += f" {SMALL}"
            if len(thing["name"]) > WIDEST_NAME:
                out.print(Text(name, style="bold"), soft_wrap=True)
                name = ""
            row = Table.grid(padding=(0, 2, 0, 0))
            row.add_column(width=min(width, WIDEST_NAME) + 2)
            row.add_column()
            row.add_row(Text(name, style="bold"), summary)
            out.print(row)
            if thing.get("settings"):
                out.print(settings(thing["settings"], width))
        if any(thing.get("small") for thing in things):
            out.print(Text(f"  {SMALL}: --small trains a small version", style="dim"))


def settings(known: list[dict], indent: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=min(indent, WIDEST_NAME) + 2)
    table.add_column(no_wrap=True)
    table.add_column()
    for setting in known:
        default = plain(setting["default"], 6)
        words = f"{setting['doc']} ({setting['range']})"
        table.add_row("", f"{setting['name']} = {default}", words)
    return table


def sweepfile(tables: list[dict], out: Console | None = None) -> None:
    """Every table of a sweep file: its keys with defaults, meanings and allowed values."""
    out = out or console()
    for table in tables:
        head = Text(line(table["name"]), style="bold")
        origin = f" (from {line(table['from'])})" if "from" in table else ""
        out.print(head.append(f"  {line(table['summary'])}{origin}", style="not bold"))
        rows = Table.grid(padding=(0, 2, 0, 0))
        rows.add_column(no_wrap=True)
        rows.add_column()
        for key in table["settings"]:
            default = "" if key["default"] in (None, "") else f" = {plain(key['default'], 6)}"
            marks = [mark for mark in ("required", "axis") if key[mark]]
            words = Text(line(key["doc"]))
            words.append(f" ({', '.join([line(key['allowed']), *marks])})", style="dim")
            rows.add_row(f"  {key['name']}{default}", words)
        out.print(rows if table["settings"] else Text("  takes nothing", style="dim"))
        out.print()
    out.print(Text(AXIS, style="dim"))


def schema(columns: list[dict[str, str]], out: Console | None = None) -> None:
    """Each column of the results: its type, unit, meaning and source."""
    out = out or console()
    for column in columns:
        unit = "" if column["unit"] == "1" else f", {column['unit']}"
        head = Text(column["name"], style="bold")
        out.print(head.append(f"  {column['type']}{unit}", style="dim"))
        words = Text(column["description"]).append(f" [{column['source']}]", style="dim")
        out.print(Padding(words, (0, 0, 0, 4), expand=False))
