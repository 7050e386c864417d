"""Bring the sentences of multi-part AIS messages together, however they interleave, in bounded memory.

Parts belong together when sequence id, channel and number of parts agree and their tag blocks do not say
otherwise (another group, another station). The newest fitting message wins: sequence ids run 0 to 9 and come
again within seconds. A message that is not complete after 200 more sentences or 10 s is given up.
"""

import sys
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.formats.nmea_sentences import Origin, Sentence

LONGEST_WAIT_SENTENCES = 200
LONGEST_WAIT_MS = 10_000
_GROUPS_KEPT = 1000


@dataclass(slots=True)
class Message:
    """An AIS message: the payloads of its parts in order, and where and when it was received."""

    parts: tuple[bytes, ...]
    fill_bits: int
    time_ms: int | None
    station: str | None


@dataclass(slots=True)
class _Open:
    total: int
    opened_at: int
    time_ms: int | None
    station: str | None
    group: int | None
    parts: dict[int, Sentence] = field(default_factory=dict)
    is_done: bool = False

    def fits(self, number: int, origin: Origin) -> bool:
        group = origin.group[2] if origin.group else None
        return (
            not self.is_done
            and number not in self.parts
            and (group is None or self.group is None or group == self.group)
            and (origin.station is None or self.station is None or origin.station == self.station)
            and (
                origin.time_ms is None or self.time_ms is None or abs(origin.time_ms - self.time_ms) <= LONGEST_WAIT_MS
            )
        )


class Assembler:
    """Sentences in, messages out."""

    def __init__(self) -> None:
        self._open: dict[tuple[bytes, bytes, int], list[_Open]] = {}
        self._queue: deque[tuple[tuple[bytes, bytes, int], _Open]] = deque()
        self._groups: OrderedDict[int, Origin] = OrderedDict()
        self._count = 0

    def group_origin(self, tag: Origin, /) -> Origin:
        """The tag block completed by what an earlier sentence of its group said of time and station."""
        if tag.group is None:
            return tag
        number, _, group = tag.group
        known = self._groups.get(group) if number > 1 else None
        if known is not None and (tag.station is None or tag.station == known.station):
            tag = Origin(tag.time_ms if tag.time_ms is not None else known.time_ms, known.station, tag.group)
        self._groups[group] = tag
        if len(self._groups) > _GROUPS_KEPT:
            self._groups.popitem(last=False)
        return tag

    def add(self, sentence: Sentence, origin: Origin, /) -> Message | None:
        """Take one sentence, counted by `pass_by` before, with its origin; give the message that it completes."""
        if sentence.total == 1:
            return Message((sentence.payload,), sentence.fill_bits, origin.time_ms, origin.station)
        key = (*sentence.key, sentence.total)
        waiting = self._open.setdefault(key, [])
        place = next((p for p in reversed(waiting) if p.fits(sentence.number, origin)), None)
        if place is None:
            group = origin.group[2] if origin.group else None
            place = _Open(sentence.total, self._count, origin.time_ms, origin.station, group)
            waiting.append(place)
            self._queue.append((key, place))
        place.parts[sentence.number] = sentence
        place.time_ms = origin.time_ms if place.time_ms is None else place.time_ms
        place.station = place.station or origin.station
        if place.group is None and origin.group is not None:
            place.group = origin.group[2]
        if len(place.parts) < place.total:
            return None
        self._forget(key, place)
        ordered = [place.parts[number] for number in range(1, place.total + 1)]
        return Message(tuple(s.payload for s in ordered), ordered[-1].fill_bits, place.time_ms, place.station)

    def pass_by(self) -> Sequence[Message]:
        """Count one more sentence; give what is left of messages that waited too long: the parts that did come."""
        self._count += 1
        if not self._queue or self._count - self._queue[0][1].opened_at <= LONGEST_WAIT_SENTENCES:
            return ()
        return self._give_up(opened_before=self._count - LONGEST_WAIT_SENTENCES)

    def quiet_for(self) -> int:
        """How many sentences may pass before anything that waits is given up."""
        if not self._queue:
            return sys.maxsize
        return LONGEST_WAIT_SENTENCES - (self._count - self._queue[0][1].opened_at)

    def pass_many(self, count: int, /) -> None:
        """Count sentences, no more than `quiet_for` allows."""
        self._count += count

    def give_up_all(self) -> list[Message]:
        """Give what is left of every open message, at the end of a file."""
        return self._give_up(opened_before=self._count + 1)

    def _give_up(self, *, opened_before: int) -> list[Message]:
        lost = []
        while self._queue and self._queue[0][1].opened_at < opened_before:
            key, place = self._queue.popleft()
            if not place.is_done:
                self._forget(key, place)
                parts = tuple(place.parts[number].payload for number in sorted(place.parts))
                lost.append(Message(parts, 0, place.time_ms, place.station))
        return lost

    def _forget(self, key: tuple[bytes, bytes, int], place: _Open) -> None:
        place.is_done = True
        waiting = self._open[key]
        waiting.remove(place)
        if not waiting:
            del self._open[key]
