"""The chain of one ship: who supplied her, whom she supplied, and to which port of the DPRK each then carried.

A link follows another only if it came later, on the same hull, and within a limit of time. The order of time is all
that joins them: that cargo went from one to the other is for a person to judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from tracker.errors import UnknownNameError
from tracker.query.links import Arrival, Links, Transfer
from tracker.tables.column import UTC_MS, Column, Table

HORIZON = timedelta(days=30)
"""A later link within this time follows from an earlier one. Source: judgement; a small tanker's round takes days to weeks."""
MOST_STEPS = 4
"""Links away from the ship that was asked about; fuel is layered over a few legs (C4ADS)."""

CHAIN = Table(
    "chain",
    "Links of the chain of one ship, one row each, in the order of the tree.",
    (
        Column("step", pa.int32(), "links away from the ship asked about, from 1", required=True),
        Column("side", pa.string(), "upstream (supplied her), downstream, or met (direction unknown)", required=True),
        Column("kind", pa.string(), "transfer or delivery", required=True),
        Column("from_mmsi", pa.int32(), "ship that gave, or that arrived", required=True),
        Column("from_name", pa.string(), "its name"),
        Column("from_flag", pa.string(), "its flag, ISO 3166 alpha-3"),
        Column("to_mmsi", pa.int32(), "ship that received; null for a delivery"),
        Column("to_name", pa.string(), "its name, or the port"),
        Column("to_flag", pa.string(), "its flag; PRK for a port of the DPRK"),
        Column("start_time", UTC_MS, "start of the meeting, or arrival", required=True),
        Column("end_time", UTC_MS, "end of the meeting, or departure", required=True),
        Column("direction_known", pa.bool_(), "whether the cargo estimate tells donor from receiver"),
        Column("is_guess", pa.bool_(), "the partner was not heard, or the call is inferred from a silence"),
        Column("verdict", pa.string(), "of a transfer: likely or possible; of a delivery: its basis"),
        Column("confidence", pa.float64(), "confidence of the meeting, or probability of the call"),
        Column("cargo_low_t", pa.float64(), "P10, t"),
        Column("cargo_best_t", pa.float64(), "P50, t"),
        Column("cargo_high_t", pa.float64(), "P90, t"),
        Column("event_id", pa.string(), "its event", required=True),
    ),
)


@dataclass(frozen=True)
class Link:
    """One step of a chain."""

    step: int
    side: str
    link: Transfer | Arrival


def chain_of(links: Links, mmsi: int, /, *, horizon: timedelta = HORIZON, most_steps: int = MOST_STEPS) -> list[Link]:
    """Links of a ship's chain, each once, depth first.

    Raises
    ------
    UnknownNameError
        When the ship is in no link.
    """
    start = links.keys.get(mmsi)
    if start is None:
        raise UnknownNameError(
            f"MMSI {mmsi} took part in no meeting that counts as a transfer, and made no call in the DPRK in this case."
        )
    walk = _Walk(links, horizon, most_steps)
    return [*walk.up(start, None, 1), *walk.met(start), *walk.down(start, None, 1)]


def chain_table(links: Links, chain: list[Link], /) -> pa.Table:
    """The chain as a table (`CHAIN`)."""
    rows = []
    for one in chain:
        link = one.link
        row: dict[str, object] = {"step": one.step, "side": one.side}
        if isinstance(link, Transfer):
            giver, taker = links.vessels[link.one], links.vessels[link.two]
            row |= {
                "kind": "transfer",
                "from_mmsi": giver.mmsi,
                "from_name": giver.name,
                "from_flag": giver.flag,
                "to_mmsi": taker.mmsi,
                "to_name": taker.name,
                "to_flag": taker.flag,
                "start_time": link.start,
                "end_time": link.end,
                "direction_known": link.is_directed,
                "is_guess": link.is_guess,
                "verdict": link.verdict,
                "confidence": link.confidence,
                "cargo_low_t": link.low_t,
                "cargo_best_t": link.best_t,
                "cargo_high_t": link.high_t,
                "event_id": link.event_id,
            }
        else:
            ship = links.vessels[link.vessel]
            row |= {
                "kind": "delivery",
                "from_mmsi": ship.mmsi,
                "from_name": ship.name,
                "from_flag": ship.flag,
                "to_name": link.port,
                "to_flag": "PRK",
                "start_time": link.arrival,
                "end_time": link.departure,
                "is_guess": link.basis == "feasible",
                "verdict": link.basis,
                "confidence": link.probability,
                "event_id": link.delivery_id,
            }
        rows.append(row)
    return CHAIN.from_rows(rows)


class _Walk:
    """Links by hull, walked forward and back in time; no link is told twice."""

    def __init__(self, links: Links, horizon: timedelta, most_steps: int) -> None:
        self._horizon, self._most = horizon, most_steps
        self._told: set[str] = set()
        self._given: dict[str, list[Transfer]] = {}
        self._taken: dict[str, list[Transfer]] = {}
        self._unclear: dict[str, list[Transfer]] = {}
        self._calls: dict[str, list[Arrival]] = {}
        for one in links.transfers:
            if one.is_directed:
                self._given.setdefault(one.one, []).append(one)
                self._taken.setdefault(one.two, []).append(one)
            else:
                for key in (one.one, one.two):
                    self._unclear.setdefault(key, []).append(one)
        for call in links.arrivals:
            self._calls.setdefault(call.vessel, []).append(call)

    def up(self, key: str, before: datetime | None, step: int) -> Iterator[Link]:
        """Who supplied a hull, and who supplied them before."""
        for one in self._taken.get(key, []):
            is_near = before is None or (one.start < before and before - one.end <= self._horizon)
            if is_near and self._is_new(one.event_id, step):
                yield Link(step, "upstream", one)
                yield from self.up(one.one, one.start, step + 1)

    def down(self, key: str, after: datetime | None, step: int) -> Iterator[Link]:
        """Whom a hull supplied, where she called in the DPRK, and what they did then."""
        for one in self._given.get(key, []):
            if self._follows(one.start, after) and self._is_new(one.event_id, step):
                yield Link(step, "downstream", one)
                yield from self.down(one.two, one.end, step + 1)
        for call in self._calls.get(key, []):
            if self._follows(call.departure, after) and self._is_new(call.delivery_id, step):
                yield Link(step, "downstream", call)

    def met(self, key: str) -> Iterator[Link]:
        """Meetings without a direction, and where the partners called in the DPRK afterwards."""
        for one in self._unclear.get(key, []):
            if self._is_new(one.event_id, 1):
                yield Link(1, "met", one)
                partner = one.two if one.one == key else one.one
                yield from (Link(x.step, "met", x.link) for x in self.down(partner, one.end, 2))

    def _follows(self, moment: datetime, after: datetime | None) -> bool:
        return after is None or after - timedelta(hours=1) <= moment <= after + self._horizon

    def _is_new(self, event_id: str, step: int) -> bool:
        if step > self._most or event_id in self._told:
            return False
        self._told.add(event_id)
        return True
