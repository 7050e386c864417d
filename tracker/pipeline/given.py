"""What users give beside AIS and lists: known incidents and measurements of cargo, read, kept and put to use."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.cargo.measured import MeasuredTable, read_measured
from tracker.detectors.scenes import Scenes, read_scenes
from tracker.detectors.sightings import Detections, read_detections
from tracker.identity.registered import Registers, ship_of
from tracker.tables.events import EVENTS
from tracker.tables.given import (
    ANCHORAGES_GIVEN,
    INCIDENTS,
    MEASUREMENTS,
    SCENES,
    SEEN,
    ZONES_DRAWN,
    GivenTable,
    read_given,
)
from tracker.tables.listing import WatchList
from tracker.watchlists.incidents import Incidents, fits_of, read_incidents
from tracker.zones.anchorages import GivenAnchorages, read_anchorages


@dataclass(frozen=True)
class CargoInputs:
    """Tables beside AIS that cargo rests on: measurements, and registries for the type of a ship in words."""

    registers: Registers = field(default_factory=lambda: Registers(()))
    measured: tuple[MeasuredTable, ...] = ()

    def words_of(self, row: Mapping[str, Any], n: int, /) -> str:
        """Type of a ship of an event in a registry's words, unless type or size contradict it; empty otherwise."""
        ship = ship_of(row, n) if self.registers else None
        found = None if ship is None else self.registers.of(ship)
        return "" if found is None or found.against else found.entry.ship_type or ""


NOTHING_GIVEN = CargoInputs()


def load_given(
    incidents: Iterable[str | Path] = (),
    measurements: Iterable[str | Path] = (),
    detections: Iterable[str | Path] = (),
    scenes: Iterable[str | Path] = (),
    /,
    *,
    anchorages: Iterable[str | Path] = (),
) -> list[GivenTable]:
    """Read the files that a user named; one that cannot be understood is refused before any work begins."""
    files = {INCIDENTS: incidents, MEASUREMENTS: measurements, SEEN: detections, SCENES: scenes}
    files[ANCHORAGES_GIVEN] = anchorages
    tables = [read_given(path, role=role) for role, paths in files.items() for path in paths]
    for table in tables:
        understood(table)
    return tables


READERS: Mapping[str, Callable[[GivenTable], Incidents | MeasuredTable | Detections | Scenes | GivenAnchorages]] = {
    INCIDENTS: read_incidents,
    MEASUREMENTS: read_measured,
    SEEN: read_detections,
    SCENES: read_scenes,
    ANCHORAGES_GIVEN: read_anchorages,
}


def understood(table: GivenTable, /) -> Incidents | MeasuredTable | Detections | Scenes | GivenAnchorages:
    """The table read for what it is."""
    return READERS[table.role](table)


def given_together(kept: Sequence[GivenTable], new: Sequence[GivenTable], /) -> list[GivenTable]:
    """Tables of a case and new ones, outlines apart; a new one replaces its namesake of the same role."""
    named = {(one.role, one.name): one for one in (*kept, *new) if one.role != ZONES_DRAWN}
    return [named[key] for key in sorted(named)]


def cargo_inputs(tables: Sequence[GivenTable], lists: Sequence[WatchList], /) -> CargoInputs:
    """Measurements of cargo, and what registries say of ships."""
    return CargoInputs(Registers(lists), tuple(read_measured(t) for t in tables if t.role == MEASUREMENTS))


def anchorages_of(tables: Sequence[GivenTable], /) -> list[GivenAnchorages]:
    """A user's anchorages among the tables."""
    return [read_anchorages(table) for table in tables if table.role == ANCHORAGES_GIVEN]


def note_incidents(events: Any, tables: Sequence[GivenTable], /) -> Any:
    """Events (Arrow, `EVENTS`) with a sentence for each known incident that they fit."""
    incidents = [i for table in tables if table.role == INCIDENTS for i in read_incidents(table).rows]
    if not incidents:
        return events
    rows = events.to_pylist()
    for row in rows:
        row["why"] = [*(row["why"] or []), *fits_of(row, incidents)]
    return EVENTS.from_rows(rows)


def record_of(tables: Sequence[GivenTable], /) -> list[dict[str, Any]]:
    """What ``run.json`` says of the tables."""
    told = []
    for table in tables:
        read = understood(table)
        told.append(
            {
                "role": table.role,
                "name": table.name,
                "sha256": table.digest,
                "rows": len(read.rows),
                "set_aside": read.faults.lines(),
            }
        )
    return told
