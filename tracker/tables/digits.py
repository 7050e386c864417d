"""Columns of numbers as text: what Python's ``repr``, and so JSON, writes for each, a column at a time.

Arrow writes the shortest digits that give the number back, as Python does, but has other bounds for an exponent and
leaves out the ``.0`` of whole numbers.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

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
    texts = pa.array(numbers, mask=~known).cast(pa.string())
    size = np.abs(np.where(known, numbers, 0.0))
    is_odd = (size >= PLAIN_BELOW) | ((size < PLAIN_FROM) & (size > 0))
    if point:
        is_whole = known & ~is_odd & (np.floor(size) == size)
        texts = pc.binary_join_element_wise(texts, pc.if_else(pa.array(is_whole), ".0", ""), "")
    if is_odd.any():
        odd = [_written(float(text), point=point) for text in texts.filter(pa.array(is_odd)).to_pylist()]
        texts = pc.replace_with_mask(texts, pa.array(is_odd), pa.array(odd, pa.string()))
    return texts


def _written(number: float, *, point: bool) -> str:
    return repr(number) if point or not number.is_integer() else str(int(number))
