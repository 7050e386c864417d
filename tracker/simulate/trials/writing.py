"""One trial of the sweep as files, so that anybody can run any program on what detection is measured on."""

from pathlib import Path

from tracker.errors import ParameterError
from tracker.simulate.scenario import Simulated, free_folder, write_folder
from tracker.simulate.trials.ears import RECEPTIONS, Ears, hear
from tracker.simulate.trials.ground import TESTING
from tracker.simulate.trials.trial import HOURS, stage_trial


def write_trial(seed: int, /, *, to: Path, ears: Ears, force: bool = False) -> Simulated:
    """Stage a fleet, hear it in one way, and write reports by day with the truth and a README.

    Parameters
    ----------
    seed : from 300 on, the fleets of `tracker evaluate --sweep` in their order

    Raises
    ------
    ParameterError, TargetExistsError, StorageError
        A number out of range or an unknown reception; a folder that is not empty; one that cannot be written.
    """
    if seed < 0:
        raise ParameterError(f"The seed must be 0 or more, not {seed}.")
    if ears.reception not in RECEPTIONS:
        raise ParameterError(f"The reception must be {' or '.join(RECEPTIONS)}, not {ears.reception!r}.")
    if not 2.0 <= ears.interval_s <= 21_600.0:
        raise ParameterError(f"Reports must come every 2 s to 6 h, not every {ears.interval_s:g} s.")
    free_folder(to, force=force)
    ground = TESTING[seed % len(TESTING)]
    play = stage_trial(ground, seed=seed)
    return write_folder(
        to,
        f"trial-{seed}",
        play.stage.fleet,
        hear(play.stage.fleet, ears, seed=seed, falsehoods=play.falsehoods),
        doc=(
            f"A trial of detection, {HOURS:g} h on open water ({ground.name}): every kind of meeting and of likeness to one, each at\n"
            f"a place of its own, heard from {ears.reception} about every {ears.interval_s:g} s with losses. Some ships say nothing of their\n"
            "size or type, or something wrong."
        ),
        command=f"tracker simulate --trial {seed} --reception {ears.reception} --every {ears.interval_s:g}",
        said={
            ship.mmsi: dict.fromkeys(play.hidden.get(ship.mmsi, ())) | play.wrong.get(ship.mmsi, {})
            for ship in play.stage.fleet.hulls()
        },
    )
