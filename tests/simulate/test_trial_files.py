"""A trial of the sweep as files: the same fleet, heard the same way, and labelled as made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tracker.cli import call
from tracker.errors import ParameterError, TargetExistsError
from tracker.simulate.trials.ears import Ears
from tracker.simulate.trials.ground import TESTING
from tracker.simulate.trials.trial import hear_trial, stage_trial
from tracker.simulate.trials.writing import write_trial
from tracker.simulate.truth import read_truth

EARS = Ears("space", 1800.0)


def lines(path: Path) -> list[list[str]]:
    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        return [line.split(",") for line in stream.read().decode().splitlines()[1:]]


def test_the_files_of_a_trial_hold_the_reports_and_the_truth_that_the_sweep_is_run_on(tmp_path: Path) -> None:
    made = write_trial(301, to=tmp_path / "out", ears=EARS)
    trial = hear_trial(stage_trial(TESTING[1], seed=301), EARS, seed=301)
    rows = [row for path in made.files if path.name.endswith(".zst") for row in lines(path)]
    assert len(rows) == made.reports == len(trial.fixes)
    assert [int(row[0]) for row in rows] == trial.fixes.mmsi.tolist()
    assert np.abs(np.array([float(row[2]) for row in rows]) - trial.fixes.lat).max() < 1e-5
    assert read_truth(tmp_path / "out" / "truth.csv").num_rows == trial.truth.num_rows
    said = {row["mmsi"]: row for row in trial.statics.to_pylist()}
    for row in rows[:500]:
        card = said[int(row[0])]
        assert row[12] == ("" if card["length_m"] is None else f"{card['length_m']:g}")
        assert row[10] == ("" if card["ship_type"] is None else str(card["ship_type"]))
    assert any(row[12] == "" for row in rows)


def test_the_files_of_a_trial_say_everywhere_that_they_are_synthetic(tmp_path: Path) -> None:
    made = write_trial(7, to=tmp_path, ears=EARS)
    assert all("SYNTHETIC" in path.name for path in made.files if path.suffix == ".zst")
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "Nothing here happened" in readme
    assert "tracker simulate --trial 7 --reception space --every 1800" in readme
    with pytest.raises(TargetExistsError):
        write_trial(7, to=tmp_path, ears=EARS)


@pytest.mark.parametrize(("seed", "ears"), [(-1, EARS), (1, Ears("moon", 60.0)), (1, Ears("shore", 0.0))])
def test_a_trial_that_cannot_be_is_refused(tmp_path: Path, seed: int, ears: Ears) -> None:
    with pytest.raises(ParameterError):
        write_trial(seed, to=tmp_path / "out", ears=ears)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["east-china-sea", "--trial", "3"], ["--trial", "3", "--days", "2"], ["east-china-sea", "--every", "60"]],
)
def test_a_scenario_and_a_trial_are_not_mixed(tmp_path: Path, arguments: list[str]) -> None:
    assert call(["simulate", *arguments, "--to", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
