"""Where things lie in a case folder, and what a part is.

Day folders are named in the way that DuckDB, Polars, Arrow and Spark read as a column (``date=2020-01-31``).
A part's name is the digest of its bytes: the same rows give the same name, and a name is never rewritten.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

DATABASE = "tracker.duckdb"
STAGING = ".staging"
POSITIONS_FOLDER = "positions"
STATICS_FOLDER = "statics"
REJECTS_FOLDER = "rejects"
PART_FOLDERS = (POSITIONS_FOLDER, STATICS_FOLDER, REJECTS_FOLDER)

PART_NAME = re.compile(r"part-[0-9a-f]{16}\.parquet")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Part:
    """One Parquet file of the case that counts.

    ``key`` is the day (``2020-01-31``) for positions and statics, the input's digest for rejects.
    Times are milliseconds since 1970, inclusive; ``path`` is relative to the case.
    """

    folder: str
    key: str
    path: str
    rows: int
    first_ms: int
    last_ms: int
    sha256: str

    @property
    def day(self) -> date:
        """The UTC day of a positions or statics part."""
        return date.fromisoformat(self.key)


def part_path(folder: str, key: str, sha256: str, /) -> str:
    """Path of a part relative to the case."""
    column, value = ("input", key[:16]) if folder == REJECTS_FOLDER else ("date", key)
    return f"{folder}/{column}={value}/part-{sha256[:16]}.parquet"


def day_text(epoch_day: int, /) -> str:
    """ISO date of a count of days since 1970-01-01."""
    return (_EPOCH + timedelta(days=epoch_day)).isoformat()


def epoch_day(key: str, /) -> int:
    """Days since 1970-01-01 of an ISO date."""
    return (date.fromisoformat(key) - _EPOCH).days


def moment_ms(moment: datetime, /) -> int:
    """Milliseconds since 1970 of an aware datetime; a naive one is taken as UTC."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def active(parts: list[Part], /, *, folder: str) -> list[Part]:
    """Parts of one folder in order of their key."""
    return sorted((part for part in parts if part.folder == folder), key=lambda part: part.key)


def find_part_files(case: Path, /) -> list[str]:
    """Every file of the case that has a part's name, active or not, relative to the case."""
    found = []
    for folder in PART_FOLDERS:
        found += [
            str(path.relative_to(case))
            for path in sorted((case / folder).glob("*/part-*.parquet"))
            if PART_NAME.fullmatch(path.name)
        ]
    return found
