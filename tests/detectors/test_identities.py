"""A hull that changes its MMSI in the middle of a meeting stays one hull (B7)."""

import pytest

from tests.detectors.listening import Listener
from tests.detectors.meetings import events_in
from tests.scenes import PLACES, Scene
from tracker.detectors.berths import Setting
from tracker.detectors.handovers import contacts_by_ship, handover_events, link_hulls, splits_a_contact
from tracker.detectors.identities import Handover, IdentityParams, find_handovers
from tracker.detectors.silences import silences_of
from tracker.engine.scan import scan
from tracker.identity.cards import Cards
from tracker.simulate.motion import Track, away, sail


def handovers(scene: Scene) -> list[Handover]:
    listener = Listener()
    seen = scan(listener.overhear([scene.fixes()]))
    hearing = listener.hearing()
    ship_at, silences = Cards(scene.statics()).ship_at, silences_of(seen.silences, hearing)
    return find_handovers(hearing, ship_at, params=IdentityParams(), silences=silences)


@pytest.mark.parametrize("place", PLACES)
def test_a_partner_that_changes_mmsi_half_way_is_one_hull_in_two_linked_contacts(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=5, renamed_h=10.5)
    found = handovers(scene)
    (one,) = found
    assert one.before.mmsi == guest.mmsi
    rows = link_hulls(events_in(scene), found)
    contacts = [row for row in rows if host.mmsi in (row["mmsi_1"], row["mmsi_2"])]
    assert len(contacts) == 2
    assert contacts[0]["group_id"] is not None
    assert len({row["group_id"] for row in contacts}) == 1
    hulls = [row[f"hull_id_{n}"] for row in contacts for n in (1, 2) if row[f"mmsi_{n}"] != host.mmsi]
    assert hulls == [f"MMSI{guest.mmsi:09d}"] * 2
    (event,) = handover_events(found)
    assert event["type"] == "identity_change"
    assert event["verdict"] is None
    assert (event["mmsi_1"], event["hull_id_1"]) == (guest.mmsi, event["hull_id_2"])


@pytest.mark.parametrize(("coast_nm", "is_split"), [(0.7, True), (0.05, False)])
def test_a_change_of_mmsi_that_splits_a_meeting_is_at_sea_where_the_meeting_is(coast_nm: float, is_split: bool) -> None:
    scene = Scene()
    scene.transfer(meets_h=8, hours=5, renamed_h=10.5)
    (one,) = handovers(scene)
    rows = events_in(scene, setting=Setting(coast_distance_nm=coast_nm))
    assert splits_a_contact(contacts_by_ship(rows), one) == is_split


def test_a_ship_that_leaves_and_another_of_another_size_that_comes_are_two_hulls() -> None:
    scene = Scene()
    _, guest = scene.transfer(meets_h=8, hours=5)
    voyage = scene.voyage(guest)
    cut = scene.time_s(10.5)
    other = scene.ship(length_m=60.0)
    scene.add(other, voyage.track.within(cut + 60.0, float("inf")))
    place = scene.fleet.voyages.index(voyage)
    scene.fleet.voyages[place] = type(voyage)(**{**voyage.__dict__, "track": voyage.track.within(float("-inf"), cut)})
    assert handovers(scene) == []


def test_ships_that_are_heard_all_the_time_hand_nothing_over() -> None:
    scene = Scene()
    scene.transfer()
    scene.neighbours(count=4)
    assert handovers(scene) == []


def under_way(scene: Scene, *, bearing_deg: float = 70.0) -> Track:
    goal = away(scene.place, bearing_deg=bearing_deg, distance_nm=260.0)
    return sail([scene.place, goal], depart_s=scene.start_s, speed_kn=11.0, rng=scene.rng(70))


def masked(scene: Scene, *, length_m: float = 96.0) -> tuple[int, int]:
    """A tanker that goes under another number from hour 8 to hour 13."""
    ship, mask = scene.ship(length_m=96.0, beam_m=15.0), scene.ship(length_m=length_m, beam_m=15.0)
    track = under_way(scene)
    scene.add(ship, track, silent=[(8.0, 13.0)])
    scene.add(mask, track.within(scene.time_s(8.2), scene.time_s(12.9)))
    return ship.mmsi, mask.mmsi


@pytest.mark.parametrize("place", PLACES)
def test_a_number_put_on_for_five_hours_under_way_is_two_changes_of_one_hull(place: str) -> None:
    scene = Scene(place=PLACES[place])
    ship, mask = masked(scene)
    found = handovers(scene)
    assert [(one.before.mmsi, one.after.mmsi) for one in found] == [(ship, mask), (mask, ship)]
    events = handover_events(found)
    assert {event[f"hull_id_{n}"] for event in events for n in (1, 2)} == {f"MMSI{ship:09d}"}
    assert all(event["confidence"] > 0.8 for event in events)
    assert any("only while the other was silent" in sentence for sentence in events[0]["why"])
    assert any("were made good between them" in sentence for sentence in events[0]["why"])


@pytest.mark.parametrize("place", PLACES)
def test_another_ship_of_another_size_heard_only_while_she_is_silent_is_another_hull(place: str) -> None:
    scene = Scene(place=PLACES[place])
    masked(scene, length_m=120.0)
    assert handovers(scene) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_sister_ship_that_passes_during_her_silence_and_goes_elsewhere_is_another_hull(place: str) -> None:
    scene = Scene(place=PLACES[place])
    ship, sister = scene.ship(length_m=96.0, beam_m=15.0), scene.ship(length_m=96.0, beam_m=15.0)
    scene.add(ship, under_way(scene), silent=[(8.0, 13.0)])
    crossing = under_way(scene).at([scene.time_s(8.2)]).last
    goal = away(crossing, bearing_deg=250.0, distance_nm=45.0)
    scene.add(sister, sail([crossing, goal], depart_s=scene.time_s(8.2), speed_kn=11.0))
    assert handovers(scene) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_hull_renamed_under_way_goes_on_as_one(place: str) -> None:
    scene = Scene(place=PLACES[place])
    one, two = scene.ship(length_m=96.0, beam_m=15.0), scene.ship(length_m=96.0, beam_m=15.0)
    track = under_way(scene)
    scene.add(one, track.within(scene.start_s, scene.time_s(10.0)))
    scene.add(two, track.within(scene.time_s(10.5), scene.time_s(24.0)))
    (found,) = handovers(scene)
    assert (found.before.mmsi, found.after.mmsi) == (one.mmsi, two.mmsi)
    assert found.confidence > 0.8


@pytest.mark.parametrize("place", PLACES)
def test_a_boat_of_the_same_size_first_heard_fifteen_miles_off_is_no_change_of_identity(place: str) -> None:
    scene = Scene(place=PLACES[place])
    one, two = scene.ship(length_m=26.0, beam_m=10.0), scene.ship(length_m=26.0, beam_m=10.0)
    far = away(PLACES[place], bearing_deg=20.0, distance_nm=14.0)
    scene.add(
        one,
        sail([away(far, bearing_deg=300.0, distance_nm=60.0), PLACES[place]], depart_s=scene.start_s, speed_kn=11.0),
    )
    ended_s = scene.voyage(one).track.time_s[-1]
    scene.add(
        two, sail([far, away(far, bearing_deg=100.0, distance_nm=40.0)], depart_s=ended_s + 4000.0, speed_kn=16.0)
    )
    assert handovers(scene) == []
