"""Territorial seas of less than 12 nm, and limits that lines outside the index move: known from the states' laws."""

import pytest

from tracker.zones.breadths import read_breadths
from tracker.zones.locate import locate

KEPT = {
    # lon, lat, state, is the answer uncertain: the edges of Japan's designated areas are ours
    "middle of the Tsugaru Strait": (140.35, 41.35, "JPN", True),
    "middle of the Osumi Strait": (130.75, 30.85, "JPN", True),
    "eastern channel of Tsushima": (129.85, 34.0, "JPN", True),
    "Laconian Gulf, eight miles out": (22.76, 36.48, "GRC", False),
}


@pytest.mark.parametrize("place", KEPT)
def test_beyond_the_breadth_that_a_state_keeps_the_sea_is_no_territorial_sea(place: str) -> None:
    lon, lat, state, uncertain = KEPT[place]
    answer = locate([lon], [lat]).to_pylist()[0]
    assert answer["baseline_distance_nm"] < 12
    assert (answer["waters"], answer["state"], answer["is_international"]) == ("contiguous_zone", state, True)
    assert "territorial sea of" in answer["source"]
    assert answer["waters_uncertain"] or not uncertain


def test_greece_has_twelve_miles_in_the_ionian_sea_and_japan_on_its_open_coast() -> None:
    ionian, pacific = locate([20.28, 140.85], [38.05, 36.5]).to_pylist()
    for row in (ionian, pacific):
        assert 6 < row["baseline_distance_nm"] < 12
        assert row["waters"] == "territorial_sea"
        assert "territorial sea of" not in row["source"]


def test_every_area_keeps_less_than_twelve_miles_and_has_edges_in_order() -> None:
    for area in read_breadths():
        assert 0 < area.limit_nm < 12
        assert area.south < area.north
        assert area.west < area.east


def test_among_the_islands_of_an_archipelagic_state_the_answer_says_which_lines_it_lacks() -> None:
    java, far, china = locate([110.0, 97.2, 124.0], [-5.0, -3.0, 30.5]).to_pylist()
    assert (java["state"], java["waters_uncertain"]) == ("IDN", True)
    assert "archipelagic baselines of IDN are not in the index" in java["source"]
    assert far["baseline_distance_nm"] > 90
    assert not far["waters_uncertain"]
    assert "archipelagic" not in china["source"]
