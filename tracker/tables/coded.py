"""Columns in which the same values come again: the different ones, and which of them each row has."""

from typing import Any, Final

import pyarrow.compute as pc

LOOKED_AT: Final = 512
"""First rows of a column, by which it is judged."""
MOST: Final = 0.5
"""Share of different values among them from which a column is taken as it is."""


def coded(values: Any, /) -> tuple[Any, Any]:
    """Different values of an Arrow array, and the number of that of each row, null where it is.

    The values themselves, and None, where most differ.
    """
    first = values.slice(0, LOOKED_AT)
    if pc.count_distinct(first).as_py() > MOST * len(first):
        return values, None
    found = values.dictionary_encode()
    return found.dictionary, found.indices
