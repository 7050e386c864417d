"""What a scenario is, and how one is written to a folder: AIS files by day, the truth beside them, and a README."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.errors import ParameterError, StorageError, TargetExistsError
from tracker.registry import Registry
from tracker.simulate.fleet import Fleet
from tracker.simulate.noaa import day_files
from tracker.simulate.radio import Signals
from tracker.simulate.truth import write_truth

SCENARIOS: Registry["Scenario"] = Registry(
    "scenario", {"east-china-sea": "tracker.simulate.east_china_sea:EAST_CHINA_SEA"}
)


@dataclass(frozen=True)
class Scenario:
    """A named scenario: `play` makes its fleet and what was heard of it."""

    name: str
    doc: str
    begins: date
    play: Callable[[int, int, int], tuple[Fleet, Signals]]
    """Seed, days, vessels -> fleet and reports; the same three give the same reports."""


@dataclass(frozen=True)
class Simulated:
    """What was written."""

    folder: Path
    files: tuple[Path, ...]
    reports: int
    vessels: int
    truth: Any
    """The truth, conforming to `TRUTH`."""


def simulate(
    scenario: str, /, *, to: Path, seed: int = 1, days: int = 3, vessels: int = 300, force: bool = False
) -> Simulated:
    """Make AIS with known truth and write it to a folder.

    Parameters
    ----------
    scenario
        A name of `SCENARIOS`.
    to
        Folder to make; files in it are named ``SYNTHETIC_<scenario>_<date>.csv.zst``, ``truth.csv``, ``README.md``.
    seed, days, vessels
        The same three give the same bytes.
    force
        Overwrite files of an earlier simulation in that folder.

    Raises
    ------
    UnknownNameError, ParameterError, TargetExistsError, StorageError
        An unknown scenario; a number out of range; a folder that is not empty; a folder that cannot be written.
    """
    chosen = SCENARIOS.get(scenario)
    if not 1 <= days <= 31:
        raise ParameterError(f"Days must be 1 to 31, not {days}.")
    if seed < 0:
        raise ParameterError(f"The seed must be 0 or more, not {seed}.")
    free_folder(to, force=force)
    fleet, signals = chosen.play(seed, days, vessels)
    command = f"tracker simulate\n{chosen.name} --seed {seed} --days {days} --vessels {vessels}"
    return write_folder(to, chosen.name, fleet, signals, doc=chosen.doc, command=command)


def free_folder(to: Path, /, *, force: bool) -> None:
    """Refuse a folder that holds something, unless it may be overwritten."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())) and not force:
        raise TargetExistsError(f"{to} exists and is not an empty folder. Choose another folder, or use --force.")


def write_folder(
    to: Path,
    name: str,
    fleet: Fleet,
    signals: Signals,
    /,
    *,
    doc: str,
    command: str,
    said: Mapping[int, Mapping[str, Any]] | None = None,
) -> Simulated:
    """Write reports by day, the truth and a README to a folder; `said` as for `day_files`."""
    truth = fleet.truth_table()
    try:
        to.mkdir(parents=True, exist_ok=True)
        for old in to.glob(f"SYNTHETIC_{name}_*.csv.zst"):
            old.unlink()
        written = []
        for day, content in day_files(signals, fleet.hulls(), said=said).items():
            written.append(to / f"SYNTHETIC_{name}_{day}.csv.zst")
            written[-1].write_bytes(content)
        written += [to / "truth.csv", to / "README.md"]
        write_truth(truth, written[-2])
        written[-1].write_text(_readme(name, doc, command, fleet, signals, truth), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"Cannot write the scenario to {to}: {error.strerror}.") from error
    ships = len({ship.mmsi for ship in fleet.hulls()})
    return Simulated(to, tuple(written), len(signals), ships, truth)


def _readme(name: str, doc: str, command: str, fleet: Fleet, signals: Signals, truth: Any, /) -> str:
    counts: dict[tuple[str, str], int] = {}
    for row in truth.select(["type", "class"]).to_pylist():
        key = (row["type"], row["class"])
        counts[key] = counts.get(key, 0) + 1
    table = "\n".join(f"| {kind} | {label} | {number} |" for (kind, label), number in sorted(counts.items()))
    return f"""# SYNTHETIC AIS: {name}

**Nothing here happened.** Every ship, position and meeting in this folder was computed by `{command}`; the same command gives the same files.
Names begin with SYN, IMO numbers lie between 3,000,000 and 3,999,999 (with a right check digit; a block not issued to
merchant ships as far as we know), call signs are none. An MMSI must begin with a real country's digits, so a real ship
may by chance bear one of these numbers; nothing here says anything about her, or about any state.

{doc}

- `SYNTHETIC_{name}_<date>.csv.zst`: {len(signals):,} reports of {len({h.mmsi for h in fleet.hulls()})} MMSIs, in the columns of NOAA
  MarineCadastre (2009-2023), one file for each UTC day.
- `truth.csv`: what was staged. `decoy` rows look like transfers and are none.

| type | class | rows |
|---|---|---|
{table}

Licence: Apache-2.0, as the program that made it. For testing and teaching; not evidence of anything.
"""
