"""A run that is interrupted or killed leaves the case as it was before it, and the next run works."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.calling import Caller, state_of, write_lines
from tracker.cli import call

PATIENCE_S = 120.0


def start(args: list[str], /, *, log: Path) -> int:
    """Call the command line in a child process of this one, which has everything loaded; give its id."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            sys.stdout = sys.stderr = log.open("w", encoding="utf-8")
            os.write(writing, b"x")
            code = call(args)
            sys.stderr.flush()
        finally:
            os._exit(code)
    os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    return child


def wait(child: int, /) -> int:
    """Exit code of a child, or minus the signal that ended it."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    pytest.fail("the run did not end")


@pytest.fixture(scope="module")
def more_csv(meeting: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another two ships, a day later."""
    lines = [line.replace("4129000", "4139000").replace("2020-01-30", "2020-01-31") for line in meeting]
    return write_lines(tmp_path_factory.mktemp("more") / "SYNTHETIC_more.csv", lines)


@pytest.fixture(scope="module")
def whole_run(finished: Path, more_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[float, bytes]:
    """How long the run takes that will be disturbed, and its events."""
    case = shutil.copytree(finished, tmp_path_factory.mktemp("whole") / "case")
    began = time.monotonic()
    child = start(["run", str(more_csv), "--case", str(case), "-q"], log=case.parent / "log")
    assert wait(child) == 0
    return time.monotonic() - began, (case / "events.csv").read_bytes()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["interrupt", "kill"])
@pytest.mark.parametrize("moment", [0.1, 0.35, 0.6, 0.85])
def test_a_run_that_is_stopped_leaves_the_case_as_before_and_can_be_run_again(
    tracker: Caller,
    tmp_path: Path,
    finished: Path,
    more_csv: Path,
    whole_run: tuple[float, bytes],
    number: signal.Signals,
    moment: float,
) -> None:
    seconds, events = whole_run
    case = shutil.copytree(finished, tmp_path / "case")
    before = state_of(case)
    known = tracker("events", case, "--as", "csv").out
    log = tmp_path / "log"
    child = start(["run", str(more_csv), "--case", str(case), "-q"], log=log)
    time.sleep(0.02 + moment * seconds)
    os.kill(child, number)
    code = wait(child)
    told = log.read_text(encoding="utf-8")
    assert "Traceback" not in told
    if code == 0:
        # it was quicker than its measure: then it is done, wholly
        assert (case / "events.csv").read_bytes() == events
        return
    if number == signal.SIGINT:
        assert code == 130
        assert told.strip().splitlines()[-1].startswith("tracker: interrupted")
    else:
        assert code == -signal.SIGKILL
    answer = tracker("events", case, "--as", "csv").out
    if answer != known:
        # it fell after the rename that makes a run part of the case: the run is done, and what is left of it is settled
        assert tracker("run", more_csv, "--case", case, "-q").code == 0
        assert (case / "events.csv").read_bytes() == events
        assert tracker("events", case, "--as", "csv").out == answer
        return
    assert state_of(case) == before, "nothing of the stopped run is left"
    if moment == 0.6:
        assert tracker("run", more_csv, "--case", case, "-q").code == 0
        assert (case / "events.csv").read_bytes() == events


def test_an_interrupt_that_a_library_dresses_up_is_still_an_interrupt(
    tracker: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def query(_: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            # as DuckDB does
            raise RuntimeError("Query interrupted") from None

    monkeypatch.setattr("tracker.api.open_case", query)
    answer = tracker("events", tmp_path)
    assert answer.code == 130
    assert "interrupted" in answer.one_error()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupted_first_run_leaves_no_case(tracker: Caller, tmp_path: Path, meeting_csv: Path) -> None:
    child = start(["run", str(meeting_csv), "--case", str(tmp_path / "case"), "-q"], log=tmp_path / "log")
    time.sleep(0.1)
    os.kill(child, signal.SIGINT)
    if wait(child) == 130:
        assert not (tmp_path / "case").exists()


def test_of_two_runs_at_once_one_says_who_holds_the_case(
    tracker: Caller, tmp_path: Path, finished: Path, more_csv: Path
) -> None:
    from tracker.archive.case import open_case

    case = shutil.copytree(finished, tmp_path / "case")
    before = state_of(case)
    with open_case(case).writer(command="tracker run first.csv"):
        for args in (
            ["run", more_csv, "--case", case],
            ["detect", "--case", case],
            ["ingest", more_csv, "--case", case],
        ):
            answer = tracker(*args)
            assert answer.code == 1
            assert f"process {os.getpid()}" in answer.one_error()
            assert "tracker run first.csv" in answer.err
        assert tracker("events", case, "--as", "csv").code == 0, "readers are not held up"
    assert state_of(case) == before
