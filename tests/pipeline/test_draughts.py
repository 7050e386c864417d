"""Declared draughts before and after stretches: all stretches at once get what the rule says of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.pipeline import draughts
from tracker.pipeline.draughts import Draughts
from tracker.tables.statics import STATICS

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
BEGIN_MS = int(BEGIN.timestamp() * 1000)
Said = tuple[int, int, int, float]

said = st.tuples(st.integers(1, 3), st.integers(0, 12), st.integers(0, 5), st.sampled_from([4.2, 5.7, 8.1]))
asked = st.tuples(st.integers(1, 4), st.integers(-2, 20), st.integers(0, 8))


def by_the_rule(readings: list[Said], mmsi: int, start: int, end: int) -> tuple[float | None, float | None]:
    """The last value said up to the start; at the end that in force since the latest, else the next to come."""
    own = sorted((first, first + length, value) for ship, first, length, value in readings if ship == mmsi)
    begun = [one for one in own if one[0] <= start]
    before = max(begun, key=lambda one: min(one[1], start), default=None)
    still = [one for one in own if one[1] >= end]
    in_force = [one for one in still if one[0] <= end]
    after = max(in_force, key=lambda one: one[0], default=None) or min(still, key=lambda one: one[0], default=None)
    return None if before is None else before[2], None if after is None else after[2]


@pytest.mark.parametrize("at_once", [1, 1_000_000])
@given(readings=st.lists(said, max_size=12), stretches=st.lists(asked, max_size=8))
def test_all_stretches_at_once_get_what_the_rule_says_of_each(
    at_once: int, readings: list[Said], stretches: list[tuple[int, int, int]]
) -> None:
    rows = [
        {
            "mmsi": ship,
            "time": BEGIN + timedelta(hours=first),
            "last_time": BEGIN + timedelta(hours=first + length),
            "reports": 1,
            "draught_m": value,
        }
        for ship, first, length, value in readings
    ]
    several = np.array([(ship, start, start + length) for ship, start, length in stretches], np.int64).reshape(-1, 3)
    times = BEGIN_MS + several[:, 1:].T * 3_600_000
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draughts, "AT_ONCE", at_once)
        found = Draughts(STATICS.from_rows(rows)).around_each(several[:, 0], *times)
    told = [tuple(None if np.isnan(value) else value for value in pair) for pair in np.array(found).T.tolist()]
    assert told == [by_the_rule(readings, *one) for one in several.tolist()]
