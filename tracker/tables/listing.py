"""Watchlists and registries as the stages exchange them: a list, its entries, flags over time, and hits.

A registry is a list whose entries describe ships without accusing them: it wins over what a ship says of itself.
"""

from dataclasses import dataclass
from datetime import date

from tracker.tables.kinds import kind_of_words

WATCHLIST = "watchlist"
REGISTRY = "registry"
VESSEL = "vessel"
ORGANISATION = "organisation"
STRENGTHS = ("confirmed", "identity_conflict", "probable", "possible", "weak", "linked")
"""Strength of a match, strongest first (cargo-and-law.md 5.5)."""


@dataclass(frozen=True)
class FlagSpell:
    """A flag with its dates (both inclusive, None: not known); `is_false` when the source calls it false."""

    state: str
    since: date | None = None
    until: date | None = None
    is_false: bool = False

    def holds(self, day: date, /) -> bool:
        """Whether the flag holds on a day, as far as its dates say."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Tie:
    """What binds a ship or an organisation to another: ``owner``, ``manager``, ``parent``, ``address`` or ``linked``."""

    role: str
    name: str
    since: date | None = None
    until: date | None = None
    company_imo: int | None = None
    """IMO company number: seven digits as a ship's, but numbers of another series."""
    entry_id: str | None = None
    """Entry of the same list, where the list names it."""


@dataclass(frozen=True)
class Entry:
    """One ship or organisation of a list; what the list does not say is None or empty."""

    entry_id: str
    name: str
    kind: str = VESSEL
    aliases: tuple[str, ...] = ()
    imo: int | None = None
    mmsis: tuple[int, ...] = ()
    callsigns: tuple[str, ...] = ()
    flags: tuple[FlagSpell, ...] = ()
    ship_type: str | None = None
    length_m: float | None = None
    beam_m: float | None = None
    dwt_t: float | None = None
    gross_tonnage: float | None = None
    built: int | None = None
    owners: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    owned_since: date | None = None
    owner_state: str | None = None
    """State in which the owner's company is registered, alpha-3."""
    programmes: tuple[str, ...] = ()
    listed_on: date | None = None
    is_sanction: bool = False
    status: str | None = None
    remarks: str | None = None
    company_imo: int | None = None
    """Of an organisation."""
    ties: tuple[Tie, ...] = ()
    doubts: tuple[str, ...] = ()
    """Numbers of the row that are none, by which it cannot be matched."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)

    def flag_on(self, day: date, /) -> FlagSpell | None:
        """The flag on a day: the spell that began last among those that hold; None when none does."""
        holding = [spell for spell in self.flags if spell.holds(day)]
        return max(holding, key=lambda spell: spell.since or date.min, default=None)


LENGTH_CONTRADICTION = 0.15
"""Lengths further apart than this are two hulls (cargo-and-law.md 5.5, step 1)."""


def contradictions(entry: Entry, /, *, ship_kind: str | None, length_m: float | None) -> list[str]:
    """What says that an entry is about another hull: ``type``, ``length``; nothing where either side is silent."""
    against = []
    kind = kind_of_words(entry.ship_type)
    if ship_kind is not None and kind is not None and ship_kind != kind:
        against.append("type")
    if length_m and entry.length_m:
        longer = max(length_m, entry.length_m)
        if abs(length_m - entry.length_m) > LENGTH_CONTRADICTION * longer:
            against.append("length")
    return against


@dataclass(frozen=True)
class WatchList:
    """A list as it was read: where from, which edition, what stands in it, and what was odd about it."""

    name: str
    role: str
    format: str
    digest: str
    entries: tuple[Entry, ...]
    edition: date | None = None
    warnings: tuple[str, ...] = ()

    @property
    def vessels(self) -> tuple[Entry, ...]:
        """Entries that are ships."""
        return tuple(entry for entry in self.entries if entry.kind == VESSEL)


@dataclass(frozen=True)
class Hit:
    """A ship found on a list: by what, how surely, and since when it is listed."""

    list_name: str
    edition: date | None
    entry: Entry
    strength: str
    matched: tuple[str, ...]
    score: float
    later_designated: bool = False
    """The list's date of the entry is after the day of the question."""

    @property
    def code(self) -> str:
        """``list:entry:strength``; a later designation is said with its date."""
        later = f" later designated {self.entry.listed_on}" if self.later_designated else ""
        return f"{self.list_name}:{self.entry.entry_id}:{self.strength}{later}"
