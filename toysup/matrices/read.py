"""A file -> matrices `(m, n)` of floats, whose columns are directions, with their names.

What cannot be read raises a ToysupError. Formats that run code when they are opened are refused.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from toysup.errors import RefusedError
from toysup.files.shown import quoted
from toysup.matrices.matrix import Matrix, Take, everything, fault, oriented
from toysup.matrices.table import from_table
from toysup.matrices.unreadable import explained, one_key
from toysup.resources.container import memory

RUNS_CODE = {
    ".pt": "torch.load",
    ".pth": "torch.load",
    ".bin": "torch.load",
    ".ckpt": "torch.load",
    ".pkl": "pickle.load",
    ".pickle": "pickle.load",
    ".joblib": "joblib.load",
}
KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}  # of safetensors, as numpy has them
KINDS |= {"I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?"}
EXPANDED = 4  # bytes in memory for one of a file that is read as a whole
READS = ".npy, .npz, .safetensors, .parquet and .csv"


def matrices(
    path: Path,
    key: str | None = None,
    axis: str | None = None,
    where: Sequence[str] = (),
    take: Take = everything,
) -> Iterator[Matrix]:
    """The matrices of a file: one, or one for each row of a run's results.

    `take` is told the name and the size of a matrix before it is in memory, and says which of its
    columns are wanted, or raises.
    """
    suffix, name = path.suffix.lower(), str(path)
    if suffix in RUNS_CODE:
        raise fault(
            name,
            f"{suffix} files run code when they are opened, and are not read. In a process that "
            f"you trust with it, {RUNS_CODE[suffix]} it and save the matrix: "
            "numpy.save('directions.npy', matrix).",
        )
    if not path.is_file():
        raise fault(name, "there is no such file.")
    if where and suffix != ".parquet":
        raise fault(name, "--where chooses rows of a run's results, a .parquet file.")
    if suffix == ".npy":
        with explained(path):
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        yield oriented(name, array, axis, take)
    elif suffix in (".npz", ".safetensors"):
        refuse_large_file(path)
        with explained(path):
            arrays = np.load(path, allow_pickle=False) if suffix == ".npz" else tensors(path)
            chosen = one_key(name, list(arrays), key)
            array, name = arrays[chosen], f"{name}, {chosen}"
            if isinstance(array, dict):
                array = array_of(name, **array)
        yield oriented(name, array, axis, take)
    elif suffix in (".parquet", ".csv"):
        refuse_large_file(path)
        yield from from_table(path, key, axis, where, take)
    else:
        raise fault(name, f"is not of a format that is read: {READS}.")


def refuse_large_file(path: Path) -> None:
    """RefusedError for a file that is read as a whole and does not fit in memory."""
    size = path.stat().st_size
    if EXPANDED * size > memory():
        raise RefusedError(
            f"{path}: has {size / 1e9:,.1f} GB, and would need about {EXPANDED * size / 1e9:,.0f} "
            "GB of memory. Save the one matrix with numpy.save: of an .npy file, --sample reads "
            "only some of the directions."
        )


def tensors(path: Path) -> dict[str, dict]:
    """The type, the shape and the bytes of every tensor of a file."""
    import safetensors

    return dict(safetensors.deserialize(path.read_bytes()))


def array_of(name: str, dtype: str, shape: list[int], data: bytes) -> np.ndarray:
    """The array of a tensor. bfloat16, which numpy has not, is the upper half of float32."""
    if dtype == "BF16":
        whole = np.frombuffer(data, "<u2").astype("<u4") << 16
        return whole.view("<f4").reshape(shape)
    if dtype not in KINDS:
        raise fault(name, f"holds {quoted(dtype)}. Directions are floats: save them as float32.")
    return np.frombuffer(data, KINDS[dtype]).reshape(shape)
