"""Which events pass: masks over columns, no row-by-row work but for names."""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.geo.states import with_dependencies
from tracker.query.filters import DEFAULT_SORT, Filters
from tracker.tables.events import WATERS

_TIES = ("start_time", "mmsi_1", "mmsi_2", "event_id")
_STATE_WATERS = tuple(zone for zone in WATERS if zone != "high_seas")
"""On the high seas ``state`` is the nearest one: those are not its waters."""


class RegionLike(Protocol):
    """What a region must answer."""

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north; west > east across the antimeridian."""

    @property
    def states(self) -> tuple[str, ...]:
        """Alpha-3 codes of a state and its dependencies where it is a state's waters, else empty."""

    def contains(self, lon_deg: Any, lat_deg: Any) -> Any:
        """Which points lie inside: bool array."""


def region_of(filters: Filters, /) -> RegionLike | None:
    """Resolve the region that a user named; None when none was.

    Raises
    ------
    UsageError
        When the name is not known, or the box is out of range.
    """
    if filters.region is None:
        return None
    from tracker.zones.regions import resolve_region

    return resolve_region(filters.region)


def select(events: Any, filters: Filters, /, *, region: RegionLike | None = None) -> Any:
    """Rows of an events table that pass the filters, sorted and limited.

    Parameters
    ----------
    events
        Arrow table that conforms to `EVENTS`.
    region
        What ``filters.region`` resolved to, see `region_of`.
    """
    keep = np.ones(events.num_rows, dtype=bool)

    def need(mask: Any) -> None:
        values = pc.fill_null(mask, False)
        keep[:] &= np.asarray(values, dtype=bool)

    if region is not None:
        keep &= _in_region(events, region, claimed=filters.claimant)
    if filters.state:
        whose = tuple(code for state in filters.state for code in with_dependencies(state))
        keep &= _of_state(events, whose, claimed=filters.claimant)
    if filters.waters:
        zones = {*filters.waters, *(("contiguous_zone",) if "eez" in filters.waters else ())}
        need(_is_in(events.column("waters"), sorted(zones)))
    if filters.international:
        need(events.column("is_international"))
    for column, wanted in (("flag", filters.flag), ("mmsi", filters.mmsi), ("imo", filters.imo)):
        if wanted:
            need(_either(_is_in(events.column(f"{column}_1"), wanted), _is_in(events.column(f"{column}_2"), wanted)))
    if filters.name is not None:
        need(_either(*(_holds(events.column(column), filters.name) for column in ("name_1", "name_2"))))
    if filters.listed:
        need(_either(*(pc.greater(pc.list_value_length(events.column(c)), 0) for c in ("listed_1", "listed_2"))))
    if filters.since is not None:
        need(pc.greater_equal(events.column("end_time"), pa.scalar(filters.since, pa.timestamp("ms", tz="UTC"))))
    if filters.until is not None:
        need(pc.less(events.column("start_time"), pa.scalar(filters.until, pa.timestamp("ms", tz="UTC"))))
    for column, words in (("type", filters.type), ("verdict", filters.verdict)):
        if words:
            need(_is_in(events.column(column), words))
    for column, least in (("confidence", filters.min_confidence), ("risk_score", filters.min_risk)):
        if least is not None:
            need(pc.greater_equal(events.column(column), least))
    if filters.mark:
        need(_is_in(pc.fill_null(events.column("analyst_mark"), "none"), filters.mark))
    if not filters.in_port:
        hidden = _mask(events.column("in_port"))
        if "port_call" in filters.type:
            # who asks for port calls by type wants those at berths too
            hidden &= ~_mask(_is_in(events.column("type"), ("port_call",)))
        keep &= ~hidden
    chosen = sort_events(events.filter(pa.array(keep)), filters.sort)
    return chosen if filters.limit is None else chosen.slice(0, filters.limit)


def sort_events(events: Any, by: str, /) -> Any:
    """Sort by one column (``-column``: largest first); unknown values last, ties by start, vessels and id."""
    name, order = (by[1:], "descending") if by.startswith("-") else (by, "ascending")
    if by == DEFAULT_SORT:
        # a silence or a slow spell may be certain and is still no meeting: what has a verdict comes first
        is_alone = pc.is_null(events.column("verdict"))
        keys = [("is_alone", "ascending"), (name, order), *((tie, "ascending") for tie in _TIES)]
        return events.take(pc.sort_indices(events.append_column("is_alone", is_alone.cast(pa.int8())), sort_keys=keys))
    keys = [(name, order), *((tie, "ascending") for tie in _TIES if tie != name)]
    return events.take(pc.sort_indices(events, sort_keys=keys))


def _in_region(events: Any, region: RegionLike, *, claimed: bool) -> Any:
    if region.states:
        inside = _mask(_is_in(events.column("waters"), _STATE_WATERS))
        inside &= _mask(_is_in(events.column("state"), region.states))
        inside |= _on_a_border_river(events, region, known=inside)
        return inside | _claims(events, region.states) if claimed else inside
    return np.asarray(region.contains(events.column("lon").to_numpy(), events.column("lat").to_numpy()), dtype=bool)


def _on_a_border_river(events: Any, region: RegionLike, *, known: Any) -> Any:
    """Internal waters in doubt whose other bank is the region's state: a border river belongs to both."""
    doubtful = _mask(_is_in(events.column("waters"), ("internal_waters",)))
    rows = np.flatnonzero(doubtful & _mask(events.column("waters_uncertain")) & ~known)
    found = np.zeros(events.num_rows, dtype=bool)
    if len(rows):
        lon, lat = (events.column(name).to_numpy()[rows] for name in ("lon", "lat"))
        found[rows] = np.asarray(region.contains(lon, lat), dtype=bool)
    return found


def _of_state(events: Any, states: tuple[str, ...], *, claimed: bool) -> Any:
    controlled = _mask(_is_in(events.column("state"), states))
    return controlled | _claims(events, states) if claimed else controlled


def _claims(events: Any, states: tuple[str, ...]) -> Any:
    claimants = events.column("claimants").combine_chunks()
    hits = _mask(_is_in(pc.list_flatten(claimants), states))
    mask = np.zeros(events.num_rows, dtype=bool)
    mask[np.asarray(pc.list_parent_indices(claimants))[hits]] = True
    return mask


def _mask(values: Any) -> Any:
    return np.array(pc.fill_null(values, False), dtype=bool)


def _is_in(column: Any, values: Iterable[object]) -> Any:
    return pc.is_in(column, pa.array(list(values), column.type))


def _either(one: Any, other: Any) -> Any:
    return pc.or_(pc.fill_null(one, False), pc.fill_null(other, False))


def _holds(column: Any, text: str) -> Any:
    """Whether names hold a text, whatever case and spacing."""
    return pa.array([name is not None and _plain(text) in _plain(name) for name in column.to_pylist()], pa.bool_())


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
