"""Arrow arrays of plain arrays and lists, made without ``pyarrow.array``: that loads pandas, half a second, to ask it."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_TYPES: Final = {"f": pa.float64(), "i": pa.int64()}


def flags(values: npt.NDArray[np.bool_], /, *, is_null: npt.NDArray[np.bool_] | None = None) -> Any:
    """Booleans, as a pyarrow.BooleanArray; null where `is_null`."""
    valid = None if is_null is None or not is_null.any() else _bits(~is_null)
    return pa.Array.from_buffers(pa.bool_(), len(values), [valid, _bits(values)])


def numbers(values: npt.NDArray[Any], /, *, is_null: npt.NDArray[np.bool_] | None = None) -> Any:
    """64-bit floats or whole numbers, as a pyarrow.Array; null where `is_null`."""
    wide = np.ascontiguousarray(values, np.float64 if values.dtype.kind == "f" else np.int64)
    valid = None if is_null is None or not is_null.any() else _bits(~is_null)
    return pa.Array.from_buffers(_TYPES[wide.dtype.kind], len(wide), [valid, pa.py_buffer(wide)])


def texts(values: Sequence[str | None], /) -> Any:
    """Text, as a pyarrow.StringArray; None becomes null."""
    encoded = [b"" if value is None else value.encode() for value in values]
    valid = _bits(np.array([value is not None for value in values], bool)) if None in values else None
    content = [valid, _offsets([len(e) for e in encoded]), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), content)


def text_lists(values: Sequence[Sequence[str]], /) -> Any:
    """Lists of text, as a pyarrow.ListArray."""
    inner = texts([text for row in values for text in row])
    buffers = [None, _offsets([len(row) for row in values])]
    return pa.Array.from_buffers(pa.list_(pa.string()), len(values), buffers, children=[inner])


def _offsets(sizes: list[int]) -> Any:
    return pa.py_buffer(np.cumsum([0, *sizes], dtype=np.int32))


def _bits(values: npt.NDArray[np.bool_]) -> Any:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def hundredths(distances_nm: Any, /) -> Any:
    """Distances to a hundredth of a mile, as Python rounds: the coast is not known better."""
    values = distances_nm.to_numpy().astype(np.float64)
    scaled = values * 100.0
    rounded = np.rint(scaled) / 100.0
    # the product may fall on the other side of a half than the number itself
    for i in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < 1e-6).tolist():
        rounded[i] = round(float(values[i]), 2)
    return numbers(rounded, is_null=np.isnan(rounded))
