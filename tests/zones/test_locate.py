"""Whose water: spots that are known, laws that always hold, and positions that are none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.tables.events import EVENTS, WATERS
from tracker.zones.locate import WATERS_SCHEMA, ZONES, locate
from tracker.zones.point import describe_point

SPOTS = [
    # lon, lat, waters, state, baseline nm, coast nm: measured against free polygons
    (124.0, 30.5, "eez", "CHN", 45, 55),
    (123.5, 29.5, "eez", "CHN", 43, 49),
    (123.8, 31.8, "eez", "CHN", 70, 80),
    (122.5, 38.2, "eez", "CHN", 42, 42),
    (123.9, 38.4, "eez", "PRK", 39, 39),
    (123.0, 34.5, "eez", "KOR", 105, 105),
    (125.2, 32.0, "eez", "KOR", 86, 86),
]


@pytest.mark.parametrize(("lon", "lat", "waters", "state", "baseline_nm", "coast_nm"), SPOTS)
def test_known_spots(lon: float, lat: float, waters: str, state: str, baseline_nm: float, coast_nm: float) -> None:
    answer = locate([lon], [lat]).to_pylist()[0]
    assert (answer["waters"], answer["state"]) == (waters, state)
    assert answer["baseline_distance_nm"] == pytest.approx(baseline_nm, abs=1)
    assert answer["coast_distance_nm"] == pytest.approx(coast_nm, abs=1)
    assert answer["is_international"]


def one(lon: float, lat: float) -> dict[str, object]:
    return locate([lon], [lat]).to_pylist()[0]  # type: ignore[no-any-return]


def test_twenty_miles_off_jiangsu_is_chinas_internal_water() -> None:
    answer = one(120.9, 33.6)
    assert answer["waters"] == "internal_waters"
    assert answer["state"] == "CHN"
    assert 10 < answer["coast_distance_nm"] < 25  # type: ignore[operator]
    assert "declared baseline CHN-1996-mainland" in str(answer["source"])
    assert not answer["is_international"]


def test_bohai_and_qiongzhou_strait_are_internal_waters() -> None:
    assert [r["waters"] for r in locate([119.0, 110.2], [38.5, 20.15]).to_pylist()] == ["internal_waters"] * 2


def test_korea_keeps_three_miles_in_the_korea_strait() -> None:
    just_inside, just_outside = locate([129.1, 129.2], [34.98, 34.93]).to_pylist()
    assert just_inside["waters"] == "territorial_sea"
    assert just_outside["waters"] == "contiguous_zone"
    assert just_outside["baseline_distance_nm"] < 12


def test_the_provisional_measures_zone_names_both_states() -> None:
    answer = one(123.0, 34.5)
    assert answer["special_zones"] == ["CHN-KOR-PMZ"]
    assert set(answer["claimants"]) == {"CHN", "KOR"}  # type: ignore[call-overload]


def test_disputed_features_carry_every_claimant() -> None:
    dokdo, senkaku, woody, spratly, ieodo = (
        set(r["claimants"])
        for r in locate([131.87, 123.6, 112.5, 114.3, 125.2], [37.1, 25.8, 16.9, 10.4, 32.1]).to_pylist()
    )
    assert dokdo == {"KOR", "JPN"}
    assert senkaku == {"JPN", "CHN", "TWN"}
    assert woody == {"CHN", "VNM", "TWN"}
    assert spratly == {"CHN", "VNM", "PHL", "MYS", "TWN", "BRN"}
    assert ieodo == {"KOR", "CHN"}


def test_beyond_24_miles_a_small_disputed_island_leaves_the_state_to_the_next_coast_within_200() -> None:
    near_woody, towards_vietnam, out_of_reach = locate([112.95, 111.5, 114.5], [16.4, 15.2, 16.5]).to_pylist()
    assert (near_woody["state"], towards_vietnam["state"], out_of_reach["state"]) == ("CHN", "VNM", "CHN")
    assert towards_vietnam["waters"] == out_of_reach["waters"] == "eez"
    for row in (near_woody, towards_vietnam, out_of_reach):
        assert {"CHN", "VNM", "TWN"} <= set(row["claimants"])
        assert row["waters_uncertain"]
    assert "leaves the state to the next coast" in towards_vietnam["source"]
    east_of_dokdo = one(132.8, 37.3)
    assert (east_of_dokdo["state"], set(east_of_dokdo["claimants"])) == ("JPN", {"JPN", "KOR"})  # type: ignore[call-overload]


def test_the_japan_korea_joint_zone_names_both_and_the_dprk_military_zone_is_a_claim() -> None:
    joint, fifty, beyond, yellow = locate([127.5, 129.2, 130.9, 124.3], [30.5, 39.6, 40.0, 38.6]).to_pylist()
    assert joint["special_zones"] == ["JPN-KOR-1974-JDZ"]
    assert set(joint["claimants"]) == {"JPN", "KOR"}
    assert (fifty["special_zones"], beyond["special_zones"]) == (["PRK-military-zone-east"], [])
    assert (fifty["state"], beyond["state"]) == ("PRK", "PRK")
    assert "PRK-military-zone-west: claimed, not recognised" in yellow["source"]


def test_features_without_an_effect_have_a_territorial_sea_and_no_state() -> None:
    answer = one(114.3, 10.4)
    assert (answer["waters"], answer["state"], answer["waters_uncertain"]) == ("territorial_sea", None, True)


def test_a_treaty_line_divides_the_gulf_of_tonkin() -> None:
    west, east = locate([107.0, 107.5], [19.3, 19.3]).to_pylist()
    assert (west["state"], east["state"]) == ("VNM", "CHN")
    assert "treaty line CHN-VNM-2000-GulfOfTonkin" in east["source"]


def test_waters_near_the_northern_limit_line_say_that_the_line_is_unverified() -> None:
    answer = one(125.70, 37.72)
    assert answer["special_zones"] == ["KOR-NLL-west"]
    assert str(answer["source"]).endswith("KOR-NLL-west: approximate, unverified")
    assert answer["waters_uncertain"]


def test_a_berth_just_inside_the_drawn_coast_is_internal_water_and_says_so() -> None:
    answer = one(-117.185, 32.705)
    assert (answer["waters"], answer["state"]) == ("internal_waters", "USA")
    assert answer["waters_uncertain"]
    assert str(answer["source"]).startswith("on land")


RIVERS = {
    "Shanghai": (121.50, 31.25, "CHN"),
    "Pyongyang": (125.68, 39.03, "PRK"),
    "Sinuiju (Dandong bank)": (124.38, 40.1, "CHN"),
}


@pytest.mark.parametrize("name", RIVERS)
def test_a_river_within_sixty_miles_of_the_sea_is_internal_water_of_the_nearest_coast(name: str) -> None:
    lon, lat, state = RIVERS[name]
    answer = one(lon, lat)
    assert (answer["waters"], answer["state"], answer["waters_uncertain"]) == ("internal_waters", state, True)
    assert answer["claimants"] == [state]
    assert "on land (river, lake or dock)" in str(answer["source"])
    assert not answer["is_international"]


CONTESTED = {
    "inside the Paracels' baselines": (112.5, 16.7),
    "Dokdo": (131.9, 37.2),
    "Senkaku": (123.5, 25.75),
    "Taiwan": (120.2, 22.2),
    "Ieodo": (125.2, 32.1),
}


@pytest.mark.parametrize("place", CONTESTED)
def test_waters_that_several_states_claim_are_uncertain_far_from_any_limit(place: str) -> None:
    answer = one(*CONTESTED[place])
    assert len(answer["claimants"]) > 1  # type: ignore[arg-type]
    assert answer["margin_nm"] > 1 or place == "Taiwan"  # type: ignore[operator]
    assert answer["waters_uncertain"]


LEFT_OPEN = {
    "the provisional measures zone": (123.3, 35.5, "CHN", {"KOR"}),
    "the joint zone of 1974": (127.5, 30.5, "JPN", {"KOR"}),
    "off Kinmen, inside China's line": (118.40, 24.32, "TWN", {"CHN"}),
    "among the Spratlys, beyond 200 nm of other coasts": (113.5, 9.5, None, {"CHN", "VNM", "PHL"}),
    "south of Baengnyeong": (124.70, 37.80, "KOR", {"PRK"}),
    "south of Yeonpyeong": (125.70, 37.58, "KOR", {"PRK"}),
    "Reed Bank": (116.8, 11.4, "PHL", {"CHN"}),
}


@pytest.mark.parametrize("place", LEFT_OPEN)
def test_waters_that_no_agreement_settles_are_uncertain_and_name_who_else_claims(place: str) -> None:
    lon, lat, state, others = LEFT_OPEN[place]
    answer = one(lon, lat)
    assert answer["state"] == state
    assert others <= set(answer["claimants"])  # type: ignore[call-overload]
    assert answer["waters_uncertain"]


def test_a_coast_between_two_drawn_points_belongs_to_the_state_of_the_nearer() -> None:
    gaza, sinai, rock = locate([34.245, 33.8, -5.32], [31.42, 31.3, 36.12]).to_pylist()
    assert (gaza["state"], sinai["state"], rock["state"]) == ("PSE", "EGY", "GIB")


def test_undisputed_waters_far_from_any_limit_are_certain() -> None:
    answer = one(124.0, 30.5)
    assert answer["claimants"] == ["CHN"]
    assert not answer["waters_uncertain"]


def test_a_place_far_inland_gets_a_distance_and_nothing_else() -> None:
    answer = one(118.8, 32.1)
    assert answer["coast_distance_nm"] > 60  # type: ignore[operator]
    nothing = ("waters", "state", "baseline_distance_nm", "margin_nm", "sea")
    assert {k: answer[k] for k in nothing} == dict.fromkeys(nothing)
    assert not answer["is_international"]


def test_the_caspian_sea_is_named_and_is_not_land_and_nothing_else_is_said() -> None:
    answer = one(51.0, 41.5)
    assert (answer["sea"], answer["waters"], answer["state"], answer["coast_distance_nm"]) == (
        "Caspian Sea", None, None, None,
    )  # fmt: skip
    assert answer["is_international"] is None
    assert answer["source"] == "landlocked sea, whose coast and limits are not in the index"
    assert answer["waters_uncertain"]
    assert one(47.0, 40.0)["sea"] is None, "Azerbaijan"
    assert any("no part of the world ocean" in note for note in describe_point(41.5, 51.0)["notes"])


def test_scarborough_shoal_which_the_coast_does_not_show_names_its_claimants() -> None:
    answer = one(117.76, 15.15)
    assert set(answer["claimants"]) == {"CHN", "PHL", "TWN"}  # type: ignore[call-overload]
    assert answer["waters_uncertain"]
    assert one(118.5, 15.15)["claimants"] == ["PHL"]


STRAITS = {"Bosporus": (29.06, 41.12), "Dardanelles": (26.4, 40.2), "Marmara": (28.0, 40.7)}


@pytest.mark.parametrize("strait", STRAITS)
def test_the_turkish_straits_are_in_the_sea_of_marmara(strait: str) -> None:
    answer = one(*STRAITS[strait])
    assert (answer["sea"], answer["state"], answer["is_international"]) == ("Sea of Marmara", "TUR", False)


def test_the_open_pacific_the_poles_and_both_sides_of_the_antimeridian_have_answers() -> None:
    pacific, north, south, a, b = locate([-150, 0, 0, 180, -180], [40, 90, -90, -30, -30]).to_pylist()
    assert (pacific["waters"], pacific["state"], pacific["is_international"]) == ("high_seas", None, True)
    assert north["waters"] == "high_seas"
    assert south["waters"] is None
    assert a == b


def test_a_value_that_is_no_position_gets_an_empty_row_in_its_place() -> None:
    rows = locate([124.0, np.nan, 124.0, np.inf, 124.0], [30.5, 30.5, 91.0, 0, 30.5]).to_pylist()
    assert [r["source"] == "no position" for r in rows] == [False, True, True, True, False]
    empty = {k: v for k, v in rows[1].items() if k != "source"}
    assert empty == dict.fromkeys(empty)
    assert rows[0] == rows[4]


def test_no_points_give_no_rows() -> None:
    assert locate([], []).num_rows == 0
    assert locate([np.nan], [0.0]).num_rows == 1


def test_columns_are_those_of_events() -> None:
    declared = {c.name: c.type for c in EVENTS.columns}
    for field in WATERS_SCHEMA:
        if field.name != "source":
            assert declared[field.name] == field.type
    assert ZONES == WATERS


positions = st.lists(st.tuples(st.floats(-180, 180), st.floats(-78, 85)), min_size=1, max_size=30)


@settings(max_examples=40)
@given(positions, st.integers(-2, 2))
def test_turning_the_globe_changes_nothing(points: list[tuple[float, float]], turns: int) -> None:
    lon, lat = (np.round(np.array(v), 6) for v in zip(*points, strict=True))
    here, turned = locate(lon, lat), locate(lon + 360 * turns, lat)
    for name in ("waters", "state", "claimants", "sea"):
        doubtful = np.array(here.column("waters_uncertain")) | np.array(turned.column("waters_uncertain"))
        pairs = zip(here.column(name).to_pylist(), turned.column(name).to_pylist(), doubtful, strict=True)
        assert all(a == b or d for a, b, d in pairs)


@settings(max_examples=40)
@given(positions)
def test_distance_zone_and_margin_agree(points: list[tuple[float, float]]) -> None:
    lon, lat = zip(*points, strict=True)
    for row in locate(lon, lat).to_pylist():
        if row["waters"] is None or row["source"].startswith("on land") or row["state"] is None:
            continue
        d = row["baseline_distance_nm"]
        assert d <= row["coast_distance_nm"] + 1e-6 or row["waters"] == "internal_waters" or len(row["claimants"]) > 1
        if row["waters"] == "territorial_sea":
            assert d <= 12
        if row["waters"] == "contiguous_zone":
            assert 3 <= d <= 24
        if row["waters"] == "eez":
            assert 24 <= d <= 200
        assert row["margin_nm"] >= 0
        assert row["is_international"] == (row["waters"] in {"contiguous_zone", "eez", "high_seas"})
        assert row["state"] in row["claimants"]


def test_the_order_and_company_of_points_change_nothing() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(105, 135, 400), rng.uniform(15, 42, 400)
    order = rng.permutation(400)
    together = locate(lon, lat)
    assert locate(lon[order], lat[order]).to_pylist() == together.take(order).to_pylist()
    assert locate(lon[:3], lat[:3]).to_pylist() == together.slice(0, 3).to_pylist()


WORLD_DISPUTES = {
    "Crimea": (33.4, 44.4, "RUS", {"UKR"}),
    "Falkland Islands": (-58.0, -51.0, "FLK", {"GBR", "ARG"}),
    "Abu Musa": (55.1, 25.8, "IRN", {"ARE"}),
    "Western Sahara": (-15.5, 25.0, "MAR", {"ESH"}),
    "Gibraltar": (-5.36, 36.11, "GIB", {"GBR", "ESP"}),
}


@pytest.mark.parametrize("place", WORLD_DISPUTES)
def test_disputed_coasts_of_the_world_name_who_administers_and_who_claims(place: str) -> None:
    lon, lat, state, others = WORLD_DISPUTES[place]
    answer = one(lon, lat)
    assert answer["state"] == state
    assert others <= set(answer["claimants"])  # type: ignore[call-overload]
    assert answer["waters_uncertain"]


def test_the_coast_next_to_a_disputed_one_is_not_disputed() -> None:
    novorossiysk, odesa, agadir = locate([37.6, 30.9, -9.8], [44.6, 46.2, 30.3]).to_pylist()
    assert (novorossiysk["claimants"], odesa["claimants"], agadir["claimants"]) == (["RUS"], ["UKR"], ["MAR"])


def test_off_antarctica_no_state_is_named_and_the_reason_is_said() -> None:
    answer = one(0.0, -69.5)
    assert (answer["waters"], answer["state"], answer["waters_uncertain"]) == ("high_seas", None, True)
    assert "Antarctic Treaty" in str(answer["source"])
    assert answer["coast_distance_nm"] < 12  # type: ignore[operator]


def test_no_points_get_an_empty_table() -> None:
    assert locate([], []).num_rows == 0


def test_order_and_duplicates_of_points_do_not_matter() -> None:
    rng = np.random.default_rng(9)
    lon, lat = rng.uniform(-180, 180, 500), rng.uniform(-90, 90, 500)
    shuffled = rng.permutation(500)
    assert locate(lon[shuffled], lat[shuffled]).equals(locate(lon, lat).take(shuffled))


def test_rocks_that_the_drawn_coast_lacks_have_their_territorial_sea() -> None:
    pedra_branca, middle_rocks, scarborough = locate([104.42, 104.41, 117.85], [1.335, 1.31, 15.17]).to_pylist()
    assert (pedra_branca["waters"], pedra_branca["state"]) == ("territorial_sea", "SGP")
    assert middle_rocks["state"] == "MYS"
    assert pedra_branca["waters_uncertain"]
    assert middle_rocks["waters_uncertain"]
    assert (scarborough["waters"], scarborough["state"]) == ("territorial_sea", None)
    assert {"CHN", "PHL", "TWN"} <= set(scarborough["claimants"])


def test_peter_the_great_bay_is_internal_water_by_the_claim_which_the_source_names() -> None:
    bay, off_it, rajin = locate([131.8, 131.8, 130.5], [42.55, 42.35, 42.1]).to_pylist()
    assert (bay["waters"], bay["state"]) == ("internal_waters", "RUS")
    assert "claimed historic" in bay["source"]
    assert bay["waters_uncertain"], "several states protest the claim"
    assert (off_it["waters"], off_it["state"]) == ("territorial_sea", "RUS")
    assert rajin["state"] == "PRK"
