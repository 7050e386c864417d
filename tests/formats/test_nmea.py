"""A file of AIS sentences becomes one row for each message, with the time and station that it carries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.formats.reading import BASE_TIME, count, read_rows, source_of
from tests.formats.synthetic import MAKERS, SAMPLES, START_S, checked, position, sentences, tagged, voyage
from tracker.errors import MissingTimeError
from tracker.formats.format import ReadOptions
from tracker.formats.nmea import FORMAT
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY, RECONSTRUCTED_TIME
from tracker.tables.reports import HAS_POSITION, HAS_STATIC

SAMPLE = SAMPLES / "synthetic_tagblock.nmea"
START = datetime.fromtimestamp(START_S, tz=UTC)


def one(message, **other):
    """The one sentence of a message."""
    (sentence,) = sentences(message, **other)
    return sentence


def test_the_samples_are_what_their_maker_makes():
    for name, make in MAKERS.items():
        assert (SAMPLES / name).read_text() == make()


def test_every_message_of_the_sample_is_a_row():
    rows = read_rows("nmea", source_of(SAMPLE))
    assert len(rows) == 15
    assert count(rows, "msg_type") == {5: 2, 1: 1, 3: 1, 18: 1, 24: 3, 19: 1, 27: 1}
    assert count(rows, "reject") == {"not_a_ship": 3, "bad_checksum": 1, "bad_sentence": 1}
    assert count(rows, "kind") == {HAS_STATIC: 5, HAS_POSITION: 4, HAS_POSITION | HAS_STATIC: 1, 0: 5}


def test_values_come_back_as_the_ship_sent_them():
    rows = read_rows("nmea", source_of(SAMPLE))
    static, fix = rows[0], rows[2]
    assert static["name"] == "SYNTHETIC ONE"
    assert (static["imo"], static["callsign"], static["ship_type"]) == ("9074729", "SYNTH1", 85)
    assert [static[f"to_{side}_m"] for side in ("bow", "stern", "port", "starboard")] == [140, 30, 12, 16]
    assert static["draught_m"] == pytest.approx(9.8)
    assert static["destination"] == "NOWHERE (SYNTHETIC)"
    assert (fix["lon"], fix["lat"], fix["mmsi"]) == (124.5, 30.25, 200_000_001)
    assert fix["sog_kn"] == pytest.approx(0.4)
    assert fix["cog_deg"] == pytest.approx(211.3)
    assert (fix["heading_deg"], fix["nav_status"], fix["ais_class"], fix["flags"]) == (45, 0, "A", HIGH_ACCURACY)


def test_a_group_shares_its_time_and_station_and_interleaved_parts_find_each_other():
    first, second = read_rows("nmea", source_of(SAMPLE))[:2]
    assert (first["mmsi"], first["time"], first["station"]) == (200_000_001, START, "ONE")
    assert (second["mmsi"], second["time"], second["station"]) == (200_000_002, START + timedelta(seconds=1), "TWO")


def test_a_tag_block_counts_seconds_or_milliseconds():
    rows = read_rows("nmea", source_of(SAMPLE))
    assert [rows[i]["time"] - START for i in (2, 3)] == [timedelta(seconds=2), timedelta(seconds=3.25)]


def test_a_tender_sends_its_mother_ship_where_others_send_their_hull():
    rows = read_rows("nmea", source_of(SAMPLE))
    (tender,) = [row for row in rows if row["callsign"] == "TENDER"]
    assert tender["mmsi"] == 982_000_001
    assert tender["to_bow_m"] is None
    (boat,) = [row for row in rows if row["callsign"] == "SYN3"]
    assert (boat["to_bow_m"], boat["to_starboard_m"], boat["ais_class"]) == (5, 2, "B")


def test_a_long_range_position_is_of_low_accuracy():
    (far,) = [row for row in read_rows("nmea", source_of(SAMPLE)) if row["msg_type"] == 27]
    assert far["flags"] == LOW_ACCURACY
    assert far["lon"] == pytest.approx(124.55, abs=1 / 600)
    assert (far["sog_kn"], far["cog_deg"]) == (7, 90)


def test_the_sentinels_of_long_range_positions_are_unknown(tmp_path):
    far = {"msg_type": 27, "mmsi": 200_000_001, "lon": 181, "lat": 91, "speed": 63, "course": 511}
    (row,) = read_rows("nmea", source_of(tagged(one(far), "c:1700000000"), tmp_path))
    assert (row["sog_kn"], row["cog_deg"], row["lon"], row["lat"]) == (None, None, 181.0, 91.0)


def test_sentinels_of_the_other_types_are_passed_as_sent(tmp_path):
    blank = position(speed=102.3, course=360, heading=511, lon=181, lat=91, status=15)
    (row,) = read_rows("nmea", source_of(tagged(one(blank), "c:1700000000"), tmp_path))
    assert row["sog_kn"] == pytest.approx(102.3)
    assert (row["cog_deg"], row["heading_deg"], row["lon"], row["lat"], row["nav_status"]) == (360, 511, 181, 91, 15)


def test_reserved_ship_types_are_not_folded_into_their_decade(tmp_path):
    first, second = sentences(voyage(ship_type=85))
    fields = first.split("*")[0][1:].split(",")
    assert fields[5][39] == "E"  # the lower six bits of 85
    fields[5] = fields[5][:39] + "H" + fields[5][40:]
    lines = "\n".join(tagged(s, "c:1700000000") for s in ("!" + checked(",".join(fields)), second))
    assert read_rows("nmea", source_of(lines, tmp_path))[0]["ship_type"] == 88


def test_a_wrong_checksum_costs_the_sentence_and_is_said(tmp_path):
    good = one(position())
    bad = good[:-2] + f"{int(good[-2:], 16) ^ 1:02X}"
    rows = read_rows(
        "nmea", source_of(f"\\s:A,c:1700000000*{'5F'}\\{bad}\n{bad}\n{good}", tmp_path), base_time=BASE_TIME
    )
    assert [row["reject"] for row in rows] == ["bad_checksum", "bad_checksum", None]


def test_a_tag_block_with_a_wrong_checksum_costs_its_sentence(tmp_path):
    text = f"\\s:A,c:1700000000*11\\{one(position())}"
    assert count(read_rows("nmea", source_of(text, tmp_path), base_time=BASE_TIME), "reject") == {"bad_checksum": 1}


def test_a_pghp_sentence_times_the_next_message_only(tmp_path):
    pghp = checked("PGHP,1,2023,11,14,22,13,20,390,200,200,002000001,1,2B")
    lines = [f"${pghp}", one(position(second=20)), one(position(second=22))]
    first, second = read_rows("nmea", source_of("\n".join(lines), tmp_path))
    assert (first["time"], first["station"]) == (START + timedelta(milliseconds=390), "002000001")
    assert not first["flags"] & RECONSTRUCTED_TIME
    assert second["time"] == START + timedelta(seconds=2)
    assert second["flags"] & RECONSTRUCTED_TIME
    assert second["station"] is None


@pytest.mark.parametrize(
    ("tail", "station"),
    [
        (",b003669796,1700000000", "b003669796"),
        (",d-093,S2212,t221320.00,T20.0,r09STOL1,1700000000,1700000060", "r09STOL1"),
    ],
)
def test_a_receiver_may_add_its_name_and_time_after_the_checksum(tail, station, tmp_path):
    (row,) = read_rows("nmea", source_of(one(position()) + tail, tmp_path))
    assert (row["time"], row["station"]) == (START, station)


def test_several_sentences_may_share_a_line(tmp_path):
    line = "".join(tagged(s, "s:X,c:1700000000") for s in sentences(voyage()))
    (row,) = read_rows("nmea", source_of(line, tmp_path))
    assert row["name"] == "SYNTHETIC ONE"


def test_a_file_without_times_is_refused_and_the_way_out_is_named(tmp_path):
    with pytest.raises(MissingTimeError, match="--base-time"):
        read_rows("nmea", source_of(one(position()), tmp_path))


def test_times_are_rebuilt_from_the_second_across_minutes(tmp_path):
    seconds = [55, 58, 57, 1, 60, 0, 20, 45, 10]
    lines = "\n".join(one(position(second=second)) for second in seconds)
    rows = read_rows("nmea", source_of(lines, tmp_path), base_time=BASE_TIME.replace(second=50))
    passed = [(row["time"] - BASE_TIME).total_seconds() for row in rows]
    assert passed[:4] == [55, 58, 57, 61]
    assert 55 <= passed[4] <= 61  # a ship without a clock takes the running time
    assert passed[5:] == [60, 80, 105, 130]
    assert all(row["flags"] & RECONSTRUCTED_TIME for row in rows)


def test_one_ship_with_a_wrong_clock_does_not_carry_the_others_away(tmp_path):
    seconds = [s for minute in range(5) for s in [*range(0, 60, 2), 25]]
    lines = "\n".join(one(position(second=second)) for second in seconds)
    rows = read_rows("nmea", source_of(lines, tmp_path), base_time=BASE_TIME)
    assert (rows[-2]["time"] - BASE_TIME).total_seconds() == 4 * 60 + 58


def test_messages_before_the_first_time_have_none(tmp_path):
    lines = [one(position()), tagged(one(position()), "c:1700000000")]
    assert [r["reject"] for r in read_rows("nmea", source_of("\n".join(lines), tmp_path))] == ["no_time", None]


def test_comments_blank_lines_and_other_sentences_are_no_rows(tmp_path):
    lines = ["# !AIVDM", "", "   ", "$GPRMC,000000.00,V,,,,,,,,,,N*53", "$AITXT,01,01,62,TX (msg 18 no pos'n)*63"]
    text = "\n".join([*lines, tagged(one(position()), "c:1700000000") + "\r"])
    assert len(read_rows("nmea", source_of(text, tmp_path))) == 1


def test_batches_are_no_larger_than_asked_and_lose_nothing():
    source = source_of(SAMPLE)
    whole = read_rows("nmea", source)
    sizes = [r.table.num_rows for r in FORMAT.read(source, ReadOptions(batch_rows=4))]
    assert max(sizes) <= 4
    assert read_rows("nmea", source, batch_rows=4) == whole


def test_the_sniff_knows_sentences_from_what_looks_like_them(tmp_path):
    assert FORMAT.sniff(source_of(SAMPLE), ReadOptions()) > 0.8
    for other in ("MMSI,LAT,LON\n1,2,3\n", '{"ssvid": 1}', "!AIVDM,1,1,,A,broken\n"):
        assert FORMAT.sniff(source_of(other, tmp_path), ReadOptions()) == 0.0


def test_progress_ends_at_the_size_of_the_file():
    size = Path(SAMPLE).stat().st_size
    assert [r.read_bytes for r in FORMAT.read(source_of(SAMPLE), ReadOptions())][-1] == size
