"""What a registry says of a ship that was heard: it wins over what the ship says of itself.

A registry's entry is found by the IMO number, else by the MMSI. Where type or length contradict, the number is
borrowed or mistyped: the entry describes another hull, so that its deadweight, type and flag are not laid to this one.
MMSIs are used again: by MMSI alone an entry counts when it bears no IMO number itself, or the same name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.identity.cards import Cards
from tracker.tables.kinds import kind_of_code, kind_of_words
from tracker.tables.listing import REGISTRY, VESSEL, WATCHLIST, Entry, WatchList, contradictions
from tracker.tables.ship import Ship

CODES = {"tanker": 80, "cargo": 70, "passenger": 60, "tug": 52, "fishing": 30}
"""AIS code (ITU-R M.1371-5, table 53) of a kind of ship; the second digit, a hazard category, is not known."""


@dataclass(frozen=True)
class Registered:
    """An entry of a list about a ship, and what contradicts it (``type``, ``length``)."""

    list_name: str
    entry: Entry
    against: tuple[str, ...] = ()


class Registers:
    """Lists indexed by IMO number and MMSI: registries, and watchlists for the deadweight that they may give."""

    def __init__(self, lists: Sequence[WatchList], /, *, role: str = REGISTRY) -> None:
        self._imo: dict[int, list[tuple[str, Entry]]] = {}
        self._mmsi: dict[int, list[tuple[str, Entry]]] = {}
        for one in lists:
            for entry in one.entries:
                if one.role != role or entry.kind != VESSEL:
                    continue
                if entry.imo is not None:
                    self._imo.setdefault(entry.imo, []).append((one.name, entry))
                for mmsi in entry.mmsis:
                    self._mmsi.setdefault(mmsi, []).append((one.name, entry))

    def __bool__(self) -> bool:
        return bool(self._imo or self._mmsi)

    def all_of(self, ship: Ship, /) -> list[Registered]:
        """Entries about a ship, in the order of lists; registries that disagree are both here."""
        found = [] if ship.imo is None else self._imo.get(ship.imo, [])
        if not found:
            found = [
                (name, entry)
                for name, entry in self._mmsi.get(ship.mmsi, [])
                if entry.imo is None or (ship.imo is None and _plain(ship.name) in {_plain(n) for n in entry.names})
            ]
        kind = kind_of_code(ship.ship_type)
        return [
            Registered(name, entry, tuple(contradictions(entry, ship_kind=kind, length_m=ship.length_m)))
            for name, entry in found
        ]

    def of(self, ship: Ship, /) -> Registered | None:
        """The first entry about a ship that nothing contradicts, else the first; None when there is none."""
        return first_of(self.all_of(ship))


def first_of(found: Sequence[Registered], /) -> Registered | None:
    """The first entry that nothing contradicts, else the first."""
    return next((one for one in found if not one.against), found[0] if found else None)


def describe(ship: Ship, registers: Registers, /) -> Ship:
    """A ship with what a registry adds: its type wins, name and size fill what the ship did not say.

    A size that the ship gave is kept beside the antenna that was measured in it: within `contradictions` both agree.
    """
    found = registers.of(ship)
    if found is None or found.against:
        return ship
    entry = found.entry
    kind = kind_of_words(entry.ship_type)
    code = CODES[kind] if kind is not None and kind != kind_of_code(ship.ship_type) else ship.ship_type
    return replace(
        ship,
        name=ship.name or entry.name or None,
        imo=ship.imo or entry.imo,
        ship_type=code,
        length_m=ship.length_m or entry.length_m,
        beam_m=ship.beam_m or entry.beam_m,
    )


class KnownShips:
    """Ships as they describe themselves and as registries do; asked like `tracker.identity.cards.Cards`."""

    def __init__(self, cards: Cards, lists: Sequence[WatchList], /) -> None:
        self._cards = cards
        self._registers = Registers(lists)
        self._listed = Registers(lists, role=WATCHLIST)

    def ship_at(self, mmsi: int, time_ms: int, /) -> Ship:
        """Identity and hull of an MMSI at a time."""
        ship = self._cards.ship_at(mmsi, time_ms)
        return describe(ship, self._registers) if self._registers else ship

    @property
    def know_deadweights(self) -> bool:
        """Whether there is a list that may give a deadweight."""
        return bool(self._registers) or bool(self._listed)

    def deadweights(self, row: Mapping[str, Any], /) -> dict[str, Any]:
        """``dwt_t`` and ``dwt_basis`` (registry, or else watchlist) of the ships of an event, where a list gives one."""
        answer: dict[str, Any] = {}
        for n in (1, 2):
            ship = ship_of(row, n)
            found = None if ship is None else self._dwt_t(ship)
            if found is not None:
                answer |= {f"dwt_t_{n}": found[0], f"dwt_basis_{n}": found[1]}
        return answer

    def _dwt_t(self, ship: Ship) -> tuple[float, str] | None:
        for basis, source in ((REGISTRY, self._registers), (WATCHLIST, self._listed)):
            for one in source.all_of(ship):
                if not one.against and one.entry.dwt_t is not None:
                    return one.entry.dwt_t, basis
        return None


def ship_of(row: Mapping[str, Any], n: int, /) -> Ship | None:
    """Vessel 1 or 2 of an event row; None when there is none."""
    if row[f"mmsi_{n}"] is None:
        return None
    names = ("name", "imo", "callsign", "ship_type", "length_m", "beam_m")
    return Ship(row[f"mmsi_{n}"], **{name: row.get(f"{name}_{n}") for name in names})


def _plain(name: str | None) -> str:
    return re.sub(r"[^\w]", "", (name or "").upper())
