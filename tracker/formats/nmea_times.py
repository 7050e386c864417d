"""When an AIS message was received: what sentences say, and what can be rebuilt where they say nothing.

The order of trust is the tag block of the sentence (or of its group), the ``$PGHP`` sentence before it, the time
after its checksum, and last a time rebuilt from the UTC second that position reports carry: the minute is the one
that brings the second nearest to the running clock. A second far off the clock moves it only when the next message
agrees, so that one ship with a wrong second cannot carry the others a minute away.

Source: ITU-R M.1371-5, annex 8 (UTC second: 0..59; 60 not available, 61 manual, 62 estimated, 63 inoperative);
Gatehouse proprietary sentence PGHP as read by pyais and AisLib.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from tracker.formats.nmea_sentences import NOWHERE, Origin, show_station

JITTER_MS = 10_000
"""Seconds of neighbouring messages differ by a few; one that is further off moves the clock only when confirmed."""

_PGHP = re.compile(
    rb"PGHP,\d*,(\d{4},\d{1,2},\d{1,2},\d{1,2},\d{1,2}),(\d{1,2}),(\d{1,3})(?:,[^,]*(?:,([^,]*)(?:,([^,]*))?)?)?"
)


def parse_pghp(body: bytes, /) -> Origin:
    """Time and station of ``PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B`` (without ``$`` and checksum)."""
    match = _PGHP.match(body)
    if match is None:
        return NOWHERE
    minute, second, millisecond, region, site = match.groups()
    minute_ms = _minute_ms(minute)
    if minute_ms is None or int(second) > 59:
        return NOWHERE
    station = site or region
    return Origin(minute_ms + int(second) * 1000 + int(millisecond), show_station(station) if station else None)


@lru_cache(maxsize=1024)
def _minute_ms(text: bytes) -> int | None:
    """Milliseconds since 1970 of ``2010,6,11,11,46``."""
    try:
        return milliseconds(datetime(*(int(part) for part in text.split(b",")), tzinfo=UTC))  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def milliseconds(moment: datetime, /) -> int:
    """Milliseconds since 1970 of a moment; one without a zone is UTC."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


@dataclass
class Clock:
    """The running time of a stream, from which messages without a time of their own get one."""

    now_ms: int | None = None
    """None before any time is known."""
    _odd_ms: int | None = None
    """A time off the clock that the next message may confirm."""
    _is_sparse: bool = False
    """Messages come further apart than the seconds of neighbours differ."""

    def set(self, time_ms: int, /) -> None:
        """Take over a time that a message carries, or the base time."""
        self.now_ms, self._odd_ms, self._is_sparse = time_ms, None, False

    def rebuild(self, second: int, /) -> int | None:
        """Absolute time of a message from its UTC second, ms; the running time when it carries none (60..63).

        None before any time is known. A silence of more than 30 s between messages cannot be told from a
        shorter one a minute earlier.
        """
        now, odd = self.now_ms, self._odd_ms
        if now is None or not 0 <= second < 60:
            return now
        time_ms = _nearest(now, second)
        if abs(time_ms - now) <= JITTER_MS:
            self.set(max(now, time_ms))
        elif self._is_sparse and time_ms > now:
            self.now_ms = time_ms
        elif odd is not None and abs(time_ms - odd) <= JITTER_MS:
            self.set(time_ms)
        elif odd is not None and odd > now:  # messages are far apart: go on from the last one
            time_ms = _nearest(odd, second)
            self.set(max(odd, time_ms))
            self._is_sparse = True
        else:
            self._odd_ms = time_ms
        return time_ms


def _nearest(now_ms: int, second: int) -> int:
    """The time nearest to `now_ms` that has this second of the minute."""
    whole = now_ms // 1000
    return (whole + (second - whole % 60 + 30) % 60 - 30) * 1000
