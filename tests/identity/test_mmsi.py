"""The class rule of ITU-R M.585: the place of the MID depends on what the station is."""

import csv
import json
import re

import pytest

from tests.shared_data import shared
from tracker.geo.states import alpha3
from tracker.identity.mmsi import class_of, flag_of, mids, mids_edition

MID_DIFFERENCES = {
    311: ("BHS", "BMU"),  # Bahamas; the other table has shifted Bermuda (310) by one
    501: ("ATA", "FRA"),  # Adelie Land: the place, where the other names the state
    607: ("ATF", "FRA"),  # Saint Paul and Amsterdam: likewise
    608: ("SHN", "GBR"),  # Ascension: likewise
    618: ("ATF", "FRA"),  # Crozet: likewise
    635: ("ATF", "FRA"),  # Kerguelen: likewise
}
LACKING = {335}
"""In one table as Honduras, in the other and in pyais not at all: left unassigned."""


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
    assert alpha3("Korea, North") == alpha3("Korea (North)") == "PRK"
    assert alpha3("Korea") is None
    assert alpha3("Atlantis") is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Venezuela", "VEN"),
        ("St. Kitts & Nevis", "KNA"),
        ("Saint Vincent and the Grenadines", "VCT"),
        ("St. Vincent and the Grenadines", "VCT"),
        ("Bolivia", "BOL"),
        ("The Gambia", "GMB"),
        ("Cote d'Ivoire", "CIV"),
        ("Curacao", "CUW"),
        ("Sao Tome and Principe", "STP"),
        ("Turkey", "TUR"),
        ("Moldova (Republic of)", "MDA"),
        ("Bahamas (Commonwealth of the)", "BHS"),
        ("Korea", None),
        ("Congo, Atlantis", None),
        ("", None),
        ("(none)", None),
        ("None Identified", None),
    ],
)
def test_states_are_read_as_lists_write_them(text: str, state: str | None) -> None:
    assert alpha3(text) == state


@pytest.mark.parametrize("mmsi", [0, 1193046, 111111111, 123456789, 222222222, 999999999, -5, 10**9])
def test_an_mmsi_that_nobody_programmed_is_no_ship_of_any_state(mmsi: int) -> None:
    assert class_of(mmsi) == "invalid"
    assert flag_of(mmsi) is None


def test_our_mids_agree_with_two_other_tables_or_the_difference_has_a_reason() -> None:
    libais = csv.DictReader(shared("real/registry/mid_libais.csv").read_text(encoding="utf-8").splitlines())
    others = json.loads(shared("real/registry/mids.json").read_text(encoding="utf-8"))
    missing = {int(row["prefix"]) for row in libais} - set(mids()) | {int(mid) for mid in others} - set(mids())
    assert missing == LACKING
    differing = {
        int(mid): (mids()[int(mid)], row[1])
        for mid, row in others.items()
        if int(mid) not in LACKING and mids()[int(mid)] != row[1]
    }
    assert differing == MID_DIFFERENCES


LIBAIS_DIFFERENCES = {
    303: ("Alaska (State of) - United States of America", "USA"),  # a part of the state
    306: ("Anilles, Bonaire, Sint Eustatius and Saba - Netherlands (Kingdom of the)", "CUW"),  # dissolved in 2010
    501: ("Adelie Land - France", "ATA"),  # the place, where the other names the state
    607: ("Saint Paul and Amsterdam Islands - France", "ATF"),  # likewise
    608: ("Ascension Island - United Kingdom of Great Britain and Northern Ireland", "SHN"),  # likewise
    618: ("Crozet Archipelago - France", "ATF"),  # likewise
    635: ("Kerguelen Islands - France", "ATF"),  # likewise
    745: ("Guiana (French Department of) - France", "GUF"),  # French Guiana
}
"""Places of the second table whose names are none of the standard's, with the state of ours."""


def test_our_mids_name_the_states_of_the_second_table_or_the_difference_has_a_reason() -> None:
    rows = csv.DictReader(shared("real/registry/mid_libais.csv").read_text(encoding="utf-8").splitlines())
    differing = {}
    for row in rows:
        mid, name = int(row["prefix"]), row["country"]
        head = name.split(" - ")[0]
        inverted = re.sub(r"^(.*?) \((.*)\)$", r"\2 \1", head)
        if mid in mids() and mids()[mid] not in {alpha3(head), alpha3(inverted)}:
            differing[mid] = (name, mids()[mid])
    assert differing == LIBAIS_DIFFERENCES


def test_the_table_of_mids_says_its_edition() -> None:
    assert mids_edition().startswith("pyais 3.3.1")
    assert "291" in mids_edition()
