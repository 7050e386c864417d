"""The state in a call sign is a cross-check of the MMSI."""

import pytest

from tracker.identity.callsign import state_of_callsign


@pytest.mark.parametrize(
    ("callsign", "state"),
    [
        ("HMYK6", "PRK"),
        ("P7AB", "PRK"),
        ("BQCD", "TWN"),
        ("BOCE", "TWN"),
        ("BHAB", "CHN"),
        ("3FAB2", "PAN"),
        ("H3XY", "PAN"),
        ("VRAB7", "HKG"),
        ("9V1234", "SGP"),
        ("5IM123", "TZA"),
        ("DSQR", "KOR"),
        ("SSN2", "SDN"),
        ("SSM2", "EGY"),
        ("9la2345", "SLE"),
    ],
)
def test_a_call_sign_begins_with_the_series_of_its_state(callsign: str, state: str) -> None:
    assert state_of_callsign(callsign) == state


@pytest.mark.parametrize("callsign", [None, "", "X", "412345", "1ABC", "Q2AB", "=CMD()", "\u202eHM"])
def test_what_is_no_call_sign_names_no_state(callsign: str | None) -> None:
    assert state_of_callsign(callsign) is None
