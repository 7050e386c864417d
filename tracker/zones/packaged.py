"""Read the data files that ship with the package, and say clearly when one is missing or damaged."""

import csv
from functools import cache
from pathlib import Path

from tracker.errors import DataFileError

FOLDER = Path(__file__).resolve().parent.parent / "data" / "zones"


def path_of(name: str, /) -> Path:
    """Path of a packaged file.

    Raises
    ------
    DataFileError
        When it is not there.
    """
    path = FOLDER / name
    if not path.is_file():
        raise DataFileError(f"The packaged file {name} is missing; install tracker again.")
    return path


@cache
def rows_of(name: str, /) -> tuple[dict[str, str], ...]:
    """Rows of a packaged CSV file."""
    with path_of(name).open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))
