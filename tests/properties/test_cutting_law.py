"""The same events however the data are cut into files and days and in whatever order the rows lie: the whole job."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenes import Scene
from tracker.pipeline.run import run
from tracker.simulate.noaa import day_files

WITHOUT = {"run_id"}
"""The run's id is a hash of its inputs, which differ by being cut."""


def scene() -> Scene:
    """A transfer across midnight and a ship alone."""
    told = Scene(start="2020-01-31T10:00:00Z", hours=28, every_min=10)
    told.transfer(meets_h=11.5, hours=5)
    told.loiterer(from_h=3, hours=9, at=(told.place[0] + 1.0, told.place[1]))
    return told


@pytest.fixture(scope="module")
def rows() -> tuple[list[str], list[list[str]]]:
    told = scene()
    header: list[str] = []
    found: list[list[str]] = []
    for content in day_files(told.signals(), told.fleet.hulls()).values():
        text = pa.CompressedInputStream(pa.BufferReader(content), "zstd").read().decode()
        header, *body = csv.reader(io.StringIO(text))
        found += body
    return header, found


def events_from(parts: list[list[list[str]]], header: list[str], folder: Path) -> list[dict[str, Any]]:
    folder.mkdir()
    files = []
    for n, part in enumerate(parts):
        files.append(folder / f"SYNTHETIC_{n}.csv")
        with files[-1].open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *part])
    events = run(files, folder / "case").events.to_pylist()
    return [{name: value for name, value in row.items() if name not in WITHOUT} for row in events]


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_cut_into_files_anywhere_and_shuffled_the_data_give_the_same_events(
    tmp_path_factory: pytest.TempPathFactory, rows: tuple[list[str], list[list[str]]], count: int, seed: int
) -> None:
    header, body = rows
    folder = tmp_path_factory.mktemp("cut")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(body))
    into = rng.integers(0, count, len(body))
    parts = [[body[i] for i in order if into[i] == n] for n in range(count)]
    whole = events_from([body], header, folder / "whole")
    assert whole == events_from([part for part in parts if part], header, folder / "cut")
    assert "likely" in {row["verdict"] for row in whole}
