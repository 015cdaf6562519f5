"""Which columns of the results verdicts, claims and a printed report are made of."""

import pyarrow as pa

MATRICES = ("W", "b", "least_W")


def needed(schema: pa.Schema) -> list[str]:
    """All that have one value a row, those of the half-length runs among them, and the matrices;
    no curves and no lists of what each feature has."""
    names = []
    for field in schema:
        if pa.types.is_struct(field.type):
            parts = [part.name for part in field.type if not pa.types.is_list(part.type)]
            names += [f"{field.name}.{name}" for name in parts]
        elif field.name in MATRICES or not pa.types.is_list(field.type):
            names.append(field.name)
    return names
