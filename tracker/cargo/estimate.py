"""The cargo of one contact: methods, limits and history put together, with the reasoning in plain lines.

M0 deadweight x laden fraction is the prior, on the receiver's deadweight; M1 draught differences of both ships are the
evidence; M2 hours x rate bounds them; M3 the history of the receiver guards against one bad draught; M4 measurements
from outside enter as they are. The grade says what it rests on: A two draughts agree, B one draught, C weak, D none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

import numpy as np

from tracker.cargo.combine import CombineParams, Limits, Measurement, combine
from tracker.cargo.draughts import READING_SD_M, RESOLUTION_SD_M
from tracker.cargo.factors import barrels_or_unspecified
from tracker.cargo.panel import SCENARIOS, CargoParams
from tracker.cargo.products import density_t_per_m3, product_of
from tracker.cargo.rates import rate_bound, sample_bound
from tracker.cargo.sides import Direction, Side, direction_of

AGREE_SHARE = 0.35
"""Two draughts agree when they differ by no more than this share of the larger (cargo-and-law.md, 4.2)."""
SILENT_SHARE = 0.25
"""Above this share of silence the hours alongside bound nothing, and only flag."""
STOCK_SLACK = 1.15
"""The stock by draught is uncertain by light ship and ballast (judgement)."""
HISTORY_LEAST = 3


@dataclass(frozen=True)
class Timing:
    """Hours of a contact: from first to last, and those in which both ships were heard."""

    span_h: float
    heard_h: float

    @property
    def silent_share(self) -> float:
        """Share of the span in which they were not both heard."""
        return 0.0 if self.span_h <= 0 else max(0.0, 1.0 - self.heard_h / self.span_h)


@dataclass(frozen=True)
class Estimate:
    """Columns of the cargo group, the reasoning, the sentence for the event, and M1 of the receiver for its history."""

    columns: dict[str, Any]
    reasoning: list[str]
    sentence: str | None
    lift_t: float | None = None
    flags: tuple[str, ...] = field(default=())


def estimate_cargo(
    one: Side,
    two: Side,
    /,
    *,
    timing: Timing,
    history_t: tuple[Sequence[float], Sequence[float]],
    outside: Sequence[Measurement] = (),
    seed: int,
    params: CargoParams,
    combining: CombineParams | None = None,
) -> Estimate:
    """Estimate the cargo that went from one side to the other; both deadweights must be known.

    Parameters
    ----------
    history_t : for each side, what it took on by draught in earlier contacts
    outside : M4, measurements from outside AIS
    seed : of the draws
    """
    combining = combining or CombineParams()
    sides = (one, two)
    direction = direction_of(one, two)
    receiver, donor = sides[direction.receiver], sides[1 - direction.receiver]
    assert receiver.dwt is not None
    assert donor.dwt is not None
    base = min((receiver.dwt, donor.dwt), key=lambda d: d.dwt_t)
    product = product_of(sides, assumed=params.product)
    density = density_t_per_m3(product)
    draughts, flags, notes = _draught_evidence(receiver, donor, direction)
    evidence = [*draughts, *outside]
    past = _history(receiver, history_t[direction.receiver])
    evidence += [past] if past else []
    bound = rate_bound(timing.span_h, receiver_dwt_t=receiver.dwt.dwt_t, cargo_t_per_m3=density)
    heard = rate_bound(timing.heard_h, receiver_dwt_t=receiver.dwt.dwt_t, cargo_t_per_m3=density)
    binds = timing.silent_share <= SILENT_SHARE
    if len(draughts) == 2 and "draughts_disagree" not in flags:
        # two ships say so independently: a bound from judged rates then only flags
        binds = False
        flags += ["more_than_time_allows"] if _pooled_t(draughts) > combining.rate_slack * bound.high_t else []
    stock = donor.stock_t
    posterior = combine(
        base.dwt_t,
        dwt_error=base.error,
        fractions=(params.laden_low, params.laden_mode, params.laden_high),
        limits=Limits(
            donor_stock_t=min(
                combining.capacity_share * donor.dwt.dwt_t,
                STOCK_SLACK * stock if stock is not None and stock > 0 else np.inf,
            ),
            rate_high_t=bound.high_t if binds else None,
        ),
        evidence=evidence,
        seed=seed,
        params=combining,
        drawn_rate_t=sample_bound(
            timing.span_h,
            receiver_dwt_t=receiver.dwt.dwt_t,
            cargo_t_per_m3=density,
            rng=np.random.default_rng(seed + 1),
            n=combining.draws,
        )
        if binds
        else None,
    )
    flags += posterior.flags
    if any(m.tonnes > combining.rate_slack * heard.high_t for m in draughts):
        flags.append("more_than_heard_hours")
    grade = _grade(draughts, flags, has_weak=bool(past or outside), sides=(receiver, donor))
    flags = list(dict.fromkeys(flags))
    columns = _columns(sides, direction, product, params, base.dwt_t)
    tonnes = {"low": posterior.p10_t, "best": posterior.p50_t, "high": posterior.p90_t}
    bbl_per_t = barrels_or_unspecified(params.factor_set, product) if product is not None else None
    for name, value in tonnes.items():
        columns[f"cargo_{name}_t"] = float(round(value))
        columns[f"cargo_{name}_bbl"] = None if bbl_per_t is None else float(round(value * bbl_per_t))
    methods = ["M0 deadweight x laden fraction", *(m.name for m in evidence), *(["M2 limit"] if binds else [])]
    columns["cargo_method"] = "; ".join(methods) + (f"; flags: {', '.join(flags)}" if flags else "")
    columns["cargo_grade"] = grade
    reasoning = [
        f"Direction: {donor.label} -> {receiver.label}, probability {direction.probability:.2f}, by {direction.basis}.",
        f"M0 prior: {base.dwt_t:,.0f} t deadweight ({base.basis}, +-{base.error:.0%}) x PERT({params.laden_low:g}, "
        f"{params.laden_mode:g}, {params.laden_high:g}); scenarios 33/50/90 %: "
        + " / ".join(f"{f * base.dwt_t:,.0f}" for f in SCENARIOS.values())
        + " t.",
        *(f"M1 {role}: {_told(side)}" for role, side in (("receiver", receiver), ("donor", donor))),
        *notes,
        f"M2: alongside {timing.span_h:.1f} h, both heard {timing.heard_h:.1f} h; at most {bound.high_t:,.0f} t "
        f"({heard.high_t:,.0f} t in the hours heard); " + _use_of_hours(timing, binds=binds),
        f"M3: {past.source}."
        if past
        else f"M3: {len(history_t[direction.receiver])} earlier lift(s) by draught, {HISTORY_LEAST} needed.",
        f"Donor's stock before: {'not known' if stock is None else f'{stock:,.0f} t by draught'}.",
        f"Product: {product or 'dry cargo, not specified'}; factor set {params.factor_set}"
        + ("." if bbl_per_t is None else f", {bbl_per_t:g} bbl/t."),
        f"Result, grade {grade}: P10 {tonnes['low']:,.0f}, P50 {tonnes['best']:,.0f}, P90 {tonnes['high']:,.0f} t "
        f"(effective draws {posterior.effective:,.0f} of {combining.draws:,}, seed {seed}); "
        f"flags: {', '.join(flags) or 'none'}.",
    ]
    lift = receiver.loaded_t
    return Estimate(columns, reasoning, _sentence(grade, tonnes, receiver, donor), lift, tuple(flags))


def _draught_evidence(
    receiver: Side, donor: Side, direction: Direction
) -> tuple[list[Measurement], list[str], list[str]]:
    """M1 of both ships as far as they point the same way, flags, and lines for the reasoning."""
    found: list[Measurement] = []
    flags = ["draughts_disagree"] if direction.is_disputed else []
    for role, side, sign in (("receiver", receiver, 1.0), ("donor", donor, -1.0)):
        if side.loaded_t is not None and sign * side.loaded_t > 0:
            found.append(Measurement(f"M1 {role}", sign * side.loaded_t, side.sd_t, side.change.quality))
    notes: list[str] = []
    if len(found) == 2:
        a, b = found[0].tonnes, found[1].tonnes
        if abs(a - b) > AGREE_SHARE * max(a, b):
            flags.append("draughts_disagree")
            found = [Measurement(m.name, m.tonnes, 2.0 * m.sd_t, m.source) for m in found]
            notes.append(f"The two draughts differ by {abs(a - b) / max(a, b):.0%}: errors doubled.")
        else:
            notes.append(f"The two draughts agree within {abs(a - b) / max(a, b):.0%} of the larger.")
    if found:
        notes.append("Draughts understate where the receiver pumped out ballast, or the donor took it in.")
    payload = _payload(receiver)
    if payload is not None and receiver.loaded_t is not None:
        differs = abs(payload - receiver.loaded_t) > AGREE_SHARE * payload
        flags += ["ballast_or_part_cargo"] if differs else []
        more = ": ballast exchanged, or partly laden on arrival" if differs else ""
        notes.append(f"M1b receiver's payload after: {payload:,.0f} t{more}.")
    return found, flags, notes


def _use_of_hours(timing: Timing, *, binds: bool) -> str:
    if binds:
        return "a limit."
    if timing.silent_share > SILENT_SHARE:
        return f"{timing.silent_share:.0%} of it is silence, so it only flags."
    return "two draughts agree, so it only flags."


def _pooled_t(draughts: Sequence[Measurement]) -> float:
    """Mean of measurements by their precision, t."""
    return sum(m.tonnes / m.sd_t**2 for m in draughts) / sum(1.0 / m.sd_t**2 for m in draughts)


def _payload(side: Side) -> float | None:
    """M1b: payload after the contact of a ship that came empty and left deep."""
    before, after = side.change.before, side.change.after
    if side.loaded_t is None or side.hull is None or side.dwt is None or before is None or after is None:
        return None
    td = side.hull.design_draught_m
    if after.draught_m < 0.75 * td or before.draught_m > 0.60 * td:
        return None
    return side.hull.payload_t(after.draught_m, dwt_t=side.dwt.dwt_t)


def _history(receiver: Side, history_t: Sequence[float]) -> Measurement | None:
    """M3: the median of earlier lifts, never weighing more than a class B draught."""
    if len(history_t) < HISTORY_LEAST or receiver.hull is None:
        return None
    middle = median(history_t)
    spread = 1.4826 * median(abs(value - middle) for value in history_t)
    least = 100.0 * receiver.hull.tonnes_per_cm * (RESOLUTION_SD_M**2 + 2.0 * READING_SD_M["B"] ** 2) ** 0.5
    source = f"median of {len(history_t)} earlier lifts of {receiver.label}: {middle:,.0f} t"
    return Measurement("M3 history", middle, max(spread, least), source)


def _grade(draughts: Sequence[Measurement], flags: Sequence[str], *, has_weak: bool, sides: tuple[Side, Side]) -> str:
    good = [m for m in draughts if m.source in {"A", "B"}]
    if "draughts_disagree" in flags or (draughts and not good):
        return "C"
    if len(good) == 2:
        return "A"
    if good:
        return "B"
    return "C" if has_weak else "D"


def _columns(
    sides: tuple[Side, Side], direction: Direction, product: str | None, params: CargoParams, base_t: float
) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "receiver_mmsi": sides[direction.receiver].mmsi,
        "donor_mmsi": sides[1 - direction.receiver].mmsi if direction.is_named else None,
        "product": product,
        "factor_set": None if product is None else params.factor_set,
    }
    return columns | {f"cargo_{name}_t": float(round(f * base_t)) for name, f in SCENARIOS.items()}


def _told(side: Side) -> str:
    before, after = side.change.before, side.change.after
    reason = side.why_not
    if before is None or after is None or reason is not None or side.loaded_t is None:
        return f"{side.label}: {reason}; no information, not zero."
    return (
        f"{side.label} {before.draught_m:.1f} m (to {_time(before.last_ms)}, {before.reports:,} messages) -> "
        f"{after.draught_m:.1f} m (from {_time(after.first_ms)}, {after.reports:,}), class {side.change.quality}: "
        f"{side.loaded_t:+,.0f} +-{side.sd_t:,.0f} t."
    )


def _sentence(grade: str, tonnes: dict[str, float], receiver: Side, donor: Side) -> str | None:
    """For the event's ``why``, where a draught says something."""
    if grade == "D":
        return None
    moved = " and ".join(
        f"{s.label} {s.change.before.draught_m:.1f} to {s.change.after.draught_m:.1f} m"
        for s in (donor, receiver)
        if s.loaded_t is not None and s.change.before is not None and s.change.after is not None
    )
    what = f"by the declared draughts of {moved}" if moved else "by earlier lifts"
    return f"Cargo {tonnes['low']:,.0f} to {tonnes['high']:,.0f} t (grade {grade}) {what}."


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%MZ")
