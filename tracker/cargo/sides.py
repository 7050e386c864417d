"""The two ships of a contact as cargo sees them, and which of them gave: by draughts, type and size.

A probability stands beside the answer. Sizes alone decide only where the ships differ much: 600 t of a 14,039 t cargo
went to a small tanker, and the small ship is the receiver in most public cases.
"""

from dataclasses import dataclass
from math import erf, exp, log, sqrt

from tracker.cargo.deadweight import Deadweight
from tracker.cargo.draughts import DraughtChange
from tracker.cargo.hullform import Hull

MODEL_ERROR = 0.08
"""Relative error of the hull form (cargo-and-law.md, 4.2)."""
SIZE_LOGIT = 1.5
"""Logits for each e-fold of the ratio of deadweights (judgement: 2 to 1 gives 0.74, 3 to 1 gives 0.84)."""
MOST_SIZE_LOGIT = 2.0
"""A bunker vessel is smaller than the ship she supplies: size alone never says more than 0.88."""
TYPE_LOGIT = 2.2
"""A tanker beside a dry-cargo ship gives (0.90, judgement)."""
DEPTH_LOGIT = 6.0
"""Logits for each unit of difference in the share of design draught before the contact (judgement)."""
SURE_ENOUGH = 0.75
"""Probability from which a donor is named."""


@dataclass(frozen=True)
class Side:
    """One ship of a contact."""

    mmsi: int
    label: str
    ship_type: int | None
    dwt: Deadweight | None
    hull: Hull | None
    change: DraughtChange
    shared_with: str | None = None
    """Another contact in the time of the draught change: it is then not this contact's alone."""
    words: str = ""
    """Type in a registry's words."""

    @property
    def why_not(self) -> str | None:
        """Why the draughts give no tonnes; None when they do."""
        before, after = self.change.before, self.change.after
        if before is None:
            return "no draught declared since she left port" if self.change.is_stale else "no draught confirmed before"
        if self.change.never_changed:
            return f"the draught never changed in this data ({before.draught_m:.1f} m)"
        if after is None:
            return f"no change reported (draught {before.draught_m:.1f} m before)"
        if self.hull is None:
            return "hull not known"
        if not (self.hull.believes(before.draught_m) and self.hull.believes(after.draught_m)):
            return f"{before.draught_m:.1f} -> {after.draught_m:.1f} m is not within 0.3 to 1.15 of the design draught"
        if self.shared_with is not None:
            return f"the change is shared with the contact with {self.shared_with}"
        return None

    @property
    def loaded_t(self) -> float | None:
        """M1: tonnes taken on by draught, negative when given; None when the draughts give none."""
        if self.why_not is not None or self.hull is None or self.change.before is None or self.change.after is None:
            return None
        return self.hull.loaded_t(self.change.before.draught_m, self.change.after.draught_m)

    @property
    def sd_t(self) -> float:
        """Standard deviation of `loaded_t`: two readings, and the model."""
        loaded = self.loaded_t
        if loaded is None or self.hull is None:
            return 0.0
        return sqrt((100.0 * self.hull.tonnes_per_cm * self.change.sd_m) ** 2 + (MODEL_ERROR * loaded) ** 2)

    @property
    def depth_share(self) -> float | None:
        """Draught before the contact as a share of the design draught."""
        if self.hull is None or self.change.before is None:
            return None
        return self.change.before.draught_m / self.hull.design_draught_m

    @property
    def stock_t(self) -> float | None:
        """Cargo on board before the contact by the draught (M1b); None where it is not known."""
        before = self.change.before
        if before is None or self.hull is None or self.dwt is None or not self.hull.believes(before.draught_m):
            return None
        return self.hull.payload_t(before.draught_m, dwt_t=self.dwt.dwt_t)


@dataclass(frozen=True)
class Direction:
    """Who received (0 or 1 of the two sides), how probable that is, and what it rests on."""

    receiver: int
    probability: float
    basis: str
    is_disputed: bool = False
    """Both draughts moved the same way."""

    @property
    def is_named(self) -> bool:
        """Whether it is sure enough to name a donor."""
        return self.probability >= SURE_ENOUGH


def direction_of(one: Side, two: Side, /) -> Direction:
    """Decide who received: the draughts' word is added to what types and sizes say, in logits."""
    usual, basis = _usual_logit(one, two)
    signs = [
        sign * side.change.change_m / side.change.sd_m
        for sign, side in ((1.0, one), (-1.0, two))
        if side.loaded_t is not None and side.change.change_m is not None
    ]
    if not signs:
        depths = one.depth_share, two.depth_share
        if depths[0] is not None and depths[1] is not None:
            usual += DEPTH_LOGIT * (depths[1] - depths[0])
            basis = f"draughts before the contact, {basis}"
        return Direction(0 if usual > 0 else 1, min(0.95, _probability(usual)), basis)
    z = sum(signs) / sqrt(len(signs))
    tail = max(1e-6, 0.5 * (1.0 - erf(abs(z) / sqrt(2.0))))
    logit = usual + (1.0 if z > 0 else -1.0) * log((1.0 - tail) / tail)
    disputed = len(signs) == 2 and signs[0] * signs[1] < 0
    return Direction(0 if logit > 0 else 1, min(0.99, _probability(logit)), f"draughts, {basis}", disputed)


def _probability(logit: float) -> float:
    return 1.0 / (1.0 + exp(-abs(logit)))


def _usual_logit(one: Side, two: Side) -> tuple[float, str]:
    """Logit that the first received, by types, else by sizes, and which of them spoke."""
    tankers = [side.ship_type is not None and 80 <= side.ship_type <= 89 for side in (one, two)]
    dry = [side.ship_type is not None and 70 <= side.ship_type <= 79 for side in (one, two)]
    if tankers[0] and dry[1]:
        return -TYPE_LOGIT, "types (a tanker supplies a dry-cargo ship)"
    if tankers[1] and dry[0]:
        return TYPE_LOGIT, "types (a tanker supplies a dry-cargo ship)"
    if one.dwt is None or two.dwt is None:
        return 0.0, "nothing known"
    logit = SIZE_LOGIT * log(two.dwt.dwt_t / one.dwt.dwt_t)
    return max(-MOST_SIZE_LOGIT, min(MOST_SIZE_LOGIT, logit)), "sizes"
