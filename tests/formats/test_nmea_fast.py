"""The bulk ways of reading say exactly what the slow ones say."""

import gzip
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.synthetic import make_nmea
from tests.shared_data import shared
from tracker.formats import nmea
from tracker.formats.nmea_blocks import scan
from tracker.formats.nmea_fast import decode_positions, is_fast, read_headers, read_signed, read_unsigned, unarmour
from tracker.formats.nmea_pyais import decode_with_pyais
from tracker.formats.nmea_sentences import Sentence, parse_line, parse_tag_block, read_sound_tag
from tracker.formats.nmea_tags import read_plain_tags

ARMOUR = bytes(range(48, 88)) + bytes(range(96, 120))
REAL = (
    "nmea/dma_aislib_stream_example_pghp.txt",
    "nmea/gfw_aistools_mixed_types.nmea",
    "nmea/gpsd_sample.aivdm",
    "nmea/libais_test.aivdm",
    "nmea/pyais_nmea_data_sample.txt",
    "nmea/signalk_nais300-merrimac.log",
    "socal_2018-06-02T20_8h_nmea_tagblock.nmea.gz",
)


def armour(bits: str) -> bytes:
    """Six-bit armour of a text of zeros and ones."""
    return bytes(ARMOUR[int(bits[i : i + 6].ljust(6, "0"), 2)] for i in range(0, len(bits), 6))


def real(name: str) -> bytes:
    """The content of a real file."""
    data = shared(f"real/{name}").read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def agree(payloads: list[bytes]) -> None:
    """Hold the bulk decoder to pyais, value by value and bit by bit."""
    headers = read_headers(payloads, [0] * len(payloads))
    assert is_fast(headers).all()
    bulk = decode_positions(payloads, headers.msg_type)
    for row, payload in enumerate(payloads):
        slow = decode_with_pyais((payload,), 0)
        assert slow is not None
        assert headers.msg_type[row] == slow["msg_type"]
        for name, values in bulk.items():
            assert values[row] == slow.get(name, -1), name


@pytest.mark.parametrize("name", REAL)
def test_bulk_decoding_equals_pyais_on_real_messages(name):
    pieces = [piece for line in real(name).split(b"\n") for piece in parse_line(line)]
    payloads = [piece.payload for piece in pieces if isinstance(piece, Sentence) and piece.total == 1]
    fast = is_fast(read_headers(payloads, [0] * len(payloads)))
    chosen = [payload for payload, is_chosen in zip(payloads, fast, strict=True) if is_chosen]
    assert len(chosen) >= 8
    agree(chosen)


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3, 18]), st.integers(0, 2**162 - 1)), min_size=1, max_size=20))
def test_bulk_decoding_equals_pyais_on_any_bits(messages):
    agree([armour(f"{msg_type:06b}{rest:0162b}") for msg_type, rest in messages])


@given(st.integers(0, 2**30 - 1), st.integers(0, 63), st.binary(max_size=30))
def test_the_header_is_read_from_any_payload(mmsi, msg_type, rest):
    tail = "".join(f"{byte:08b}" for byte in rest)
    headers = read_headers([armour(f"{msg_type:06b}00{mmsi:030b}{tail}")], [0])
    assert (headers.msg_type[0], headers.mmsi[0]) == (msg_type, mmsi)


@given(st.integers(0, 2**60 - 1), st.integers(0, 59), st.integers(1, 57))
def test_a_bit_field_is_the_number_that_its_bits_spell(value, start, width):
    bits = f"{value:060b}".ljust(120, "0")
    six = unarmour([armour(bits)], characters=20)
    field = bits[start : start + width]
    assert read_unsigned(six, start, width)[0] == int(field, 2)
    assert read_signed(six, start, width)[0] == int(field, 2) - (int(field[0]) << width)


def test_a_message_too_short_for_its_fields_is_not_fast():
    assert is_fast(read_headers([b"1" + b"0" * 24, b"1" + b"0" * 23], [1, 0])).tolist() == [True, False]
    assert is_fast(read_headers([b""], [5])).tolist() == [False]


def scans_like_the_line_parser(data: bytes) -> int:
    """Hold every plain line to what the line parser says of it; give the number of plain lines."""
    block = data if data.endswith(b"\n") else data + b"\n"
    lines = scan(block)
    tags = read_plain_tags(block, lines)
    assert not (tags.is_ordinary & ~lines.is_plain).any()
    assert [block[a:b] for a, b in zip(lines.start, lines.end, strict=True)] == [
        line.removesuffix(b"\r") for line in BytesIO(block).read()[:-1].split(b"\n")
    ]
    for row in np.flatnonzero(lines.is_plain):
        text = block[lines.start[row] : lines.end[row]]
        (piece,) = parse_line(text)
        assert isinstance(piece, Sentence)
        assert piece.total == 1
        assert piece.payload == block[lines.payload_start[row] : lines.payload_end[row]]
        assert piece.fill_bits == lines.fill_bits[row]
        if lines.bang[row] > lines.start[row]:
            tag = block[lines.start[row] + 1 : lines.bang[row] - 1]
            whole = parse_tag_block(tag)
            time_ms, station, _ = read_sound_tag(tag)
            assert whole.is_sound
            assert (time_ms, station) == (whole.time_ms, whole.station)
            if tags.is_ordinary[row]:
                assert (tags.times[row], tags.stations[row]) == (whole.time_ms, whole.station)
                assert whole.group is None
        elif tags.is_ordinary[row]:
            assert tags.times[row] is None
            assert tags.stations[row] is None
    return int(lines.is_plain.sum())


@pytest.mark.parametrize("name", REAL)
def test_lines_found_in_bulk_are_what_the_line_parser_finds(name):
    data = real(name)
    single = sum(
        1
        for line in data.split(b"\n")
        for piece in parse_line(line)
        if isinstance(piece, Sentence) and piece.total == 1
    )
    # a few sentences in odd company (a remark behind them) are left to the line parser
    assert single - 1 <= scans_like_the_line_parser(data) <= single


def messages_of(data: bytes) -> tuple[list[object], ...]:
    """What a stream of this text piles up."""
    stream = nmea._Stream()
    stream.feed(data if data.endswith(b"\n") else data + b"\n")
    stream.finish()
    pile = stream.pile
    return (
        pile.payloads,
        pile.fill_bits,
        pile.times,
        pile.stations,
        list(pile.parts.items()),
        list(pile.rejects.items()),
    )


@given(st.data())
def test_runs_of_ordinary_lines_give_what_single_lines_give(data):
    ordinary = [line for line in make_nmea().encode().split(b"\n") if b",1,1,," in line]
    lines = ordinary * data.draw(st.integers(1, 40))
    # parts of long messages whose other part never comes are given up at the same place
    for part in [line for line in make_nmea().encode().split(b"\n") if b",2,1," in line]:
        lines.insert(data.draw(st.integers(0, len(lines))), part)
    text = b"\n".join(lines)
    at_once = messages_of(text)
    with pytest.MonkeyPatch.context() as patched:
        nothing = SimpleNamespace(is_ordinary=np.zeros(len(scan(text + b"\n").start), dtype=np.bool_))
        patched.setattr(nmea, "read_plain_tags", lambda _block, _lines: nothing)
        assert at_once == messages_of(text)


@given(st.data())
def test_a_damaged_line_is_never_found_in_bulk_when_the_parser_refuses_it(data):
    text = bytearray(make_nmea().encode())
    for _ in range(data.draw(st.integers(1, 30))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    scans_like_the_line_parser(bytes(text))


@given(st.binary(max_size=400))
def test_any_bytes_can_be_scanned(data):
    scans_like_the_line_parser(data)
    scans_like_the_line_parser(b"\\!*,\\".join([data[:9], data, data[5:]]))
