"""A ship as detection needs it: identity and hull at one moment."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ship:
    """Identity and hull of one MMSI at one time; what is not known is None."""

    mmsi: int
    name: str | None = None
    imo: int | None = None
    callsign: str | None = None
    ship_type: int | None = None
    length_m: float | None = None
    beam_m: float | None = None
    to_bow_m: float | None = None
    to_stern_m: float | None = None
    to_port_m: float | None = None
    to_starboard_m: float | None = None
    draught_m: float | None = None

    @property
    def has_antenna(self) -> bool:
        """Whether the place of the antenna on the hull is known (A, B, C, D all given)."""
        return None not in (self.to_bow_m, self.to_stern_m, self.to_port_m, self.to_starboard_m)

    @property
    def has_hull(self) -> bool:
        """Whether length and beam are known."""
        return self.length_m is not None and self.beam_m is not None

    @property
    def label(self) -> str:
        """Name for sentences: the ship's name, else its MMSI."""
        return self.name or f"MMSI {self.mmsi:09d}"
