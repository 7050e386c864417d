"""IMO numbers: seven digits of which the last checks the others (IMO Resolution A.1117(30))."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def read_imo(column: Any, /) -> tuple[Any, npt.NDArray[np.bool_]]:
    """Read a text column of IMO numbers, with or without the letters before them.

    Returns
    -------
    numbers : int32 array, null where there is none or the check digit is wrong
    wrong : mask of those that were malformed (as opposed to absent: nothing, or only zeros)
    """
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    text = pc.replace_substring_regex(pc.utf8_upper(column), pattern=r"^\s*(IMO)?[\s:#]*|\s+$", replacement="")
    # numeric sources write 9307839.0
    text = pc.replace_substring_regex(text, pattern=r"\.0+$", replacement="")
    is_given = pc.fill_null(pc.invert(pc.match_substring_regex(text, pattern=r"^0*$")), False)
    is_seven = pc.fill_null(pc.match_substring_regex(text, pattern=r"^[1-9][0-9]{6}$"), False)
    numbers = pc.if_else(is_seven, text, pa.scalar("0")).cast(pa.int32()).to_numpy(zero_copy_only=False)
    good = is_right(numbers)
    return pa.array(numbers, pa.int32(), mask=~good), is_given.to_numpy(zero_copy_only=False) & ~good


def is_right(numbers: Any, /) -> Any:
    """Whether seven-digit numbers have the right check digit: weights 7 to 2 over the first six, last digit of the sum."""
    digits = [numbers // 10**place % 10 for place in range(6, -1, -1)]
    total = sum(weight * digit for weight, digit in zip(range(7, 1, -1), digits[:6], strict=True))
    return (numbers >= 1_000_000) & (numbers <= 9_999_999) & (total % 10 == digits[6])
