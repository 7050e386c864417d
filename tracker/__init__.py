"""Tracker: suspected ship-to-ship transfers in AIS, found, placed and weighed.

>>> import tracker
>>> events = tracker.detect(tracker.read("AIS_2018_06_02.csv.gz"))  # doctest: +SKIP

The verbs are resolved on first use: importing the package loads neither pandas nor numba.
"""

from typing import TYPE_CHECKING, Any

from tracker.version import __version__

if TYPE_CHECKING:
    from tracker.api import Case, detect, export, meetings, open_case, read, run, show

__all__ = ["Case", "__version__", "detect", "export", "meetings", "open_case", "read", "run", "show"]


def __getattr__(name: str) -> Any:
    """Import a verb when it is first asked for."""
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("tracker.api"), name)
    raise AttributeError(f"module 'tracker' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
