"""The columns of the results: each with its type, unit, meaning and source.

Those of `metrics/` declare themselves. The others are in `fixed.py`: their values come from
`measure/` or `storage/values.py`, and `SCALAR_COLUMNS` in `grid/limits.py` counts them.
"""

from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa

from toysup import metrics, registry
from toysup.columns.fixed import CODE, HOW, IDENTITY, LIST, RAW, RECORDED, Field
from toysup.errors import ToysupError

HALF = "half"
CONFIGURED = tuple(family.name for family in registry.FAMILIES.values() if family.table)
MEASURING = ("objectives", "features")  # the families that may have measures of their own
Plugins = Iterable[tuple[str, str]]  # of these: family and name


def half_field(plugins: Plugins | None = None) -> Field:
    """The metrics of the run of half the length, under the names that they have of the whole."""
    of_code = [f for f in CODE if f.name != "mean_readout_unexplained"]  # takes too long
    loss = [f for f in HOW if f.name in ("loss", "optimality_gap")]
    known = [f for f in (*loss, *metric_fields(), *of_code, *own_fields(plugins)) if f.type != LIST]
    parts = tuple(replace(f, type=pa.float64()) for f in known)
    return Field(
        HALF,
        pa.struct([(f.name, f.type) for f in parts]),
        "1",
        "The same metrics of the run of half the length: how far they still move.",
        parts=parts,
    )


def setting_fields(names: list[str] | None = None) -> list[Field]:
    """A field for each setting there is, or for those of a run."""
    types = {float: pa.float64(), int: pa.int64(), bool: pa.bool_(), str: pa.string()}
    known = all_settings()
    return [
        Field(
            name,
            types[known[name].kind],
            "1",
            f"Setting: {known[name].doc}.",
            "the sweep file",
            optional=True,  # another plug-in's conditions do not have it
        )
        for name in (known if names is None else names)
    ]


@registry.cached
def all_settings() -> dict[str, registry.Setting]:
    """Every setting of every plugin by name."""
    from toysup import train

    known = registry.settings(train.Size) | registry.settings(train.Training)
    for family in CONFIGURED:
        for name in registry.names(family):
            known |= registry.settings(registry.load(family, name))
    return known


def metric_fields() -> list[Field]:
    types = {"float": pa.float64(), "int": pa.int64(), "list": LIST}
    return [
        Field(c.name, types[c.kind], c.unit, c.description, c.source) for c in metrics.columns()
    ]


def own_fields(plugins: Plugins | None = None) -> list[Field]:
    """The measures that single objectives and feature distributions declare; by default of all."""
    if plugins is None:
        plugins = [(family, name) for family in MEASURING for name in registry.names(family)]
    return declared(m for plugin in plugins for m in registry.load(*plugin).measures)


def parameter_fields(plugins: Plugins | None = None) -> list[Field]:
    """What objectives train beside the encoder; by default of all objectives there are."""
    if plugins is None:
        plugins = [("objectives", name) for name in registry.names("objectives")]
    classes = [registry.load(*plugin) for plugin in plugins if plugin[0] == "objectives"]
    return declared(m for cls in classes for m in cls.parameters)


def declared(measures: Iterable[registry.Measure]) -> list[Field]:
    """A field for each of these; two that declare the same name share it."""
    return [
        Field(
            m.name,
            LIST if m.listed else pa.float64(),
            m.unit,
            m.description,
            m.source,
            optional=True,  # another plug-in's conditions do not have it
        )
        for m in {m.name: m for m in measures}.values()
    ]


def fields(
    settings: list[str] | None = None, plugins: Plugins | None = None, recorded: bool = True
) -> list[Field]:
    """Every column of the results, in order: of a run with these, by default of any run."""
    known, own = setting_fields(settings), own_fields(plugins)
    half, trained = half_field(plugins), parameter_fields(plugins)
    fields = [*IDENTITY, *known, *HOW, *metric_fields(), *CODE, *own, half, *trained, *RAW]
    return fields + list(RECORDED if recorded else ())


def refuse_twice() -> None:
    """ToysupError where two columns have one name, as a setting and a measure of plug-ins may."""
    known: dict[str, Field] = {}
    for field in fields([*all_settings()]):
        other = known.setdefault(field.name, field)
        if other is not field:
            both = " and ".join(f'"{one.description}"' for one in (other, field))
            raise ToysupError(f"Two columns have the name {field.name}: {both} Rename one of them.")


@registry.cached
def scalars(plugins: tuple[tuple[str, str], ...], recorded: bool) -> tuple[str, ...]:
    """The columns with one number a row that a claim may compare."""
    kinds, names = (pa.float64(), pa.int64()), ("seed", "condition")
    known = fields([], plugins, recorded)
    return tuple(f.name for f in known if f.type in kinds and f.name not in names)


def lists() -> list[str]:
    """The columns with several numbers a row."""
    own = (*own_fields(), *parameter_fields())
    known = (*HOW, *metric_fields(), *CODE, *own, *RAW, *RECORDED)
    return [f.name for f in known if pa.types.is_list(f.type)]


def type_name(kind: pa.DataType) -> str:
    return str(kind).replace("list<element: ", "list<")


def describe() -> list[dict[str, str]]:
    """What `toysup schema` shows: each column's name, type, unit, description and source."""
    return [
        {
            "name": field.name,
            "type": "struct" if field.name == HALF else type_name(field.type),
            "unit": field.unit,
            "description": field.description,
            "source": field.source,
        }
        for field in fields()
    ]
