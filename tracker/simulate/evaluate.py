"""How good is what was found: precision, recall, errors in time, and whether confidence means what it says.

Recall counts meetings found by an event that is ``likely`` or ``possible``; precision counts ``likely`` events. The
rules of what counts as found stand in `tracker.simulate.matching`. Calibration compares the confidence of every
encounter at sea with how often such events were meetings: the Brier score is the mean squared difference (Brier
1950), the expected calibration error the mean difference over ten bins, weighted by their size (Naeini et al. 2015).
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tracker.simulate.matching import Judged, MatchParams, match, rank_of_partner
from tracker.tables.fixes import Fixes
from tracker.units import MILLISECONDS_PER_DAY

BINS = 10


@dataclass(frozen=True)
class ClassScore:
    """Meetings of one class: how many there were, how many were found, and how well in time."""

    label: str
    meetings: int
    found: int
    likely: int
    split: int
    """Meetings that were found in more than one piece."""
    start_error_min: float | None
    """Median absolute error of the start over the meetings found, minutes."""
    end_error_min: float | None

    @property
    def recall(self) -> float | None:
        """Share found as likely or possible; None where there was nothing to find."""
        return self.found / self.meetings if self.meetings else None


@dataclass(frozen=True)
class Bin:
    """Events of one range of confidence."""

    low: float
    high: float
    events: int
    mean_confidence: float
    share_right: float


@dataclass(frozen=True)
class Score:
    """The whole answer; shares are None where nothing can be divided."""

    classes: tuple[ClassScore, ...]
    meetings: int
    found: int
    likely_events: int
    likely_right: int
    false_likely: int
    false_by_decoy: dict[str, int]
    """False ``likely`` events by class of the decoy that they fell for; ``other`` where no decoy was staged."""
    dark_meetings: int
    dark_found: int
    dark_first: int
    """Dark meetings whose true partner is the first candidate."""
    dark_in_three: int
    brier: float | None
    calibration_error: float | None
    bins: tuple[Bin, ...]
    vessel_days: int | None

    @property
    def recall(self) -> float | None:
        """Share of the meetings in which both ships were heard that were found as likely or possible."""
        return self.found / self.meetings if self.meetings else None

    @property
    def precision(self) -> float | None:
        """Share of ``likely`` events that are about a meeting."""
        return self.likely_right / self.likely_events if self.likely_events else None

    @property
    def false_per_1000_vessel_days(self) -> float | None:
        """False ``likely`` events for every thousand days of one vessel heard."""
        return 1000.0 * self.false_likely / self.vessel_days if self.vessel_days else None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        shares = {
            "recall": self.recall,
            "precision": self.precision,
            "false_per_1000_vessel_days": self.false_per_1000_vessel_days,
        }
        return asdict(self) | shares


def count_vessel_days(fixes: Fixes, /) -> int:
    """Distinct MMSIs heard on each UTC day, summed."""
    keys = fixes.time_ms // MILLISECONDS_PER_DAY * 1_000_000_000 + fixes.mmsi
    return len(np.unique(keys))


def evaluate(events: Any, truth: Any, /, *, vessel_days: int | None = None, params: MatchParams | None = None) -> Score:
    """Score an ``EVENTS`` table against a ``TRUTH`` table.

    Parameters
    ----------
    vessel_days
        From `count_vessel_days`, for the rate of false alarms.

    Notes
    -----
    Retracted events and one-ship types must not be in ``events``, or are passed over (one-ship types).
    """
    judged = match(events, truth, params=params or MatchParams())
    rows = truth.to_pylist()
    pieces: dict[int, list[Judged]] = {}
    for one in judged:
        if one.truth is not None and one.event["verdict"] in {"likely", "possible"}:
            pieces.setdefault(one.truth, []).append(one)
    two_sided = [n for n, row in enumerate(rows) if row["type"] == "encounter"]
    dark = [n for n, row in enumerate(rows) if row["type"] == "dark_encounter"]
    labels = sorted({str(rows[n]["class"]) for n in (*two_sided, *dark)})
    likely = [one for one in judged if one.is_likely and not one.neutral]
    false = [one for one in likely if one.is_false]
    ranks = [_best_rank(pieces.get(n, []), rows[n]["mmsi_2"]) for n in dark]
    brier, error, bins = _calibration(judged)
    return Score(
        classes=tuple(
            _class_score(label, [n for n in (*two_sided, *dark) if str(rows[n]["class"]) == label], rows, pieces)
            for label in labels
        ),
        meetings=len(two_sided),
        found=sum(n in pieces for n in two_sided),
        likely_events=len(likely),
        likely_right=len(likely) - len(false),
        false_likely=len(false),
        false_by_decoy=_decoys_of(false, rows),
        dark_meetings=len(dark),
        dark_found=sum(n in pieces for n in dark),
        dark_first=sum(rank == 1 for rank in ranks),
        dark_in_three=sum(rank is not None and rank <= 3 for rank in ranks),
        brier=brier,
        calibration_error=error,
        bins=bins,
        vessel_days=vessel_days,
    )


def _class_score(
    label: str, members: list[int], rows: list[dict[str, Any]], pieces: dict[int, list[Judged]], /
) -> ClassScore:
    starts, ends = [], []
    for n in members:
        if n in pieces:
            first = min(one.event["start_time"] for one in pieces[n])
            last = max(one.event["end_time"] for one in pieces[n])
            starts.append(abs((first - rows[n]["start_time"]).total_seconds()) / 60.0)
            ends.append(abs((last - rows[n]["end_time"]).total_seconds()) / 60.0)
    return ClassScore(
        label=label,
        meetings=len(members),
        found=sum(n in pieces for n in members),
        likely=sum(any(one.is_likely for one in pieces.get(n, [])) for n in members),
        split=sum(len(pieces.get(n, [])) > 1 for n in members),
        start_error_min=float(np.median(starts)) if starts else None,
        end_error_min=float(np.median(ends)) if ends else None,
    )


def _best_rank(found: list[Judged], partner: int | None, /) -> int | None:
    if partner is None:
        return None
    ranks = [
        1 if one.event["type"] == "encounter" else rank_of_partner({"candidates": None} | one.event, partner)
        for one in found
    ]
    return min((rank for rank in ranks if rank is not None), default=None)


def _decoys_of(false: list[Judged], rows: list[dict[str, Any]], /) -> dict[str, int]:
    by_pair: dict[frozenset[int | None], str] = {}
    for row in rows:
        if row["type"] == "decoy":
            by_pair[frozenset((row["mmsi_1"], row["mmsi_2"]))] = str(row["class"])
    counts: dict[str, int] = {}
    for one in false:
        pair = frozenset((one.event["mmsi_1"], one.event["mmsi_2"]))
        label = by_pair.get(pair) or by_pair.get(frozenset((one.event["mmsi_1"], None)), "other")
        counts[label] = counts.get(label, 0) + 1
    return dict(sorted(counts.items()))


def _calibration(judged: list[Judged], /) -> tuple[float | None, float | None, tuple[Bin, ...]]:
    open_sea = [
        one
        for one in judged
        if one.event.get("confidence") is not None and not one.neutral and not one.event.get("in_port")
    ]
    if not open_sea:
        return None, None, ()
    said = np.array([float(one.event["confidence"]) for one in open_sea])
    right = np.array([one.truth is not None for one in open_sea], dtype=np.float64)
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(b / BINS, (b + 1) / BINS, int(here.sum()), float(said[here].mean()), float(right[here].mean()))
        for b in range(BINS)
        if (here := place == b).any()
    )
    error = sum(b.events * abs(b.mean_confidence - b.share_right) for b in bins) / len(open_sea)
    return float(np.mean((said - right) ** 2)), float(error), bins
