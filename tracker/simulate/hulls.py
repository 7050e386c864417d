"""Synthetic hulls: size, antenna, identity and the draughts their crews declare.

Identities are made so that nobody takes them for real ones: names begin with ``SYN``, call signs are no call signs,
and IMO numbers run from 3,000,000, below the block in which numbers have been issued to merchant ships; their check
digit is right, because readers drop numbers whose check digit is wrong. An MMSI begins with the MID of its flag, as
it must, so that a real ship may by chance bear the same number.
"""

from dataclasses import dataclass

import numpy as np

CREWED_TYPES = {"fishing": 30, "tow": 31, "tug": 52, "pilot": 50, "ferry": 60, "cargo": 70, "tanker": 80, "other": 90}
"""Ship type codes used here (ITU-R M.1371-5, table 53)."""

BLOCK_COEFFICIENT = 0.75
"""Small product tanker at design draught."""
DEADWEIGHT_FACTOR = 0.51
"""Deadweight over length x beam x design draught, small tankers (checked on 79.9 x 14.2 x 6.1 m, 3,500 t)."""
SEA_WATER_T_PER_M3 = 1.025


@dataclass(frozen=True)
class Hull:
    """One ship: what she is, where her antenna stands (A, B, C, D of message 5, metres), what she declares."""

    mmsi: int
    name: str
    ship_type: int
    to_bow_m: int
    to_stern_m: int
    to_port_m: int
    to_starboard_m: int
    imo: int | None = None
    callsign: str | None = None
    ais_class: str = "A"
    design_draught_m: float = 5.0
    declared: tuple[tuple[float, float], ...] = ()
    """Declared draughts: (from this time, seconds since 1970; metres), in order of time. Empty: never declared."""
    has_heading: bool = True

    @property
    def length_m(self) -> int:
        """Length overall, A + B."""
        return self.to_bow_m + self.to_stern_m

    @property
    def beam_m(self) -> int:
        """Beam, C + D."""
        return self.to_port_m + self.to_starboard_m

    @property
    def antenna_ahead_m(self) -> float:
        """How far the antenna stands ahead of the middle of the hull."""
        return 0.5 * (self.to_stern_m - self.to_bow_m)

    @property
    def antenna_right_m(self) -> float:
        """How far the antenna stands to starboard of the middle line."""
        return 0.5 * (self.to_port_m - self.to_starboard_m)

    @property
    def deadweight_t(self) -> float:
        """Deadweight from the main dimensions, tonnes."""
        return DEADWEIGHT_FACTOR * self.length_m * self.beam_m * self.design_draught_m

    def sinkage_m(self, cargo_t: float, /) -> float:
        """Change of draught for so many tonnes: waterplane of 0.97 L x B x (1 + 2 Cb) / 3, sea water."""
        waterplane_m2 = 0.97 * self.length_m * self.beam_m * (1.0 + 2.0 * BLOCK_COEFFICIENT) / 3.0
        return cargo_t / (waterplane_m2 * SEA_WATER_T_PER_M3)

    def draught_at(self, time_s: float, /) -> float | None:
        """The draught that the crew declared at a time, metres; None before the first, or when it never did."""
        said = [draught for since, draught in self.declared if since <= time_s]
        return said[-1] if said else None


def hull(
    mmsi: int,
    kind: str = "tanker",
    /,
    *,
    length_m: float,
    beam_m: float | None = None,
    name: str | None = None,
    imo: int | None = None,
    ais_class: str = "A",
    draught_m: float | None = None,
    antenna_aft: float = 0.85,
    antenna_right_m: int = 0,
    has_heading: bool | None = None,
) -> Hull:
    """A hull of a kind of `CREWED_TYPES`, with the proportions that such ships have.

    Parameters
    ----------
    length_m, beam_m
        Main dimensions, metres; the beam defaults to length / 6.2 (small tankers and coasters).
    antenna_aft
        Share of the length that lies ahead of the antenna: 0.85 for a bridge aft.
    draught_m
        Declared from the beginning; the design draught is that of a product tanker of this length.
    """
    bow = round(length_m * antenna_aft)
    beam = max(4, round(beam_m if beam_m is not None else length_m / 6.2))
    port = min(beam, max(0, beam // 2 + antenna_right_m))
    return Hull(
        mmsi=mmsi,
        name=name if name is not None else f"SYN {mmsi % 100_000}",
        ship_type=CREWED_TYPES[kind],
        to_bow_m=bow,
        to_stern_m=round(length_m) - bow,
        to_port_m=port,
        to_starboard_m=beam - port,
        imo=imo,
        callsign=f"SYN{mmsi % 10_000}",
        ais_class=ais_class,
        design_draught_m=round(0.0584 * length_m + 1.5377, 1),
        declared=() if draught_m is None else ((float("-inf"), round(draught_m, 1)),),
        has_heading=ais_class == "A" if has_heading is None else has_heading,
    )


def synthetic_imo(serial: int, /) -> int:
    """IMO number with a right check digit in the block 3,000,000..3,999,999, which merchant ships do not use."""
    six = 300_000 + serial % 100_000
    digits = [int(d) for d in str(six)]
    check = int(np.dot(digits, range(7, 1, -1))) % 10
    return six * 10 + check
