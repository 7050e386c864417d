"""Messages of aisstream.io become rows, however their objects are laid out in the file."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.reading import count, read_rows, source_of
from tests.formats.synthetic import SAMPLES, aisstream_record, make_aisstream
from tests.shared_data import shared
from tracker.errors import MissingTimeError
from tracker.formats.aisstream import FORMAT, read_record
from tracker.formats.format import ReadOptions
from tracker.formats.json_lines import Fields, parse_time, to_reports
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY
from tracker.tables.rejects import REASONS
from tracker.tables.reports import HAS_POSITION, HAS_STATIC

SAMPLE = SAMPLES / "synthetic_aisstream.jsonl"
RECORDS = [json.loads(line) for line in make_aisstream().splitlines()]
MOMENT = datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=UTC)


def test_the_sample_reads_to_its_rows():
    rows = read_rows("aisstream", source_of(SAMPLE))
    fix, voyage, far, base = rows
    assert all(row["time"] == MOMENT for row in rows)
    assert (fix["lon"], fix["lat"], fix["heading_deg"], fix["nav_status"]) == (124.5, 30.25, 511, 1)
    assert (fix["msg_type"], fix["ais_class"], fix["flags"], fix["name"]) == (3, "A", HIGH_ACCURACY, "SYNTHETIC ONE")
    assert fix["kind"] == HAS_POSITION | HAS_STATIC
    assert (voyage["kind"], voyage["imo"], voyage["to_stern_m"]) == (HAS_STATIC, "9074729", 30)
    assert voyage["draught_m"] == pytest.approx(9.8)
    assert (far["flags"], far["sog_kn"], far["cog_deg"], far["ais_class"]) == (LOW_ACCURACY, None, None, None)
    assert (base["reject"], base["mmsi"]) == ("not_a_ship", 2_000_001)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps(record, indent=2) for record in RECORDS),
        "".join(json.dumps(record) for record in RECORDS),
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=4),
        "[\n" + ",\n".join(json.dumps(record) for record in RECORDS) + "\n]\n",
        "\ufeff" + "\r\n".join(json.dumps(record) for record in RECORDS),
        "\n\n".join(json.dumps(record) for record in RECORDS),
    ],
    ids=["pretty", "side by side", "array", "pretty array", "array of lines", "windows", "blank lines"],
)
def test_the_layout_of_the_file_does_not_matter(text, tmp_path):
    source = source_of(text, tmp_path)
    assert FORMAT.sniff(source, ReadOptions()) > 0.9
    assert read_rows("aisstream", source) == read_rows("aisstream", source_of(SAMPLE))


def test_a_large_pretty_array_is_read_across_chunks(tmp_path):
    records = RECORDS * 1200
    rows = read_rows("aisstream", source_of(json.dumps(records, indent=2), tmp_path), batch_rows=1000)
    assert len(rows) == 4800
    assert count(rows, "reject") == {"not_a_ship": 1200}


@pytest.mark.parametrize("bad", ['{"MessageType": "Posi', "}{", "nonsense", '{"a": "unclosed}', "[1, 2]", "\x00\x01"])
def test_a_malformed_line_costs_only_itself(bad, tmp_path):
    line = json.dumps(RECORDS[0])
    rows = read_rows("aisstream", source_of("\n".join([line, bad, line]), tmp_path))
    assert rows[0]["reject"] is None is rows[-1]["reject"]
    assert count(rows, "reject").keys() == {"bad_sentence"}


def test_an_endless_object_and_a_deep_one_are_rejected(tmp_path):
    line = json.dumps(RECORDS[0])
    deep = '{"MessageType": ' + "[" * 100_000 + "]" * 100_000 + "}"
    endless = '{"MessageType": "' + "x" * 3_000_000
    rows = read_rows("aisstream", source_of("\n".join([line, deep, endless, line]), tmp_path))
    assert rows[0]["reject"] is None is rows[-1]["reject"]
    assert count(rows, "reject").keys() == {"bad_sentence"}


def test_a_message_without_time_is_set_aside_and_a_file_without_any_is_refused(tmp_path):
    timeless = aisstream_record("PositionReport", {"UserID": 200_000_001, "Longitude": 1, "Latitude": 1})
    del timeless["MetaData"]["time_utc"]
    rows = read_rows("aisstream", source_of(json.dumps([timeless, RECORDS[0]]), tmp_path))
    assert [row["reject"] for row in rows] == ["no_time", None]
    with pytest.raises(MissingTimeError, match="time_utc"):
        read_rows("aisstream", source_of(json.dumps(timeless), tmp_path))


def test_an_unreadable_time_is_a_bad_time():
    record = aisstream_record("PositionReport", {"UserID": 1, "Longitude": 1, "Latitude": 1}, time_utc="yesterday")
    assert read_record(record, Fields())["reject"] == "bad_time"


def test_one_malformed_field_costs_that_field(tmp_path):
    body = {
        "UserID": 200_000_001,
        "Longitude": 124.5,
        "Latitude": 30.25,
        "Sog": "fast",
        "Cog": 1e999,
        "TrueHeading": [],
    }
    source = source_of(json.dumps(aisstream_record("PositionReport", body)), tmp_path)
    (reports,) = FORMAT.read(source, ReadOptions())
    assert reports.field_faults == {"sog_kn": 1, "cog_deg": 1, "heading_deg": 1}
    assert reports.table.column("lon").to_pylist() == [124.5]


def test_a_tender_has_no_hull_of_its_own():
    body = {
        "UserID": 982_000_001,
        "PartNumber": True,
        "ReportB": {"CallSign": "T", "Dimension": {"A": 1}, "ShipType": 50},
    }
    row = read_record(aisstream_record("StaticDataReport", body), Fields())
    assert (row["callsign"], row["to_bow_m"]) == ("T", None)


@pytest.mark.parametrize(
    ("kind", "reject"),
    [
        ("PositionReport", None),
        ("StandardClassBPositionReport", None),
        ("ExtendedClassBPositionReport", None),
        ("ShipStaticData", None),
        ("StaticDataReport", None),
        ("BaseStationReport", "not_a_ship"),
        ("AidsToNavigationReport", "not_a_ship"),
        ("StandardSearchAndRescueAircraftReport", "not_a_ship"),
        ("SafetyBroadcastMessage", "other_message"),
        ("UnknownMessage", "other_message"),
    ],
)
def test_a_real_message_of_each_kind(kind, reject):
    path = shared(f"real/aisstream/sample/{kind}.json")
    source = source_of(path)
    assert FORMAT.sniff(source, ReadOptions()) > 0.9
    (row,) = read_rows("aisstream", source)
    sent = json.loads(path.read_text())
    assert row["reject"] == reject
    assert row["mmsi"] == sent["MetaData"]["MMSI"]
    assert row["time"].isoformat()[:19] == sent["MetaData"]["time_utc"].replace(" ", "T")[:19]
    if "Longitude" in sent["Message"][kind] and reject is None:
        assert (row["lon"], row["lat"]) == (sent["MetaData"]["longitude"], sent["MetaData"]["latitude"])


def test_all_real_messages_together_are_one_row_each(tmp_path):
    files = sorted(shared("real/aisstream/sample").glob("*.json"))
    rows = read_rows("aisstream", source_of(b"".join(path.read_bytes() for path in files), tmp_path))
    assert len(rows) == len(files) == 21
    assert sum(row["reject"] is None for row in rows) == 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([r["MessageType"] for r in RECORDS]), st.data())
def test_no_value_of_any_field_crashes_the_reader(kind, data):
    record = json.loads(json.dumps(next(r for r in RECORDS if r["MessageType"] == kind)))
    for part in (record, record["MetaData"], record["Message"], record["Message"][kind]):
        if part and data.draw(st.booleans()):
            part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)
    fields = Fields()
    row = read_record(record, fields)
    assert row.get("reject") in {None, *REASONS}
    assert to_reports([row], first_row=1, read_bytes=0, fields=fields).table.num_rows == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-12-29 18:22:32.318353 +0000 UTC", datetime(2022, 12, 29, 18, 22, 32, 318_000, tzinfo=UTC)),
        ("2014-01-01 01:14:25.000000", datetime(2014, 1, 1, 1, 14, 25, tzinfo=UTC)),
        ("2014-01-01T01:14:25Z", datetime(2014, 1, 1, 1, 14, 25, tzinfo=UTC)),
        ("2014-01-01T09:14:25+08:00", datetime(2014, 1, 1, 1, 14, 25, tzinfo=UTC)),
        ("2014-01-01 01:14:25 UTC", datetime(2014, 1, 1, 1, 14, 25, tzinfo=UTC)),
        (1_388_538_865, datetime(2014, 1, 1, 1, 14, 25, tzinfo=UTC)),
        ("2014-02-30 01:14:25", None),
        ("2014-01-01 25:14:25", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
    ],
)
def test_times_are_read_to_the_millisecond(text, expected):
    assert parse_time(text) == (None if expected is None else round(expected.timestamp() * 1000))
