"""Declared draughts around a contact: which value held before, which came after, and how good that pair is.

A crew types its draught by hand; a value counts when at least two messages carry it. "No change reported" is no
information: it is class D, never zero tonnes. Two hulls on one MMSI report both values throughout, and give no change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LOOK_BACK_MS = 30 * 86_400_000
LOOK_AHEAD_MS = 7 * 86_400_000
DAY_MS = 86_400_000
BACK_FROM_MS = 30 * 86_400_000
"""An arrival later than this after a contact tells nothing of it (as the look-back)."""
ARRIVAL_MS = 6 * 3_600_000
"""A draught set within six hours of arrival is the one she came with (judgement): pumping out takes longer."""
CONFIRMED = 2
"""Messages that make a value count."""
RESOLUTION_M = 0.1
READING_SD_M = {"A": 0.15, "B": 0.25, "C": 0.40}
"""Habit of reading and rounding, for each of the two values (judgement; cargo-and-law.md, 4.2)."""
RESOLUTION_SD_M = 0.041
FULL_SCALE_M = 25.5
"""Means 25.5 or more."""


@dataclass(frozen=True)
class Reading:
    """One value of draught over one stretch: first and last message, and how many."""

    draught_m: float
    first_ms: int
    last_ms: int
    reports: int


@dataclass(frozen=True)
class DraughtChange:
    """The draughts before and after a contact; class D when there is no usable pair."""

    quality: str
    before: Reading | None = None
    after: Reading | None = None
    since_ms: int = 0
    """The value before held since then: contacts after it share in the change."""
    from_port: str | None = None
    """The port on arrival at which the new value was declared, where it is carried back from there."""
    never_changed: bool = False
    """The ship declared one value in all of the data: crews who never touch it tell nothing."""
    is_stale: bool = False
    """She declared no draught since she last left a port."""

    @property
    def change_m(self) -> float | None:
        """After minus before, m; None in class D."""
        if self.before is None or self.after is None:
            return None
        return round(self.after.draught_m - self.before.draught_m, 2)

    @property
    def sd_m(self) -> float:
        """Standard deviation of the change, m."""
        reading = READING_SD_M.get(self.quality, READING_SD_M["C"])
        return float((RESOLUTION_SD_M**2 + 2.0 * reading**2) ** 0.5)


def readings_of(rows: Iterable[tuple[float | None, int, int, int]], /) -> list[Reading]:
    """Readings from static runs (draught, first, last, reports) of one vessel, by value and time; unknown ones drop out."""
    found: dict[tuple[float, int, int], int] = {}
    for draught, first, last, reports in rows:
        if draught is not None and 0.05 < draught < FULL_SCALE_M:
            key = (round(draught, 1), first, last)
            found[key] = found.get(key, 0) + reports
    ordered = [Reading(value, first, last, n) for (value, first, last), n in found.items()]
    return sorted(ordered, key=lambda r: (r.first_ms, r.last_ms, r.draught_m))


def deep_draught_m(readings: Sequence[Reading], /, *, reports: int = 20) -> float | None:
    """95th percentile of the reported draughts; None below so many reports."""
    total = sum(r.reports for r in readings)
    if total < reports:
        return None
    seen = 0
    for reading in sorted(readings, key=lambda r: r.draught_m):
        seen += reading.reports
        if seen >= 0.95 * total:
            return reading.draught_m
    return None


@dataclass(frozen=True)
class Next:
    """What ends the time in which a new draught belongs to a contact; None where nothing is known to."""

    contact_ms: int | None = None
    arrival_ms: int | None = None
    departure_ms: int | None = None
    port: str = ""


def change_around(
    readings: Sequence[Reading],
    /,
    *,
    start_ms: int,
    end_ms: int,
    after: Next | None = None,
    left_port_ms: int | None = None,
) -> DraughtChange:
    """The draught before and after a contact.

    The new value is looked for until the sooner of seven days, the next contact and the next arrival in a port; where
    nothing changed until then, the value with which the ship arrives there counts (back-propagation, class C).

    Parameters
    ----------
    readings : of `readings_of`
    start_ms, end_ms : the contact
    after : the ship's next contact and her next port call
    left_port_ms : when she last left a port before the contact: what she declared before that is of another cargo
    """
    after = after or Next()
    before = _last_before(readings, start_ms, left_port_ms)
    if before is None:
        return DraughtChange("D", is_stale=left_port_ms is not None)
    since_ms = max(_held_since(readings, before, start_ms), left_port_ms or 0)
    if len({r.draught_m for r in readings}) == 1:
        return DraughtChange("D", before, None, since_ms, never_changed=True)
    ends = [end_ms + LOOK_AHEAD_MS, *(ms for ms in (after.contact_ms, after.arrival_ms) if ms is not None)]
    found = _first_other(readings, before, since=start_ms, until=min(ends))
    if found is not None:
        age_ms = max(0, found.first_ms - end_ms)
        quality = "A" if age_ms <= DAY_MS else "B" if age_ms <= 3 * DAY_MS else "C"
        return DraughtChange(quality, before, found, since_ms)
    if after.arrival_ms is None or after.arrival_ms > end_ms + BACK_FROM_MS or after.contact_ms is not None:
        return DraughtChange("D", before, None, since_ms)
    in_port = after.arrival_ms + ARRIVAL_MS
    until = in_port if after.departure_ms is None else min(in_port, after.departure_ms)
    found = _first_other(readings, before, since=start_ms, until=until)
    if found is None:
        return DraughtChange("D", before, None, since_ms)
    return DraughtChange("C", before, found, since_ms, from_port=after.port or "the next port")


def _first_other(readings: Sequence[Reading], before: Reading, *, since: int, until: int) -> Reading | None:
    """The first confirmed value that differs, among those that came up in a time."""
    later = [
        r
        for r in readings
        if since <= r.first_ms <= until and abs(r.draught_m - before.draught_m) >= 0.5 * RESOLUTION_M
    ]
    counts: dict[float, int] = {}
    for r in later:
        counts[r.draught_m] = counts.get(r.draught_m, 0) + r.reports
    return next((r for r in later if counts[r.draught_m] >= CONFIRMED), None)


def _last_before(readings: Sequence[Reading], start_ms: int, left_port_ms: int | None) -> Reading | None:
    """The confirmed value heard last before a time, at most `LOOK_BACK_MS` before and not before the last port."""
    counts: dict[float, int] = {}
    since_ms = max(start_ms - LOOK_BACK_MS, left_port_ms or 0)
    earlier = [r for r in readings if r.first_ms < start_ms and r.last_ms >= since_ms]
    for r in earlier:
        counts[r.draught_m] = counts.get(r.draught_m, 0) + r.reports
    confirmed = [r for r in earlier if counts[r.draught_m] >= CONFIRMED]
    if not confirmed:
        return None
    return max(confirmed, key=lambda r: (min(r.last_ms, start_ms), r.first_ms, -r.draught_m))


def _held_since(readings: Sequence[Reading], before: Reading, start_ms: int) -> int:
    """When the value before came up: after the last other value, or with the first message."""
    end = min(before.last_ms, start_ms)
    others = [r.last_ms for r in readings if r.draught_m != before.draught_m and r.last_ms < end]
    own = [r.first_ms for r in readings if r.draught_m == before.draught_m]
    return max([min(own), *others])
