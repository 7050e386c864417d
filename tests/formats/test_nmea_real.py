"""Real files read to their counts; what pyais finds by itself is the independent count."""

import gzip
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from pyais.stream import IterMessages

from tests.formats.reading import count, read_rows, source_of
from tests.shared_data import shared
from tracker.errors import MissingTimeError
from tracker.formats.format import ReadOptions
from tracker.formats.nmea import FORMAT
from tracker.tables.positions import RECONSTRUCTED_TIME
from tracker.tables.reports import HAS_POSITION

BASE = datetime(2012, 6, 18, 16, 30, 0, tzinfo=UTC)
SHIP_TYPES = {1, 2, 3, 5, 18, 19, 24, 27}


def types_by_pyais(data: bytes) -> Counter:
    """Messages by type as pyais assembles and decodes them."""
    found = Counter()
    for sentence in IterMessages(data.split(b"\n")):
        try:
            found[sentence.decode().msg_type] += 1
        except Exception:
            found["undecodable"] += 1
    return found


@pytest.mark.parametrize(
    ("name", "rows", "vessels", "rejects"),
    [
        ("dma_aislib_stream_example_pghp.txt", 4051, 1933, {"other_message": 398, "not_a_ship": 167}),
        ("libais_tagblock.nmea", 4, 2, {}),
        ("libais_typeexamples.nmea", 26, 25, {"other_message": 15, "not_a_ship": 4}),
        ("libais_test.aivdm", 261, 194, {"other_message": 182, "not_a_ship": 25, "bad_sentence": 8}),
        ("gfw_aistools_spire-test.nmea", 2, 1, {}),
        (
            "gpsd_sample.aivdm",
            103,
            87,
            {"other_message": 71, "not_a_ship": 9, "no_time": 5, "bad_sentence": 1},
        ),
    ],
)
def test_a_real_file_with_times_reads_to_its_counts(name, rows, vessels, rejects):
    source = source_of(shared(f"real/nmea/{name}"))
    assert FORMAT.sniff(source, ReadOptions()) > 0.9
    found = read_rows("nmea", source)
    assert len(found) == rows
    assert len({row["mmsi"] for row in found} - {None}) == vessels
    assert count(found, "reject") == rejects
    assert all(row["time"] is not None for row in found if row["reject"] is None)


@pytest.mark.parametrize(
    ("name", "rows", "vessels", "rejects"),
    [
        (
            "pyais_nmea_data_sample.txt",
            898,
            167,
            {"bad_sentence": 100, "incomplete_message": 20, "other_message": 8, "not_a_ship": 6},
        ),
        ("signalk_nais300-merrimac.log", 536, 52, {"other_message": 14}),
        ("gfw_aistools_mixed_types.nmea", 99, 85, {"other_message": 39, "not_a_ship": 20}),
        ("gfw_aistools_multi-part.nmea", 43, 30, {"other_message": 33}),
    ],
)
def test_a_real_file_without_times_needs_a_base_time(name, rows, vessels, rejects):
    source = source_of(shared(f"real/nmea/{name}"))
    with pytest.raises(MissingTimeError, match="--base-time"):
        read_rows("nmea", source)
    found = read_rows("nmea", source, base_time=BASE)
    assert len(found) == rows
    assert len({row["mmsi"] for row in found} - {None}) == vessels
    assert count(found, "reject") == rejects
    assert all(row["flags"] & RECONSTRUCTED_TIME for row in found if row["kind"] & HAS_POSITION)


@pytest.mark.parametrize(
    "name",
    ["dma_aislib_stream_example_pghp.txt", "pyais_nmea_data_sample.txt", "signalk_nais300-merrimac.log",
     "gfw_aistools_mixed_types.nmea", "gfw_aistools_multi-part.nmea"],
)  # fmt: skip
def test_messages_of_ships_are_as_many_as_pyais_finds(name):
    path = shared(f"real/nmea/{name}")
    ours = Counter(row["msg_type"] for row in read_rows("nmea", source_of(path), base_time=BASE) if not row["reject"])
    theirs = types_by_pyais(path.read_bytes())
    assert ours == {msg_type: theirs[msg_type] for msg_type in SHIP_TYPES if theirs[msg_type]}


def test_every_pghp_time_reaches_its_message():
    path = shared("real/nmea/dma_aislib_stream_example_pghp.txt")
    rows = read_rows("nmea", source_of(path))
    assert len(re.findall(rb"^\$PGHP", path.read_bytes(), re.M)) == 4051 == len(rows)
    assert min(row["time"] for row in rows) == datetime(2010, 6, 11, 11, 46, 10, tzinfo=UTC)
    assert max(row["time"] for row in rows) == datetime(2010, 6, 11, 11, 46, 38, 873_000, tzinfo=UTC)
    assert not any(row["flags"] & RECONSTRUCTED_TIME for row in rows)
    assert all(row["station"] for row in rows)


def test_the_californian_hours_hold_fixes_and_hulls_with_antenna_offsets():
    path = shared("real/socal_2018-06-02T20_8h_nmea_tagblock.nmea.gz")
    lines = gzip.decompress(path.read_bytes()).split(b"\n")
    rows = read_rows("nmea", source_of(path))
    assert count(rows, "msg_type") == {1: 7332, 5: 335}
    assert sum(b"!AIVDM,1,1" in line for line in lines) == 7332
    assert sum(b"!AIVDM,2,1" in line for line in lines) == 335
    assert count(rows, "reject") == {}
    assert count(rows, "station") == {"SBARC": 7667}
    hulls = [row for row in rows if row["msg_type"] == 5]
    theirs = [m.decode() for m in IterMessages(lines) if m.ais_id == 5]
    offsets = ("to_bow", "to_stern", "to_port", "to_starboard")
    assert [[row[f"{name}_m"] for name in offsets] for row in hulls] == [
        [getattr(message, name) for name in offsets] for message in theirs
    ]
    assert sum(row["to_bow_m"] + row["to_stern_m"] > 0 for row in hulls) == 295
    stamps = [int(stamp) for stamp in re.findall(rb"c:(\d+)\*..\\!AIVDM,1,1", b"\n".join(lines))]
    assert [row["time"].timestamp() for row in rows if row["msg_type"] == 1] == stamps


def test_a_line_with_two_sentences_and_group_of_a_satellite_provider_is_one_message():
    first, second = read_rows("nmea", source_of(shared("real/nmea/gfw_aistools_spire-test.nmea")))
    assert first["mmsi"] == second["mmsi"]
    assert first["station"] == second["station"] == "FM112"
    assert first["time"] == datetime.fromtimestamp(1662052384, tz=UTC)


def test_the_tail_of_the_us_network_gives_time_and_station():
    rows = read_rows("nmea", source_of(shared("real/nmea/libais_test.aivdm")))
    assert (rows[0]["time"].timestamp(), rows[0]["station"]) == (1272412827, "b003669794")
