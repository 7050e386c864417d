"""What must be found and what must not, told as scenes; the numbers are those of the behaviours in the design."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from tests.detectors.meetings import events_in, events_of
from tests.scenes import PLACES, Scene
from tracker.detectors.berths import Setting
from tracker.tables.fixes import concat_fixes
from tracker.tables.positions import LOW_ACCURACY

TEN_MINUTES = timedelta(minutes=10)


def only(events: list[dict[str, Any]]) -> dict[str, Any]:
    long = [row for row in events if row["duration_h"] >= 1 / 3]
    assert len(long) == 1
    return long[0]


@pytest.mark.parametrize("every_min", [1, 5, 10])
@pytest.mark.parametrize("place", PLACES)
def test_two_tankers_drifting_together_for_three_hours_across_midnight_are_one_likely_encounter(
    place: str, every_min: float
) -> None:
    scene = Scene(place=PLACES[place], every_min=every_min)
    scene.transfer(meets_h=10.5, hours=3)
    (truth,) = scene.truth().to_pylist()
    row = only(events_in(scene))
    assert row["verdict"] == "likely"
    assert abs(row["start_time"] - truth["start_time"]) <= TEN_MINUTES
    assert abs(row["end_time"] - truth["end_time"]) <= TEN_MINUTES
    assert row["hull_gap_m"] < 15
    assert row["start_time"].date() != row["end_time"].date()


def test_a_place_on_the_globe_changes_nothing_but_the_coordinates() -> None:
    seen = []
    for place in PLACES.values():
        scene = Scene(place=place)
        scene.transfer()
        row = only(events_in(scene))
        seen.append((row["start_time"].minute, row["verdict"], row["confidence"]))
    assert len(set(seen)) == 1


@pytest.mark.parametrize("hours", [0.75, 1.0, 1.5])
def test_a_bunker_transfer_of_45_to_90_minutes_is_found(hours: float) -> None:
    scene = Scene()
    scene.transfer(hours=hours)
    assert only(events_in(scene))["verdict"] == "likely"


@pytest.mark.parametrize("speed_kn", [2.0, 4.0, 8.0])
def test_a_transfer_under_way_is_found_by_relative_speed_not_ground_speed(speed_kn: float) -> None:
    scene = Scene()
    scene.transfer(mode="underway", speed_kn=speed_kn)
    row = only(events_in(scene))
    assert row["verdict"] == "likely"
    assert row["median_speed_kn"] == pytest.approx(speed_kn, abs=0.6)
    assert row["relative_speed_kn"] < 0.5


def test_without_antenna_places_the_transfer_is_found_with_no_more_confidence() -> None:
    scene = Scene()
    scene.transfer()
    known, assumed = only(events_in(scene)), only(events_in(scene, antenna_known=False))
    assert assumed["verdict"] == "likely"
    assert assumed["confidence"] <= known["confidence"]
    assert any("assumed" in sentence for sentence in assumed["why"])


def test_without_headings_and_dimensions_the_meeting_is_still_seen_but_not_called_likely() -> None:
    scene = Scene()
    scene.transfer()
    fixes = scene.fixes()
    blind = type(fixes)(**{**fixes.__dict__, "heading_deg": np.full(len(fixes), np.nan, np.float32)})
    row = only(events_of(blind, scene.statics().slice(0, 0)))
    assert row["hull_gap_m"] is None
    assert row["verdict"] in {"possible", "unlikely"}


@pytest.mark.parametrize("ais_class", ["A", "B"])
def test_a_keel_that_is_read_from_a_course_is_said_to_be(ais_class: str) -> None:
    scene = Scene()
    ships = scene.ship(length_m=100.0), scene.ship(length_m=60.0, ais_class=ais_class)
    scene.transfer(ships=ships, mode="underway", speed_kn=4.0)
    (keels,) = [sentence for sentence in only(events_in(scene))["why"] if "from parallel" in sentence]
    assert ("courses under way stand in" in keels) == (ais_class == "B")


def test_single_bad_fixes_inside_a_transfer_leave_it_whole() -> None:
    scene = Scene()
    host, guest = scene.transfer(mode="anchor", meets_h=8, hours=4)
    for hour in (9.0, 10.0, 11.0):
        scene.spoil(host, at_h=hour)
        scene.spoil(guest, at_h=hour + 0.5, metres=700.0)
    row = only(events_in(scene))
    assert row["verdict"] == "likely"
    assert row["duration_h"] == pytest.approx(4.2, abs=0.3)


def test_reports_every_65_minutes_give_one_event_with_less_confidence_and_the_silence_stated() -> None:
    scene = Scene(every_min=65, hours=30)
    scene.transfer(hours=10)
    often = Scene(every_min=5, hours=30)
    often.transfer(hours=10)
    row = only(events_in(scene))
    assert 0.3 < row["confidence"] < only(events_in(often))["confidence"]
    assert row["longest_silence_min"] >= 60
    assert any("silence" in sentence for sentence in row["why"])


def test_a_hole_in_which_both_are_silent_is_bridged_and_stated() -> None:
    scene = Scene()
    scene.transfer(meets_h=6, hours=8, silent=[(8.0, 12.0)], mode="anchor")
    guest_silent = Scene()
    guest_silent.transfer(meets_h=6, hours=8, silent_guest=[(8.0, 12.0)], mode="anchor")
    for each in (scene, guest_silent):
        row = only(events_in(each))
        assert row["duration_h"] == pytest.approx(8.2, abs=0.4)
        assert row["longest_silence_min"] == pytest.approx(240, abs=20)


@pytest.mark.parametrize("heard_until_h", [0.0, 1.0])
def test_who_was_not_heard_before_is_not_said_to_have_been_seen_apart_or_not_apart_before(heard_until_h: float) -> None:
    scene = Scene(hours=30)
    scene.transfer(meets_h=12, hours=4, silent_guest=[(heard_until_h, 14.0)])
    row = only(events_in(scene))
    assert "They were seen more than a mile apart after; whether before, was not heard." in row["why"]


def test_ships_that_stay_together_to_the_end_were_seen_apart_before_and_after_was_not_heard() -> None:
    scene = Scene()
    scene.transfer(meets_h=20, hours=4, leaves=False)
    why = only(events_in(scene))["why"]
    assert "They were seen more than a mile apart before; whether after, was not heard." in why


def test_a_raft_of_three_is_two_transfers_in_one_group_and_the_outer_two_do_not_touch() -> None:
    scene = Scene()
    mother, one, two = scene.raft()
    rows = {(row["mmsi_1"], row["mmsi_2"]): row for row in events_in(scene)}
    assert rows[mother.mmsi, one.mmsi]["verdict"] == rows[mother.mmsi, two.mmsi]["verdict"] == "likely"
    assert rows[one.mmsi, two.mmsi]["verdict"] != "likely"
    assert any("lies between" in sentence for sentence in rows[one.mmsi, two.mmsi]["why"])
    assert len({row["group_id"] for row in rows.values()}) == 1


def test_a_ship_of_unknown_size_beside_a_transfer_is_not_said_to_lie_between_hulls_that_all_but_touch() -> None:
    scene = Scene()
    host, guest = scene.transfer()
    fixes = scene.fixes()
    third = fixes.take(np.flatnonzero(fixes.mmsi == guest.mmsi))
    shadow = {"mmsi": third.mmsi + 500, "time_ms": third.time_ms + 90_000}
    both = concat_fixes([fixes, type(fixes)(**{**third.__dict__, **shadow})])
    rows = events_of(both.take(np.argsort(both.time_ms, kind="stable")), scene.statics())
    (row,) = [row for row in rows if {row["mmsi_1"], row["mmsi_2"]} == {host.mmsi, guest.mmsi}]
    assert row["hull_gap_m"] < 5
    assert row["verdict"] == "likely"
    assert not any("lies between" in sentence for sentence in row["why"])


@pytest.mark.parametrize(("distance_m", "hours"), [(400.0, 72.0), (250.0, 48.0)])
def test_ships_at_anchor_that_swing_on_their_own_are_not_called(distance_m: float, hours: float) -> None:
    scene = Scene(hours=hours)
    scene.neighbours(distance_m=distance_m, count=4)
    assert {row["verdict"] for row in events_in(scene)} <= {"unlikely"}


def test_a_transfer_at_anchor_among_neighbours_is_told_from_them() -> None:
    scene = Scene()
    scene.neighbours(distance_m=400.0, count=3)
    host, guest = scene.transfer(mode="anchor", at=(PLACES["mid latitude"][0] + 0.03, PLACES["mid latitude"][1]))
    likely = [(row["mmsi_1"], row["mmsi_2"]) for row in events_in(scene) if row["verdict"] == "likely"]
    assert likely == [tuple(sorted((host.mmsi, guest.mmsi)))]


@pytest.mark.parametrize("decoy", ["passing", "convoy", "tow", "hip", "pilot", "fishing", "drifting_pair"])
def test_what_looks_like_a_meeting_and_is_none_is_not_called(decoy: str) -> None:
    scene = Scene(every_min=2)
    if decoy == "hip":
        scene.tow(on_the_hip=True)
    else:
        getattr(scene, decoy)()
    assert {row["verdict"] for row in events_in(scene)} <= {"unlikely"}


def test_ships_at_a_quay_are_in_port_and_unlikely_but_not_dropped() -> None:
    scene = Scene()
    scene.berths(double_banked=True)
    rows = events_in(scene, setting=Setting(coast_distance_nm=0.2, port="Synthetic Harbour", port_distance_nm=0.5))
    assert len(rows) >= 5
    assert all(row["in_port"] and row["verdict"] == "unlikely" for row in rows)
    assert any("Synthetic Harbour" in sentence for sentence in rows[0]["why"])


def test_coarse_satellite_reports_are_never_evidence_of_lying_alongside() -> None:
    scene = Scene()
    _, guest = scene.transfer()
    fixes = scene.fixes()
    coarse = np.where(fixes.mmsi == guest.mmsi, LOW_ACCURACY, 0).astype(np.uint8)
    assert events_of(type(fixes)(**{**fixes.__dict__, "flags": coarse}), scene.statics()) == []


def test_swapping_the_names_of_the_ships_changes_nothing_but_the_columns() -> None:
    scene = Scene()
    scene.transfer()
    fixes, statics = scene.fixes(), scene.statics()
    a, b = sorted(np.unique(fixes.mmsi).tolist())
    swapped = type(fixes)(**{**fixes.__dict__, "mmsi": np.where(fixes.mmsi == a, b, a).astype(np.int32)})
    column = np.where(statics["mmsi"].to_numpy() == a, b, a).astype(np.int32)
    import pyarrow as pa

    turned = statics.set_column(statics.schema.get_field_index("mmsi"), "mmsi", pa.array(column))
    one, two = only(events_of(fixes, statics)), only(events_of(swapped, turned))
    assert one["event_id"] == two["event_id"]
    assert one["confidence"] == two["confidence"]
    assert (one["length_m_1"], one["length_m_2"]) == (two["length_m_2"], two["length_m_1"])
