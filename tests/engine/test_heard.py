"""What the watch counts beside its marks is what counting report by report gives."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.engine.watch import Watcher
from tracker.tables.fixes import Fixes

HOUR_MS = 3_600_000
REPORT = st.tuples(
    st.integers(1, 4),
    st.integers(0, 40).map(lambda n: n * 400_000) | st.integers(0, 5_000),
    st.integers(-1, 1),
    st.sampled_from([0.0, 4.0, float("nan")]),
)


@given(reports=st.lists(REPORT, min_size=1, max_size=60), cut=st.integers(1, 60), is_late=st.booleans())
def test_first_last_and_hours_of_every_ship_are_those_of_its_reports(reports, cut, is_late) -> None:
    if not is_late:
        reports = sorted(reports, key=lambda report: report[1])
    mmsi, time_ms, step, sog = (np.array(column) for column in zip(*reports, strict=True))
    # a step of 1 m: reports of one second and nearly one place are heard twice
    place, real = (step * 100).astype(np.int32), sog.astype(np.float32)
    nothing = np.zeros(len(place), np.int8)
    fixes = Fixes(time_ms, mmsi.astype(np.int32), place, place, real, real, real, nothing, nothing.astype(np.uint8))
    watcher = Watcher()
    for start in range(0, len(fixes), cut):
        watcher.feed(fixes.take(slice(start, start + cut)))
    ends, heard = watcher.heard()
    counted = Counter[tuple[int, int]]()
    for row in heard:
        counted[int(row["mmsi"]), int(row["hour"])] += int(row["reports"])
    assert counted == Counter(zip(mmsi.tolist(), (time_ms // HOUR_MS).tolist(), strict=True))
    for end in ends:
        own = fixes.take(fixes.mmsi == end["mmsi"])
        for which, at in (("first", 0), ("last", -1)):
            for name, column in (("ms", own.time_ms), ("x", own.lon_e7), ("y", own.lat_e7), ("sog_kn", own.sog_kn)):
                assert np.array_equal(end[f"{which}_{name}"], column[at], equal_nan=name == "sog_kn")


def test_number_0_is_nobody() -> None:
    mmsi = np.array([0, 5, 0, 5, -3], np.int32)
    time_ms, place, real = np.arange(5) * 60_000, np.zeros(5, np.int32), np.zeros(5, np.float32)
    watcher = Watcher()
    watcher.feed(Fixes(time_ms, mmsi, place, place, real, real, real, np.zeros(5, np.int8), np.zeros(5, np.uint8)))
    ends, heard = watcher.heard()
    assert [(int(row["mmsi"]), int(row["reports"])) for row in heard] == [(5, 2)]
    assert ends["mmsi"].tolist() == [5]
