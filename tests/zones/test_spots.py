"""The nearest of many points: a scan and a tree say the same, to the last bit."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.zones import spots as spots_module
from tracker.zones.spots import Spots


@settings(max_examples=30)
@given(st.integers(1, 200), st.integers(0, 20), st.integers(0, 2**32 - 1))
def test_a_scan_and_a_tree_give_the_same_chord_and_point(count: int, asked: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, places = rng.uniform(-7e6, 7e6, (count, 3)), rng.uniform(-7e6, 7e6, (asked, 3))
    scanned, treed = Spots(points), Spots(points)
    treed._tree = spots_module.fast_tree(points)
    bound = float(rng.uniform(1e5, 1e7))
    for within_m in (np.inf, bound):
        for ours, theirs in zip(scanned._scan(places, within_m), treed.nearest(places, within_m=within_m), strict=True):
            assert np.array_equal(ours, theirs)


def test_many_questions_build_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spots, "_left", 10_000)
    spots = Spots(np.eye(3))
    spots.nearest(np.eye(3)[:1])
    assert spots._tree is None
    spots.nearest(np.eye(3))
    assert spots._tree is not None


def test_one_place_is_told_without_the_libraries_for_many() -> None:
    program = (
        "import sys; from tracker.zones.point import describe_point; print(describe_point(30.5, 124.0)['state']);"
        " print(sorted({'pandas', 'scipy', 'numba', 'geopandas'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["CHN", "[]"]
