"""The bundled scenario: the truth it tells is true of its positions, it stays at sea, and it says that it is synthetic."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from tests.scenes import hull_gap_m
from tracker.errors import ParameterError, StorageError, TargetExistsError, UnknownNameError
from tracker.simulate import simulate
from tracker.simulate.east_china_sea import play
from tracker.simulate.fleet import Fleet, Voyage
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import speed_kn
from tracker.simulate.noaa import HEADER
from tracker.simulate.radio import Signals
from tracker.simulate.truth import MEETING_TYPES, read_truth
from tracker.zones.coast import read_coast, ring_of

BUNDLED = Path(__file__).resolve().parents[2] / "data" / "ais" / "east-china-sea"
BOX = (117.0, 24.0, 132.0, 41.0)


@pytest.fixture(scope="module")
def played() -> tuple[Fleet, Signals]:
    """The scenario as it is bundled."""
    return play(1, 3, 300)


def voyage(fleet: Fleet, mmsi: int) -> Voyage:
    return next(v for v in fleet.voyages if v.hull.mmsi == mmsi)


def plain(path: Path) -> str:
    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        return stream.read().decode("utf-8")


def test_ships_of_every_meeting_lie_hull_to_hull_from_its_start_to_its_end(played: tuple[Fleet, Signals]) -> None:
    fleet, _ = played
    meetings = [row for row in fleet.truth if row["type"] in MEETING_TYPES]
    assert len(meetings) == 19
    for row in meetings:
        ships = voyage(fleet, row["mmsi_1"]), voyage(fleet, row["mmsi_2"])
        start, end = row["start_time"].timestamp(), row["end_time"].timestamp()
        gaps = hull_gap_m(*ships, np.linspace(start, end, 60))
        assert gaps.min() > 1.5, row
        assert gaps.max() < 7.0, row
        apart = hull_gap_m(*ships, [start - 1500.0, end + 1500.0])
        assert apart.min() > 200.0, row


def test_ships_of_a_decoy_at_sea_never_lie_hull_to_hull_except_tugs_and_pilots(played: tuple[Fleet, Signals]) -> None:
    fleet, _ = played
    for row in fleet.truth:
        if row["type"] != "decoy" or row["mmsi_2"] is None or row["class"] in {"tow", "pilot", "berth"}:
            continue
        ships = voyage(fleet, row["mmsi_1"]), voyage(fleet, row["mmsi_2"])
        times = np.arange(row["start_time"].timestamp(), row["end_time"].timestamp(), 120.0)
        assert hull_gap_m(*ships, times).min() > 30.0, row


def test_nobody_meets_unless_the_truth_says_so(played: tuple[Fleet, Signals]) -> None:
    fleet, _ = played
    told = {frozenset((row["mmsi_1"], row["mmsi_2"])) for row in fleet.truth}
    grid = np.arange(fleet.start_s, fleet.end_s, 600.0)
    poses = [v.track.at(grid) for v in fleet.voyages]
    there = np.array([(grid >= v.track.time_s[0]) & (grid <= v.track.time_s[-1]) for v in fleet.voyages])
    in_sight: dict[tuple[int, int], int] = {}
    for step in range(len(grid)):
        here = np.flatnonzero(there[:, step])
        tree = shapely.STRtree(
            shapely.points([(poses[n].lon[step] * 0.86 * 111e3, poses[n].lat[step] * 111e3) for n in here])
        )
        for a, b in tree.query(tree.geometries, predicate="dwithin", distance=150.0).T:
            if a < b:
                in_sight[int(here[a]), int(here[b])] = in_sight.get((int(here[a]), int(here[b])), 0) + 1
    hulls = fleet.hulls()
    untold = [
        (hulls[a], hulls[b], steps)
        for (a, b), steps in in_sight.items()
        if steps > 2 and hulls[a].ship_type != 30 and frozenset((hulls[a].mmsi, hulls[b].mmsi)) not in told
    ]
    assert [one for one in untold if not _in_port(fleet, one[0].mmsi) and not _in_one_raft(fleet, one[0], one[1])] == []


def _in_port(fleet: Fleet, mmsi: int) -> bool:
    return any(mmsi in (row["mmsi_1"], row["mmsi_2"]) for row in fleet.truth if row["class"] == "berth")


def _in_one_raft(fleet: Fleet, one: Hull, two: Hull) -> bool:
    groups = [
        {row["group_id"] for row in fleet.truth if row["group_id"] and ship.mmsi in (row["mmsi_1"], row["mmsi_2"])}
        for ship in (one, two)
    ]
    return bool(groups[0] & groups[1])


def test_no_ship_crosses_land_and_none_is_faster_than_ships_are(played: tuple[Fleet, Signals]) -> None:
    coast = read_coast()
    rings = []
    for n, (begin, size) in enumerate(zip(coast.start.tolist(), coast.size.tolist(), strict=True)):
        lon, lat = coast.lon[begin : begin + size], coast.lat[begin : begin + size]
        if size >= 3 and lon.max() > BOX[0] and lon.min() < BOX[2] and lat.max() > BOX[1] and lat.min() < BOX[3]:
            rings.append(shapely.clip_by_rect(shapely.make_valid(shapely.Polygon(ring_of(coast, n))), *BOX))
    tree = shapely.STRtree(rings)
    for one in played[0].voyages:
        path = shapely.LineString(np.column_stack([one.track.lon, one.track.lat])[:: max(1, len(one.track.lon) // 900)])
        assert len(tree.query(path, predicate="intersects")) == 0, one.hull
        assert speed_kn(one.track).max() < 25.0, one.hull


def test_every_identity_says_that_it_is_made_up(played: tuple[Fleet, Signals]) -> None:
    for ship in played[0].hulls():
        assert ship.name.startswith("SYN ")
        assert ship.callsign is not None
        assert ship.callsign.startswith("SYN")
        if ship.imo is not None:
            digits = [int(d) for d in str(ship.imo)]
            assert digits[0] == 3
            assert sum(d * w for d, w in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[-1]
    assert {"445", "412", "667"} <= {str(ship.mmsi)[:3] for ship in played[0].hulls()}


def test_reception_is_dense_near_the_coast_and_sparse_beyond_and_not_clean(played: tuple[Fleet, Signals]) -> None:
    fleet, heard = played
    assert (abs(heard.lat) > 90).any()
    assert ((heard.lat == 0) & (heard.lon == 0)).any()
    rows = np.column_stack([heard.time_s, heard.mmsi, heard.lon * 1e5, heard.lat * 1e5])
    assert len(np.unique(rows, axis=0)) < len(rows)
    gaps = {}
    for row in fleet.truth[:19]:
        own = np.unique(heard.time_s[heard.mmsi == row["mmsi_1"]])
        start, end = row["start_time"].timestamp(), row["end_time"].timestamp()
        gaps[row["truth_id"]] = np.median(np.diff(own[(own >= start) & (own <= end)])) / 60.0
    assert min(gaps.values()) < 6.0
    assert 10.0 < max(gaps.values()) < 30.0


def test_draughts_change_after_some_meetings_and_never_are_declared_after_others(played: tuple[Fleet, Signals]) -> None:
    fleet, _ = played
    kinds = set()
    for row in fleet.truth[:19]:
        donor = voyage(fleet, row["donor_mmsi"]).hull
        taker = voyage(fleet, row["mmsi_2"] if row["mmsi_1"] == row["donor_mmsi"] else row["mmsi_1"]).hull
        end = row["end_time"].timestamp()
        for ship, sign in ((donor, -1), (taker, 1)):
            before, after = ship.draught_at(end), ship.draught_at(end + 12 * 3600.0)
            if before is None or after is None or before == after:
                kinds.add("never")
            elif (after - before) * sign > 0:
                kinds.add("donor rises" if sign < 0 else "receiver sinks")
            else:
                pytest.fail(f"{ship.name} changed the wrong way after {row}")
    assert kinds == {"never", "donor rises", "receiver sinks"}


def test_the_same_numbers_give_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    runs = [simulate("east-china-sea", to=tmp_path / name, days=1, vessels=220, seed=5) for name in "ab"]
    contents = [[path.read_bytes() for path in run.files] for run in runs]
    assert contents[0] == contents[1]
    assert not np.array_equal(play(6, 1, 220)[1].lon, play(5, 1, 220)[1].lon)
    assert runs[0].vessels == 220
    assert [path.name for path in runs[0].files] == [
        "SYNTHETIC_east-china-sea_2020-01-30.csv.zst",
        "truth.csv",
        "README.md",
    ]
    assert plain(runs[0].files[0]).startswith(HEADER + "\n")


def test_the_bundled_files_are_those_of_this_program_small_and_as_digested(played: tuple[Fleet, Signals]) -> None:
    files = sorted(BUNDLED.glob("SYNTHETIC_*.csv.zst"))
    assert len(files) == 3
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) < 5_000_000
    rows = [len(plain(path).splitlines()) - 1 for path in files]
    assert sum(rows) == len(played[1])
    assert (
        read_truth(BUNDLED / "truth.csv")
        .select(["truth_id", "type", "mmsi_1", "mmsi_2", "start_time"])
        .equals(played[0].truth_table().select(["truth_id", "type", "mmsi_1", "mmsi_2", "start_time"]))
    )
    notes = (BUNDLED.parent / "README.md").read_text(encoding="utf-8")
    digests = dict(re.findall(r"`([\w.-]+/[\w.-]+)` \| `([0-9a-f]{64})`", notes))
    for path in sorted(BUNDLED.iterdir()):
        assert digests[f"{BUNDLED.name}/{path.name}"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "SYNTHETIC" in (BUNDLED / "README.md").read_text(encoding="utf-8").splitlines()[0]


def test_what_cannot_be_simulated_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="east-china-sea"):
        simulate("east-chna-sea", to=tmp_path / "a")
    with pytest.raises(ParameterError, match=r"needs [0-9]+ vessels"):
        simulate("east-china-sea", to=tmp_path / "b", days=1, vessels=10)
    with pytest.raises(ParameterError, match="1 to 31"):
        simulate("east-china-sea", to=tmp_path / "c", days=0)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(TargetExistsError, match="--force"):
        simulate("east-china-sea", to=tmp_path / "d")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError):
        simulate("east-china-sea", to=tmp_path / "file" / "e", days=1, vessels=220)
    assert not (tmp_path / "b").exists()


def test_hulls_declare_on_every_row_of_the_file_what_they_are(tmp_path: Path, played: tuple[Fleet, Signals]) -> None:
    text = plain(next(BUNDLED.glob("*01-30.csv.zst")))
    import csv

    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["TransceiverClass"] for row in rows} == {"A", "B"}
    assert {row["MMSI"] for row in rows} <= {str(ship.mmsi) for ship in played[0].hulls()}
    times = [row["BaseDateTime"] for row in rows]
    assert times == sorted(times)
    assert re.fullmatch(r"2020-01-30T\d\d:\d\d:\d\d", times[0])
