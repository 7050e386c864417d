"""The IMO ship number: seven digits of which the last checks the others (IMO Resolution A.1117(30)).

One number at a time, for lists and registries; columns of reports are read by `tracker.cleaning.imo`. Company
numbers have seven digits too and another check: they are kept in columns of their own, never mixed with ships'.
"""

import re

_SHIP = re.compile(r"^(?:IMO[\s:#.-]*)?([1-9]\d{6})(?:\.0+)?$", re.IGNORECASE)


def is_imo(number: int, /) -> bool:
    """Whether a number has seven digits and the right check digit: weights 7 to 2, last digit of the sum."""
    if not 1_000_000 <= number <= 9_999_999:
        return False
    digits = [int(digit) for digit in str(number)]
    return sum(w * d for w, d in zip(range(7, 1, -1), digits[:6], strict=True)) % 10 == digits[6]


def parse_imo(text: str, /) -> int | None:
    """Read ``9187629``, ``IMO 9187629`` or ``IMO9187629``; None when malformed or the check digit is wrong."""
    found = _SHIP.match(text.strip())
    if found is None:
        return None
    number = int(found.group(1))
    return number if is_imo(number) else None
