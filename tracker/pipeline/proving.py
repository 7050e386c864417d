"""Detection measured: trials on grounds and seeds that no weight was fitted on, ours and the reference rule side by side.

Every fleet is heard in ten ways and run through the same `find_events` as a case. The reference rule is told the
anchorages and berths of the ground, so that its port exclusion can work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.pipeline.find import find_events
from tracker.pipeline.params import RunParams
from tracker.pipeline.progress import Progress, Silence
from tracker.pipeline.source import FixesSource
from tracker.simulate.evaluate import count_vessel_days
from tracker.simulate.outcomes import Outcomes, outcomes_of
from tracker.simulate.reference import reference_rule
from tracker.simulate.trials.ears import Ears
from tracker.simulate.trials.ground import TESTING
from tracker.simulate.trials.trial import Trial, hear_trial, stage_trial

FIRST_SEED = 300
"""Fitting uses seeds from 100 on and its check those from 200 on."""
WAYS = (
    *(Ears("shore", seconds) for seconds in (10.0, 60.0, 300.0, 600.0, 1800.0, 3900.0)),
    *(Ears("space", seconds) for seconds in (300.0, 600.0, 1800.0, 3900.0)),
)


@dataclass(frozen=True)
class Run:
    """One fleet heard in one way: what ours and the reference rule made of it."""

    ears: Ears
    ours: Outcomes
    reference: Outcomes


def sweep(*, fleets: int, ways: tuple[Ears, ...] = WAYS, params: RunParams, progress: Progress) -> Iterator[Run]:
    """Play fleets one after the other and run each in every way.

    Parameters
    ----------
    fleets : how many; ground and seed follow from the number
    """
    progress.stage("trials", total=fleets * len(ways), unit="trials")
    done = 0
    for number in range(fleets):
        seed = FIRST_SEED + number
        play = stage_trial(TESTING[number % len(TESTING)], seed=seed)
        for ears in ways:
            yield run_trial(hear_trial(play, ears, seed=seed), ears, params=params)
            done += 1
            progress.advance(done, rows=done)


def run_trial(trial: Trial, ears: Ears, /, *, params: RunParams) -> Run:
    """Find events in one trial by both methods."""
    days = count_vessel_days(trial.fixes)
    events = find_events(
        FixesSource(trial.fixes),
        trial.statics,
        params=params,
        run_id="trial",
        progress=Silence(),
        total_rows=len(trial.fixes),
    ).events
    quays = np.array(trial.quays, np.float64).reshape(-1, 2).T
    rule = reference_rule(trial.fixes, ports=(quays[0], quays[1]))
    heard = set(np.unique(trial.fixes.mmsi).tolist())
    ours, reference = (outcomes_of(found, trial.truth, vessel_days=days, heard=heard) for found in (events, rule))
    return Run(ears, ours, reference)
