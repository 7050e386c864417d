"""The stage of a scenario: a fleet, a clock in hours, and a register that gives every ship a synthetic identity."""

from dataclasses import dataclass, field, replace

import numpy as np

from tracker.simulate.fleet import Fleet
from tracker.simulate.hulls import Hull, hull, synthetic_imo
from tracker.simulate.motion import Rng

MIDS = {
    "CHN": (412, 413, 414),
    "PRK": (445,),
    "KOR": (440, 441),
    "JPN": (431, 432),
    "TWN": (416,),
    "HKG": (477,),
    "PAN": (351, 352, 353, 354, 355, 356, 357, 370, 371, 372, 373),
    "SLE": (667,),
    "TGO": (671,),
    "MNG": (457,),
    "PLW": (511,),
    "BLZ": (312,),
    "LBR": (636,),
    "MHL": (538,),
    "RUS": (273,),
    "VNM": (574,),
}
"""Flag to maritime identification digits (ITU), as far as this cast needs them."""

WORDS = {
    "CHN": "HAI",
    "PRK": "HAE",
    "KOR": "BADA",
    "JPN": "MARU",
    "TWN": "TAI",
    "PAN": "PEARL",
    "SLE": "LION",
    "TGO": "PALM",
    "MNG": "STEPPE",
}
"""Second word of a name; the first is always SYN."""


@dataclass
class Stage:
    """Where a scenario is put together: ships are registered, times are hours from the start."""

    fleet: Fleet
    seed: int
    registered: dict[str, int] = field(default_factory=dict)
    serial: int = 0

    def rng(self, act: int, /) -> Rng:
        """Random numbers of one act: changing an act leaves the others as they were."""
        return np.random.default_rng([self.seed, act])

    def time_s(self, hour: float, /) -> float:
        """Seconds since 1970 of an hour from the start."""
        return self.fleet.start_s + 3600.0 * hour

    def has_time_for(self, hour: float, /) -> bool:
        """Whether the scenario lasts until an hour, with an hour to see what comes after."""
        return self.time_s(hour + 1.0) <= self.fleet.end_s

    def ship(
        self,
        flag: str,
        kind: str = "tanker",
        /,
        *,
        length_m: float,
        ais_class: str = "A",
        laden: float | None = None,
        imo: bool = True,
        beam_m: float | None = None,
    ) -> Hull:
        """Register a ship: MMSI under a MID of the flag, a name that says SYN, and perhaps an IMO number.

        Parameters
        ----------
        laden
            Declared draught as a share of the design draught, from the beginning; None: never declared.
        """
        number = self.registered.get(flag, 0) + 1
        self.registered[flag] = number
        self.serial += 1
        mids = MIDS[flag]
        ship = hull(
            mids[number % len(mids)] * 1_000_000 + 990_000 + number,
            kind,
            length_m=length_m,
            beam_m=beam_m,
            name=f"SYN {WORDS.get(flag, 'SHIP')} {self.serial}",
            imo=synthetic_imo(7 * self.serial) if imo and ais_class == "A" else None,
            ais_class=ais_class,
            antenna_aft=0.83 if kind in {"tanker", "cargo"} else 0.5,
        )
        ship = replace(ship, callsign=f"SYN{self.serial}")
        if laden is None:
            return ship
        return replace(ship, declared=((float("-inf"), round(laden * ship.design_draught_m, 1)),))


def declared_after(ship: Hull, end_s: float, hours: float | None, change_t: float, /) -> Hull:
    """The crew sets the draught anew so many hours after a meeting's end, for so many tonnes more (or fewer) on board.

    With `hours` None, or when the ship never declared a draught, she says nothing.
    """
    if hours is None or not ship.declared:
        return ship
    time_s = end_s + 3600.0 * hours
    now = ship.declared[-1][1]
    new = min(max(now + ship.sinkage_m(change_t), 0.3 * ship.design_draught_m), 1.02 * ship.design_draught_m)
    return replace(ship, declared=(*ship.declared, (time_s, round(new, 1))))
