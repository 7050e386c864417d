"""Tables that a user gives beside AIS, such as known incidents: kept with the case as they were, by role and name.

The text is kept whole, because a finding that rests on a line must be traceable to its words.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tracker.errors import InputError

INCIDENTS = "incidents"
MEASUREMENTS = "measurements"
SEEN = "detections"
SCENES = "scenes"
ANCHORAGES_GIVEN = "anchorages"
ZONES_DRAWN = "zones_drawn"
"""Outlines of the polygons that won over computed waters in the last run; the file itself is not kept."""
MOST_BYTES = 64_000_000
"""A table of a user's that is larger is none that was written by hand."""


@dataclass(frozen=True)
class GivenTable:
    """One file of a user's: what it is for, its name, the SHA-256 of its bytes, and its text."""

    role: str
    name: str
    digest: str
    content: str


def read_given(path: str | Path, /, *, role: str) -> GivenTable:
    """Read a file of text.

    Raises
    ------
    InputError
        When it cannot be read, is no UTF-8, or is larger than `MOST_BYTES`.
    """
    place = Path(path)
    try:
        if place.stat().st_size > MOST_BYTES:
            raise InputError(f"{place} has more than {MOST_BYTES // 1_000_000} MB: that is no table of {role}.")
        content = place.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"Cannot read {place}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"Cannot read {place}: {error}. It must be a CSV file in UTF-8.") from error
    return GivenTable(role, place.name, sha256(content).hexdigest(), text)
