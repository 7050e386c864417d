"""What rules look at: plain facts about an event and each of its ships. None means: not known, never "no"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import NamedTuple

DESIGNATED, DETAINED = "designated by the UN", "detained"


@dataclass(frozen=True)
class ListFact:
    """A hit on a watchlist, as rules need it."""

    strength: str
    is_sanction: bool
    later_designated: bool
    programmes: tuple[str, ...] = ()
    is_detention: bool = False
    listed_on: date | None = None

    @property
    def is_designation(self) -> bool:
        """By the 1718 Committee, as a programme of the entry says."""
        return is_of_1718(self.programmes)


def is_of_1718(programmes: Iterable[str], /) -> bool:
    """Whether a programme names the UN's 1718 regime."""
    return any("1718" in programme for programme in programmes)


class Deed(NamedTuple):
    """One event of a ship, this one or another: what, when, where, and what only its kind has."""

    type: str
    start: datetime
    end: datetime
    lon: float
    lat: float
    confidence: float | None = None
    in_port: bool = False
    port: str | None = None
    state: str | None = None
    """State whose waters or port it was in."""
    feasible_port: str | None = None
    """Of a silence: a port of the DPRK at which she could have called."""
    knows_return: bool = False
    """Of a silence: where she was heard again is known."""
    back: tuple[float, float] | None = None
    """Of a silence: where she was heard again, longitude and latitude."""
    call_fits: bool | None = None
    """Of a silence: whether there was time for a call at the nearest port."""
    was_under_way: bool | None = None
    """Of a silence: whether she made way before it."""
    is_class_b: bool | None = None
    """Whether her transceiver is of Class B, which is heard less well."""
    is_receiver: bool = False
    detail: str | None = None
    """Of spoofing its type; of a port call its basis: berth, buoy, roadstead, or feasible, which was not seen."""

    @property
    def hours(self) -> float:
        """How long it lasted."""
        return (self.end - self.start).total_seconds() / 3600.0


@dataclass(frozen=True)
class Change:
    """A value of a ship's identity that another followed."""

    field: str
    before: str
    after: str
    time_ms: int
    port_nm: float | None
    """How far from the nearest port; None: not known."""


@dataclass(frozen=True)
class VoyageFact:
    """From one port call to the next."""

    from_port: str
    to_port: str
    way_nm: float
    """As sailed, straight over silences: no longer than it was."""
    shortest_nm: float | None
    """Over water; None: back where she left, or not found."""
    hidden_nm: float = 0.0
    """How much longer the way can have been in silences."""
    is_loop: bool = False
    """She came back to where she left."""
    missed: str | None = None
    """A destination that she gave on the way and did not reach."""


@dataclass(frozen=True)
class DraughtSpell:
    """A declared draught with its first and last report."""

    draught_m: float
    first: datetime
    last: datetime
    reports: int


class ShipFacts(NamedTuple):
    """One ship on the day of the event."""

    mmsi: int
    flag: str | None = None
    mid_flag: str | None = None
    registry_flag: str | None = None
    """Flag by the registry's history on that day; None without a registry."""
    is_mid_of_sovereign: bool = False
    """The registry's flag is of a territory that has no MID of its own, and the MMSI is of its sovereign."""
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
    changes_30d: tuple[Change, ...] | None = None
    """Names, call signs and IMO numbers that changed within 30 days; None: she sent no identity."""
    linked_partners_90d: int | None = 0
    """None: flag and listing of no partner are known. Other meetings within 90 days with a partner that is listed or flies the DPRK's flag."""
    meets_linked: bool = False
    """At this very event; the partner's own rules say so there."""
    linked_second_90d: int = 0
    """Meetings within 90 days with a partner that itself met such a ship."""
    receivers_30d: int | None = None
    """Different receivers in 30 days; None when donor and receiver are not told apart."""
    built: int | None = None
    owned_since: date | None = None
    has_registry: bool = False
    registry_status: str | None = None
    owner_state: str | None = None
    """State of her owner's company, by the registry."""
    owner_ships: int | None = None
    """Ships of that owner in the registry; None: the registry is too small to tell."""
    registry_type: str | None = None
    """Her type in the registry's words."""
    registry_flag_since: date | None = None
    beam_m: float | None = None
    registry_beam_m: float | None = None
    kind: str | None = None
    """tanker, cargo, fishing, tug, passenger; None when her type does not say."""
    deeds: tuple[Deed, ...] = ()
    """Her events within 90 days, this one among them."""
    draughts: tuple[DraughtSpell, ...] = ()
    """Declared draughts in order of time, each said at least twice."""
    wrong_imo_reports: int | None = None
    """Reports with a number that is none or whose check digit is wrong, within 30 days; None: she sent none, or as
    sent they are not kept."""
    wrong_imo_span_h: float = 0.0
    """From the first of them to the last."""
    wrong_imos: tuple[str, ...] = ()
    """The numbers as sent, most often first, three at most."""
    number_elsewhere_h: float | None = None
    """Hours in which another transmitter bore her IMO number in another place or on another hull; None: no number."""
    moored_moving_h: float | None = None
    """Hours in which her status said moored or anchored while she made more than 2 kn; None without status."""
    voyage: VoyageFact | None = None
    """The voyage about the event; None: it did not begin and end with calls that were seen."""
    is_candidate_share: float = 1.0
    """Under 1 for a ship that was not heard at a dark meeting: the probability that it was she."""


class EventFacts(NamedTuple):
    """An event and its ships."""

    type: str
    verdict: str | None
    in_port: bool
    start: datetime
    end: datetime
    lon: float
    lat: float
    ships: tuple[ShipFacts, ...] = ()
    duration_h: float = 0.0
    confidence: float | None = None
    is_international: bool | None = None
    draught_changes_m: tuple[float | None, float | None] = (None, None)
    state: str | None = None
    lists_name: frozenset[str] = frozenset({DESIGNATED, DETAINED})
    """What the watchlists hold entries about: only of that is absence known."""
    searched: frozenset[str] = frozenset()
    """Types of events that were looked for; what was not looked for is not known to be absent."""
    delivery_legs: int | None = None
    """Transfers through which the lot went before a ship of its chain called in the DPRK; 0: none called there."""
    product: str | None = None
    """What was moved, as far as a source or the ships tell; never the product that an estimate only assumes."""
    product_basis: str | None = None
    """What says so."""
    columns: tuple[tuple[str, object], ...] = ()
    """All columns of the event, where the user has rules of his own."""
    night_share: float | None = None
    """Share of it between civil dusk and dawn, where that was worked out before."""

    @property
    def has_place(self) -> bool:
        """Whether it is known where it was; longitude and latitude are NaN otherwise."""
        return isfinite(self.lon) and isfinite(self.lat)

    @property
    def is_transfer_like(self) -> bool:
        """A meeting of two ships out of port whose verdict is at least possible."""
        return (
            self.type in {"encounter", "dark_encounter"} and self.verdict in {"likely", "possible"} and not self.in_port
        )
