"""Questions to the events of a case.

Text in, rows out. A value that is not known never matches. Dates are UTC; ``until`` is exclusive, and an event
counts when any of it lies in between.
"""

from tracker.query.asked import parse_time
from tracker.query.filters import DEFAULT_SORT, Filters
from tracker.query.select import RegionLike, region_of, select, sort_events

__all__ = ["DEFAULT_SORT", "Filters", "RegionLike", "parse_time", "region_of", "select", "sort_events"]
