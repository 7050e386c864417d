"""The matching ladder and its traps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared
from tracker.tables.listing import WATCHLIST, Entry, FlagSpell, WatchList
from tracker.watchlists.match import Matcher, Subject
from tracker.watchlists.names import SAME, similarity
from tracker.watchlists.read import read_list

STAR = Entry(
    "1",
    "SYN STAR 8",
    imo=9187629,
    mmsis=(352000001,),
    callsigns=("3FAB2",),
    flags=(FlagSpell("PAN"),),
    ship_type="Oil tanker",
    length_m=100.0,
    listed_on=date(2018, 3, 30),
    is_sanction=True,
)


def strength(subject: Subject, *entries: Entry) -> str | None:
    hits = Matcher([WatchList("syn", WATCHLIST, "csv", "", entries or (STAR,))]).hits(subject)
    return hits[0].strength if hits else None


def test_all_38_vessels_of_interest_match_themselves_and_no_other() -> None:
    interest = read_list(shared("reference/vessels_of_interest_public.csv"))
    matcher = Matcher([interest])
    assert len(interest.entries) == 38
    for entry in interest.entries:
        flag = entry.flags[0].state if entry.flags else None
        by_all = matcher.hits(
            Subject((entry.name,), entry.imo, flag=flag, ship_kind="tanker" if not entry.imo else None)
        )
        assert [hit.entry.name for hit in by_all] == [entry.name]
        by_name = matcher.hits(Subject((entry.name,), flag=flag))
        assert [hit.entry.name for hit in by_name] == [entry.name]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NAM SAN 8", "NAM SAN 2"),
        ("CHON MA SAN", "CHON MA"),
        ("KUM UN SAN", "KUM UN SAN 3"),
        ("SAM JONG 1", "SAM JONG 2"),
        ("NAM SAN 8", "NAM SAN"),
        ("NAM SAN 8", "NAM SAN 88"),
        ("PAEK MA", "PO CHON"),
        ("남산 8", "NAM SAN 2"),
        ("KUM UN SAN II", "KUM UN SAN III"),
        ("NAM SAN ፩", "NAM SAN 1"),
        ("\u0633\u062a\u0627\u0631\u0647", "SETAREH"),
        ("8", "9"),
        ("", ""),
    ],
)
def test_look_alikes_are_other_ships(one: str, other: str) -> None:
    assert similarity(one, other) < SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NAM SAN 8", "M/V NAMSAN NO. 8"),
        ("SAEBYOL", "SAE BYOL"),
        ("BILLIONS NO. 18", "BILLIONS NO.18"),
        ("RYE SONG GANG 1", "RYE SONG GANG1"),
        ("HAO FAN 06", "HAOFAN 6"),
        ("ESPAÑA", "ESPANA"),
        ("闽宁德油078", "MIN NING DE YOU 078"),
        ("남산 8", "NAM SAN 8"),
        ("НАМ САН 8", "NAM SAN 8"),
        ("NAM SAN ８", "NAM SAN 8"),
        ("NAM SAN ٨", "NAM SAN 8"),
        ("KUM UN SAN III", "KUM UN SAN 3"),
        ("\u202eNAM SAN 8\u202c", "NAM SAN 8"),
    ],
)
def test_ways_of_writing_one_name_are_one_name(one: str, other: str) -> None:
    assert similarity(one, other) == 1.0


def test_an_alias_is_a_name() -> None:
    ship = Entry("2", "AN SAN 1", aliases=("HOPE SEA",), flags=(FlagSpell("PRK"),))
    assert strength(Subject(("HOPE SEA",), flag="PRK"), ship) == "possible"


def test_an_equal_imo_number_confirms_whatever_the_name() -> None:
    assert strength(Subject(("ANOTHER",), imo=9187629, length_m=101.0, ship_kind="tanker")) == "confirmed"


@pytest.mark.parametrize("length_m", [80.0, 120.0])
def test_a_stolen_imo_number_shows_by_the_size_of_the_hull(length_m: float) -> None:
    assert strength(Subject(("SYN STAR 8",), imo=9187629, length_m=length_m)) == "identity_conflict"


def test_a_stolen_imo_number_shows_by_the_type_of_the_ship() -> None:
    assert strength(Subject(("SYN STAR 8",), imo=9187629, ship_kind="fishing")) == "identity_conflict"


def test_an_mmsi_used_again_by_another_ship_is_weak() -> None:
    assert strength(Subject(("LUCKY PEARL",), mmsi=352000001, length_m=40.0, mid_flag="HND")) == "weak"
    assert strength(Subject(("SYN STAR 2",), imo=9074729, mmsi=352000001, mid_flag="PAN")) == "weak"


def test_name_and_mmsi_of_a_listed_ship_under_another_imo_number_contradict_each_other() -> None:
    (hit,) = Matcher([WatchList("syn", WATCHLIST, "csv", "", (STAR,))]).hits(
        Subject(("SYN STAR 8",), imo=9074729, mmsi=352000001, mid_flag="PAN")
    )
    assert hit.strength == "identity_conflict"
    assert "not imo" in hit.matched


def test_a_listed_number_under_another_name_is_told_as_that() -> None:
    (hit,) = Matcher([WatchList("syn", WATCHLIST, "csv", "", (STAR,))]).hits(Subject(("LUCKY PEARL",), imo=9187629))
    assert (hit.strength, hit.matched) == ("confirmed", ("imo", "another name"))


@pytest.mark.parametrize(
    "support", [{"names": ("SYN STAR 8",)}, {"length_m": 95.0}, {"mid_flag": "PAN"}], ids=["name", "length", "flag"]
)
def test_an_equal_mmsi_with_support_is_probable(support: dict[str, object]) -> None:
    assert strength(Subject(mmsi=352000001, **support)) == "probable"  # type: ignore[arg-type]


def test_name_and_call_sign_are_probable_name_flag_and_type_possible() -> None:
    assert strength(Subject(("SYN STAR 8",), callsign="3fab2")) == "probable"
    assert strength(Subject(("SYN STARR 8",), flag="PAN", ship_kind="tanker")) == "possible"
    assert strength(Subject(("SYN STARR 8",), flag="TGO", ship_kind="tanker")) is None
    assert strength(Subject(("SYN STAR 2",), callsign="3FAB2", flag="PAN", ship_kind="tanker")) is None


def test_two_imo_numbers_are_two_ships_whatever_their_names() -> None:
    assert strength(Subject(("SYN STAR 8",), imo=9074729, flag="PAN", ship_kind="tanker")) is None


def test_a_hit_before_the_listing_says_later_designated() -> None:
    matcher = Matcher([WatchList("syn", WATCHLIST, "csv", "", (STAR,))])
    (before,) = matcher.hits(Subject(imo=9187629, day=date(2018, 3, 29)))
    (on_the_day,) = matcher.hits(Subject(imo=9187629, day=date(2018, 3, 30)))
    assert before.code == "syn:1:confirmed later designated 2018-03-30"
    assert on_the_day.code == "syn:1:confirmed"


def test_two_lists_that_disagree_are_both_shown() -> None:
    other = Entry("9", "SYN STAR 8", imo=9187629, ship_type="Bulk carrier")
    lists = [WatchList(name, WATCHLIST, "csv", "", (entry,)) for name, entry in (("a", STAR), ("b", other))]
    hits = Matcher(lists).hits(Subject(imo=9187629, ship_kind="tanker"))
    assert [(hit.list_name, hit.strength) for hit in hits] == [("a", "confirmed"), ("b", "identity_conflict")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BICENTENARIO V", "BICENTENARIO X"),
        ("BICENTENARIO XIV", "BICENTENARIO XVI"),
        ("MARIE DE LOURDES", "MARIE DE LOURDES I"),
        ("CHON MYONG V", "CHON MYONG"),
    ],
)
def test_a_roman_numeral_at_the_end_of_a_name_tells_ships_apart(one: str, other: str) -> None:
    assert similarity(one, other) == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RYE SONG GANG I", "RYE SONG GANG 1"),
        ("JI SONG VI", "JI SONG 6"),
        ("HUA XI", "HUAXI"),
        ("ΝΑΜ SΑΝ 8", "NAM SAN 8"),
        ("СHОN МYОNG 1", "CHON MYONG 1"),
        ("ΑΓΙΟΣ ΝΙΚΟΛΑΟΣ", "AGIOS NIKOLAOS"),
        ("ĐẠI DƯƠNG", "DAI DUONG"),
    ],
)
def test_a_name_is_the_same_in_numerals_and_letters_that_look_or_sound_alike(one: str, other: str) -> None:
    assert similarity(one, other) == 1.0


def test_a_ship_is_found_by_the_other_kind_of_numeral() -> None:
    assert strength(Subject(("SYN STAR VIII",))) == "possible"
    assert strength(Subject(("SYN STAR V",), flag="PAN", ship_kind="tanker")) is None


@given(st.text(max_size=20), st.text(max_size=20))
def test_similarity_is_symmetric_bounded_and_one_only_for_names_that_read_the_same(one: str, other: str) -> None:
    assert 0.0 <= similarity(one, other) <= 1.0
    assert similarity(one, other) == pytest.approx(similarity(other, one))
