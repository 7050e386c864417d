"""The open-addressing table of (mmsi, first hull) that every report goes through; an MMSI of zero is a free place."""

from typing import Any

from tracker.engine.records import SCATTER
from tracker.geo.kernels.jit import inner, kernel


@inner
def slot_of(table: Any, mmsi: int) -> int:
    """Where an MMSI stands in the open-addressing table of (mmsi, first hull), or the free place for it."""
    mask = table.shape[0] - 1
    place: int = ((mmsi * SCATTER) >> 24) & mask
    while table[place, 0] != mmsi and table[place, 0] != 0:
        place = (place + 1) & mask
    return place


@kernel
def rehash(old: Any, new: Any) -> None:
    """Move all entries to a larger table of zeros."""
    for i in range(old.shape[0]):
        if old[i, 0] != 0:
            place = slot_of(new, old[i, 0])
            new[place, 0] = old[i, 0]
            new[place, 1] = old[i, 1]


@inner
def look_ahead(mmsi: Any, first: int, table: Any, hulls: Any, heads: Any) -> tuple[int, int]:
    """Load what the next reports will need, many at a time instead of one waiting for another.

    Fills `heads` with the first hull of each report, -1 where there is none yet. Returns the end of the block and a
    number that nobody needs, so that the loads are not optimised away.
    """
    end = min(first + heads.shape[0], mmsi.shape[0])
    seen = 0
    for i in range(first, end):
        place = slot_of(table, mmsi[i])
        heads[i - first] = table[place, 1] if table[place, 0] == mmsi[i] else -1
    for i in range(end - first):
        if heads[i] >= 0:
            seen += hulls[heads[i]].row
    return end, seen
