"""Messages with the field names of Global Fishing Watch's tools become rows; answers of its API do not."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.formats.reading import count, read_rows, source_of
from tests.formats.synthetic import SAMPLES
from tests.shared_data import shared
from tracker.errors import MissingTimeError
from tracker.formats.format import ReadOptions
from tracker.formats.gfw_jsonl import FORMAT
from tracker.tables.reports import HAS_POSITION, HAS_STATIC

SAMPLE = SAMPLES / "synthetic_gfw.jsonl"
MOMENT = datetime(2023, 11, 14, 22, 13, 20, 500_000, tzinfo=UTC)


def test_the_sample_reads_to_its_rows():
    source = source_of(SAMPLE)
    assert FORMAT.sniff(source, ReadOptions()) > 0.8
    plain, typed, static, base = read_rows("gfw-jsonl", source)
    assert (plain["time"], plain["mmsi"], plain["kind"]) == (MOMENT, 200_000_001, HAS_POSITION)
    assert (plain["lon"], plain["lat"], plain["msg_type"]) == (124.5, 30.25, None)
    assert (typed["msg_type"], typed["nav_status"], typed["heading_deg"], typed["ais_class"]) == (1, 1, 45, "A")
    assert typed["time"] - plain["time"] == timedelta(seconds=9.5)
    assert (static["kind"], static["imo"], static["to_starboard_m"]) == (HAS_STATIC, "9074729", 16)
    assert static["ship_type"] is None  # a word, no code
    assert base["reject"] == "not_a_ship"


def test_the_real_segment_reads_to_its_counts():
    path = shared("real/gfw/gfw_segment_416000000_taiwan_shared_mmsi.jsonl")
    sent = [json.loads(line) for line in path.read_text().splitlines()]
    rows = read_rows("gfw-jsonl", source_of(path))
    assert len(rows) == len(sent) == 1668
    assert count(rows, "mmsi") == {416_000_000: 1668}
    assert count(rows, "reject") == {}
    assert [(row["lon"], row["lat"]) for row in rows] == [(message["lon"], message["lat"]) for message in sent]
    assert Counter(row["time"].strftime("%Y-%m-%d %H:%M:%S.%f") for row in rows) == Counter(
        message["timestamp"] for message in sent
    )


@pytest.mark.parametrize("name", ["gfw_api_event_item.json", "gfw_api_vessel_item.json"])
def test_answers_of_the_api_are_not_ais(name):
    assert FORMAT.sniff(source_of(shared(f"real/gfw/{name}")), ReadOptions()) == 0.0


@pytest.mark.parametrize("path", ["real/aisstream/sample/PositionReport.json", "real/aisstream/positions.ndjson.csv"])
def test_other_json_is_not_taken_for_ours(path):
    assert FORMAT.sniff(source_of(shared(path)), ReadOptions()) == 0.0


def test_a_malformed_line_keeps_its_number(tmp_path):
    good = SAMPLE.read_text().splitlines()[0]
    rows = read_rows("gfw-jsonl", source_of("\n".join([good, good[:40], good]), tmp_path))
    assert [row["reject"] for row in rows] == [None, "bad_sentence", None]
    assert rows[1]["detail"] == good[:40]


@pytest.mark.parametrize(
    ("change", "reject"),
    [
        ({"timestamp": None}, "no_time"),
        ({"timestamp": "soon"}, "bad_time"),
        ({"lat": None, "lon": None}, "bad_sentence"),
        ({"type": 8}, "other_message"),
        ({"type": "AIS.21"}, "not_a_ship"),
        ({"ssvid": "four"}, None),  # judged with the MMSIs of all formats
        ({"lat": "30.25"}, None),
    ],
)
def test_a_row_that_cannot_be_used_says_why(change, reject, tmp_path):
    good = json.loads(SAMPLE.read_text().splitlines()[0])
    rows = read_rows("gfw-jsonl", source_of("\n".join(map(json.dumps, [good, good | change])), tmp_path))
    assert [row["reject"] for row in rows] == [None, reject]


def test_a_file_without_times_is_refused(tmp_path):
    with pytest.raises(MissingTimeError, match="timestamp"):
        read_rows("gfw-jsonl", source_of('{"ssvid": 200000001, "lat": 1, "lon": 1, "timestamp": null}', tmp_path))


def test_huge_and_hostile_values_cost_their_field(tmp_path):
    record = {"ssvid": 10**400, "timestamp": "2023-11-14 22:13:20", "lat": 1, "lon": 1, "to_bow": 10**9,
              "speed": float("nan"), "shipname": "\ud800<script>" + "A" * 500, "destination": {"a": 1}}  # fmt: skip
    (reports,) = FORMAT.read(source_of(json.dumps(record), tmp_path), ReadOptions())
    (row,) = reports.table.to_pylist()
    assert row["mmsi"] is None
    assert row["to_bow_m"] is None is row["sog_kn"] is row["destination"]
    assert row["name"].startswith("?<script>")
    assert len(row["name"]) == 200
    assert reports.field_faults == {"to_bow_m": 1, "sog_kn": 1, "destination": 1}
