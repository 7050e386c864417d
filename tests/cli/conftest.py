"""One small scene for all tests of the command line: two tankers that lie alongside for three hours."""

from pathlib import Path

import pytest

from tests.cli.calling import Caller, lines_of, write_lines
from tests.scenes import Scene
from tracker.cli import call


@pytest.fixture
def tracker() -> Caller:
    """The command line."""
    return Caller()


@pytest.fixture(scope="session")
def meeting() -> list[str]:
    """Lines of a NOAA CSV, header first: 399 reports of two ships that meet."""
    scene = Scene(hours=10, every_min=3)
    scene.transfer(meets_h=4, hours=3)
    return lines_of(scene)


@pytest.fixture(scope="session")
def meeting_csv(meeting: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    return write_lines(tmp_path_factory.mktemp("ais") / "SYNTHETIC_meeting.csv", meeting)


@pytest.fixture(scope="session")
def finished(meeting_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with one event; to be read only (copy it to change it)."""
    case = tmp_path_factory.mktemp("cases") / "finished"
    assert call(["run", str(meeting_csv), "--case", str(case), "-q"]) == 0
    return case
