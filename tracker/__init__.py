"""Tracker: suspected ship-to-ship transfers in AIS, found, placed and weighed."""

from tracker.version import __version__

__all__ = ["__version__"]
