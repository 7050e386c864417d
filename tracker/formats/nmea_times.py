"""When an AIS message was received: what sentences say, and what can be rebuilt where they say nothing.

The order of trust is the tag block of the sentence (or of its group), the ``$PGHP`` sentence before it, the time
after its checksum, and last a time rebuilt from the UTC second that position reports carry: the minute is the one
that brings the second nearest to the running clock. The clock is the median of the last five times, so that one
ship with a wrong second cannot carry the others a minute away.

Source: ITU-R M.1371-5, annex 8 (UTC second: 0..59; 60 not available, 61 manual, 62 estimated, 63 inoperative);
Gatehouse proprietary sentence PGHP as read by pyais and AisLib.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from tracker.formats.nmea_sentences import NOWHERE, Origin, show_station

BACK_S = 30
"""A second up to this far behind the clock is late; beyond, it belongs to the next minute."""

_CLOCK_SIZE = 5
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

    _recent: deque[int] = field(default_factory=lambda: deque(maxlen=_CLOCK_SIZE))

    def set(self, time_ms: int, /) -> None:
        """Take over a time that a message carries, or the base time."""
        self._recent.clear()
        self._recent.append(time_ms)

    @property
    def now_ms(self) -> int | None:
        """Median of the last five times (the later one of two in the middle), or None before the first."""
        return sorted(self._recent)[len(self._recent) // 2] if self._recent else None

    def rebuild(self, second: int, /) -> int | None:
        """Absolute time of a message from its UTC second, ms; the running time when it carries none (60..63, -1).

        None before any time is known. A silence of more than 30 s between messages cannot be told from a
        shorter one a minute earlier.
        """
        now = self.now_ms
        if now is None or not 0 <= second < 60:
            return now
        whole = now // 1000
        ahead = (second - whole % 60 + BACK_S) % 60 - BACK_S
        time_ms = (whole + ahead) * 1000
        self._recent.append(time_ms)
        return time_ms
