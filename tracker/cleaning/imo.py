"""IMO numbers: seven digits of which the last checks the others (IMO Resolution A.1117(30))."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NOTHING = ("0", "0000000", "")
"""What crews and providers write for "none"."""


def read_imo(column: Any, /) -> tuple[Any, int]:
    """Read a text column of IMO numbers.

    Returns
    -------
    numbers : int32 array, null where there is none or the check digit is wrong
    faults : how many were malformed (as opposed to absent)
    """
    text = pc.utf8_trim_whitespace(
        pc.replace_substring_regex(pc.utf8_upper(column), pattern=r"^\s*IMO[\s:#]*", replacement="")
    )
    # numeric sources write 9307839.0
    text = pc.replace_substring_regex(text, pattern=r"\.0+$", replacement="")
    is_given = pc.fill_null(pc.invert(pc.is_in(text, pa.array(NOTHING))), False)
    is_seven = pc.fill_null(pc.match_substring_regex(text, pattern=r"^[1-9][0-9]{6}$"), False)
    numbers = pc.if_else(is_seven, text, pa.scalar("0")).cast(pa.int32()).to_numpy(zero_copy_only=False)
    good = is_right(numbers)
    given = is_given.to_numpy(zero_copy_only=False) & column.is_valid().to_numpy(zero_copy_only=False)
    return pa.array(numbers, pa.int32(), mask=~good), int(np.count_nonzero(given & ~good))


def is_right(numbers: Any, /) -> Any:
    """Whether seven-digit numbers have the right check digit: weights 7 to 2 over the first six, last digit of the sum."""
    digits = [numbers // 10**place % 10 for place in range(6, -1, -1)]
    total = sum(weight * digit for weight, digit in zip(range(7, 1, -1), digits[:6], strict=True))
    return (numbers >= 1_000_000) & (numbers <= 9_999_999) & (total % 10 == digits[6])
