"""Detection proven on one synthetic fleet, small enough for a test; the whole sweep is `tracker evaluate --sweep`."""

from pathlib import Path

import pytest

from tracker.cli import call
from tracker.pipeline.params import RunParams
from tracker.pipeline.progress import Silence
from tracker.pipeline.proving import Run, sweep
from tracker.simulate.evaluate import score
from tracker.simulate.sweep_table import sweep_table, targets
from tracker.simulate.trials.ears import Ears


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    ways = (Ears("shore", 600.0), Ears("space", 1800.0))
    return list(sweep(fleets=1, ways=ways, params=RunParams(), progress=Silence()))


def test_on_a_fleet_never_seen_ours_finds_what_the_reference_rule_finds_and_more_with_fewer_false(
    runs: list[Run],
) -> None:
    ours, reference = score(runs[0].ours), score(runs[0].reference)
    assert ours.meetings == reference.meetings == 21
    assert ours.recall is not None
    assert ours.recall >= 0.9
    assert ours.false_likely <= 1 <= reference.false_likely
    for mine, theirs in zip(ours.classes, reference.classes, strict=True):
        assert mine.found >= theirs.found


def test_the_table_says_how_it_was_made_that_it_is_synthetic_and_holds_both_methods(runs: list[Run]) -> None:
    heard = [(run.ears.reception, run.ears.interval_s, run.ours, run.reference) for run in runs]
    table = sweep_table(heard, title="Made by a test.")
    assert table.startswith("Made by a test.")
    assert "SYNTHETIC" in table
    for row in ("| barge |", "| all |", "| shore, 10 min |", "| space, 30 min |", "expected calibration error"):
        assert row in table
    marks = targets(heard)
    assert set(marks) == {"recall", "precision", "dark_in_three", "median_time_error_min", "calibration_error"}
    assert marks["median_time_error_min"] is not None
    assert marks["median_time_error_min"] <= 10.0


@pytest.mark.parametrize("arguments", [[], ["case", "--sweep"], ["case"]])
def test_a_sweep_has_no_case_and_a_case_needs_its_truth(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["evaluate", *arguments]) == 2
    assert "truth" in capsys.readouterr().err


def test_a_table_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "table.md"
    target.write_text("mine", encoding="utf-8")
    assert call(["evaluate", "--sweep", "--fleets", "1", "--to", str(target)]) != 0
    assert target.read_text(encoding="utf-8") == "mine"
