"""The packaged reference tables of this folder: rows of text with their sources, read once."""

import csv
from functools import cache
from importlib.resources import files

from tracker.errors import DataFileError


@cache
def reference_rows(name: str, /) -> tuple[dict[str, str], ...]:
    """Rows of ``data/cargo/NAME.csv``.

    Raises
    ------
    DataFileError
        When the file is missing.
    """
    try:
        text = files("tracker").joinpath(f"data/cargo/{name}.csv").read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(
            f"The packaged table data/cargo/{name}.csv cannot be read; install tracker again."
        ) from error
    return tuple(csv.DictReader(text.splitlines()))
