"""The cargo of one contact: methods, limits and history put together, with the reasoning in plain lines.

M0 deadweight x laden fraction is the prior, on the receiver's deadweight; M1 draught differences of both ships are the
evidence; M2 hours x rate bounds them; M3 the history of the receiver guards against one bad draught; M4 measurements
from outside enter as they are. The grade says what it rests on: A two draughts agree, B one draught, C weak, D none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from tracker.cargo.combine import CombineParams, Limits, Measurement, combine
from tracker.cargo.draught_evidence import draught_evidence
from tracker.cargo.draughts import READING_SD_M, RESOLUTION_SD_M
from tracker.cargo.factors import barrels_or_unspecified
from tracker.cargo.panel import SCENARIOS, CargoParams
from tracker.cargo.products import density_t_per_m3, product_of
from tracker.cargo.rates import rate_bound, sample_bound
from tracker.cargo.sides import Direction, Side, direction_of

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
    record: dict[str, Any] = field(default_factory=dict)
    """What the table ``estimates`` keeps."""


def estimate_cargo(
    one: Side,
    two: Side,
    /,
    *,
    timing: Timing,
    history_t: tuple[Sequence[float], Sequence[float]],
    outside: Sequence[Measurement] = (),
    loaded: Sequence[tuple[str, str] | None] = (None, None),
    seed: int,
    params: CargoParams,
    combining: CombineParams | None = None,
) -> Estimate:
    """Estimate the cargo that went from one side to the other; both deadweights must be known.

    Parameters
    ----------
    history_t : for each side, what it took on by draught in earlier contacts
    outside : M4, measurements from outside AIS
    loaded : for each side, product and source of what she is known to have loaded last
    seed : of the draws
    """
    combining = combining or CombineParams()
    sides = (one, two)
    direction = direction_of(one, two)
    receiver, donor = sides[direction.receiver], sides[1 - direction.receiver]
    assert receiver.dwt is not None
    assert donor.dwt is not None
    base = min((receiver.dwt, donor.dwt), key=lambda d: d.dwt_t)
    product, product_basis = product_of(sides, assumed=params.product, loaded=loaded[1 - direction.receiver])
    density = density_t_per_m3(product)
    by_draught = draught_evidence(receiver, donor, direction)
    draughts, flags, notes = by_draught.found, list(by_draught.flags), by_draught.notes
    evidence = [*draughts, *outside]
    past = _history(receiver, history_t[direction.receiver])
    evidence += [past] if past else []
    bound = rate_bound(timing.span_h, receiver_dwt_t=receiver.dwt.dwt_t, cargo_t_per_m3=density)
    heard = rate_bound(timing.heard_h, receiver_dwt_t=receiver.dwt.dwt_t, cargo_t_per_m3=density)
    binds = timing.silent_share <= SILENT_SHARE
    agreed_t = by_draught.pooled_t if by_draught.has_two_that_agree else None
    if agreed_t is not None:
        # two ships say so independently: a bound from judged rates then only flags
        binds = False
        flags += ["more_than_time_allows"] if agreed_t > combining.rate_slack * bound.high_t else []
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
        drawn_rate_t=partial(
            sample_bound,
            timing.span_h,
            receiver_dwt_t=receiver.dwt.dwt_t,
            cargo_t_per_m3=density,
            n=combining.draws,
        )
        if binds
        else None,
    )
    flags += posterior.flags
    if any(m.tonnes > combining.rate_slack * heard.high_t for m in draughts):
        flags.append("more_than_heard_hours")
    grade = _grade(draughts, flags, has_weak=bool(past or outside))
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
        *([" ".join(notes)] if notes else []),
        f"M2: alongside {timing.span_h:.1f} h, both heard {timing.heard_h:.1f} h; at most {bound.high_t:,.0f} t "
        f"({heard.high_t:,.0f} t in the hours heard); " + _use_of_hours(timing, binds=binds),
        (
            f"M3: {past.source}. "
            if past
            else f"M3: {len(history_t[direction.receiver])} earlier lift(s) by draught, {HISTORY_LEAST} needed. "
        )
        + f"Donor's stock before: {'not known' if stock is None else f'{stock:,.0f} t by draught'}.",
        *(f"M4: {m.tonnes:,.0f} +-{m.sd_t:,.0f} t, {m.source}." for m in outside),
        f"Product: {product or 'dry cargo, not specified'} ({product_basis}); factor set {params.factor_set}"
        + ("." if bbl_per_t is None else f", {bbl_per_t:g} bbl/t."),
        f"Result, grade {grade}: P10 {tonnes['low']:,.0f}, P50 {tonnes['best']:,.0f}, P90 {tonnes['high']:,.0f} t "
        f"(effective draws {posterior.effective:,.0f} of {combining.draws:,}, seed {seed}); "
        f"flags: {', '.join(flags) or 'none'}.",
    ]
    record = {
        "donor_mmsi": donor.mmsi,
        "receiver_mmsi": receiver.mmsi,
        "direction_probability": round(direction.probability, 4),
        "direction_basis": direction.basis,
        "product": product,
        "product_basis": product_basis,
        "p10_t": round(posterior.p10_t, 1),
        "p50_t": round(posterior.p50_t, 1),
        "p90_t": round(posterior.p90_t, 1),
        "grade": grade,
        "flags": ";".join(flags),
        "effective_draws": round(posterior.effective, 1),
        "draws": combining.draws,
        "seed": str(seed),
        "reasoning": "\n".join(reasoning),
    }
    sentence = _sentence(grade, tonnes, receiver, donor, is_measured=bool(outside))
    return Estimate(columns, reasoning, sentence, by_draught.pooled_t, tuple(flags), record)


def _use_of_hours(timing: Timing, *, binds: bool) -> str:
    if binds:
        return "a limit."
    if timing.silent_share > SILENT_SHARE:
        return f"{timing.silent_share:.0%} of it is silence, so it only flags."
    return "two draughts agree, so it only flags."


def _history(receiver: Side, history_t: Sequence[float]) -> Measurement | None:
    """M3: the median of earlier lifts, never weighing more than a class B draught."""
    if len(history_t) < HISTORY_LEAST or receiver.hull is None:
        return None
    middle = median(history_t)
    spread = 1.4826 * median(abs(value - middle) for value in history_t)
    least = 100.0 * receiver.hull.tonnes_per_cm * (RESOLUTION_SD_M**2 + 2.0 * READING_SD_M["B"] ** 2) ** 0.5
    source = f"median of {len(history_t)} earlier lifts of {receiver.label}: {middle:,.0f} t"
    return Measurement("M3 history", middle, max(spread, least), source)


def _grade(draughts: Sequence[Measurement], flags: Sequence[str], *, has_weak: bool) -> str:
    good = [m for m in draughts if m.source in {"A", "B"}]
    if "draughts_disagree" in flags or (draughts and not good):
        return "C"
    if len(good) == 2 and "ballast_explains" not in flags:
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
    carried = f", as declared on arrival at {side.change.from_port}" if side.change.from_port else ""
    return (
        f"{side.label} {before.draught_m:.1f} m (to {_time(before.last_ms)}, {before.reports:,} messages) -> "
        f"{after.draught_m:.1f} m (from {_time(after.first_ms)}, {after.reports:,}), class {side.change.quality}{carried}: "
        f"{side.loaded_t:+,.0f} +-{side.sd_t:,.0f} t."
    )


def _sentence(grade: str, tonnes: dict[str, float], receiver: Side, donor: Side, *, is_measured: bool) -> str | None:
    """For the event's ``why``, where a draught says something."""
    if grade == "D":
        return None
    moved = " and ".join(
        f"{s.label} {s.change.before.draught_m:.1f} to {s.change.after.draught_m:.1f} m"
        for s in (donor, receiver)
        if s.loaded_t is not None and s.change.before is not None and s.change.after is not None
    )
    what = f"by the declared draughts of {moved}" if moved else "by earlier lifts"
    what = "by what others measured" + (f" and {what[3:]}" if moved else "") if is_measured else what
    return f"Cargo {tonnes['low']:,.0f} to {tonnes['high']:,.0f} t (grade {grade}) {what}."


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%MZ")
