"""A hull that changes its MMSI in the middle of a meeting stays one hull (B7)."""

import pytest

from tests.detectors.meetings import events_in
from tests.scenes import PLACES, Scene
from tracker.detectors.hearing import Listener
from tracker.detectors.identities import Handover, IdentityParams, find_handovers, handover_events, link_hulls
from tracker.identity.cards import Cards


def handovers(scene: Scene) -> list[Handover]:
    listener = Listener()
    listener.feed(scene.fixes())
    return find_handovers(listener.hearing(), Cards(scene.statics()).ship_at, params=IdentityParams())


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
