"""The class rule of ITU-R M.585: the place of the MID depends on what the station is."""

import pytest

from tracker.geo.states import alpha3
from tracker.identity.mmsi import class_of, flag_of, mids


@pytest.mark.parametrize(
    ("mmsi", "kind", "flag"),
    [
        (445000102, "ship", "PRK"),
        (412345678, "ship", "CHN"),
        (477117400, "ship", "HKG"),
        (311000013, "ship", "BHS"),
        (2573500, "coast_station", "NOR"),
        (25735000, "group", "NOR"),
        (111219501, "sar_aircraft", "DNK"),
        (992471090, "aton", "ITA"),
        (982191234, "craft", "DNK"),
        (824412345, "handheld", "NLD"),
        (970123456, "sart", None),
        (972123456, "mob", None),
        (974123456, "epirb", None),
        (638000001, "ship", "SSD"),
        (100000000, "invalid", None),
        (299999999, "ship", None),
    ],
)
def test_an_mmsi_tells_its_class_and_the_state_in_its_mid(mmsi: int, kind: str, flag: str | None) -> None:
    assert class_of(mmsi) == kind
    assert flag_of(mmsi) == flag


def test_every_mid_names_a_state_of_iso_3166() -> None:
    assert len(mids()) >= 291
    assert all(alpha3(state) == state for state in mids().values())


def test_states_are_read_from_codes_and_names_in_any_case() -> None:
    assert alpha3("kp") == alpha3("PRK") == alpha3("north korea") == alpha3(" DPRK ") == "PRK"
    assert alpha3("Atlantis") is None
