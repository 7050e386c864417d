"""Every runner: all parts, each once, whatever dies; and the events of one go, byte for byte."""

import json
import sys
from pathlib import Path

import pytest

from tests.engine.fleet import random_fleet
from tests.runners.work import die_always, die_once, upper
from tracker.archive.case import open_case
from tracker.errors import RunnerError, UnknownNameError, UsageError
from tracker.pipeline import sweep as sweeping
from tracker.pipeline.run import run
from tracker.pipeline.sweep import Crew, crew_of, plan_parts, scan_part
from tracker.runners import RUNNERS
from tracker.runners.runner import Place

OTHERS = [
    "processes",
    pytest.param("dask", marks=pytest.mark.needs("distributed")),
    pytest.param("spark", marks=[pytest.mark.java, pytest.mark.needs("pyspark")]),
]
PLACE = Place(workers=2)
ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # libraries of clusters warn of their own future
    pytest.mark.usefixtures("workers_find_the_tests"),
]


@pytest.fixture
def workers_find_the_tests(monkeypatch):
    """Workers are other processes: they import the tasks above from the checkout."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """A folder of CSV: a synthetic fleet over four days, with meetings over midnight."""
    folder = tmp_path_factory.mktemp("days")
    fixes = random_fleet(11, ships=10, hours=90)
    rows = ["mmsi,time,lon,lat,sog"]
    for t, m, x, y in zip(fixes.time_ms, fixes.mmsi, fixes.lon, fixes.lat, strict=True):
        rows.append(f"{200_000_000 + m % 1000},{t / 1000},{x:.7f},{y:.7f},")
    (folder / "SYNTHETIC-fleet.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def one_go(days, tmp_path_factory):
    """The case of one go."""
    case = tmp_path_factory.mktemp("cases") / "local"
    run([days], case)
    return case


@pytest.mark.parametrize("name", ["local", *OTHERS])
def test_every_part_comes_back_once_with_its_number(name):
    parts = [f"part {n}".encode() for n in range(5)]
    found = list(RUNNERS.get(name).run(upper, parts, place=PLACE))
    assert sorted(found) == [(n, f"PART {n}".encode()) for n in range(5)]


@pytest.mark.parametrize("name", OTHERS)
def test_a_part_whose_worker_is_killed_is_worked_on_again(name, tmp_path):
    parts = [str(tmp_path / f"mark-{n}").encode() for n in range(3)]
    found = list(RUNNERS.get(name).run(die_once, parts, place=PLACE))
    assert sorted(found) == [(n, b"killed") for n in range(3)]


def test_a_part_that_kills_every_worker_is_given_up_with_a_word():
    with pytest.raises(RunnerError, match="killed 3 processes"):
        list(RUNNERS.get("processes").run(die_always, [b"x"], place=PLACE))


@pytest.mark.parametrize("name", OTHERS)
def test_the_events_are_those_of_one_go_byte_for_byte(name, days, one_go, tmp_path):
    case = tmp_path / "case"
    run([days], case, crew=Crew(name, PLACE))
    assert (case / "events.parquet").read_bytes() == (one_go / "events.parquet").read_bytes()
    ours, theirs = (json.loads((c / "run.json").read_text()) | {"seconds": 0} for c in (case, one_go))
    assert ours == theirs
    assert theirs["events"] > 5
    assert not (case / ".parts").exists()


def test_parts_that_were_done_are_not_done_again_after_a_kill(days, one_go, tmp_path, monkeypatch):
    case, done = tmp_path / "case", []

    def count_and_stop(payload):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(payload)
        return scan_part(payload)

    monkeypatch.setattr(sweeping, "scan_part", count_and_stop)
    monkeypatch.setattr(sweeping, "RUNNERS", {"parts": RUNNERS.get("local")})
    with pytest.raises(KeyboardInterrupt):
        run([days], case, crew=Crew("parts", PLACE))
    assert len(list((case / ".parts").iterdir())) == 2
    monkeypatch.setattr(sweeping, "scan_part", lambda payload: done.append(payload) or scan_part(payload))
    run([days], case, crew=Crew("parts", PLACE))
    assert len(done) == len(set(done)) == 4 or len(done) == len(set(done)) == 5
    assert (case / "events.parquet").read_bytes() == (one_go / "events.parquet").read_bytes()


def test_days_of_an_object_store_are_scanned_as_those_on_disk(one_go):
    import fsspec

    store = open_case(one_go).store()
    here = store.day_files()
    memory = fsspec.filesystem("memory")
    there = []
    for day in here:
        path = f"/lake/{day.sha256}.parquet"
        memory.pipe(path, Path(day.path).read_bytes())
        there.append(type(day)(f"memory:/{path}", day.sha256, day.rows, day.begin_ms))
    params = sweeping.ScanParams()
    ours, theirs = (plan_parts(days_, params=params, count=4) for days_ in (there, here))
    assert [part.key for part in ours] == [part.key for part in theirs]
    assert [scan_part(part.payload) for part in ours] == [scan_part(part.payload) for part in theirs]


def test_an_unknown_runner_or_a_scheduler_without_a_use_is_refused():
    with pytest.raises(UnknownNameError, match="dask"):
        crew_of("dusk", None, None)
    with pytest.raises(UsageError, match="no scheduler"):
        crew_of("processes", "tcp://somewhere:8786", None)


def test_a_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    for name, extra in (("dask", "cluster"), ("spark", "spark")):
        with pytest.raises(RunnerError, match=extra):
            list(RUNNERS.get(name).run(upper, [b"x"], place=PLACE))
