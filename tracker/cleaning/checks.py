"""Row-local checks at ingest: sentinels become unknown, impossible rows are set aside with their reason.

The same for every format. Order of precedence of the reasons:

1. what the format said of a row that it could not read;
2. the MMSI: a default of installers, the MMSI or message of a station that is no ship, no MMSI at all;
3. the time; 4. a message that holds neither place nor identity;
5. the place. A row without a position (91 N, 181 E) that says who the ship is counts as a static report. Every other
   fault of the place makes a reject, and its identity still stands in the statics as a by-product.

A row that holds a position and an identity counts as a position.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cleaning.limits import within
from tracker.cleaning.mmsi import is_default, is_other_station, is_vessel
from tracker.cleaning.statics import class_of, clean_identities, flat, static_runs
from tracker.cleaning.text import excerpt, tidy
from tracker.tables.batch import Batch
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY, POSITIONS, RECONSTRUCTED_TIME, degrees_e7
from tracker.tables.rejects import REASONS, REJECTS
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, Reports

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]

FIRST_MS, LAST_MS = 631_152_000_000, 4_102_444_800_000
"""1990 to 2100: AIS did not exist before."""
NO_SHIP_MESSAGES = (4, 9, 11, 21)
"""Base station, SAR aircraft, answer to a UTC enquiry, aid to navigation."""
LONG_RANGE = 27
NO_SPEED_LONG_RANGE_KN = 63.0
"""Message 27 has six bits of whole knots; 63 is "not available" (M.1371-5, table 86)."""
KNOWN_FLAGS = LOW_ACCURACY | RECONSTRUCTED_TIME | HIGH_ACCURACY

CODES = ("", *REASONS)
CODE = {reason: number for number, reason in enumerate(CODES)}


def check(reports: Reports, /, *, input_name: str) -> Batch:
    """Check reports row by row.

    Parameters
    ----------
    reports : as a format gives them
    input_name : goes into the rejects

    Returns
    -------
    Batch
        Accounts for every row; the same for its own positions, statics and rejects put in again.
    """
    table = reports.table.combine_chunks()
    kind = _plain(table, "kind", 0)
    reason = _row_reasons(table, kind)
    sound = reason == 0
    place = _place_reasons(table)
    has_position = sound & ((kind & HAS_POSITION) > 0)
    has_static = sound & ((kind & HAS_STATIC) > 0)
    is_position = has_position & (place == 0)
    # a static report stands for its row where there is no position
    may_speak = has_static & (~has_position | (place == CODE["no_position"]))
    is_static = np.zeros(table.num_rows, np.bool_)
    if may_speak.any():
        is_static[may_speak] = clean_identities(table.filter(pa.array(may_speak))).speaks
    rest = sound & ~is_position & ~is_static
    reason[rest] = np.where(has_position[rest], place[rest], CODE["empty_static"])
    positions, faults = _positions(table.filter(pa.array(is_position)))
    statics, static_faults = static_runs(table.filter(pa.array(has_static)))
    for more in (static_faults, reports.field_faults):
        for name, count in more.items():
            faults[name] = faults.get(name, 0) + count
    return Batch(
        rows=table.num_rows,
        positions=positions,
        statics=statics,
        rejects=_rejects(table, reason, input_name),
        static_rows=int(is_static.sum()),
        field_faults={name: faults[name] for name in sorted(faults) if faults[name]},
        read_bytes=reports.read_bytes,
    )


def _plain(table: Any, name: str, fill: Any) -> Any:
    return pc.fill_null(table.column(name), pa.scalar(fill, table.schema.field(name).type)).to_numpy()


def _time_ms(table: Any) -> npt.NDArray[np.int64]:
    """Times, ms; -1 where there is none."""
    values: npt.NDArray[np.int64] = pc.fill_null(table.column("time").cast(pa.int64()), -1).to_numpy()
    return values


def _row_reasons(table: Any, kind: npt.NDArray[np.uint8]) -> Codes:
    """Reasons that do not depend on the place, as places in `CODES`; 0 where there is none."""
    mmsi = _plain(table, "mmsi", -1)
    time_ms = _time_ms(table)
    said = table.column("reject").is_valid().to_numpy()
    is_no_ship = is_other_station(mmsi) | np.isin(_plain(table, "msg_type", 0), NO_SHIP_MESSAGES)
    codes: Codes = np.select(
        [
            said,
            is_default(mmsi),
            is_no_ship,
            ~is_vessel(mmsi),
            (time_ms < FIRST_MS) | (time_ms >= LAST_MS),
            (kind & (HAS_POSITION | HAS_STATIC)) == 0,
        ],
        [
            CODE["bad_sentence"],
            CODE["default_mmsi"],
            CODE["not_a_ship"],
            CODE["bad_mmsi"],
            CODE["bad_time"],
            CODE["other_message"],
        ],
        default=0,
    ).astype(np.uint8)
    if said.any():
        own = pc.index_in(flat(table.column("reject")).filter(pa.array(said)), pa.array(CODES))
        # an unknown code would be a fault of the format; it is still a row that could not be read
        codes[said] = pc.fill_null(own, CODE["bad_sentence"]).to_numpy(zero_copy_only=False).astype(np.uint8)
    return codes


def _place_reasons(table: Any) -> Codes:
    lon, lat = _plain(table, "lon", np.nan), _plain(table, "lat", np.nan)
    with np.errstate(invalid="ignore"):
        is_absent = (np.abs(lat - 91.0) < 1e-6) | (np.abs(np.abs(lon) - 181.0) < 1e-6)
        is_inside = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)
        # as stored: less than half of 1e-7 degree
        is_null = (np.abs(lat) < 5e-8) & (np.abs(lon) < 5e-8)
    return np.select(
        [is_absent, ~is_inside, is_null],
        [CODE["no_position"], CODE["bad_position"], CODE["null_island"]],
        default=0,
    ).astype(np.uint8)


def _positions(table: Any) -> tuple[Any, dict[str, int]]:
    """Positions, with the malformed fields counted by column."""
    faults: dict[str, int] = {}
    columns: dict[str, Any] = {}
    for name in ("sog_kn", "cog_deg", "heading_deg", "nav_status", "msg_type"):
        columns[name], wrong = within(flat(table.column(name)), name)
        faults[name] = int(np.count_nonzero(wrong))
    is_long_range = _plain(table, "msg_type", 0) == LONG_RANGE
    if is_long_range.any():
        is_silent = is_long_range & (_plain(table, "sog_kn", 0) >= NO_SPEED_LONG_RANGE_KN)
        columns["sog_kn"] = pc.if_else(pa.array(is_silent), pa.scalar(None, pa.float32()), columns["sog_kn"])
    flags = (_plain(table, "flags", 0) & KNOWN_FLAGS) | np.where(is_long_range, LOW_ACCURACY, 0)
    columns |= {
        "time": table.column("time"),
        "mmsi": table.column("mmsi").cast(pa.int32()),
        "lon_e7": pa.array(degrees_e7(table.column("lon").to_numpy())),
        "lat_e7": pa.array(degrees_e7(table.column("lat").to_numpy())),
        "ais_class": class_of(table),
        "flags": pa.array(flags.astype(np.uint8)),
        "station": tidy(table.column("station")),
    }
    return POSITIONS.conform(pa.table(columns)), faults


def _rejects(table: Any, reason: Codes, input_name: str) -> Any:
    bad = reason > 0
    if not bad.any():
        return REJECTS.empty()
    rows = table.filter(pa.array(bad))
    codes = reason[bad]
    time_ms = _time_ms(rows)
    is_odd = (time_ms < FIRST_MS) | (time_ms >= LAST_MS)
    nothing = pa.scalar(None, pa.string())
    of_place = np.isin(codes, [CODE["no_position"], CODE["bad_position"], CODE["null_island"]])
    lon, lat = (pc.fill_null(rows.column(name).cast(pa.string()), "none") for name in ("lon", "lat"))
    where = pc.if_else(pa.array(of_place), pc.binary_join_element_wise("lon", lon, "lat", lat, " "), nothing)
    is_given = is_odd & rows.column("time").is_valid().to_numpy()
    when = pc.binary_join_element_wise("time", pa.array(time_ms).cast(pa.string()), "ms since 1970", " ")
    when = pc.if_else(pa.array(is_given & (codes == CODE["bad_time"])), when, nothing)
    return REJECTS.conform(
        pa.table(
            {
                "input": pa.array([input_name] * rows.num_rows, pa.string()),
                "row": rows.column("row"),
                "reason": pa.array(CODES).take(pa.array(codes)),
                # a time out of any range would break whoever reads the table
                "time": pc.if_else(
                    pa.array(is_odd), pa.scalar(None, rows.schema.field("time").type), rows.column("time")
                ),
                "mmsi": rows.column("mmsi"),
                "detail": excerpt(pc.coalesce(rows.column("detail"), where, when)),
            }
        )
    )
