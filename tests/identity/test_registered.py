"""A registry wins over what a ship says of itself, unless it describes another hull."""

import pytest

from tracker.identity.cards import Cards
from tracker.identity.registered import KnownShips, Registers, describe
from tracker.tables.listing import REGISTRY, WATCHLIST, Entry, WatchList
from tracker.tables.ship import Ship
from tracker.tables.statics import STATICS

IMO = 9187629
ENTRY = Entry("1", "SYN STAR", imo=IMO, ship_type="Oil tanker", length_m=100.0, beam_m=16.0, dwt_t=3400.0)


def registers(*entries: Entry) -> Registers:
    return Registers([WatchList("own", REGISTRY, "csv", "", entries or (ENTRY,))])


def test_type_of_the_registry_wins_and_a_size_that_the_ship_did_not_say_is_filled() -> None:
    ship = describe(Ship(352000001, imo=IMO, ship_type=99), registers())
    assert (ship.name, ship.ship_type, ship.length_m, ship.beam_m) == ("SYN STAR", 80, 100.0, 16.0)


def test_what_the_ship_said_of_kind_and_antenna_stays_where_both_agree() -> None:
    said = Ship(352000001, name="SYN OLD", imo=IMO, ship_type=89, length_m=98.0, to_bow_m=80, to_stern_m=18)
    ship = describe(said, registers())
    assert (ship.name, ship.ship_type, ship.length_m) == ("SYN OLD", 89, 98.0)


@pytest.mark.parametrize("said", [{"length_m": 60.0}, {"ship_type": 30}])
def test_a_borrowed_number_gets_nothing_of_the_hull_it_belongs_to(said: dict[str, object]) -> None:
    ship = Ship(352000001, imo=IMO, **said)  # type: ignore[arg-type]
    assert describe(ship, registers()) == ship


def test_an_mmsi_alone_finds_an_entry_only_where_no_number_or_the_name_supports_it() -> None:
    own = Entry("1", "SYN STAR", imo=IMO, mmsis=(352000001,), dwt_t=3400.0)
    assert registers(own).of(Ship(352000001, name="LUCKY PEARL")) is None
    assert registers(own).of(Ship(352000001, name="SYN-STAR")) is not None
    assert registers(own).of(Ship(352000001, name="SYN STAR", imo=9074729)) is None
    assert registers(Entry("2", "SYN BARGE", mmsis=(352000001,))).of(Ship(352000001)) is not None


def test_an_entry_that_fits_is_taken_before_one_that_does_not() -> None:
    other = Entry("0", "SYN STAR", imo=IMO, length_m=200.0)
    found = registers(other, ENTRY).of(Ship(352000001, imo=IMO, length_m=100.0))
    assert found is not None
    assert found.entry is ENTRY
    assert len(registers(other, ENTRY).all_of(Ship(352000001, imo=IMO, length_m=100.0))) == 2


def test_deadweight_comes_from_a_registry_before_a_watchlist() -> None:
    row = {"mmsi_1": 352000001, "imo_1": IMO, "mmsi_2": 445000001, "imo_2": 9074729, "ship_type_2": 80}
    listed = WatchList("w", WATCHLIST, "csv", "", (Entry("7", "SYN B", imo=9074729, dwt_t=5000.0), ENTRY))
    ships = KnownShips(Cards(STATICS.empty()), [listed, WatchList("r", REGISTRY, "csv", "", (ENTRY,))])
    assert ships.deadweights(row) == {
        "dwt_t_1": 3400.0,
        "dwt_basis_1": "registry",
        "dwt_t_2": 5000.0,
        "dwt_basis_2": "watchlist",
    }
