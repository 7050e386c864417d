"""Parts of messages come together, whatever else is on the line, and nothing waits for ever."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.reading import BASE_TIME, count, read_rows, source_of
from tests.formats.synthetic import position, sentences, tagged, voyage
from tracker.formats.nmea_assemble import LONGEST_WAIT_SENTENCES, Assembler
from tracker.formats.nmea_sentences import NOWHERE, Origin, Sentence, parse_line

OTHERS = [sentences(position(200_000_100 + n))[0] for n in range(3)]


def read(lines, tmp_path, **options):
    """Rows of lines of text."""
    return read_rows("nmea", source_of("\n".join(lines), tmp_path), base_time=BASE_TIME, **options)


def parts_of(name: str, *, seq_id: int, channel: str = "A") -> list[str]:
    """Two sentences of the voyage report of a named ship."""
    return sentences(voyage(shipname=name), seq_id=seq_id, channel=channel)


def test_parts_on_two_channels_with_one_sequence_id_are_two_messages(tmp_path):
    (a1, a2), (b1, b2) = parts_of("ALPHA", seq_id=2), parts_of("BRAVO", seq_id=2, channel="B")
    rows = read([a1, b1, OTHERS[0], b2, a2], tmp_path)
    assert [row["name"] for row in rows] == [None, "BRAVO", "ALPHA"]


def test_two_stations_may_use_one_sequence_id_at_once(tmp_path):
    (a1, a2), (b1, b2) = parts_of("ALPHA", seq_id=2), parts_of("BRAVO", seq_id=2)
    tags = ("s:ONE,c:1700000000", "s:TWO,c:1700000000")
    lines = [tagged(a1, tags[0]), tagged(b1, tags[1]), tagged(a2, tags[0]), tagged(b2, tags[1])]
    assert [row["name"] for row in read(lines, tmp_path)] == ["ALPHA", "BRAVO"]


def test_the_second_part_may_come_first(tmp_path):
    assert [row["name"] for row in read(reversed(parts_of("ALPHA", seq_id=2)), tmp_path)] == ["ALPHA"]


def test_a_part_that_comes_again_after_a_loss_joins_the_newer_message(tmp_path):
    (lost, _), (b1, b2) = parts_of("ALPHA", seq_id=2), parts_of("BRAVO", seq_id=2)
    rows = read([lost, b1, b2], tmp_path)
    assert [(row["name"], row["reject"]) for row in rows] == [("BRAVO", None), (None, "incomplete_message")]


def test_a_part_too_long_alone_is_given_up_before_the_file_ends(tmp_path):
    first, second = parts_of("ALPHA", seq_id=2)
    rows = read([first, *OTHERS * LONGEST_WAIT_SENTENCES, second], tmp_path)
    assert count(rows, "reject") == {"incomplete_message": 2}
    assert rows[0]["reject"] is None
    assert next(row["row"] for row in rows if row["reject"]) == LONGEST_WAIT_SENTENCES + 1


def test_parts_ten_seconds_apart_are_not_one_message(tmp_path):
    first, second = parts_of("ALPHA", seq_id=2)
    rows = read([tagged(first, "c:1700000000"), tagged(second, "c:1700000011")], tmp_path)
    assert count(rows, "reject") == {"incomplete_message": 2}


def test_a_group_told_by_another_sentence_times_a_single_one(tmp_path):
    lines = [
        f"{tagged('$ARVSI,r1,1,000000.00,1,-100,0*25', 'g:1-2-55,s:ONE,c:1700000000')}",
        tagged(OTHERS[0], "g:2-2-55"),
    ]
    (row,) = read(lines, tmp_path)
    assert (row["time"].timestamp(), row["station"]) == (1_700_000_000, "ONE")


def test_parts_that_never_end_take_bounded_memory():
    assembler = Assembler()
    lost = 0
    for n in range(5000):
        lost += len(assembler.pass_by())
        part = Sentence(9, 1 + n % 8, (b"%d" % (n % 10), b"A"), b"0" * 60, 0, NOWHERE, NOWHERE)
        assert assembler.add(part, Origin(group=(1, 9, n))) is None
        assembler.group_origin(Origin(group=(1, 9, n)))
        assert len(assembler._queue) <= LONGEST_WAIT_SENTENCES + 1
        assert len(assembler._groups) <= 1000
    assert lost + len(assembler.give_up_all()) == 5000


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_messages_interleave_without_loss(seed, ships):
    chance = random.Random(seed)
    queues = [parts_of(f"SHIP {n}", seq_id=n) for n in range(ships)]
    assembler, found = Assembler(), []
    while any(queues):
        line = chance.choice([queue for queue in queues if queue]).pop(0)
        (piece,) = parse_line(line.encode())
        assert isinstance(piece, Sentence)
        assembler.pass_by()
        message = assembler.add(piece, NOWHERE)
        found += [message] if message else []
    assert len(found) == ships
    assert len({message.parts for message in found}) == ships
