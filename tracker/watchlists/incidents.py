"""Known incidents: dated cases with ships, a place and a source, and which events fit one in ship, date and place.

A case of the press gives a ship, a day and a rough place ("250 km off Shanghai"): its position carries a radius, and
an event inside it is a fit, no proof. Where a case has no position its place is not compared, which is said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tracker.geo.kernels.plane import distance_m
from tracker.tables.given import GivenTable
from tracker.tables.imo import parse_imo
from tracker.tables.rows import Faults, day_of, number, plain, rows_of
from tracker.watchlists.names import normalise

DAY_SLACK = timedelta(days=1)
"""A case's day is a local one, and often that of a report: an event may begin or end a day beside it."""
DEFAULT_RADIUS_KM = 50.0
"""Of a position that is given without a radius (judgement)."""
LONGEST_DAYS = 400
FIRST_YEAR, LAST_YEAR = 1950, 2200
LEAST_LETTERS = 3
_NAMELESS = re.compile(r"\b(?:unknown|unnamed|vessels?|unidentified|several|various|two|small)\b", re.IGNORECASE)
STARTS, ENDS = ("date_start", "date", "start", "start_date", "time"), ("date_end", "end", "end_date")
SHIPS = (("vessel_a", "vessel_a_imo", "vessel_a_mmsi"), ("vessel_b", "vessel_b_imo", "vessel_b_mmsi"))
ALONE = (("vessel", "imo", "mmsi"), ("vessel_name", "imo", "mmsi"), ("name", "imo", "mmsi"))

Row = Mapping[str, Any]


@dataclass(frozen=True)
class IncidentShip:
    """A ship as a case names it; what it does not say is None or empty."""

    name: str
    imo: int | None = None
    mmsi: int | None = None

    def why_same(self, name: str | None, imo: int | None, mmsi: int | None, /) -> str | None:
        """By what a heard ship is this one (``IMO``, ``MMSI``, ``name``); None when it is not."""
        if self.imo is not None and imo is not None:
            return "IMO" if self.imo == imo else None
        if self.mmsi is not None and mmsi is not None:
            return "MMSI" if self.mmsi == mmsi else None
        letters = normalise(self.name)
        return "name" if name and len(letters[0]) >= LEAST_LETTERS and letters == normalise(name) else None


@dataclass(frozen=True)
class Incident:
    """One known case."""

    incident_id: str
    first: date
    last: date
    ships: tuple[IncidentShip, ...]
    place: str
    lon: float | None
    lat: float | None
    radius_km: float
    told: str
    source: str


@dataclass(frozen=True)
class Incidents:
    """The cases of a file, and what was set aside."""

    rows: tuple[Incident, ...]
    faults: Faults
    name: str
    digest: str


def read_incidents(table: GivenTable, /) -> Incidents:
    """Read known incidents: date (or date_start, date_end), ships, place, source; positions with a radius if given.

    Ships stand in ``vessel_a``, ``vessel_b`` (with ``_imo``, ``_mmsi``), in ``vessel`` with ``imo`` and ``mmsi``, or
    in ``ships``, parted by semicolons: names, IMO numbers and MMSIs. Raises as `tracker.tables.rows.rows_of`.
    """
    rows = rows_of(table.content, table.name, needs=("source",))
    faults, found = Faults(), []
    for n, row in enumerate(rows, start=2):
        incident = _incident(row, n, faults)
        if incident is not None:
            found.append(incident)
    return Incidents(tuple(found), faults, table.name, table.digest)


def fits_of(event: Row, incidents: Sequence[Incident], /) -> list[str]:
    """Sentences: each case that an event (a row of `EVENTS`) fits in ship, date and place, with its source."""
    return [told for one in incidents if (told := _fit(event, one)) is not None]


def _fit(event: Row, one: Incident) -> str | None:
    begins = datetime(one.first.year, one.first.month, one.first.day, tzinfo=UTC) - DAY_SLACK
    ends = datetime(one.last.year, one.last.month, one.last.day, tzinfo=UTC) + timedelta(days=1) + DAY_SLACK
    if event["end_time"] < begins or event["start_time"] >= ends:
        return None
    heard = [(event[f"name_{n}"], event[f"imo_{n}"], event[f"mmsi_{n}"]) for n in (1, 2) if event[f"mmsi_{n}"]]
    same = {ship: by for ship in one.ships for who in heard if (by := ship.why_same(*who)) is not None}
    if not same:
        return None
    where = f"its place ({one.place or 'not given'}) has no position and was not compared"
    if one.lon is not None and one.lat is not None:
        distance_km = float(distance_m(event["lon"], event["lat"], one.lon, one.lat)) / 1000.0
        if distance_km > one.radius_km:
            return None
        where = f"{distance_km:,.0f} km from its position, which is known to {one.radius_km:,.0f} km"
    ships = " and ".join(f"{ship.name or by + ' number'} by {by}" for ship, by in same.items())
    others = [ship.name for ship in one.ships if ship not in same and ship.name]
    second = f"; it also names {', '.join(others)}" if others else ""
    days = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
    told = f" Reported there: {one.told}." if one.told else ""
    return (
        f"Fits known incident {one.incident_id} of {days} in ship ({ships}{second}), date and place ({where})."
        f"{told} Source: {one.source}."
    )


def _incident(row: Mapping[str, str], n: int, faults: Faults) -> Incident | None:
    name = plain(next((row[k] for k in ("case_id", "incident_id", "id") if row.get(k)), f"line {n}"))
    where = f"line {n} ({name})"
    starts = _day(next((row[k] for k in STARTS if row.get(k)), ""))
    text = next((row[k] for k in ENDS if row.get(k)), "")
    ends = starts if not text else _day(text)
    ships = _ships(row, faults, where)
    if starts is None or ends is None or ends < starts or not FIRST_YEAR <= starts.year <= ends.year <= LAST_YEAR:
        faults.add("set aside: the date is none, or ends before it begins", where)
    elif (ends - starts).days > LONGEST_DAYS:
        faults.add(f"set aside: the date spans more than {LONGEST_DAYS} days", where)
    elif not ships:
        faults.add("set aside: no ship is named", where)
    elif not row["source"]:
        faults.add("set aside: no source", where)
    else:
        lat, lon, radius = _position(row, faults, where)
        told = ", ".join(plain(row[k]) for k in ("quantity", "evidence", "note") if row.get(k))
        place = plain(next((row[k] for k in ("place", "location_text", "location") if row.get(k)), ""))
        return Incident(name, starts, ends, ships, place, lon, lat, radius, told, plain(row["source"]))
    return None


def _ships(row: Mapping[str, str], faults: Faults, where: str) -> tuple[IncidentShip, ...]:
    found = []
    for columns in (*SHIPS, next((c for c in ALONE if row.get(c[0])), ALONE[0])):
        name, imo_text, mmsi_text = (plain(row.get(column, "")) for column in columns)
        imo = parse_imo(imo_text)
        if imo_text and imo is None:
            faults.add("IMO number with a wrong check digit, left empty", f"{where}: {imo_text}")
        found.append(IncidentShip("" if _NAMELESS.search(name) else name, imo, _mmsi(mmsi_text)))
    for text in (plain(part) for part in row.get("ships", "").split(";")):
        imo, mmsi = parse_imo(text), _mmsi(text)
        found.append(IncidentShip(text if imo is None and mmsi is None else "", imo, mmsi))
    return tuple(dict.fromkeys(ship for ship in found if ship.name or ship.imo or ship.mmsi))


def _position(row: Mapping[str, str], faults: Faults, where: str) -> tuple[float | None, float | None, float]:
    texts = [next((row[k] for k in names if row.get(k)), "") for names in _PLACES]
    lat, lon, radius = (number(text) for text in texts)
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        if any(texts[:2]):
            faults.add("position that is none: place not compared", f"{where}: {plain(' '.join(texts[:2]))}")
        return None, None, DEFAULT_RADIUS_KM
    if texts[2] and (radius is None or radius <= 0):
        faults.add(f"radius that is none: {DEFAULT_RADIUS_KM:g} km taken", f"{where}: {plain(texts[2])}")
    return lat, lon, radius if radius is not None and radius > 0 else DEFAULT_RADIUS_KM


_PLACES = (("lat", "latitude", "derived_lat"), ("lon", "longitude", "derived_lon"), ("radius_km", "derived_radius_km"))


def _day(text: str) -> date | None:
    return day_of(text, utc_offset_h=0.0)


def _mmsi(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[2-7]\d{8}", text, re.ASCII) else None
