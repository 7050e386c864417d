"""Where events were, whose their ships are and how much went over: columns beside the rows, which go into the table as they are.

Rows are dictionaries while detectors and words are at them. What is found out for all of them at once is never written
into them: that would double the memory of a run with many events.
"""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cargo.panel import CargoParams
from tracker.errors import MissingColumnError
from tracker.identity.mmsi import flag_of
from tracker.identity.registered import KnownShips
from tracker.pipeline.given import CargoInputs
from tracker.pipeline.paths import Paths
from tracker.pipeline.shares import waters_shares
from tracker.pipeline.weigh import Scales
from tracker.tables.estimates import ESTIMATES
from tracker.tables.events import EVENTS
from tracker.zones.columns import flags, hundredths
from tracker.zones.given import GivenZones
from tracker.zones.locate import locate
from tracker.zones.ports import nearest_port

Columns = Mapping[str, Any]
"""Arrow arrays by name, of one length."""

SAID = ("waters", "state", "claimants", "special_zones", "sea", "is_international", "waters_uncertain")
DISTANCES = ("coast_distance_nm", "baseline_distance_nm", "margin_nm")


def once(rows: Sequence[dict[str, Any]], /) -> list[dict[str, Any]]:
    """One row for each event id: two hulls on one MMSI may begin with the same partner in the same minute."""
    best: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = best.get(row["event_id"])
        if known is None or row["confidence"] > known["confidence"]:
            best[row["event_id"]] = row
    return [row for row in rows if best[row["event_id"]] is row]


def place(rows: Sequence[Mapping[str, Any]], paths: Paths, /, *, zones: GivenZones | None = None) -> Columns:
    """The waters of the middle of each event, the shares of its path where it crosses a limit, and the nearest port."""
    lon, lat = np.array([row["lon"] for row in rows]), np.array([row["lat"] for row in rows])
    waters = locate(lon, lat, zones=zones)
    columns = {name: waters[name] for name in SAID} | {name: hundredths(waters[name]) for name in DISTANCES}
    shares = waters_shares(
        rows,
        paths,
        margin_nm=columns["margin_nm"].to_numpy(zero_copy_only=False),
        is_uncertain=columns["waters_uncertain"].fill_null(False).to_numpy(),
        zones=zones,
    )
    ports = nearest_port(lon, lat)
    near = {"port": ports["port"].combine_chunks(), "port_distance_nm": hundredths(ports["port_distance_nm"])}
    for name, nearest in near.items():
        # a port call knows its port
        knows = flags(np.array([name in row for row in rows], np.bool_))
        own = pa.array([row[name] for row in rows if name in row], nearest.type)
        near[name] = pc.replace_with_mask(nearest, knows, own)
    return columns | {"waters_share": pa.array(shares, pa.string())} | near


def attribute(
    rows: Sequence[dict[str, Any]],
    places: Columns,
    statics: Any,
    /,
    *,
    cards: KnownShips,
    params: CargoParams,
    run_id: str,
    given: CargoInputs,
) -> tuple[Any, tuple[str, ...], Any]:
    """Events (Arrow, `EVENTS`) of placed rows with flag and cargo, measurements that were not used, and the estimates."""
    columns = dict(places) | {"run_id": pa.repeat(pa.scalar(run_id, pa.string()), len(rows))}
    for n in (1, 2):
        numbers = [row[f"mmsi_{n}"] for row in rows]
        flag = {mmsi: None if mmsi is None else flag_of(mmsi) for mmsi in set(numbers)}
        states = columns[f"flag_{n}"] = pa.array([flag[mmsi] for mmsi in numbers], pa.string())
        columns[f"flag_basis_{n}"] = pc.if_else(states.is_valid(), pa.scalar("mid"), pa.scalar(None, pa.string()))
    if cards.know_deadweights:
        for row in rows:
            row.update(cards.deadweights(row))
    scales = Scales(rows, statics, params=params, given=given)
    cargo = scales.columns()
    columns |= {n: pa.array(values, EVENTS.schema.field(n).type) for n, values in scales.deadweights().items()}
    estimates = ESTIMATES.from_rows(record | {"run_id": run_id} for record in scales.records)
    return _table(rows, cargo, columns), tuple(scales.faults.lines()), estimates


def _table(rows: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]], columns: Columns) -> Any:
    """Events of rows, what was found of each later, which wins, and whole columns, which win over both."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for i, row in enumerate(rows):
        alike.setdefault(tuple(row), []).append(i)
    # rows of one kind of event have the same names in the same order: their columns are gathered at once
    own: dict[str, list[Any]] = {name: [] for names in alike for name in names}
    for names, numbers in alike.items():
        values = dict(zip(names, zip(*(rows[i].values() for i in numbers), strict=True), strict=True))
        for name, gathered in own.items():
            gathered.extend(values.get(name) or repeat(None, len(numbers)))
    back = np.argsort(np.array([i for numbers in alike.values() for i in numbers], np.int64))
    places = back.tolist()
    for i, new in enumerate(later):
        for name, value in new.items():
            if name not in own:
                own[name] = [None] * len(rows)
            own[name][places[i]] = value
    unknown = sorted(own.keys() - set(EVENTS.names))
    if unknown:
        raise MissingColumnError(f"Events have no column(s) {', '.join(unknown)}.")
    where = pa.array(back)
    arrays = []
    for field in EVENTS.schema:
        if field.name in columns:
            arrays.append(columns[field.name].cast(field.type))
        elif field.name in own:
            arrays.append(pa.array(own.pop(field.name), field.type).take(where))
        else:
            arrays.append(pa.nulls(len(rows), field.type))
    return pa.Table.from_arrays(arrays, schema=EVENTS.schema)
