"""Voyages of a case: which pass, and how many by class of ship and flag, from which state to which."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.geo.states import alpha3


@dataclass(frozen=True)
class VoyageFilters:
    """What to pick; empty picks every voyage. Ends are states (code or name), or parts of names of ports."""

    from_end: str | None = None
    to_end: str | None = None
    flag: tuple[str, ...] = ()
    mmsi: tuple[int, ...] = ()
    ship_class: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    least_probability: float = 0.0
    is_whole: bool = True
    """Only voyages of which both ends were seen (or inferred)."""


def pick_voyages(voyages: Any, asked: VoyageFilters, /) -> Any:
    """Rows of the voyages (Arrow, `VOYAGES`) that pass, by arrival; those that have not arrived last."""
    keep = pc.greater_equal(voyages["probability"], asked.least_probability)
    for side, end in (("from", asked.from_end), ("to", asked.to_end)):
        if end is not None:
            keep = pc.and_(keep, _is_end(voyages, side, end))
    if asked.is_whole:
        keep = pc.and_(keep, pc.and_(pc.is_valid(voyages["from_call"]), pc.is_valid(voyages["to_call"])))
    for name, wanted in (("flag", asked.flag), ("mmsi", asked.mmsi), ("ship_class", asked.ship_class)):
        if wanted:
            column = voyages[name]
            keep = pc.and_(keep, pc.is_in(column, pa.array(list(wanted), column.type)))
    # a voyage overlaps the time asked about unless it ended before or began after; an open end reaches to it
    if asked.since is not None:
        keep = pc.and_(keep, pc.fill_null(pc.greater_equal(voyages["arrival_time"], _moment(asked.since)), True))
    if asked.until is not None:
        keep = pc.and_(keep, pc.fill_null(pc.less(voyages["departure_time"], _moment(asked.until)), True))
    found = voyages.filter(pc.fill_null(keep, False))
    keys = [("arrival_time", "ascending"), ("mmsi", "ascending"), ("leg", "ascending")]
    return found.take(pc.sort_indices(found, sort_keys=keys))


def count_voyages(voyages: Any, /) -> Any:
    """Counts by state of departure and arrival, class of ship and flag, the most frequent first.

    Returns
    -------
    pyarrow.Table
        ``from_state``, ``to_state``, ``ship_class``, ``flag``, ``voyages``, ``vessels``, ``expected`` (the sum of their
        probabilities), ``dwt_sum_t`` (of those with a known deadweight).
    """
    groups = ["from_state", "to_state", "ship_class", "flag"]
    counted = voyages.group_by(groups).aggregate(
        [("voyage_id", "count"), ("mmsi", "count_distinct"), ("probability", "sum"), ("dwt_t", "sum")]
    )
    counted = counted.select([*groups, "voyage_id_count", "mmsi_count_distinct", "probability_sum", "dwt_t_sum"])
    named = counted.rename_columns([*groups, "voyages", "vessels", "expected", "dwt_sum_t"])
    place = named.schema.get_field_index("expected")
    named = named.set_column(place, "expected", pc.round(named["expected"], 2))
    keys = [("voyages", "descending"), *((name, "ascending") for name in groups)]
    return named.take(pc.sort_indices(named, sort_keys=keys))


def round_trips_of(out: Any, every: Any, /) -> Any:
    """Voyages out that were followed by one back into the state they came from, with ``back_port`` and ``back_time``.

    Parameters
    ----------
    out : voyages picked
    every : all voyages of the case
    """
    back = {row["from_call"]: row for row in every.to_pylist() if row["from_call"] and row["to_call"]}
    rows = [(row, back.get(row["to_call"])) for row in out.to_pylist()]
    trips = [
        (i, home)
        for i, (row, home) in enumerate(rows)
        if home is not None
        and None not in (row["from_state"], row["to_state"])
        and row["from_state"] != row["to_state"]
        and home["to_state"] == row["from_state"]
    ]
    found = out.take(pa.array([i for i, _ in trips], pa.int64()))
    chance = [min(rows[i][0]["probability"], home["probability"]) for i, home in trips]
    found = found.set_column(found.schema.get_field_index("probability"), "probability", pa.array(chance, pa.float64()))
    found = found.append_column("back_port", pa.array([home["to_port"] for _, home in trips], pa.string()))
    times = pa.array([home["arrival_time"] for _, home in trips], pa.timestamp("ms", tz="UTC"))
    return found.append_column("back_time", times)


def _is_end(voyages: Any, side: str, end: str) -> Any:
    """Whether a voyage begins (ends) in a state, or at a port whose name holds the text."""
    state = alpha3(end)
    if state is not None:
        return pc.equal(voyages[f"{side}_state"], state)
    words = " ".join(end.casefold().split())
    named = [words in (port or "").casefold() for port in voyages[f"{side}_port"].to_pylist()]
    return pa.array(named, pa.bool_())


def _moment(time: datetime) -> Any:
    return pa.scalar(time, pa.timestamp("ms", tz="UTC"))
