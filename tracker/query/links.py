"""Who gave to whom, and who carried it to which port: transfers and deliveries as links between hulls.

A transfer is an encounter outside ports that is at least possible; a dark one links to its best candidate, and is
marked as a guess. Direction is that of the cargo estimate, from declared draughts or sizes; where there is none the
link has no direction. A delivery is a port call in the DPRK. A link says that a meeting took place, not that cargo
that was delivered is cargo that was received there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.identity.hull_ids import is_twin

TRANSFERS = ("encounter", "dark_encounter")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Vessel:
    """A hull: identities seen under one hull id count as one."""

    key: str
    mmsi: int
    name: str | None = None
    imo: int | None = None
    flag: str | None = None
    ship_type: int | None = None
    dwt_t: float | None = None
    listed: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name, else MMSI."""
        return self.name or f"MMSI {self.mmsi:09d}"


@dataclass(frozen=True)
class Transfer:
    """A meeting of two hulls; with a direction, `one` gave to `two`."""

    event_id: str
    one: str
    two: str
    start: datetime
    end: datetime
    lon: float
    lat: float
    verdict: str
    confidence: float
    is_directed: bool
    is_guess: bool
    """The partner was not heard: the best candidate."""
    low_t: float | None
    best_t: float | None
    high_t: float | None
    group_id: str | None
    sea: str | None
    state: str | None


@dataclass(frozen=True)
class Arrival:
    """A port call in the DPRK."""

    delivery_id: str
    vessel: str
    port: str
    basis: str
    probability: float
    arrival: datetime
    departure: datetime


@dataclass(frozen=True)
class Links:
    """Vessels by key, transfers and arrivals in order of time."""

    vessels: dict[str, Vessel]
    transfers: tuple[Transfer, ...]
    arrivals: tuple[Arrival, ...]
    keys: dict[int, str]
    """Key of the hull that sent under an MMSI."""


def links_of(events: Any, deliveries: Any, /) -> Links:
    """Links of a case.

    Parameters
    ----------
    events : Arrow, `tracker.tables.events.EVENTS`
    deliveries : Arrow, `tracker.tables.journeys.DELIVERIES`
    """
    vessels: dict[str, Vessel] = {}
    keys: dict[int, str] = {}
    transfers = []
    rows = [row for row in events.to_pylist() if is_transfer(row)]
    for row in sorted(rows, key=lambda r: (r["start_time"], r["event_id"])):
        one, two = (_vessel(row, n, vessels, keys) for n in (1, 2))
        transfers.append(_transfer(row, one, two))
    arrivals = []
    for row in deliveries.to_pylist():
        key = keys.get(row["mmsi"]) or _arrived(row, vessels, keys)
        arrivals.append(
            Arrival(
                row["delivery_id"],
                key,
                row["port"],
                row["basis"],
                row["probability"],
                row["arrival_time"],
                row["departure_time"],
            )
        )
    arrivals.sort(key=lambda a: (a.arrival, a.vessel, a.delivery_id))
    return Links(vessels, tuple(transfers), tuple(arrivals), keys)


def is_transfer(row: Row, /) -> bool:
    """Whether an event is a meeting that counts as a link."""
    return (
        row["type"] in TRANSFERS
        and row["verdict"] in {"likely", "possible"}
        and not row["in_port"]
        and row["mmsi_2"] is not None
        and row["mmsi_1"] != row["mmsi_2"]
    )


def _vessel(row: Row, n: int, vessels: dict[str, Vessel], keys: dict[int, str]) -> str:
    mmsi = row[f"mmsi_{n}"]
    hull = row[f"hull_id_{n}"] or f"mmsi-{mmsi:09d}"
    key = hull if is_twin(hull) else keys.setdefault(mmsi, hull)
    known = vessels.get(key)
    listed = tuple(row[f"listed_{n}"] or ())
    vessels[key] = Vessel(
        key,
        mmsi if known is None else known.mmsi,
        row[f"name_{n}"] or (known.name if known else None),
        row[f"imo_{n}"] or (known.imo if known else None),
        row[f"flag_{n}"] or (known.flag if known else None),
        row[f"ship_type_{n}"] or (known.ship_type if known else None),
        row[f"dwt_t_{n}"] or (known.dwt_t if known else None),
        tuple(dict.fromkeys((*(known.listed if known else ()), *listed))),
    )
    return key


def _arrived(row: Row, vessels: dict[str, Vessel], keys: dict[int, str]) -> str:
    mmsi = row["mmsi"]
    same = (v.key for v in vessels.values() if row["imo"] is not None and v.imo == row["imo"])
    key = keys.setdefault(mmsi, next(same, f"mmsi-{mmsi:09d}"))
    vessels.setdefault(
        key, Vessel(key, mmsi, row["vessel_name"], row["imo"], row["flag"], row["ship_type"], row["dwt_t"])
    )
    return key


def _transfer(row: Row, one: str, two: str) -> Transfer:
    donor = row["donor_mmsi"]
    is_directed = donor is not None and donor in (row["mmsi_1"], row["mmsi_2"]) and row["receiver_mmsi"] is not None
    if is_directed and donor == row["mmsi_2"]:
        one, two = two, one
    return Transfer(
        event_id=row["event_id"],
        one=one,
        two=two,
        start=row["start_time"],
        end=row["end_time"],
        lon=row["lon"],
        lat=row["lat"],
        verdict=row["verdict"],
        confidence=row["confidence"],
        is_directed=is_directed,
        is_guess=row["type"] == "dark_encounter",
        low_t=row["cargo_low_t"],
        best_t=row["cargo_best_t"],
        high_t=row["cargo_high_t"],
        group_id=row["group_id"],
        sea=row["sea"],
        state=row["state"],
    )


def pairs_of(transfers: Iterable[Transfer], /) -> dict[tuple[str, str], list[Transfer]]:
    """Transfers by pair of hulls, whatever the direction."""
    pairs: dict[tuple[str, str], list[Transfer]] = {}
    for one in transfers:
        first, second = sorted((one.one, one.two))
        pairs.setdefault((first, second), []).append(one)
    return pairs
