"""Who plays: ships of random kind and size, and what their static reports say about them, which may be wrong."""

from dataclasses import dataclass, field, replace
from typing import Any

from tracker.simulate.falsehoods import Falsehood
from tracker.simulate.fleet import statics_of
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import Place, Rng, away
from tracker.simulate.stage import Stage
from tracker.simulate.trials.ground import Ground, site
from tracker.tables.statics import STATICS

FLAGS = ("PAN", "LBR", "MHL", "SLE", "TGO", "CHN", "HKG", "KOR", "JPN", "RUS", "VNM", "PLW", "BLZ")

KINDS = (
    (("tanker", "tanker"), 0.55),
    (("tanker", "cargo"), 0.15),
    (("tanker", "other"), 0.12),
    (("cargo", "cargo"), 0.10),
    (("tanker", "fishing"), 0.08),
)
"""Kinds of the ships that meet, and how often."""


NEAR_NM = (12.0, 30.0)
"""How far ships come to a meeting, within what a day of data shows."""


@dataclass
class Play:
    """A stage on a ground, with what the ships say of themselves."""

    stage: Stage
    ground: Ground
    hidden: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Columns of the static reports that a ship leaves empty."""
    wrong: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Columns that a ship fills wrongly."""
    quays: list[Place] = field(default_factory=list)
    """Anchorages and berths of this ground, as others know them."""
    falsehoods: list[Falsehood] = field(default_factory=list)
    """What ships send from where they are not."""

    def ship(self, rng: Rng, kind: str, /, *, length_m: float, beam_m: float | None = None) -> Hull:
        """Register a ship with what she declares, and what is missing or wrong in it."""
        small = length_m < 50.0 or kind in {"fishing", "other"}
        ais_class = "B" if small and rng.random() < 0.6 else "A"
        laden = float(rng.uniform(0.45, 0.98)) if ais_class == "A" and rng.random() < 0.7 else None
        flag = FLAGS[int(rng.integers(len(FLAGS)))]
        ship = self.stage.ship(flag, kind, length_m=length_m, beam_m=beam_m, ais_class=ais_class, laden=laden)
        if ais_class == "A" and rng.random() < 0.08:
            ship = replace(ship, has_heading=False)
        self._spoil_card(rng, ship)
        return ship

    def pair(self, rng: Rng, /, *, small_guest: bool = False) -> tuple[Hull, Hull]:
        """Two ships that meet: host and guest."""
        weights = [share for _, share in KINDS]
        kinds = KINDS[int(rng.choice(len(KINDS), p=weights))][0]
        host_m = float(
            rng.choice([rng.uniform(62, 120), rng.uniform(120, 185), rng.uniform(185, 280)], p=[0.6, 0.3, 0.1])
        )
        if small_guest or kinds[1] in {"fishing", "other"}:
            guest_m = float(rng.uniform(36, 68))
        else:
            guest_m = host_m * float(rng.uniform(0.55, 1.1))
        return self.ship(rng, kinds[0], length_m=host_m), self.ship(rng, kinds[1], length_m=guest_m)

    def site(self, number: int, /) -> Place:
        """A site of the ground."""
        return site(self.ground, number)

    def near(self, rng: Rng, place: Place, miles: tuple[float, float] = NEAR_NM, /) -> Place:
        """Somewhere about a place, between two distances: where a ship comes from or goes to."""
        return away(place, bearing_deg=float(rng.uniform(0, 360)), distance_nm=float(rng.uniform(*miles)))

    def statics(self) -> Any:
        """Identity reports of the fleet as received, a ``STATICS`` table."""
        rows = statics_of(self.stage.fleet).to_pylist()
        for row in rows:
            row.update(dict.fromkeys(self.hidden.get(row["mmsi"], ())))
            row.update(self.wrong.get(row["mmsi"], {}))
        return STATICS.from_rows(rows)

    def _spoil_card(self, rng: Rng, ship: Hull) -> None:
        antenna = ("to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m")
        luck = rng.random()
        if luck < 0.08:
            self.hidden[ship.mmsi] = ("length_m", "beam_m", *antenna)
        elif luck < 0.28:
            self.hidden[ship.mmsi] = antenna
        elif luck < 0.33:
            wrong_m = float(rng.choice([0.5, 1.6])) * ship.length_m
            self.hidden[ship.mmsi] = antenna
            self.wrong[ship.mmsi] = {"length_m": float(round(wrong_m)), "beam_m": float(round(wrong_m / 6.0))}
        if rng.random() < 0.06:
            self.hidden[ship.mmsi] = (*self.hidden.get(ship.mmsi, ()), "ship_type")
