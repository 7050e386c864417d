"""Whatever a file holds, reading it ends in rows and rejects, never in a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.reading import BASE_TIME, count, read_rows, source_of
from tests.formats.synthetic import checked, make_nmea, position, sentences, tagged
from tracker.formats.lines import read_blocks, read_lines
from tracker.formats.nmea import _Stream
from tracker.formats.nmea_decode import decode
from tracker.formats.nmea_pyais import decode_with_pyais
from tracker.formats.nmea_sentences import LINE_LIMIT, Fault, parse_line
from tracker.formats.nmea_times import Clock, parse_pghp
from tracker.tables.rejects import REASONS

GOOD = tagged(sentences(position())[0], "c:1700000000")


def read_bytes(data: bytes):
    """Rows of bytes, by the stream of the format itself."""
    stream = _Stream()
    stream.feed(data if data.endswith(b"\n") else data + b"\n")
    stream.finish()
    clock = Clock()
    clock.set(1_700_000_000_000)
    rows = decode(stream.pile, clock=clock, first_row=1).to_pylist()
    assert all(row["reject"] is None or row["reject"] in REASONS for row in rows)
    assert all((row["kind"] == 0) == (row["reject"] is not None) for row in rows)
    return rows


@pytest.mark.parametrize(
    "line",
    [
        b"\x00\xff\xfe binary \x80 noise",
        b"!AIVDM",
        b"!AIVDM,1,1,,A,,0*26",
        b"!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,-2").encode(),
        b"!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,9").encode(),
        b"!" + checked("AIVDM,2,3,1,A,15RTgt0PAso;90TKcjM8h6g208CQ,0").encode(),
        b"!" + checked("AIVDM,0,0,1,A,15RTgt0PAso;90TKcjM8h6g208CQ,0").encode(),
        b"!" + checked("AIVDM,1,1,,A,15RT[gt]XYZ,0").encode(),
        b"!" + checked("AIVDM,1,1,,A,1,0").encode(),
        b"!" + checked("AIVDM,1,1,,A,15RTgt0PAso;90TK,0").encode(),
        b"!" + checked("AIVDM,1,1,,A," + "H" + "0" * 20 + ",0").encode(),
        b"!" + checked("AIVDM,1,1,,A," + "5" + "w" * 3000 + ",0").encode(),
        b"!" + checked("AIVDM,1,1,,A," + "0" * 28 + ",0").encode(),
        "!AIVDM,1,1,,A,15RTgt0PÄso;90TKcjM8h6g208CQ,0*4A".encode(),
        b"\\s:A,c:1*00",
        b"$",
        b"\\" * 500,
    ],
)
def test_an_unreadable_line_is_one_bad_sentence(line, tmp_path):
    rows = read_rows("nmea", source_of(GOOD.encode() + b"\n" + line + b"\n" + GOOD.encode(), tmp_path))
    assert [row["reject"] for row in rows] == [None, "bad_sentence", None]


def test_a_megabyte_without_a_newline_is_one_bad_sentence(tmp_path):
    noise = b"!AIVDM,1,1,,A," + b"w" * 3_000_000
    rows = read_rows("nmea", source_of(b"\n".join([GOOD.encode(), noise, GOOD.encode()]), tmp_path))
    assert [row["reject"] for row in rows] == [None, "bad_sentence", None]
    assert len(rows[1]["detail"]) <= 200


def test_an_id_of_noise_in_the_tag_block_is_printable(tmp_path):
    rows = read_rows("nmea", source_of(tagged(sentences(position())[0], "s:\x1b[31m<b>\x07,c:1700000000"), tmp_path))
    assert rows[0]["station"] == "[31m<b>"


@pytest.mark.parametrize("stamp", ["", "x", "-5", "1e9", "99999999999999999999999", "1700000000.5.5", "inf"])
def test_a_stamp_that_is_no_time_is_unknown(stamp, tmp_path):
    text = tagged(sentences(position(second=1))[0], f"c:{stamp}")
    (row,) = read_rows("nmea", source_of(text, tmp_path), base_time=BASE_TIME)
    assert row["time"] == BASE_TIME.replace(second=1)


@pytest.mark.parametrize("body", [b"PGHP", b"PGHP,1,2010,13,40,99,99,99,999,1,2,3", b"PGHP,1,2010,2,30,1,1,1,1,1,1,1"])
def test_a_pghp_sentence_without_a_date_gives_no_time(body):
    assert parse_pghp(body).time_ms is None


@given(st.binary(max_size=600))
def test_noise_is_rows_and_rejects(data):
    read_bytes(data)


@settings(max_examples=60)
@given(st.data())
def test_damaged_files_are_rows_and_rejects(data):
    text = bytearray(make_nmea().encode())
    for _ in range(data.draw(st.integers(1, 40))):
        place = data.draw(st.integers(0, len(text) - 1))
        if data.draw(st.booleans()):
            text[place] = data.draw(st.integers(0, 255))
        else:
            del text[place : place + data.draw(st.integers(1, 30))]
            text = text or bytearray(b"\n")
    read_bytes(bytes(text))


@given(
    st.lists(
        st.text(alphabet=[chr(c) for c in (*range(48, 88), *range(96, 120))], max_size=90), min_size=1, max_size=3
    ),
    st.integers(0, 5),
)
def test_any_payload_is_a_row_or_a_reject(payloads, fill_bits):
    total = len(payloads)
    lines = [
        "!" + checked(f"AIVDM,{total},{n},1,A,{payload},{fill_bits if n == total else 0}")
        for n, payload in enumerate(payloads, start=1)
    ]
    rows = read_bytes("\n".join(lines).encode())
    assert rows


@given(
    st.lists(st.binary(min_size=1, max_size=60).map(lambda b: bytes(48 + c % 40 for c in b)), min_size=1, max_size=4)
)
def test_pyais_is_never_let_to_crash_us(parts):
    decode_with_pyais(tuple(parts), 0)


@given(st.binary(max_size=5000), st.integers(1, 300))
def test_lines_come_whole_or_cut_whatever_the_chunks(data, limit):
    class Stream:
        place = 0

        def read(self, _size):
            self.place += 7
            return data[self.place - 7 : self.place]

    expected = data.split(b"\n")
    expected = expected[:-1] if expected[-1] == b"" else expected
    assert list(read_lines(Stream(), limit=limit)) == [line[: limit + 1] for line in expected]
    assert all(block.endswith(b"\n") for block in read_blocks(Stream(), limit=limit))


def test_a_line_longer_than_the_limit_is_not_parsed():
    (fault,) = parse_line(GOOD.encode() * (LINE_LIMIT // len(GOOD) + 1))
    assert isinstance(fault, Fault)


def test_rejected_text_is_shown_escaped_and_short(tmp_path):
    rows = read_rows("nmea", source_of(GOOD.encode() + b"\n\x1b]0;evil\x07" + b"\xe2\x80\xae" * 300, tmp_path))
    assert count(rows, "reject") == {"bad_sentence": 1}
    assert rows[1]["detail"].startswith("\\x1b]0;evil\\x07\\xe2")
    assert len(rows[1]["detail"]) == 200
