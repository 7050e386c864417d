"""How good is what was found: precision, recall, errors in time, and whether confidence means what it says.

Recall counts meetings found by an event that is ``likely`` or ``possible``; precision counts ``likely`` events. The
rules of what counts as found stand in `tracker.simulate.matching`. Calibration compares the confidence of every
encounter at sea with how often such events were meetings: the Brier score is the mean squared difference (Brier
1950), the expected calibration error the mean difference over ten bins, weighted by their size (Naeini et al. 2015).
"""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tracker.simulate.matching import MatchParams
from tracker.simulate.outcomes import Called, Met, Outcomes, outcomes_of
from tracker.simulate.singles import SingleScore
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
    singles: tuple[SingleScore, ...] = ()
    """Port calls and false positions, where the truth tells them."""

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
    Retracted events must not be in ``events``. Of one-ship types, port calls and spoofing are measured where the truth
    tells them; the others are passed over.
    """
    return score(outcomes_of(events, truth, vessel_days=vessel_days, params=params))


def score(outcomes: Outcomes, /) -> Score:
    """Add outcomes up."""
    two_sided, dark = ([met for met in outcomes.met if met.is_dark is is_dark] for is_dark in (False, True))
    likely = [one for one in outcomes.called if one.is_likely]
    false = [one for one in likely if not one.is_right]
    brier, error, bins = _calibration(outcomes.called)
    return Score(
        classes=tuple(
            _class_score(label, [met for met in outcomes.met if met.label == label])
            for label in sorted({met.label for met in outcomes.met})
        ),
        meetings=len(two_sided),
        found=sum(met.is_found for met in two_sided),
        likely_events=len(likely),
        likely_right=len(likely) - len(false),
        false_likely=len(false),
        false_by_decoy=dict(sorted(Counter(one.decoy for one in false).items())),
        dark_meetings=len(dark),
        dark_found=sum(met.is_found for met in dark),
        dark_first=sum(met.partner_rank == 1 for met in dark),
        dark_in_three=sum(met.partner_rank is not None and met.partner_rank <= 3 for met in dark),
        brier=brier,
        calibration_error=error,
        bins=bins,
        vessel_days=outcomes.vessel_days,
        singles=outcomes.singles,
    )


def _class_score(label: str, members: list[Met], /) -> ClassScore:
    starts = [met.start_error_min for met in members if met.start_error_min is not None]
    ends = [met.end_error_min for met in members if met.end_error_min is not None]
    return ClassScore(
        label=label,
        meetings=len(members),
        found=sum(met.is_found for met in members),
        likely=sum(met.is_likely for met in members),
        split=sum(met.pieces > 1 for met in members),
        start_error_min=float(np.median(starts)) if starts else None,
        end_error_min=float(np.median(ends)) if ends else None,
    )


def _calibration(called: list[Called], /) -> tuple[float | None, float | None, tuple[Bin, ...]]:
    open_sea = [one for one in called if one.confidence is not None]
    if not open_sea:
        return None, None, ()
    said = np.array([one.confidence for one in open_sea], dtype=np.float64)
    right = np.array([one.is_right for one in open_sea], dtype=np.float64)
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(b / BINS, (b + 1) / BINS, int(here.sum()), float(said[here].mean()), float(right[here].mean()))
        for b in range(BINS)
        if (here := place == b).any()
    )
    error = sum(b.events * abs(b.mean_confidence - b.share_right) for b in bins) / len(open_sea)
    return float(np.mean((said - right) ** 2)), float(error), bins
