"""Row-local checks at ingest: sentinels become unknown, impossible rows are set aside with their reason.

The same for every format. Order of precedence of the reasons: what the format said, unreadable time, MMSI (absent,
default, not a ship), no kind of content, then place. A row whose position is refused but which also says who the ship
is counts as a static report: its identity is good. Source of the sentinels: ITU-R M.1371-5, annex 8, table 48.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cleaning.imo import read_imo
from tracker.cleaning.statics import static_runs
from tracker.cleaning.text import tidy
from tracker.tables.batch import Batch
from tracker.tables.positions import LOW_ACCURACY, POSITIONS, degrees_e7
from tracker.tables.rejects import REJECTS
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, Reports
from tracker.tables.statics import CONTENT

Bools = npt.NDArray[np.bool_]

FIRST_MS, LAST_MS = 631_152_000_000, 4_102_444_800_000
"""1990 to 2100: AIS did not exist before."""

DEFAULT_MMSIS = (
    0,
    1,
    111111111,
    123456789,
    222222222,
    333333333,
    444444444,
    555555555,
    666666666,
    777777777,
    888888888,
    999999999,
    987654321,
    100000000,
    200000000,
    300000000,
    400000000,
    500000000,
    600000000,
    700000000,
    800000000,
    900000000,
)
"""MMSIs that installers leave behind; none of them is assigned."""

LIMITS = {
    "sog_kn": (0.0, 102.2),
    "cog_deg": (0.0, 359.95),
    "heading_deg": (0.0, 359.5),
    "nav_status": (0, 14),
    "ship_type": (1, 99),
    "length_m": (1.0, 1022.0),
    "beam_m": (1.0, 126.0),
    "draught_m": (0.05, 25.55),
    "msg_type": (1, 27),
}
"""Values outside are sentinels or nonsense: unknown."""
SENTINELS = {
    "sog_kn": (102.3, 1023.0),
    "cog_deg": (360.0, 409.5, 511.0),
    "heading_deg": (511.0,),
    "nav_status": (15,),
    "ship_type": (0,),
    "length_m": (0.0,),
    "beam_m": (0.0,),
    "draught_m": (0.0,),
    "msg_type": (0,),
}
"""Values that say "not available"; other values outside the limits count as malformed."""
ANTENNA = ("to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m")


def check(reports: Reports, /, *, input_name: str) -> Batch:
    """Check reports row by row.

    Parameters
    ----------
    reports : as a format gives them
    input_name : goes into the rejects
    """
    table = reports.table.combine_chunks() if reports.table.num_rows else reports.table
    faults = dict(reports.field_faults)
    kind = _numbers(table, "kind", 0).astype(np.uint8)
    reason = _reasons(table, kind)
    placed = table.append_column("place", pa.array(np.arange(table.num_rows)))
    statics = _statics(placed.filter(pa.array((reason == "") & ((kind & HAS_STATIC) > 0))), faults)
    speaks = np.zeros(table.num_rows, np.bool_)
    speaks[statics.column("place").to_numpy()] = True
    where = _place_reasons(table)
    has_position = (reason == "") & ((kind & HAS_POSITION) > 0)
    is_position = has_position & (where == "")
    is_static = (reason == "") & ~is_position & speaks
    reason = np.where(has_position & ~is_position & ~is_static, where, reason)
    reason = np.where((reason == "") & ~is_position & ~is_static, "empty_static", reason)
    return Batch(
        rows=table.num_rows,
        positions=_positions(table.filter(pa.array(is_position)), faults),
        statics=static_runs(statics),
        rejects=_rejects(table, reason, input_name),
        static_rows=int(is_static.sum()),
        field_faults={name: count for name, count in sorted(faults.items()) if count},
        read_bytes=reports.read_bytes,
    )


def _numbers(table: Any, name: str, fill: Any) -> Any:
    return pc.fill_null(table.column(name), pa.scalar(fill, table.schema.field(name).type)).to_numpy()


def _reasons(table: Any, kind: npt.NDArray[np.uint8]) -> npt.NDArray[np.object_]:
    """Reasons that do not depend on the place; empty where there is none."""
    mmsi = _numbers(table, "mmsi", -1)
    time_ms = _numbers(table.set_column(0, "row", table.column("time").cast(pa.int64())), "row", 0)
    said = np.asarray(pc.fill_null(table.column("reject"), "").to_numpy(zero_copy_only=False), dtype=object)
    leading = mmsi // 1_000_000
    is_ship = (leading >= 200) & (leading <= 799)
    is_craft = mmsi // 10_000_000 == 98
    is_other_station = (mmsi > 1_000_000) & (mmsi <= 999_999_999) & ~is_ship & ~is_craft
    is_known_kind = ((mmsi >= 2_000_000) & (mmsi < 80_000_000)) | (leading == 111) | (leading >= 800)
    return np.asarray(
        np.select(
            [
                said != "",
                (time_ms < FIRST_MS) | (time_ms >= LAST_MS),
                np.isin(mmsi, DEFAULT_MMSIS),
                is_other_station & is_known_kind,
                ~(is_ship | is_craft),
                kind == 0,
            ],
            [said, "bad_time", "default_mmsi", "not_a_ship", "bad_mmsi", "other_message"],
            default="",
        ),
        dtype=object,
    )


def _place_reasons(table: Any) -> npt.NDArray[np.object_]:
    lon, lat = _numbers(table, "lon", np.nan), _numbers(table, "lat", np.nan)
    with np.errstate(invalid="ignore"):
        is_absent = (np.abs(lat - 91.0) < 1e-6) | (np.abs(np.abs(lon) - 181.0) < 1e-6)
        is_inside = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)
        is_null = (np.abs(lat) < 1e-6) & (np.abs(lon) < 1e-6)
    return np.asarray(
        np.select([is_absent, ~is_inside, is_null], ["no_position", "bad_position", "null_island"], default=""),
        dtype=object,
    )


def _within(table: Any, name: str, faults: dict[str, int]) -> Any:
    """A column with sentinels and nonsense made null; nonsense is counted."""
    column = table.column(name)
    low, high = LIMITS[name]
    values = pc.fill_null(column, pa.scalar(0, column.type)).to_numpy().astype(np.float64)
    known = column.is_valid().to_numpy(zero_copy_only=False)
    good = known & (values >= low) & (values <= high)
    silent = np.isnan(values)
    for sentinel in SENTINELS[name]:
        silent |= np.isclose(values, sentinel, atol=0.02)
    faults[name] = faults.get(name, 0) + int(np.count_nonzero(known & ~good & ~silent))
    return pc.if_else(pa.array(good), column, pa.scalar(None, column.type))


def _positions(table: Any, faults: dict[str, int]) -> Any:
    flags = _numbers(table, "flags", 0).astype(np.uint8)
    flags |= np.where(_numbers(table, "msg_type", 0) == 27, LOW_ACCURACY, 0).astype(np.uint8)
    columns = {
        "time": table.column("time"),
        "mmsi": table.column("mmsi").cast(pa.int32()),
        "lon_e7": pa.array(degrees_e7(table.column("lon").to_numpy())),
        "lat_e7": pa.array(degrees_e7(table.column("lat").to_numpy())),
        "ais_class": _class(table),
        "flags": pa.array(flags),
        "station": tidy(table.column("station")),
    }
    columns |= {
        name: _within(table, name, faults) for name in ("sog_kn", "cog_deg", "heading_deg", "nav_status", "msg_type")
    }
    return POSITIONS.conform(pa.table(columns))


def _class(table: Any) -> Any:
    upper = pc.utf8_upper(pc.utf8_trim_whitespace(table.column("ais_class")))
    return pc.if_else(pc.fill_null(pc.is_in(upper, pa.array(["A", "B"])), False), upper, pa.scalar(None, pa.string()))


def _statics(table: Any, faults: dict[str, int]) -> Any:
    """Cleaned identity of rows that say anything, with ``place``: the row's number in the batch (from 0)."""
    imo, wrong = read_imo(
        pc.cast(table.column("imo"), pa.string()).combine_chunks() if table.num_rows else pa.array([], pa.string())
    )
    faults["imo"] = faults.get("imo", 0) + wrong
    columns: dict[str, Any] = {
        "time": table.column("time"),
        "mmsi": table.column("mmsi").cast(pa.int32()),
        "imo": imo,
        "ais_class": _class(table),
    }
    columns |= {name: tidy(table.column(name)) for name in ("name", "callsign", "destination")}
    columns |= {name: _within(table, name, faults) for name in ("ship_type", "length_m", "beam_m", "draught_m")}
    columns |= _antenna(table)
    for name, one, two in (("length_m", "to_bow_m", "to_stern_m"), ("beam_m", "to_port_m", "to_starboard_m")):
        whole = (_numbers(table, one, 0).astype(np.float32) + _numbers(table, two, 0)).astype(np.float32)
        low, high = LIMITS[name]
        columns[name] = pc.coalesce(columns[name], pa.array(whole, mask=(whole < low) | (whole > high)))
    said = [name for name in CONTENT if name not in {"mmsi", "ais_class"}]
    speaks = np.zeros(table.num_rows, np.bool_)
    for name in said:
        speaks |= columns[name].is_valid().to_numpy(zero_copy_only=False)
    columns["place"] = table.column("place")
    return pa.table(columns).filter(pa.array(speaks))


def _antenna(table: Any) -> dict[str, Any]:
    """A, B, C, D: kept only together, and when they make a hull."""
    four = [_numbers(table, name, 0).astype(np.int32) for name in ANTENNA]
    good = (four[0] + four[1] >= 2) & (four[2] + four[3] >= 2)
    good &= (four[0] >= 0) & (four[1] >= 0) & (four[2] >= 0) & (four[3] >= 0)
    good &= (np.maximum(four[0], four[1]) <= 511) & (np.maximum(four[2], four[3]) <= 63)
    # bow and port side both 0 with the others given means: only the size is given, not the antenna's place
    good &= ~((four[0] == 0) & (four[2] == 0))
    return {name: pa.array(values.astype(np.int16), mask=~good) for name, values in zip(ANTENNA, four, strict=True)}


def _rejects(table: Any, reason: npt.NDArray[np.object_], input_name: str) -> Any:
    bad = reason != ""
    rows = table.filter(pa.array(bad))
    lon, lat = rows.column("lon").to_pylist(), rows.column("lat").to_pylist()
    detail = [
        text if text is not None else f"lon {x} lat {y}"
        for text, x, y in zip(rows.column("detail").to_pylist(), lon, lat, strict=True)
    ]
    return REJECTS.conform(
        pa.table(
            {
                "input": pa.array([input_name] * rows.num_rows, pa.string()),
                "row": rows.column("row"),
                "reason": pa.array(reason[bad].tolist(), pa.string()),
                "time": rows.column("time"),
                "mmsi": rows.column("mmsi"),
                "detail": pa.array(detail, pa.string()),
            }
        )
    )
