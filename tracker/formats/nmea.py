"""NMEA 0183 with AIS messages (AIVDM, AIVDO and the other talkers), as receivers and archives write it.

A row is an assembled message, or a sentence that cannot be used; comments, blank lines and other sentences
(``$GPRMC``, ``$AITXT``) are no rows. Positions come from types 1-3, 18, 19 and 27, identities from 5, 19 and 24.

A message has the time of its tag block, or of the ``$PGHP`` sentence before it, or the one after its checksum.
One without any is given the running time, corrected by its UTC second, and its position is marked as rebuilt; so
is every position of a file without times, for which the user must state when it begins. Messages before the
first time are set aside.

Source: ITU-R M.1371-5, annex 8; IEC 61162-1; https://gpsd.gitlab.io/gpsd/AIVDM.html.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import IO, Any

import numpy as np

from tracker.errors import MissingTimeError
from tracker.formats.ahead import in_order
from tracker.formats.format import ReadOptions, Source
from tracker.formats.lines import read_blocks, read_lines
from tracker.formats.nmea_assemble import Assembler, Message
from tracker.formats.nmea_blocks import Lines, scan
from tracker.formats.nmea_decode import Pile, decode
from tracker.formats.nmea_sentences import (
    LINE_LIMIT,
    NOWHERE,
    Fault,
    Origin,
    Other,
    Sentence,
    parse_line,
    parse_tail,
    read_sound_tag,
)
from tracker.formats.nmea_tags import PlainTags, read_plain_tags
from tracker.formats.nmea_times import Clock, milliseconds, parse_pghp
from tracker.tables.reports import Reports

_HEAD_BYTES = 64 * 1024
_PILE_ROWS = 100_000
"""Decoded at a time, while the next are read."""


class Nmea:
    """The format ``nmea``."""

    name = "nmea"
    doc = "NMEA 0183 AIVDM/AIVDO, with tag blocks, $PGHP times or --base-time"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """0.98 when an AIS sentence with a right checksum is there and most lines are NMEA, less as they are fewer."""
        lines = source.head.split(b"\n")
        if len(source.head) >= _HEAD_BYTES and len(lines) > 1:
            lines.pop()
        found = [piece for line in lines for piece in parse_line(line)]
        if not any(isinstance(piece, Sentence) for piece in found):
            return 0.0
        good = sum(not (isinstance(piece, Fault) and piece.reason == "bad_sentence") for piece in found)
        return 0.98 * good / len(found)

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingTimeError
            When no sentence of the file has a time and no base time is given.
        """
        clock = Clock()
        if options.base_time is not None:
            clock.set(milliseconds(options.base_time))
        elif not _has_time(source):
            raise MissingTimeError(
                f"{source.name}: none of its AIS sentences carries a time (no tag block 'c:', no $PGHP, no time after "
                "the checksum). Say when the file begins with --base-time, for example --base-time "
                "2018-06-02T20:00:00Z; the times are then rebuilt from the UTC second and marked so."
            )
        with source.open() as stream:
            # one worker: the clock runs through the messages in their order
            yield from in_order(
                _piles(stream, source, min(options.batch_rows, _PILE_ROWS)), partial(_reports, clock=clock), workers=1
            )


@dataclass(frozen=True)
class _Batch:
    pile: Pile
    first_row: int
    read_bytes: int


def _piles(stream: IO[bytes], source: Source, rows: int) -> Iterator[_Batch]:
    """Messages of a stream in batches, in their order."""
    state, first_row = _Stream(), 1
    for block in chain(read_blocks(stream, limit=LINE_LIMIT), (None,)):
        if block is None:
            state.finish()
        else:
            state.feed(block)
        while len(state.pile) >= (rows if block is not None else 1):
            pile = state.pile.cut(rows)
            yield _Batch(pile, first_row, _place(stream, source))
            first_row += len(pile)


def _reports(batch: _Batch, /, *, clock: Clock) -> Reports:
    return Reports(decode(batch.pile, clock=clock, first_row=batch.first_row), batch.read_bytes, {})


@dataclass
class _Stream:
    """What is carried from block to block."""

    assembler: Assembler = field(default_factory=Assembler)
    pile: Pile = field(default_factory=Pile)
    announced: Origin = NOWHERE
    """What the last ``$PGHP`` said; it holds for the next sentence only."""

    def feed(self, block: bytes) -> None:
        """Read a stretch of whole lines: runs of ordinary ones at once, the other plain ones one by one, the rest piece by piece."""
        lines = scan(block)
        tags = read_plain_tags(block, lines)
        # where each run of ordinary lines ends
        ends = np.append(np.flatnonzero(~tags.is_ordinary), len(lines.start))
        row = 0
        for end in ends.tolist():
            while row < end:
                row = self._feed_run(block, lines, tags, row, end)
            if end < len(lines.start):
                self._feed_row(block, lines, end)
                row = end + 1

    def _feed_run(self, block: bytes, lines: Lines, tags: PlainTags, first: int, end: int) -> int:
        """Ordinary lines straight onto the pile, as many as may pass at once; gives the row behind them."""
        end = min(end, first + self.assembler.quiet_for())
        if self.announced is not NOWHERE or end <= first:
            self._feed_row(block, lines, first)
            return first + 1
        run = slice(first, end)
        self.assembler.pass_many(end - first)
        begin, stop = lines.payload_start[run].tolist(), lines.payload_end[run].tolist()
        pile = self.pile
        pile.payloads += [block[a:b] for a, b in zip(begin, stop, strict=True)]
        pile.fill_bits += lines.fill_bits[run].tolist()
        pile.times += tags.times[run]
        pile.stations += tags.stations[run]
        return end

    def _feed_row(self, block: bytes, lines: Lines, row: int) -> None:
        start, end = int(lines.start[row]), int(lines.end[row])
        if not lines.is_plain[row]:
            self._feed_line(block[start:end])
            return
        bang, tail = int(lines.bang[row]), int(lines.sentence_end[row])
        time_ms: int | None = None
        station: str | None = None
        if bang > start:
            time_ms, station, tag = read_sound_tag(block[start + 1 : bang - 1])
            if tag is not None:
                tag = self.assembler.group_origin(tag)
                time_ms, station = tag.time_ms, tag.station
        for other in (self.announced, parse_tail(block[tail:end]) if tail < end else NOWHERE):
            if other is not NOWHERE:
                time_ms = other.time_ms if time_ms is None else time_ms
                station = station or other.station
        self.announced = NOWHERE
        for lost in self.assembler.pass_by():
            self._add_lost(lost)
        pile = self.pile
        pile.payloads.append(block[int(lines.payload_start[row]) : int(lines.payload_end[row])])
        pile.fill_bits.append(int(lines.fill_bits[row]))
        pile.times.append(time_ms)
        pile.stations.append(station)

    def _feed_line(self, line: bytes) -> None:
        for piece in parse_line(line):
            if isinstance(piece, Sentence):
                self._add(piece)
            elif isinstance(piece, Fault):
                self.pile.add(Message((b"",), 0, self.announced.time_ms, None), reject=piece.reason, text=piece.text)
                self.announced = NOWHERE
            else:
                self.assembler.group_origin(piece.tag)
                announced = parse_pghp(piece.body)
                self.announced = announced if announced is not NOWHERE else self.announced

    def _add(self, sentence: Sentence) -> None:
        origin = self.resolve(sentence)
        for lost in self.assembler.pass_by():
            self._add_lost(lost)
        message = self.assembler.add(sentence, origin)
        if message is not None:
            self.pile.add(message)

    def resolve(self, sentence: Sentence) -> Origin:
        """When and where a sentence was received, by the order of trust."""
        tag = self.assembler.group_origin(sentence.tag)
        told, tail = self.announced, sentence.tail
        self.announced = NOWHERE
        times = (tag.time_ms, told.time_ms, tail.time_ms)
        time_ms = next((time for time in times if time is not None), None)
        return Origin(time_ms, tag.station or told.station or tail.station, tag.group)

    def finish(self) -> None:
        """Set aside what never became complete."""
        for lost in self.assembler.give_up_all():
            self._add_lost(lost)

    def _add_lost(self, lost: Message) -> None:
        self.pile.add(lost, reject="incomplete_message", text=b" ".join(lost.parts))


def _has_time(source: Source) -> bool:
    """Whether any usable sentence of the file has a time: reads as far as the first."""
    with source.open() as stream:
        state = _Stream()
        for line in read_lines(stream, limit=LINE_LIMIT):
            for piece in parse_line(line):
                if isinstance(piece, Other):
                    state.announced = parse_pghp(piece.body)
                elif isinstance(piece, Sentence) and state.resolve(piece).time_ms is not None:
                    return True
    return False


def _place(stream: IO[bytes], source: Source) -> int:
    """How far into the file on disk the stream is, bytes."""
    tell: Any = getattr(stream, "tell_compressed", None)
    return int(tell()) if tell is not None else source.size_bytes


FORMAT = Nmea()
