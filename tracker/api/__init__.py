"""The Python API: verbs, and the case that they open."""

from tracker.api.case import Case, open_case
from tracker.api.verbs import detect, export, meetings, read, run, show

__all__ = ["Case", "detect", "export", "meetings", "open_case", "read", "run", "show"]
