"""Columns of numbers as text: what Python's ``repr``, and so JSON, writes for each, a column at a time.

Arrow writes the shortest digits that give the number back, as Python does, but has other bounds for an exponent and
leaves out the ``.0`` of whole numbers.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.coded import coded

PLAIN_FROM: Final = 1e-4
PLAIN_BELOW: Final = 1e10
"""Numbers between are written without an exponent by both."""


def number_texts(numbers: npt.NDArray[Any], /, *, point: bool = True) -> Any:
    """Text of each number (float32 or float64), with the digits that it has; null where it is not finite.

    Parameters
    ----------
    point
        False writes whole numbers without ``.0``, and no minus before 0.
    """
    if not point:
        numbers = numbers + 0.0
    known = np.isfinite(numbers)
    values = pa.array(numbers, mask=None if known.all() else ~known)
    different, codes = coded(values)
    texts = _texts(different, point=point)
    return texts if codes is None else texts.take(codes)


def _texts(values: Any, *, point: bool) -> Any:
    texts = values.cast(pa.string())
    size = np.abs(values.to_numpy(zero_copy_only=False))
    is_odd = (size >= PLAIN_BELOW) | ((size < PLAIN_FROM) & (size > 0))
    if point:
        is_whole = (np.floor(size) == size) & ~is_odd
        if is_whole.all():
            texts = pc.binary_join_element_wise(texts, ".0", "")
        elif is_whole.any():
            texts = pc.binary_join_element_wise(texts, pc.if_else(pa.array(is_whole), ".0", ""), "")
    if is_odd.any():
        odd = [_written(float(text), point=point) for text in texts.filter(pa.array(is_odd)).to_pylist()]
        texts = pc.replace_with_mask(texts, pa.array(is_odd), pa.array(odd, pa.string()))
    return texts


def _written(number: float, *, point: bool) -> str:
    return repr(number) if point or not number.is_integer() else str(int(number))
