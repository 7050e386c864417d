"""Read the data files that ship with the package, and say clearly when one is missing or damaged."""

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

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


@contextmanager
def arrays_of(name: str, /) -> Iterator[Any]:
    """Arrays of a packaged ``.npz`` file by name, each decoded when it is asked for.

    Raises
    ------
    DataFileError
        When it is missing, or what is in it is not what is asked of it.
    """
    path = path_of(name)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            yield packed
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataFileError(f"The packaged file {name} is damaged ({error}); install tracker again.") from error
