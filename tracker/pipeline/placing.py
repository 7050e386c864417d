"""Where events were, whose their ships are and how much went over: columns beside the rows, which go into the table as they are.

Rows are dictionaries while detectors and words are at them. What is found out for all of them at once is never written
into them: that would double the memory of a run with many events.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

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
    columns = {name: waters[name] for name in SAID} | {name: _rounded(waters[name]) for name in DISTANCES}
    shares = waters_shares(
        rows,
        paths,
        margin_nm=columns["margin_nm"].to_numpy(zero_copy_only=False),
        is_uncertain=columns["waters_uncertain"].fill_null(False).to_numpy(),
        zones=zones,
    )
    ports = nearest_port(lon, lat)
    near = {"port": ports["port"], "port_distance_nm": _rounded(ports["port_distance_nm"])}
    for name, nearest in near.items():
        # a port call knows its port
        values = [row.get(name, other) for row, other in zip(rows, nearest.to_pylist(), strict=True)]
        near[name] = pa.array(values, nearest.type)
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
        flags = [None if row[f"mmsi_{n}"] is None else flag_of(row[f"mmsi_{n}"]) for row in rows]
        columns[f"flag_{n}"] = pa.array(flags, pa.string())
        columns[f"flag_basis_{n}"] = pa.array([None if flag is None else "mid" for flag in flags], pa.string())
    for row in rows:
        row.update(cards.deadweights(row))
    scales = Scales(rows, statics, params=params, given=given)
    cargo = scales.columns()
    columns |= {n: pa.array(values, EVENTS.schema.field(n).type) for n, values in scales.deadweights().items()}
    estimates = ESTIMATES.from_rows(record | {"run_id": run_id} for record in scales.records)
    return _table(rows, cargo, columns), tuple(scales.faults.lines()), estimates


def _table(rows: Sequence[Mapping[str, Any]], later: Sequence[Mapping[str, Any]], columns: Columns) -> Any:
    """Events of rows, what was found of each later, which wins, and whole columns, which win over both."""
    own = set().union(*rows)
    which: dict[str, list[int]] = {}
    for i, new in enumerate(later):
        for name in new:
            which.setdefault(name, []).append(i)
    unknown = sorted((own | which.keys()) - set(EVENTS.names))
    if unknown:
        raise MissingColumnError(f"Events have no column(s) {', '.join(unknown)}.")
    arrays = []
    for field in EVENTS.schema:
        name = field.name
        if name in columns:
            arrays.append(columns[name].cast(field.type))
            continue
        values = [row.get(name) for row in rows] if name in own else [None] * len(rows)
        for i in which.get(name, ()):
            values[i] = later[i][name]
        arrays.append(pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=EVENTS.schema)


def _rounded(distances_nm: Any) -> Any:
    """To a hundredth of a mile: the coast is not known better."""
    values = (None if value is None else round(value, 2) for value in distances_nm.to_pylist())
    return pa.array(values, pa.float64())
