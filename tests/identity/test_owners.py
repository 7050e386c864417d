"""Owners, managers, parents and addresses of two ships, with the path and its dates."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tracker.identity.owners import Owners, plain
from tracker.tables.listing import ORGANISATION, REGISTRY, WATCHLIST, Entry, Tie, WatchList
from tracker.tables.ship import Ship

A, B, C = (Ship(352000000 + n, imo=imo) for n, imo in enumerate((9187629, 9074729, 3000005)))
DAY = date(2020, 1, 31)


def ship(imo: int | None, *ties: Tie) -> Entry:
    return Entry(str(imo), f"SYN {imo}", imo=imo, ties=ties)


def company(name: str, *ties: Tie, **more: object) -> Entry:
    return Entry(f"c-{name}", name, ORGANISATION, ties=ties, **more)  # type: ignore[arg-type]


def owners(*entries: Entry, listed: tuple[Entry, ...] = ()) -> Owners:
    lists = [WatchList("reg", REGISTRY, "csv", "", entries)]
    return Owners([*lists, WatchList("list", WATCHLIST, "csv", "", listed)] if listed else lists)


def test_two_ships_of_one_owner_are_told_with_the_dates() -> None:
    since = date(2019, 12, 1)
    graph = owners(ship(A.imo, Tie("owner", "SYN CO., LTD.", since)), ship(B.imo, Tie("owner", "Syn Company Limited")))
    (found,) = graph.shared(A, B, day=DAY)
    assert found.one.text == "owner SYN CO., LTD. since 2019-12-01 (reg)"
    assert found.ships == 2
    assert graph.shared(A, C, day=DAY) == []


def test_an_address_two_steps_away_is_shared_and_what_follows_from_a_shared_owner_is_not_told_again() -> None:
    place = Tie("address", "1 Road, Synport")
    apart = owners(
        ship(A.imo, Tie("owner", "SYN A")), ship(B.imo, Tie("owner", "SYN B")), company("SYN A", place), company("SYN B", place)
    )  # fmt: skip
    (found,) = apart.shared(A, B)
    assert found.one.text == "owner SYN A (reg) > address 1 Road, Synport (reg)"
    together = owners(ship(A.imo, Tie("owner", "SYN A")), ship(B.imo, Tie("manager", "SYN A")), company("SYN A", place))
    assert [one.name for one in together.shared(A, B)] == ["SYN A"]


def test_an_owner_of_before_or_after_the_day_is_no_owner_of_the_day() -> None:
    gone, coming = Tie("owner", "SYN A", None, date(2019, 1, 1)), Tie("owner", "SYN A", date(2020, 6, 1))
    assert owners(ship(A.imo, gone), ship(B.imo, Tie("owner", "SYN A"))).shared(A, B, day=DAY) == []
    assert owners(ship(A.imo, coming), ship(B.imo, Tie("owner", "SYN A"))).shared(A, B, day=DAY) == []
    assert owners(ship(A.imo, gone), ship(B.imo, Tie("owner", "SYN A"))).shared(A, B) != []


def test_a_listed_parent_is_found_within_the_steps_asked_and_not_beyond() -> None:
    graph = owners(
        ship(A.imo, Tie("owner", "SYN A")),
        company("SYN A", Tie("parent", "SYN B")),
        company("SYN B", Tie("parent", "SYN TOP")),
        listed=(company("SYN TOP", is_sanction=True), company("SYN OTHER", is_sanction=True)),
    )
    (found,) = graph.listed(A, steps=3)
    assert found.path.text == "owner SYN A (reg) > parent SYN B (reg) > parent SYN TOP (reg)"
    assert (found.list_name, found.entry.name, found.is_by_number) == ("list", "SYN TOP", False)
    assert "the same name only" in found.told()
    assert graph.listed(A, steps=2) == []


def test_a_company_number_joins_a_company_whatever_its_name() -> None:
    graph = owners(
        ship(A.imo, Tie("owner", "ANOTHER SPELLING", company_imo=5012345)),
        listed=(company("SYN TOP", is_sanction=True, company_imo=5012345),),
    )
    (found,) = graph.listed(A)
    assert found.is_by_number
    assert "the same company number" in found.told()


def test_a_listing_of_an_owner_says_since_when_and_that_it_was_not_yet() -> None:
    top = company("SYN TOP", is_sanction=True, listed_on=date(2020, 3, 30))
    (found,) = owners(ship(A.imo, Tie("owner", "SYN TOP")), listed=(top,)).listed(A)
    assert "since 2020-03-30, after this day, the same name only" in found.told(DAY)
    assert "after this day" not in found.told(date(2020, 4, 1))
    (own,) = owners(listed=(ship(A.imo, Tie("owner", "SYN TOP")), company("SYN TOP", is_sanction=True))).listed(A)
    assert "(since when it does not say), named by that list itself" in own.told()


def test_a_company_that_owns_itself_ends() -> None:
    ring = [company("SYN A", Tie("parent", "SYN B")), company("SYN B", Tie("parent", "SYN A"))]
    graph = owners(ship(A.imo, Tie("owner", "SYN A")), ship(B.imo, Tie("owner", "SYN B")), *ring)
    assert {one.name for one in graph.shared(A, B)} <= {"SYN A", "SYN B"}
    assert graph.listed(A, steps=50) == []


@given(st.text(max_size=30))
def test_names_are_folded_once_and_for_all(name: str) -> None:
    assert plain(plain(name)) == plain(name)
