"""Runs of identity reports fold to the same table however they came in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracker.cleaning.statics import merge_statics
from tracker.tables.statics import STATICS

NOON = datetime(2023, 11, 14, 12, tzinfo=UTC)


def run(minute: int, length: int, mmsi: int, name: str | None, reports: int) -> dict[str, Any]:
    """One run that begins so many minutes after noon."""
    start = NOON + timedelta(minutes=minute)
    return {
        "time": start,
        "last_time": start + timedelta(minutes=length),
        "reports": reports,
        "mmsi": mmsi,
        "name": name,
    }


RUNS = st.lists(
    st.builds(
        run,
        st.integers(0, 2000),
        st.integers(0, 30),
        st.sampled_from([200_000_001, 200_000_002]),
        st.sampled_from([None, "SYNTHETIC ONE", "SYNTHETIC TWO"]),
        st.integers(1, 50),
    ),
    max_size=10,
)


@given(RUNS, st.integers(0, 10))
def test_merging_keeps_every_report_and_does_not_care_how_they_were_cut(runs: list[dict[str, Any]], cut: int) -> None:
    whole = merge_statics([STATICS.from_rows(runs)])
    parts = [merge_statics([STATICS.from_rows(part)]) for part in (runs[cut:], runs[:cut])]
    assert merge_statics(parts) == whole
    assert sum(whole.column("reports").to_pylist()) == sum(one["reports"] for one in runs)
    keys = [(row["time"].date(), row["mmsi"], row["name"]) for row in whole.to_pylist()]
    assert len(keys) == len(set(keys))


def test_the_first_and_last_time_are_of_the_whole_day() -> None:
    merged = merge_statics(
        [STATICS.from_rows([run(60, 5, 200_000_001, "X", 2)]), STATICS.from_rows([run(10, 0, 200_000_001, "X", 1)])]
    ).to_pylist()
    assert [(row["time"], row["last_time"], row["reports"]) for row in merged] == [
        (NOON + timedelta(minutes=10), NOON + timedelta(minutes=65), 3)
    ]


def test_nothing_merges_to_nothing() -> None:
    assert merge_statics([]) == STATICS.empty()
