"""The tables of a sweep file, and the settings that each of them takes."""

from toysup import registry
from toysup.registry import Setting

ORDER = ("features", "views", "encoders", "objectives")  # of the tables, in messages and columns
CONFIGURED = [registry.FAMILIES[name] for name in ORDER]
# The table of a sweep file -> its family of plug-ins.
FAMILIES = {family.table: family.name for family in CONFIGURED}
NOUNS = {family.table: family.noun for family in CONFIGURED}
IMPLIED = {family.table: family.implied for family in CONFIGURED if family.implied}
CORE_TABLES = ("model", "train")
SCALARS = ("title", "question", "seed", "seeds", "measure", "pictures")
CLAIMS = "claims"
SMALL = "small"
RECORD = "record"
PLUGINS = "plugins"
TOP_KEYS = (*SCALARS, PLUGINS, *CORE_TABLES, *FAMILIES, RECORD, CLAIMS, SMALL)


def names_of(family: str) -> tuple[str, ...]:
    """The names that a family's tables may have."""
    return registry.names(FAMILIES[family])


def all_of(family: str) -> str:
    """The command that shows what a family has."""
    return f"toysup list {FAMILIES[family]}"


def plugin(family: str, name: str) -> type:
    """The class behind table `[family.name]`."""
    return registry.load(FAMILIES[family], name)


@registry.cached
def takes(table: str) -> dict[str, Setting]:
    """The settings of "model", "features.independent" or "objective.mse.train"."""
    # Imported here, so that a report, which reads a finished Sweep, does not wait for jax.
    from toysup.train import Size, Training

    family, _, name = table.partition(".")
    if table == "model":
        return registry.settings(Size)
    if table == "train" or name.endswith(".train"):
        return registry.settings(Training)
    return registry.settings(plugin(family, name))


def tables_with(setting: str) -> list[str]:
    """Every table that takes a setting of this name, also those that the sweep does not have."""
    named = (f"{family}.{name}" for family in FAMILIES for name in names_of(family))
    return [table for table in (*CORE_TABLES, *named) if setting in takes(table)]


def table_at(raw: dict, path: str) -> dict:
    """The table at a dotted path; an empty one if there is no table."""
    for name in path.split("."):
        raw = raw.get(name, {})
        if not isinstance(raw, dict):
            return {}
    return raw
