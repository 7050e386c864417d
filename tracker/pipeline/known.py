"""What registries and watchlists know of the ships of events, one ship at a time."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker.identity.hull_ids import HullIds
from tracker.identity.mmsi import flag_of
from tracker.identity.owners import Listed, Owners, Shared
from tracker.identity.registered import Registered, Registers, first_of, ship_of
from tracker.risk.facts import DESIGNATED, DETAINED, is_of_1718
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import WATCHLIST, Entry, FlagSpell, Hit, WatchList
from tracker.tables.ship import Ship
from tracker.watchlists.match import Matcher, Subject

MOST_PATHS = 6


class Who:
    """Registries and watchlists, asked ship by ship."""

    def __init__(self, statics: Any, lists: Sequence[WatchList], /, *, hulls: HullIds | None = None) -> None:
        self.hulls = hulls or HullIds(statics)
        watchlists = [one for one in lists if one.role == WATCHLIST]
        self.has_watchlist = bool(watchlists)
        self.lists_name = _named_by(watchlists)
        self.matcher = Matcher(watchlists)
        self.owners = Owners(lists)
        self.registers = Registers(lists)
        self._found: dict[Ship, list[Registered]] = {}

    def registered(self, ship: Ship, /) -> Registered | None:
        """The registry's entry of a ship, and what contradicts it."""
        return first_of(self.all_registered(ship))

    def all_registered(self, ship: Ship, /) -> list[Registered]:
        """What every registry says of a ship: where they disagree, all of it."""
        if ship not in self._found:
            self._found[ship] = self.registers.all_of(ship)
        return self._found[ship]

    def hits(self, row: Mapping[str, Any], n: int, /) -> tuple[Hit, ...]:
        """Watchlist hits of a ship of an event, on the day of the event."""
        mmsi = row[f"mmsi_{n}"]
        if mmsi is None or not self.has_watchlist:
            return ()
        subject = Subject(
            names=(row[f"name_{n}"],) if row[f"name_{n}"] else (),
            imo=row[f"imo_{n}"],
            mmsi=mmsi,
            callsign=row[f"callsign_{n}"],
            flag=row[f"flag_{n}"],
            mid_flag=flag_of(mmsi),
            ship_kind=kind_of_code(row[f"ship_type_{n}"]),
            length_m=row[f"length_m_{n}"],
            day=row["start_time"].date(),
        )
        return (*self.matcher.hits(subject), *self._linked(row, n, watchlists=self.has_watchlist))

    def _linked(self, row: Mapping[str, Any], n: int, *, watchlists: bool) -> list[Hit]:
        """Listed companies that own or manage a ship by their IMO company number."""
        ship = ship_of(row, n) if watchlists and self.owners else None
        day = row["start_time"].date()
        found = [] if ship is None else self.owners.listed(ship, day=day, steps=1)
        return [linked_hit(one, day) for one in found if one.is_by_number]

    def owner_sentences(self, row: Mapping[str, Any], /) -> list[str]:
        """What is known of who stands behind the ships of an event on its day."""
        if not self.owners:
            return []
        ships = [ship for n in (1, 2) if (ship := ship_of(row, n)) is not None]
        day = row["start_time"].date()
        lines = [f"Both ships lead to {one.name}: {one.text}." for one in self._shared(ships, day)]
        for ship in ships:
            lines += [f"{ship.label}: behind her stands {one.told(day)}." for one in self.owners.listed(ship, day=day)]
        return lines

    def owner_paths(self, row: Mapping[str, Any], n: int, /) -> list[str] | None:
        """Who stands behind a ship of an event on its day, nearest first, each with the way to it; None without any list."""
        ship = ship_of(row, n) if self.owners else None
        if ship is None:
            return None
        paths = self.owners.above(ship, day=row["start_time"].date()).values()
        told = [path.text.replace(";", ",") for path in paths]
        more = [f"and {len(told) - MOST_PATHS} more: tracker vessel"] if len(told) > MOST_PATHS else []
        return [*told[:MOST_PATHS], *more]

    def _shared(self, ships: Sequence[Ship], day: date) -> list[Shared]:
        return self.owners.shared(ships[0], ships[1], day=day) if len(ships) == 2 else []

    def flag_spell(self, row: Mapping[str, Any], n: int, /) -> tuple[Entry | None, FlagSpell | None]:
        """The registry's entry of a ship of an event that nothing contradicts, and its flag on the day."""
        ship = ship_of(row, n) if self.registers else None
        found = None if ship is None else self.registered(ship)
        if found is None or found.against:
            return None, None
        return found.entry, found.entry.flag_on(row["start_time"].date())

    def registry_sentences(self, row: Mapping[str, Any], n: int, /) -> list[str]:
        """What a reader must know of a registry's word on a ship: a false flag, another hull, two that disagree."""
        ship = ship_of(row, n) if self.registers else None
        found = [] if ship is None else self.all_registered(ship)
        lines, day = [], row["start_time"].date()
        for one in found:
            if one.against:
                lines.append(
                    f"{ship.label if ship else ''}: the entry {one.entry.name} of {one.list_name} differs in "
                    f"{' and '.join(one.against)}: the number may be borrowed, and its particulars are not used."
                )
        used = [one for one in found if not one.against]
        states = {one.list_name: spell for one in used if (spell := one.entry.flag_on(day)) is not None}
        if states and (spell := next(iter(states.values()))).is_false and ship is not None:
            lines.append(f"{ship.label}: {next(iter(states))} calls its flag {spell.state} of that day false.")
        if len({spell.state for spell in states.values()}) > 1 and ship is not None:
            told = ", ".join(f"{spell.state} by {name}" for name, spell in states.items())
            lines.append(f"{ship.label}: registries disagree on its flag that day: {told}; the first counts.")
        return lines


def linked_hit(one: Listed, day: date | None, /) -> Hit:
    """The hit that a listed owner or manager makes: the ship itself is not on the list."""
    listed_on = one.entry.listed_on
    later = day is not None and listed_on is not None and listed_on > day
    return Hit(one.list_name, one.edition, one.entry, "linked", ("company number", one.path.steps[0].role), 1.0, later)


def _named_by(watchlists: Sequence[WatchList]) -> frozenset[str]:
    entries = [entry for one in watchlists for entry in one.vessels]
    told = ((DESIGNATED, _is_designation), (DETAINED, is_detention))
    return frozenset(what for what, holds in told if any(map(holds, entries)))


def _is_designation(entry: Entry) -> bool:
    return is_of_1718(entry.programmes)


def is_detention(entry: Entry, /) -> bool:
    """Whether an entry of a list is about a ship that was detained."""
    return "detained" in (entry.status or "")
