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
from typing import IO, Any

from tracker.errors import MissingTimeError
from tracker.formats.format import ReadOptions, Source
from tracker.formats.lines import read_lines
from tracker.formats.nmea_assemble import Assembler, Message
from tracker.formats.nmea_decode import Pile, decode
from tracker.formats.nmea_sentences import LINE_LIMIT, NOWHERE, Fault, Origin, Other, Sentence, parse_line
from tracker.formats.nmea_times import Clock, milliseconds, parse_pghp
from tracker.tables.reports import Reports

_HEAD_BYTES = 64 * 1024


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
        first_row = 1
        with source.open() as stream:
            state = _Stream()
            for line in read_lines(stream, limit=LINE_LIMIT):
                state.feed(line)
                if len(state.pile) >= options.batch_rows:
                    pile = state.take(options.batch_rows)
                    yield Reports(decode(pile, clock=clock, first_row=first_row), _place(stream, source), {})
                    first_row += len(pile)
            state.finish()
            while len(state.pile):
                pile = state.take(options.batch_rows)
                yield Reports(decode(pile, clock=clock, first_row=first_row), _place(stream, source), {})
                first_row += len(pile)


@dataclass
class _Stream:
    """What is carried from line to line."""

    assembler: Assembler = field(default_factory=Assembler)
    pile: Pile = field(default_factory=Pile)
    announced: Origin = NOWHERE
    """What the last ``$PGHP`` said; it holds for the next sentence only."""

    def feed(self, line: bytes) -> None:
        for piece in parse_line(line):
            if isinstance(piece, Sentence):
                self._add(piece)
            elif isinstance(piece, Fault):
                self.pile.add(Message((b"",), 0, None, None), reject=piece.reason, text=piece.text)
                self.announced = NOWHERE
            else:
                self.assembler.group_origin(piece.tag)
                announced = parse_pghp(piece.body)
                self.announced = announced if announced is not NOWHERE else self.announced

    def _add(self, sentence: Sentence) -> None:
        origin = self.resolve(sentence)
        message = self.assembler.add(sentence, origin)
        for lost in self.assembler.give_up():
            self._add_lost(lost)
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
        for lost in self.assembler.give_up(everything=True):
            self._add_lost(lost)

    def _add_lost(self, lost: Message) -> None:
        self.pile.add(lost, reject="incomplete_message", text=b" ".join(lost.parts))

    def take(self, rows: int) -> Pile:
        """Cut the first `rows` off the pile."""
        pile = self.pile
        self.pile = Pile(pile.messages[rows:], pile.rejects[rows:], pile.details[rows:])
        return Pile(pile.messages[:rows], pile.rejects[:rows], pile.details[:rows])


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
