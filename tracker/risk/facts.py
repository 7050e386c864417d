"""What rules look at: plain facts about an event and each of its ships. None means: not known, never "no"."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class ListFact:
    """A hit on a watchlist, as rules need it."""

    strength: str
    is_sanction: bool
    later_designated: bool
    programmes: tuple[str, ...] = ()
    is_detention: bool = False


@dataclass(frozen=True)
class ShipFacts:
    """One ship on the day of the event."""

    mmsi: int
    flag: str | None = None
    mid_flag: str | None = None
    registry_flag: str | None = None
    """Flag by the registry's history on that day; None without a registry."""
    is_flag_false: bool | None = None
    imo: int | None = None
    has_statics: bool = True
    length_m: float | None = None
    registry_length_m: float | None = None
    sizes_m: tuple[float, ...] = ()
    """Lengths that the MMSI gave over the data, each by more than one report."""
    hits: tuple[ListFact, ...] | None = None
    """Hits on watchlists; None when no watchlist is loaded."""
    flag_changes_24m: int | None = None
    names_30d: int | None = None
    """Names that the MMSI gave within 30 days."""
    linked_partners_90d: int = 0
    """Other meetings within 90 days with a partner that is listed or flies the DPRK's flag."""
    linked_second_90d: int = 0
    """Meetings within 90 days with a partner that itself met such a ship."""
    receivers_30d: int | None = None
    """Different receivers in 30 days; None when donor and receiver are not told apart."""
    built: int | None = None
    owned_since: date | None = None
    has_registry: bool = False


@dataclass(frozen=True)
class EventFacts:
    """An event and its ships."""

    type: str
    verdict: str | None
    in_port: bool
    start: datetime
    end: datetime
    lon: float
    lat: float
    ships: tuple[ShipFacts, ...] = field(default_factory=tuple)
    duration_h: float = 0.0
    is_international: bool | None = None
    draught_changes_m: tuple[float | None, float | None] = (None, None)
    columns: tuple[tuple[str, object], ...] = ()
    """All columns of the event, for rules of the user's own."""

    @property
    def is_transfer_like(self) -> bool:
        """A meeting of two ships out of port whose verdict is at least possible."""
        return (
            self.type in {"encounter", "dark_encounter"} and self.verdict in {"likely", "possible"} and not self.in_port
        )
