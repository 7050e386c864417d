"""Row-local checks: what is no number, what is no ship, what is no place; nothing vanishes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.cleaning.checks import check
from tracker.tables.batch import Batch
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY, POSITIONS, to_frame
from tracker.tables.rejects import REASONS, REJECTS
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, REPORTS, Reports
from tracker.tables.statics import STATICS

NOON = datetime(2023, 11, 14, 12, tzinfo=UTC)
SHIP = {"row": 1, "kind": HAS_POSITION, "time": NOON, "mmsi": 200_000_001, "lon": 124.5, "lat": 30.25}
BOTH = HAS_POSITION | HAS_STATIC


def checked(*rows: dict[str, Any], faults: dict[str, int] | None = None) -> Batch:
    """Check rows that differ from a good position."""
    table = REPORTS.from_rows([SHIP | {"row": n} | row for n, row in enumerate(rows, 1)])
    return check(Reports(table, 0, faults or {}), input_name="made up")


def position(**row: Any) -> dict[str, Any]:
    """The position that a report becomes."""
    batch = checked(row)
    assert batch.positions.num_rows == 1
    found: dict[str, Any] = batch.positions.to_pylist()[0]
    return found


def static(**row: Any) -> dict[str, Any]:
    """The static report that a report becomes."""
    found: dict[str, Any] = checked({"kind": HAS_STATIC} | row).statics.to_pylist()[0]
    return found


def reason(**row: Any) -> str:
    """Why a report is set aside."""
    batch = checked(row)
    assert batch.positions.num_rows == batch.static_rows == 0
    return str(batch.rejects.to_pylist()[0]["reason"])


@pytest.mark.parametrize(
    ("field", "silent"),
    [
        ("sog_kn", [102.3, 102.4, 1023.0]),
        ("cog_deg", [360.0, 409.5, 511.0, float("nan")]),
        ("heading_deg", [511.0, 360.0]),
        ("nav_status", [15]),
    ],
)
def test_what_a_ship_does_not_say_is_unknown_and_no_fault(field: str, silent: list[float]) -> None:
    for value in silent:
        batch = checked({field: value})
        assert batch.positions.column(field).null_count == 1
        assert batch.field_faults == {}


@pytest.mark.parametrize(
    ("field", "nonsense"), [("sog_kn", -1.0), ("cog_deg", 500.0), ("heading_deg", -5.0), ("nav_status", 77)]
)
def test_nonsense_in_one_field_costs_that_field_and_is_counted(field: str, nonsense: float) -> None:
    batch = checked({field: nonsense})
    assert batch.positions.column(field).null_count == 1
    assert batch.field_faults == {field: 1}


def test_the_highest_values_of_the_radio_are_values() -> None:
    found = position(sog_kn=102.2, cog_deg=359.9, heading_deg=359.0, nav_status=14)
    assert found["sog_kn"] == pytest.approx(102.2)
    assert found["cog_deg"] == pytest.approx(359.9)
    assert (found["heading_deg"], found["nav_status"]) == (359.0, 14)


def test_a_provider_with_more_decimals_stays_below_a_full_circle() -> None:
    assert 359.9 < position(cog_deg=359.99)["cog_deg"] <= 359.95


def test_a_long_range_report_is_marked_and_its_speed_63_is_none() -> None:
    found = position(msg_type=27, sog_kn=63.0, flags=HIGH_ACCURACY)
    assert found["flags"] == LOW_ACCURACY | HIGH_ACCURACY
    assert found["sog_kn"] is None
    assert position(msg_type=1, sog_kn=63.0)["sog_kn"] == 63.0


@pytest.mark.parametrize(("kind", "letter"), [(1, "A"), (18, "B"), (27, None)])
def test_the_message_type_tells_the_class(kind: int, letter: str | None) -> None:
    assert position(msg_type=kind)["ais_class"] == letter


@pytest.mark.parametrize(
    ("mmsi", "why"),
    [
        (None, "bad_mmsi"),
        (-5, "bad_mmsi"),
        (235_001, "bad_mmsi"),
        (123_000_000, "bad_mmsi"),
        (912_345_678, "bad_mmsi"),
        (2_000_000_010, "bad_mmsi"),
        (10**17, "bad_mmsi"),
        (0, "default_mmsi"),
        (111_111_111, "default_mmsi"),
        (123_456_789, "default_mmsi"),
        (1_193_046, "default_mmsi"),
        (2_320_001, "not_a_ship"),
        (23_200_001, "not_a_ship"),
        (111_232_001, "not_a_ship"),
        (823_200_001, "not_a_ship"),
        (970_123_456, "not_a_ship"),
        (992_320_001, "not_a_ship"),
    ],
)
def test_what_is_no_vessel_is_set_aside_with_its_class(mmsi: int | None, why: str) -> None:
    assert reason(mmsi=mmsi) == why


@pytest.mark.parametrize("mmsi", [232_000_001, 416_000_000, 775_999_999, 982_320_001, 799_123_456])
def test_ships_of_made_up_states_and_tenders_are_vessels(mmsi: int) -> None:
    assert position(mmsi=mmsi)["mmsi"] == mmsi


@pytest.mark.parametrize("kind", [4, 9, 21])
def test_a_station_that_borrows_a_ships_mmsi_is_no_ship(kind: int) -> None:
    assert reason(msg_type=kind) == "not_a_ship"


@pytest.mark.parametrize("time", [None, datetime(1989, 12, 31, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)])
def test_a_time_before_ais_or_after_us_is_none(time: datetime | None) -> None:
    assert reason(time=time) == "bad_time"


@pytest.mark.parametrize(
    ("lon", "lat", "why"),
    [
        (181.0, 91.0, "no_position"),
        (181.0, 30.0, "no_position"),
        (0.0, 91.0, "no_position"),
        (220.0, 30.0, "bad_position"),
        (124.0, -90.5, "bad_position"),
        (None, 30.0, "bad_position"),
        (float("nan"), 30.0, "bad_position"),
        (float("inf"), 30.0, "bad_position"),
        (0.0, 0.0, "null_island"),
    ],
)
def test_what_is_no_place_is_set_aside_with_the_numbers(lon: float | None, lat: float, why: str) -> None:
    batch = checked({"lon": lon, "lat": lat})
    row = batch.rejects.to_pylist()[0]
    assert row["reason"] == why
    assert row["detail"].startswith("lon ")
    assert (row["input"], row["row"], row["mmsi"]) == ("made up", 1, SHIP["mmsi"])


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 90.0), (-180.0, -90.0), (0.0, 51.5), (-0.1, 0.0)])
def test_the_edges_of_the_earth_are_places(lon: float, lat: float) -> None:
    row = position(lon=lon, lat=lat)
    assert (row["lon_e7"], row["lat_e7"]) == (round(lon * 1e7), round(lat * 1e7))


def test_an_identity_without_position_is_a_static_report() -> None:
    batch = checked({"kind": BOTH, "lon": 181.0, "lat": 91.0, "name": "SYNTHETIC"})
    assert (batch.positions.num_rows, batch.static_rows, batch.rejects.num_rows) == (0, 1, 0)
    assert batch.statics.column("name").to_pylist() == ["SYNTHETIC"]


def test_an_identity_survives_a_refused_place() -> None:
    batch = checked({"kind": BOTH, "lon": 220.0, "name": "SYNTHETIC"})
    assert batch.rejects.column("reason").to_pylist() == ["bad_position"]
    assert batch.statics.column("name").to_pylist() == ["SYNTHETIC"]


def test_a_row_with_place_and_identity_counts_as_a_position_once() -> None:
    batch = checked({"kind": BOTH, "name": "SYNTHETIC"})
    assert (batch.rows, batch.positions.num_rows, batch.static_rows, batch.statics.num_rows) == (1, 1, 0, 1)


def test_an_identity_that_says_nothing_is_set_aside() -> None:
    assert reason(kind=HAS_STATIC, name="@@@@@@", ship_type=0, length_m=0.0, imo="0", draught_m=0.0) == "empty_static"
    assert reason(kind=BOTH, lon=181.0, lat=91.0, name="@@@", imo="IMO0000000") == "no_position"
    assert reason(kind=0) == "other_message"


def test_what_the_format_said_of_a_row_comes_first() -> None:
    batch = checked({"reject": "bad_row", "mmsi": None, "time": None, "detail": "a\x00b\x1b[31m" + "x" * 500})
    row = batch.rejects.to_pylist()[0]
    assert row["reason"] == "bad_row"
    assert row["detail"].startswith("a b [31m")
    assert len(row["detail"]) == 200


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("IMO9074729", 9074729),
        ("9074729", 9074729),
        (" imo: 9074729 ", 9074729),
        ("9074729.0", 9074729),
        ("0", None),
        ("IMO0000000", None),
        ("", None),
    ],
)
def test_an_imo_number_with_or_without_its_letters(text: str, number: int | None) -> None:
    batch = checked({"kind": BOTH, "imo": text, "name": "SYNTHETIC"})
    assert batch.statics.column("imo").to_pylist() == [number]
    assert batch.field_faults == {}


@pytest.mark.parametrize("text", ["12AB", "9074728", "896788800", "IMO", "９074729"])
def test_a_malformed_imo_number_costs_itself_only(text: str) -> None:
    batch = checked({"kind": BOTH, "imo": text, "name": "SYNTHETIC"})
    assert batch.statics.column("name").to_pylist() == ["SYNTHETIC"]
    assert batch.statics.column("imo").null_count == 1
    assert batch.statics["imo_sent"].to_pylist() == [text.strip() if text != "IMO" else None]
    assert batch.field_faults == ({"imo": 1} if text != "IMO" else {})


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("SYNTHETIC ONE@@@@@@@", "SYNTHETIC ONE"),
        ("  SYNTHETIC \t\n ONE ", "SYNTHETIC ONE"),
        ("SYN\u202eTHETIC\u2066\u200f", "SYN THETIC"),
        ("SYN\x00\x1b[31mTHETIC", "SYN [31mTHETIC"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=cmd()", "=cmd()"),
        ("北京\u3000一号", "北京 一号"),
        ("X" * 500, "X" * 120),
    ],
)
def test_names_lose_what_cannot_be_seen_and_nothing_else(sent: str, shown: str) -> None:
    assert static(name=sent)["name"] == shown


def test_the_antenna_is_kept_only_when_all_four_distances_make_a_hull() -> None:
    whole = {"to_bow_m": 140, "to_stern_m": 30, "to_port_m": 12, "to_starboard_m": 16}
    found = static(**whole)
    assert (found["length_m"], found["beam_m"], found["to_bow_m"]) == (170.0, 28.0, 140)
    lacking = static(**whole | {"to_starboard_m": None})
    assert (lacking["length_m"], lacking["beam_m"], lacking["to_bow_m"]) == (170.0, None, None)
    # bow and port 0: the ship gives its size and not where the antenna stands
    sized = static(to_bow_m=0, to_stern_m=170, to_port_m=0, to_starboard_m=28)
    assert (sized["length_m"], sized["beam_m"], sized["to_stern_m"]) == (170.0, 28.0, None)
    assert reason(kind=HAS_STATIC, to_bow_m=0, to_stern_m=0, to_port_m=0, to_starboard_m=0) == "empty_static"


def test_static_reports_of_a_day_are_one_row_with_first_last_and_count() -> None:
    hours = [{"kind": HAS_STATIC, "name": "SYNTHETIC", "time": NOON + timedelta(hours=h)} for h in (3, 0, 5, 13)]
    rows = checked(*hours).statics.to_pylist()
    assert [(row["time"], row["last_time"], row["reports"]) for row in rows] == [
        (NOON, NOON + timedelta(hours=5), 3),
        (NOON + timedelta(hours=13), NOON + timedelta(hours=13), 1),
    ]


def test_faults_of_repeated_rows_are_counted_each() -> None:
    rows = [{"kind": BOTH, "imo": "12AB", "name": "SYNTHETIC"}] * 7
    assert checked(*rows, faults={"imo": 2, "length_m": 1}).field_faults == {"imo": 9, "length_m": 1}


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.integers(0, 3),
    "reject": st.sampled_from([None, None, None, "bad_row", "bad_checksum", "no such code"]),
    "detail": st.one_of(st.none(), st.text(max_size=12)),
    "time": st.one_of(st.none(), st.datetimes(datetime(1985, 1, 1), datetime(2105, 1, 1), timezones=st.just(UTC))),
    "mmsi": st.one_of(
        st.none(),
        st.sampled_from([200_000_001, 200_000_002, 982_000_001, 123456789, 2_000_001]),
        st.integers(-(2**62), 2**62),
    ),
    "lon": st.one_of(st.none(), st.sampled_from([0.0, 181.0, 124.5]), st.floats(-200, 200), st.floats()),
    "lat": st.one_of(st.none(), st.sampled_from([0.0, 91.0, 30.25]), st.floats(-100, 100), st.floats()),
    "sog_kn": st.one_of(st.none(), st.floats(-1, 110, width=32), st.floats(width=32)),
    "cog_deg": st.one_of(st.none(), st.floats(-1, 420, width=32), st.floats(width=32)),
    "heading_deg": st.one_of(st.none(), st.floats(-1, 520, width=32), st.floats(width=32)),
    "nav_status": st.one_of(st.none(), st.integers(-3, 300)),
    "msg_type": st.one_of(st.none(), st.integers(-1, 40)),
    "ais_class": st.sampled_from([None, "A", "b", "C"]),
    "flags": st.one_of(st.none(), st.integers(0, 255)),
    "station": st.one_of(st.none(), st.text(max_size=5)),
    "name": st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["@@@", "A  B", "\u202eX", "Y" * 130 + " Z"])),
    "callsign": st.one_of(st.none(), st.text(max_size=4)),
    "imo": st.one_of(st.none(), st.text(max_size=4), st.sampled_from(["IMO9074729", "9074728", "0"])),
    "ship_type": st.one_of(st.none(), st.integers(-1, 300)),
    "length_m": st.one_of(st.none(), st.floats(-1, 1200, width=32), st.floats(width=32)),
    "beam_m": st.one_of(st.none(), st.floats(-1, 200, width=32)),
    "to_bow_m": st.one_of(st.none(), st.integers(-1, 600)),
    "to_stern_m": st.one_of(st.none(), st.integers(-1, 600)),
    "to_port_m": st.one_of(st.none(), st.integers(-1, 70)),
    "to_starboard_m": st.one_of(st.none(), st.integers(-1, 70)),
    "draught_m": st.one_of(st.none(), st.floats(-1, 40, width=32)),
    "destination": st.one_of(st.none(), st.text(max_size=5)),
}
ROWS = st.lists(st.fixed_dictionaries(FIELDS), max_size=12)


@settings(max_examples=40)
@given(ROWS)
def test_every_row_is_a_position_a_static_report_or_a_reject(rows: list[dict[str, Any]]) -> None:
    batch = checked(*rows)
    assert batch.rows == len(rows) == batch.positions.num_rows + batch.static_rows + batch.rejects.num_rows
    assert set(batch.rejects.column("reason").to_pylist()) <= set(REASONS)
    for table, declared in ((batch.positions, POSITIONS), (batch.statics, STATICS), (batch.rejects, REJECTS)):
        assert table.schema == declared.schema
        table.validate(full=True)


@settings(max_examples=40)
@given(ROWS)
def test_no_sentinel_and_nothing_out_of_range_survives_as_a_number(rows: list[dict[str, Any]]) -> None:
    batch = checked(*rows)
    for table, declared in ((batch.positions, POSITIONS), (batch.statics, STATICS)):
        for column in declared.columns:
            values = [value for value in table.column(column.name).to_pylist() if value is not None]
            # a float32 limit is as near to the declared one as float32 comes
            slack = 1e-6 if pa.types.is_floating(column.type) else 0
            assert column.low is None or all(value >= column.low - slack for value in values), column.name
            assert column.high is None or all(value <= column.high for value in values), column.name
        texts = [v for name in ("name", "callsign", "destination") if name in table.column_names
                 for v in table.column(name).to_pylist() if v is not None]  # fmt: skip
        assert all(text and text == text.strip() and len(text) <= 120 and "\u202e" not in text for text in texts)


@settings(max_examples=40)
@given(ROWS)
def test_what_passed_passes_again_unchanged(rows: list[dict[str, Any]]) -> None:
    once = checked(*rows)
    frame = to_frame(once.positions)
    positions = [
        {name: row[name] for name in POSITIONS.names if name in row} | {"lon": lon, "lat": lat, "kind": HAS_POSITION}
        for row, lon, lat in zip(once.positions.to_pylist(), frame["lon"], frame["lat"], strict=True)
    ]
    for row in positions:
        del row["lon_e7"], row["lat_e7"]
    statics = [
        {name: value for name, value in row.items() if name not in {"last_time", "reports"}} | {"kind": HAS_STATIC}
        for row in once.statics.to_pylist()
    ]
    for row in statics:
        sent = row.pop("imo_sent")
        row["imo"] = sent if row["imo"] is None else str(row["imo"])
    again = checked(*positions, *[row | {"lon": None, "lat": None} for row in statics])
    assert again.rejects.num_rows == 0
    # a number that was wrong is kept as sent, and is as wrong the second time
    assert set(again.field_faults) <= {"imo"}
    assert again.positions == once.positions
    one, other = (table.drop_columns(["last_time", "reports"]) for table in (again.statics, once.statics))
    assert one == other


@settings(max_examples=40)
@given(ROWS, st.integers(0, 12))
def test_cutting_the_input_changes_no_position_and_no_reject(rows: list[dict[str, Any]], place: int) -> None:
    numbered = [row | {"row": n} for n, row in enumerate(rows, 1)]
    whole = checked(*numbered)
    parts = [checked(*part) for part in (numbered[:place], numbered[place:])]
    assert pa.concat_tables([part.positions for part in parts]) == whole.positions
    assert pa.concat_tables([part.rejects for part in parts]) == whole.rejects
    assert sum(part.static_rows for part in parts) == whole.static_rows


def test_no_row_gives_nothing() -> None:
    batch = checked()
    assert (batch.rows, batch.positions.num_rows, batch.statics.num_rows, batch.rejects.num_rows) == (0, 0, 0, 0)


def test_positions_keep_the_centimetre() -> None:
    lon = np.array([124.123456789, -179.99999994])
    batch = checked(*({"lon": float(value)} for value in lon))
    assert batch.positions.column("lon_e7").to_pylist() == [1_241_234_568, -1_799_999_999]
