"""Degrees as people write them: 33.0083, 33.0083N, 33 00.5 N, 33-00.5N, 33°00'30"N."""

import re
from typing import Final

_PLACE: Final = re.compile(
    r"""\s*(?P<before>[NSEW])?\s*(?P<sign>[+-])?(?P<deg>\d+(?:[.,]\d+)?)
    (?:\s*[°d:\s-]\s*(?P<min>\d+(?:[.,]\d+)?)\s*(?:['′’m:\s-]\s*(?P<sec>\d+(?:[.,]\d+)?))?)?
    \s*[°'′’"″”]*\s*(?P<after>[NSEW])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)


def degrees_of(text: str, /) -> tuple[float, str]:
    """Signed degrees, and which axis the letter names: ``lat``, ``lon``, or nothing.

    NaN when it is none, when minutes or seconds are 60 or more, or when sign and letter contradict.
    """
    try:
        return float(text), ""
    except ValueError:
        found = _PLACE.fullmatch(text)
    if found is None:
        return float("nan"), ""
    degrees, minutes, seconds = (float((found[part] or "0").replace(",", ".")) for part in ("deg", "min", "sec"))
    letters = [letter.upper() for letter in (found["before"], found["after"]) if letter]
    is_whole = degrees.is_integer() or not (found["min"] or found["sec"])
    if len(letters) > 1 or (letters and found["sign"]) or minutes >= 60 or seconds >= 60 or not is_whole:
        return float("nan"), ""
    letter = letters[0] if letters else ""
    value = degrees + minutes / 60 + seconds / 3600
    value = -value if found["sign"] == "-" or letter in {"S", "W"} else value
    return value, {"": "", "N": "lat", "S": "lat", "E": "lon", "W": "lon"}[letter]


def place_of(lat: str, lon: str, /) -> tuple[float, float]:
    """Latitude and longitude in degrees, both NaN where they are no place; letters that name the axes may swap them."""
    (y, of_y), (x, of_x) = degrees_of(lat), degrees_of(lon)
    if of_y == "lon" or of_x == "lat":
        if "lat" in (of_y,) or "lon" in (of_x,):
            return float("nan"), float("nan")
        y, x = x, y
    return (y, x) if -90 <= y <= 90 and -360 <= x <= 360 else (float("nan"), float("nan"))
