"""Spare the load of pandas, half a second, where it is not used.

Arrow loads it to look at the first value that it converts, and folium to ask whether it was given a frame. Both do
without when it is not installed.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SELDOM = (50_000, 20, 50)
"""New objects after which Python looks for garbage among them, and how often among older ones; its own choice is 700."""


class _NoPandas:
    """A finder that says that pandas is not installed."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Refuse pandas, and leave the rest to others."""
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)


@contextmanager
def without_pandas() -> Iterator[None]:
    """What is imported inside finds no pandas, unless it is loaded already."""
    finder: Any = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
