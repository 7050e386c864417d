"""A user's anchorages: a CSV of places with a label and a state, which win over listed ports where they are.

The columns of Global Fishing Watch's anchorage lists are known (``latitude``, ``longitude``, ``label``, ``iso3``). A
line without a place, or with one off the globe, is counted and set aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.errors import MissingColumnError
from tracker.geo.states import alpha3
from tracker.tables.given import GivenTable
from tracker.tables.rows import Faults, number, plain, rows_of
from tracker.zones.ports import Ports, ports_with

LATITUDES, LONGITUDES = ("lat", "latitude"), ("lon", "longitude", "lng")
STATES = ("iso3", "state", "flag", "country")
REACH_NM = 2.0
"""How far a point of an anchorage list reaches. Source: GFW's anchorages are cells of about half a kilometre, one label over many."""


@dataclass(frozen=True)
class GivenAnchorage:
    """One place of a user's list."""

    lon: float
    lat: float
    label: str
    state: str
    """Alpha-3, or empty."""


@dataclass(frozen=True)
class GivenAnchorages:
    """The places of a file, and what was set aside."""

    rows: tuple[GivenAnchorage, ...]
    faults: Faults
    name: str
    digest: str


def read_anchorages(table: GivenTable, /) -> GivenAnchorages:
    """Read anchorages: columns lat, lon, label and, where known, iso3.

    Raises
    ------
    EmptyInputError, InputError, MissingColumnError
    """
    rows = rows_of(table.content, table.name, needs=())
    columns = list(rows[0])
    found = {}
    for what, names in (("lat", LATITUDES), ("lon", LONGITUDES), ("label", ("label", "name"))):
        found[what] = next((name for name in names if name in columns), None)
        if found[what] is None:
            raise MissingColumnError(
                f"{table.name} has no column {what!r}. It has: {', '.join(columns[:12])}. Anchorages need lat, lon, label."
            )
    state = next((name for name in STATES if name in columns), None)
    faults = Faults()
    kept = []
    for line, row in enumerate(rows, start=2):
        lat, lon = (number(row[found[what] or ""]) for what in ("lat", "lon"))
        label, said = plain(row[found["label"] or ""]), "" if state is None else row[state].strip()
        where = f"line {line} ({label or 'no label'})"
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 360:
            faults.add("set aside: no place on the globe", where)
            continue
        if not label:
            faults.add("set aside: no label", where)
            continue
        code = alpha3(said) if said else None
        if said and code is None:
            faults.add("unknown state, left empty", f"{where}: {plain(said)}")
        kept.append(GivenAnchorage((lon + 180.0) % 360.0 - 180.0, lat, label, code or ""))
    return GivenAnchorages(tuple(kept), faults, table.name, table.digest)


def ports_and(given: Sequence[GivenAnchorages], /) -> Ports | None:
    """The packaged ports with a user's anchorages; None when there are none."""
    rows = [row for table in given for row in table.rows]
    if not rows:
        return None
    return ports_with(
        [row.label for row in rows],
        [row.state for row in rows],
        [row.lon for row in rows],
        [row.lat for row in rows],
        radius_nm=REACH_NM,
    )
