"""Deliveries that a case found: port calls in the DPRK with what the ship had on board, joined to the legs that filled it.

What she brought is what was on board on arrival: by her declared draught (M1b), else the transfers she received since
her last call, else her deadweight times a fraction. Two donors before one arrival are two transfers and one delivery;
the two ledgers are joined here by the ship and never added (cargo-and-law.md, 4.9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tracker.cargo.deadweight import estimate_dwt, hull_of
from tracker.cargo.deliveries import Deliveries, Delivery
from tracker.cargo.factors import UNSPECIFIED
from tracker.cargo.goods import OTHER_GOODS
from tracker.tables.rows import Faults

Row = Mapping[str, Any]
LONGEST_VOYAGE = timedelta(days=60)
"""A leg older than this does not fill a delivery (judgement)."""
RISE_M = 0.3
"""A ship that leaves deeper by this has loaded there: that is no delivery."""
PAYLOAD_ERROR = 0.15
"""Of the payload by draught, one standard deviation: light ship, fuel and a typed draught (judgement)."""
Z90 = 1.2815515655446004
ALREADY_THERE = timedelta(hours=6)
FEASIBLE = "feasible"
COUNTED_CLASSES = frozenset({"tanker"})
DEEPEST_CHAIN = 6


@dataclass(frozen=True)
class Arrivals:
    """Deliveries of a case that count, and those that do not, with the reason."""

    counted: Deliveries
    others: list[tuple[Delivery, str]] = field(default_factory=list)
    legs: list[dict[str, Any]] = field(default_factory=list)
    """The join: one row for each transfer upstream of a delivery."""


def arrivals_of(
    calls: Sequence[Row],
    events: Sequence[Row],
    /,
    *,
    name: str,
    digest: str,
    is_synthetic: bool,
    today: date,
    data_from: datetime | None = None,
) -> Arrivals:
    """Weigh the deliveries of a case.

    Parameters
    ----------
    calls : rows of the table ``deliveries``
    events : events of the same run; likely and possible transfers fill ships
    today : a delivery after it is set aside
    data_from : first position of the data; who lay in port then did not arrive in it
    """
    faults = Faults()
    beams = {e["event_id"]: e["beam_m_1"] for e in events if e["type"] == "port_call"}
    calls = [{**call, "beam_m": beams.get(call["delivery_id"])} for call in calls]
    transfers = [
        e
        for e in events
        if e["verdict"] in {"likely", "possible"} and not e["in_port"] and e["receiver_mmsi"] and e["cargo_best_t"]
    ]
    last_call: dict[int, datetime] = {}
    counted: list[Delivery] = []
    others: list[tuple[Delivery, str]] = []
    legs: list[dict[str, Any]] = []
    for n, call in enumerate(sorted(calls, key=lambda c: (c["arrival_time"], c["mmsi"])), start=1):
        since = last_call.get(call["mmsi"], datetime.min.replace(tzinfo=UTC))
        inbound = _inbound(transfers, call["mmsi"], since, call["arrival_time"])
        delivery = _delivery(n, call, inbound)
        reason = _why_not(call, delivery, today, data_from)
        if reason is None:
            counted.append(delivery)
            legs += _upstream(call, inbound, transfers)
        else:
            others.append((delivery, reason))
            faults.add(f"not counted: {reason}", f"{delivery.vessel_name or delivery.mmsi}, {delivery.day}")
        if call["basis"] != FEASIBLE:
            last_call[call["mmsi"]] = call["departure_time"]
    return Arrivals(Deliveries(tuple(counted), faults, name, digest, is_synthetic), others, legs)


def _inbound(transfers: Sequence[Row], mmsi: int, since: datetime, arrival: datetime) -> list[Row]:
    """Transfers that the ship received after her last call and before this one."""
    first = max(since, arrival - LONGEST_VOYAGE)
    return [
        e for e in transfers if e["receiver_mmsi"] == mmsi and first <= e["end_time"] and e["start_time"] <= arrival
    ]


def _upstream(call: Row, inbound: Sequence[Row], transfers: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of the join: the legs into the ship, and those into the ships that gave."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    level, nearest = 1, list(inbound)
    while nearest and level <= DEEPEST_CHAIN:
        further: list[Row] = []
        for e in nearest:
            if e["event_id"] in seen:
                continue
            seen.add(e["event_id"])
            found.append(
                {
                    "delivery_id": call["delivery_id"],
                    "level": level,
                    "event_id": e["event_id"],
                    "start_time": f"{e['start_time']:%Y-%m-%dT%H:%M:%SZ}",
                    "verdict": e["verdict"],
                    "donor_mmsi": e["donor_mmsi"],
                    "receiver_mmsi": e["receiver_mmsi"],
                    "low_t": e["cargo_low_t"],
                    "best_t": e["cargo_best_t"],
                    "high_t": e["cargo_high_t"],
                    "grade": e["cargo_grade"],
                }
            )
            if e["donor_mmsi"]:
                further += _inbound(transfers, e["donor_mmsi"], datetime.min.replace(tzinfo=UTC), e["start_time"])
        level, nearest = level + 1, further
    return found


def _delivery(n: int, call: Row, inbound: Sequence[Row]) -> Delivery:
    tanker = call["ship_class"] in COUNTED_CLASSES
    span, method, grade = _on_board(call, inbound)
    return Delivery(
        row=n,
        day=date.fromisoformat(call["date"]),
        vessel_name=call["vessel_name"] or "",
        imo="" if call["imo"] is None else str(call["imo"]),
        mmsi=f"{call['mmsi']:09d}",
        flag=call["flag"] or "",
        flag_class=call["flag_class"],
        dwt_t=_dwt_t(call),
        cargo_t=call["cargo_t"],
        product=_product(inbound) if tanker else OTHER_GOODS,
        ship_type="" if call["ship_type"] is None else str(call["ship_type"]),
        port=call["port"],
        source=f"AIS, {call['delivery_id']}",
        basis=f"AIS, {call['basis']}",
        dwt_basis=call["dwt_basis"] or "hull",
        span_t=span,
        method=method,
        grade=grade,
        legs=tuple(e["event_id"] for e in inbound),
    )


def _why_not(call: Row, delivery: Delivery, today: date, data_from: datetime | None) -> str | None:
    before, after = call["draught_arrival_m"], call["draught_departure_m"]
    if delivery.day > today:
        return "the date lies in the future"
    if call["basis"] == FEASIBLE:
        return "a call that was possible in a silence, and not seen"
    if data_from is not None and not call["arrival_seen"] and call["arrival_time"] - data_from < ALREADY_THERE:
        return "she lay there when the data begin: her arrival was not seen"
    if call["ship_class"] not in COUNTED_CLASSES:
        return "no tanker: a call, and no delivery of oil"
    if before is not None and after is not None and after - before >= RISE_M:
        return "she left deeper than she came: she loaded"
    return None


def _dwt_t(call: Row) -> float | None:
    if call["dwt_t"] is not None:
        return float(call["dwt_t"])
    drawn = estimate_dwt(call["ship_type"], call["length_m"], call["beam_m"])
    return None if drawn is None else round(drawn.dwt_t)


def _product(inbound: Sequence[Row]) -> str:
    """What the legs brought, when they name one product."""
    named = {e["product"] for e in inbound if e["product"]}
    return named.pop() if len(named) == 1 else UNSPECIFIED


def _on_board(call: Row, inbound: Sequence[Row]) -> tuple[tuple[float, float, float] | None, str, str]:
    """P10, P50, P90 on arrival, how they were found, and a grade; None: deadweight times a fraction."""
    by_draught = _payload(call)
    if by_draught is not None:
        return by_draught, f"M1b on arrival, draught {call['draught_arrival_m']:.1f} m", "B"
    if inbound:
        span = tuple(sum(e[f"cargo_{name}_t"] for e in inbound) for name in ("low", "best", "high"))
        dwt = _dwt_t(call)
        low, best, high = span if dwt is None else tuple(min(value, 0.98 * dwt) for value in span)
        grades = sorted(e["cargo_grade"] for e in inbound)
        return (low, best, high), f"sum of {len(inbound)} transfer(s) received since the last call", grades[-1]
    return None, "M0 deadweight x laden fraction", "D"


def _payload(call: Row) -> tuple[float, float, float] | None:
    """M1b: cargo on board by the draught on arrival; None at ballast draught, where it would be ballast."""
    draught, dwt = call["draught_arrival_m"], _dwt_t(call)
    hull = hull_of(call["ship_type"], call["length_m"], call["beam_m"])
    if draught is None or dwt is None or hull is None or not hull.believes(draught):
        return None
    if draught <= hull.ballast_share * hull.design_draught_m:
        return None
    best = min(max(hull.payload_t(draught, dwt_t=dwt), 0.0), 0.98 * dwt)
    spread = Z90 * PAYLOAD_ERROR * dwt
    return max(0.0, best - spread), best, min(best + spread, 0.98 * dwt)
