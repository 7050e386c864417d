"""Who is behind ships: owners, managers, parents and addresses, as far as lists and registries say.

A graph over the entries of all lists of a case. Companies are one where their IMO company number, the entry that a
list names, or the name is the same (legal forms written out or short count as the same). Every answer is a path with the
list and the dates of each step, because a name alone proves little: shared managers and registered addresses are common.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.tables.listing import ORGANISATION, Entry, Tie, WatchList
from tracker.tables.ship import Ship

LEAST_SHIPS = 10
"""Of fewer ships it says nothing that a company has one (judgement)."""
STEPS = 3
"""How far up the ladder is looked: ship, owner, parent, its parent."""
FORMS = {"LIMITED": "LTD", "COMPANY": "CO", "CORPORATION": "CORP", "INCORPORATED": "INC", "AND": "&"}
Node = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One tie of a path: what binds, to whom, since and until when, by which list."""

    role: str
    name: str
    since: date | None
    until: date | None
    source: str

    @property
    def text(self) -> str:
        """``owner SYN CO LTD since 2019-12-01 (registry)``."""
        dates = f" since {self.since}" if self.since else ""
        dates += f" until {self.until}" if self.until else ""
        return f"{self.role} {self.name}{dates} ({self.source})"


@dataclass(frozen=True)
class Path:
    """Steps from a ship upwards, and what stands at the end."""

    steps: tuple[Step, ...]
    end: Node

    @property
    def text(self) -> str:
        """The steps, one after the other."""
        return " > ".join(step.text for step in self.steps)


@dataclass(frozen=True)
class Shared:
    """What two ships have in common, with the way to it from each and how many ships of the lists hang there."""

    one: Path
    other: Path
    ships: int

    @property
    def name(self) -> str:
        """What is shared."""
        return self.one.steps[-1].name

    @property
    def text(self) -> str:
        """Both ways in words."""
        return f"{self.one.text}; and {self.other.text}; {self.ships} ships of the lists lead there"


@dataclass(frozen=True)
class Listed:
    """A listed organisation behind a ship, with the way to it."""

    path: Path
    list_name: str
    edition: date | None
    entry: Entry
    is_by_number: bool
    """The first step names the organisation by its IMO company number."""

    def told(self, day: date | None = None, /) -> str:
        """``SYN TOP, listed by syn since 2018-03-30, the same name only: owner SYN TOP LTD (registry)``."""
        since = f"since {self.entry.listed_on}" if self.entry.listed_on else "(since when it does not say)"
        if day is not None and self.entry.listed_on is not None and self.entry.listed_on > day:
            since += ", after this day"
        basis = "the same name only"
        if self.is_by_number:
            basis = "the same company number"
        elif self.path.steps[-1].source == self.list_name:
            basis = "named by that list itself"
        return f"{self.entry.name}, listed by {self.list_name} {since}, {basis}: {self.path.text}"


class Owners:
    """The graph over the entries of lists."""

    def __init__(self, lists: Iterable[WatchList], /) -> None:
        lists = list(lists)
        self._key_of_number: dict[int, str] = {}
        self._key_of_entry: dict[tuple[str, str], str] = {}
        self._key_of_name: dict[str, str] = {}
        self._listed: dict[str, list[tuple[str, Entry]]] = {}
        self._editions = {one.name: one.edition for one in lists}
        self._up: dict[Node, list[tuple[Tie, Node, str]]] = {}
        self._below: dict[Node, set[Node]] = {}
        organisations = [(one.name, entry) for one in lists for entry in one.entries if entry.kind == ORGANISATION]
        for name, entry in organisations:
            self._know(name, entry)
        for name, entry in organisations:
            key = self._key_of_entry[name, entry.entry_id]
            if entry.is_sanction:
                self._listed.setdefault(key, []).append((name, entry))
            self._tie(name, ("organisation", key), entry)
        for one in lists:
            for entry in one.vessels:
                for node in _ship_nodes(entry.imo, entry.mmsis):
                    self._tie(one.name, node, entry)

        self._ship_count = sum(kind == "ship" for kind, _ in self._up)

    def __bool__(self) -> bool:
        return bool(self._up)

    def _know(self, list_name: str, entry: Entry) -> None:
        names = [plain(name) for name in entry.names if plain(name)]
        key = self._key_of_number.get(entry.company_imo or -1)
        key = key or next((self._key_of_name[name] for name in names if name in self._key_of_name), None)
        key = key or (names[0] if names else entry.entry_id)
        self._key_of_entry[list_name, entry.entry_id] = key
        for name in names:
            self._key_of_name.setdefault(name, key)
        if entry.company_imo is not None:
            self._key_of_number.setdefault(entry.company_imo, key)

    def _tie(self, list_name: str, node: Node, entry: Entry) -> None:
        for tie in entry.ties:
            if not plain(tie.name):
                continue
            if tie.role == "address":
                above = ("address", plain(tie.name))
            else:
                name = plain(tie.name)
                key = self._key_of_entry.get((list_name, tie.entry_id or ""))
                key = key or self._key_of_number.get(tie.company_imo or -1) or self._key_of_name.get(name, name)
                above = ("organisation", key)
            if above == node or any(tie == known and above == to for known, to, _ in self._up.get(node, [])):
                continue
            self._up.setdefault(node, []).append((tie, above, list_name))
            self._below.setdefault(above, set()).add(node)

    def above(self, ship: Ship, /, *, day: date | None = None, steps: int = STEPS) -> dict[Node, Path]:
        """Everything above a ship within so many steps, each with the shortest path; ties that do not hold that day
        are left out."""
        found: dict[Node, Path] = {}
        edge: list[tuple[Node, tuple[Step, ...]]] = [
            (node, ()) for node in _ship_nodes(ship.imo, () if ship.imo else (ship.mmsi,))
        ]
        for _ in range(steps):
            following = []
            for node, way in edge:
                for tie, above, source in self._up.get(node, []):
                    if above in found or not _holds(tie, day):
                        continue
                    path = (*way, Step(tie.role, tie.name, tie.since, tie.until, source))
                    found[above] = Path(path, above)
                    following.append((above, path))
            edge = following
        return found

    def shared(self, one: Ship, other: Ship, /, *, day: date | None = None, steps: int = STEPS) -> list[Shared]:
        """What two ships have in common, nearest first; what follows from something nearer is left out."""
        ways, others = self.above(one, day=day, steps=steps), self.above(other, day=day, steps=steps)
        common = sorted(ways.keys() & others.keys(), key=lambda n: (len(ways[n].steps) + len(others[n].steps), n))
        kept: list[Node] = []
        behind: set[Node] = set()
        for node in common:
            if node not in behind:
                kept.append(node)
                waiting = [node]
                while waiting:
                    new = {to for _, to, _ in self._up.get(waiting.pop(), [])} - behind
                    behind |= new
                    waiting += new
        return [Shared(ways[node], others[node], self._ships_below(node)) for node in kept]

    def listed(self, ship: Ship, /, *, day: date | None = None, steps: int = STEPS) -> list[Listed]:
        """Listed organisations above a ship within so many steps, nearest first."""
        found = []
        for node, path in self.above(ship, day=day, steps=steps).items():
            for list_name, entry in self._listed.get(node[1], []) if node[0] == "organisation" else []:
                by_number = len(path.steps) == 1 and self._by_number(ship, entry)
                found.append(Listed(path, list_name, self._editions[list_name], entry, by_number))
        return sorted(found, key=lambda one: (len(one.path.steps), one.list_name, one.entry.entry_id))

    def ships_of(self, entry: Entry, /) -> int | None:
        """Ships that hang on the owner of a registry's entry; None where it names none, or the lists are too few to tell."""
        owners = [tie for tie in entry.ties if tie.role == "owner" and tie.until is None]
        tie = max(owners, key=lambda one: one.since or date.min, default=None)
        ships = [node for node in _ship_nodes(entry.imo, entry.mmsis) if node in self._up]
        if tie is None or not ships or self._ship_count < LEAST_SHIPS:
            return None
        above = next((to for known, to, _ in self._up[ships[0]] if known == tie), None)
        return None if above is None else self._ships_below(above)

    def _by_number(self, ship: Ship, entry: Entry) -> bool:
        ties = [tie for node in _ship_nodes(ship.imo, (ship.mmsi,)) for tie, _, _ in self._up.get(node, [])]
        return entry.company_imo is not None and any(tie.company_imo == entry.company_imo for tie in ties)

    def _ships_below(self, node: Node) -> int:
        """Ships from which a node is reached."""
        seen, waiting = set(), [node]
        while waiting:
            for below in self._below.get(waiting.pop(), ()):
                if below not in seen:
                    seen.add(below)
                    waiting.append(below)
        return sum(kind == "ship" for kind, _ in seen)


def plain(name: str, /) -> str:
    """A company's name or an address for comparison: without accents, punctuation and case, legal forms short."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).upper())
    words = re.findall(r"\w+|&", "".join(c for c in text if not unicodedata.combining(c)).replace(".", ""))
    return " ".join(FORMS.get(word, word) for word in words)


def _ship_nodes(imo: int | None, mmsis: Sequence[int]) -> list[Node]:
    if imo is not None:
        return [("ship", f"IMO{imo}")]
    return [("ship", f"MMSI{mmsi:09d}") for mmsi in mmsis]


def _holds(tie: Tie, day: date | None) -> bool:
    return day is None or ((tie.since is None or tie.since <= day) and (tie.until is None or day <= tie.until))
