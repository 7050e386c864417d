"""A meeting of a ship whose MMSI another hull bears carries her own size or none, and says so. At four places."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.detectors.spoofed import between, ordered
from tests.pipeline.test_spoofed import found_in, meetings
from tests.scenes import PLACES, Scene
from tracker.simulate.motion import away, sail
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)


def shared_by(place: str, *, twin_from_h: float = 0.0, twin_to_h: float = 24.0) -> tuple[Scene, Fixes, Any, int, int]:
    """A transfer whose guest bears a number that a larger ship far off bears too, heard in some hours."""
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=4)
    far = away(PLACES[place], bearing_deg=190.0, distance_nm=150.0)
    twin = scene.ship("cargo", length_m=240.0, beam_m=32.0)
    goal = away(far, bearing_deg=100.0, distance_nm=240.0)
    scene.add(twin, sail([far, goal], depart_s=scene.start_s, speed_kn=10.0, rng=scene.rng(60)))
    fixes = scene.fixes()
    heard = np.ones(len(fixes), np.bool_)
    rows = np.flatnonzero(fixes.mmsi == twin.mmsi)
    heard[rows] = np.isin(rows, between(scene, fixes, twin.mmsi, twin_from_h, twin_to_h))
    fixes = fixes.take(heard)
    statics = scene.statics()
    bearer = np.where(statics["mmsi"].to_numpy() == twin.mmsi, guest.mmsi, statics["mmsi"].to_numpy())
    field = statics.schema.field("mmsi")
    shared = Fixes(**{**fixes.__dict__, "mmsi": np.where(fixes.mmsi == twin.mmsi, guest.mmsi, fixes.mmsi)})
    statics = statics.set_column(statics.column_names.index("mmsi"), field, pa.array(bearer, pa.int32()))
    return scene, ordered(shared), statics, host.mmsi, guest.mmsi


def side_of(row: dict[str, Any], mmsi: int) -> int:
    return 1 if row["mmsi_1"] == mmsi else 2


@everywhere
def test_which_size_is_hers_is_left_open_where_both_hulls_are_heard_all_day(place: str) -> None:
    _, fixes, statics, host, guest = shared_by(place)
    found = found_in(fixes, statics)
    (row,) = meetings(found)
    assert {row["mmsi_1"], row["mmsi_2"]} == {host, guest}
    n, other = side_of(row, guest), side_of(row, host)
    for name in ("name", "imo", "ship_type", "length_m", "beam_m", "draught_change"):
        column = f"{name}_{n}" if name != "draught_change" else f"draught_change_{n}_m"
        assert row[column] is None
    assert row[f"length_m_{other}"] == 104.0
    assert row[f"hull_id_{n}"].startswith(f"MMSI{guest:09d}-HULL")
    assert any("2 hulls were heard under MMSI" in line and "left open" in line for line in row["why"])
    told = [r for r in found.events.to_pylist() if r["spoofing_type"] == "two_places"]
    assert [r["mmsi_1"] for r in told] == [guest]
    assert {r["hull"] for r in found.tables["segments"].to_pylist()} == {0, 1}


@everywhere
def test_what_was_said_while_she_alone_was_heard_is_hers(place: str) -> None:
    scene, fixes, statics, host, guest = shared_by(place, twin_from_h=6.0, twin_to_h=14.0)
    # both say who they are; the twin only while she is heard
    is_twin = pc.equal(statics["length_m"], 240.0).to_numpy(zero_copy_only=False)
    times = {
        "time": np.where(is_twin, round(1000 * scene.time_s(7.0)), round(1000 * scene.time_s(2.0))),
        "last_time": np.where(is_twin, round(1000 * scene.time_s(13.0)), round(1000 * scene.time_s(20.0))),
    }
    for name, values in times.items():
        field = statics.schema.field(name)
        statics = statics.set_column(
            statics.column_names.index(name), field, pa.array(values, pa.int64()).cast(field.type)
        )
    (row,) = meetings(found_in(fixes, statics))
    n = side_of(row, guest)
    assert {row["mmsi_1"], row["mmsi_2"]} == {host, guest}
    assert row[f"length_m_{n}"] == 84.0
    assert any("while no other was heard" in line for line in row["why"])


@everywhere
def test_a_number_that_one_hull_bears_is_told_as_ever(place: str) -> None:
    scene = Scene(place=PLACES[place])
    scene.transfer(meets_h=8, hours=4)
    (row,) = meetings(found_in(scene.fixes(), scene.statics()))
    assert sorted((row["length_m_1"], row["length_m_2"])) == [84.0, 104.0]
    assert not any("hulls were heard" in line for line in row["why"])
