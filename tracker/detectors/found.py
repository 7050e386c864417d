"""A contact that was found and measured, and is not yet judged."""

from dataclasses import dataclass

from tracker.detectors.contact import Contact
from tracker.detectors.evidence import Evidence
from tracker.tables.ship import Ship


@dataclass(frozen=True, slots=True)
class Found:
    """A measured contact, not yet judged."""

    mmsi_1: int
    mmsi_2: int
    ship_1: Ship
    ship_2: Ship
    contact: Contact
    evidence: Evidence

    @property
    def duration_h(self) -> float:
        """Length of the contact, hours."""
        return (self.contact.end_s - self.contact.start_s) / 3600.0
