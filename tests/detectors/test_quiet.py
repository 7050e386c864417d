"""Shares of silence in many stretches of time at once agree with the sum over silences, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.detectors.quiet import silent_shares, went_silent_under_way
from tracker.detectors.silences import Silences

HOUR = 3_600_000
BASE = 1_580_000_000_000


def silences(rows: list[tuple[int, int, int, float]]) -> Silences:
    """Silences of (ship, from hour, to hour, speed at its beginning)."""
    ship, start, end, speed = (np.array([row[n] for row in rows]) for n in range(4))
    where = np.zeros(len(rows))
    return Silences(
        ship.astype(np.int64),
        BASE + start.astype(np.int64) * HOUR,
        BASE + end.astype(np.int64) * HOUR,
        *(where, where, where, where),
        speed.astype(np.float64),
        *(where, where, where),
    )


@st.composite
def some_silences(draw: st.DrawFn) -> list[tuple[int, int, int, float]]:
    """Silences of a few ships; those of a number that several hulls bear overlap."""
    rows = []
    for ship in draw(st.lists(st.integers(200_000_000, 799_999_999), min_size=1, max_size=4, unique=True)):
        hour = 0
        for gap, length in draw(st.lists(st.tuples(st.integers(-2500, 300), st.integers(1, 2000)), max_size=5)):
            begin = max(hour + gap, 0)
            rows.append((ship, begin, begin + length, float(draw(st.sampled_from([0.0, 9.0])))))
            hour = begin + length
    return rows or [(200_000_001, 1, 2, 0.0)]


@settings(max_examples=60, deadline=None)
@given(some_silences(), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4000), st.integers(1, 3000)), max_size=6))
def test_shares_and_speeds_are_those_of_the_silences_inside(
    rows: list[tuple[int, int, int, float]], asked: list[tuple[int, int, int]]
) -> None:
    found = silences(rows)
    ships = np.array([rows[n % len(rows)][0] for n, _, _ in asked], np.int64)
    start = np.array([BASE + hour * HOUR for _, hour, _ in asked], np.int64)
    end = start + np.array([length * HOUR for _, _, length in asked], np.int64)
    shares = silent_shares(found, ships, start, end)
    moving = went_silent_under_way(found, ships, start, end, speed_kn=1.5)
    for n in range(len(asked)):
        common = [
            (max(0, min(BASE + b * HOUR, end[n]) - max(BASE + a * HOUR, start[n])), speed)
            for ship, a, b, speed in rows
            if ship == ships[n]
        ]
        assert shares[n] == pytest.approx(min(sum(length for length, _ in common) / (end[n] - start[n]), 1.0))
        assert moving[n] == any(length > 0 and speed > 1.5 for length, speed in common)
