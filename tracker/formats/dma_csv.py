"""Danish Maritime Authority daily CSV (``aisdk``), of 22 and of 26 columns.

Times are ``dd/mm/yyyy HH:MM:SS`` UTC, ship types and statuses are words, and base stations, aids to navigation and
aircraft stand among the ships. Source: Danish Maritime Authority, AIS data, readme of the download page.
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, header_of, read_layout
from tracker.formats.values import texts
from tracker.tables.reports import Reports

STATUSES = {
    "Under way using engine": 0,
    "At anchor": 1,
    "Not under command": 2,
    "Restricted maneuverability": 3,
    "Constrained by her draught": 4,
    "Moored": 5,
    "Aground": 6,
    "Engaged in fishing": 7,
    "Under way sailing": 8,
    "Power-driven vessel towing astern": 11,
    "Power-driven vessel pushing ahead or towing alongside": 12,
    "AIS-SART (active)": 14,
}
TYPES = {
    "WIG": 20,
    "Fishing": 30,
    "Towing": 31,
    "Towing long/wide": 32,
    "Dredging": 33,
    "Diving": 34,
    "Military": 35,
    "Sailing": 36,
    "Pleasure": 37,
    "HSC": 40,
    "Pilot": 50,
    "SAR": 51,
    "Tug": 52,
    "Port tender": 53,
    "Anti-pollution": 54,
    "Law enforcement": 55,
    "Medical": 58,
    "Not party to conflict": 59,
    "Passenger": 60,
    "Cargo": 70,
    "Tanker": 80,
    "Other": 90,
}
NOT_SHIPS = {
    "Base Station": "not_a_ship",
    "AtoN": "not_a_ship",
    "SAR Airborne": "not_a_ship",
    "Search and Rescue Transponder": "not_a_ship",
    "Man Overboard Device": "not_a_ship",
    "EPIRB": "not_a_ship",
}


def _codes(words: dict[str, int]) -> Any:
    keys, codes = pa.array(list(words)), pa.array(list(words.values()), pa.int16())

    def convert(column: Any) -> Any:
        return pc.take(codes, pc.index_in(texts(column), keys))

    return convert


def _class(column: Any) -> Any:
    return pc.replace_substring(texts(column), pattern="Class ", replacement="")


LAYOUT = Layout(
    {
        "time": "# Timestamp",
        "mmsi": "MMSI",
        "lat": "Latitude",
        "lon": "Longitude",
        "sog_kn": "SOG",
        "cog_deg": "COG",
        "heading_deg": "Heading",
        "nav_status": "Navigational status",
        "ais_class": "Type of mobile",
        "name": "Name",
        "imo": "IMO",
        "callsign": "Callsign",
        "ship_type": "Ship type",
        "length_m": "Length",
        "beam_m": "Width",
        "draught_m": "Draught",
        "destination": "Destination",
        "to_bow_m": "A",
        "to_stern_m": "B",
        "to_port_m": "C",
        "to_starboard_m": "D",
    },
    convert={"nav_status": _codes(STATUSES), "ship_type": _codes(TYPES), "ais_class": _class},
    mobile="Type of mobile",
    not_ships=NOT_SHIPS,
)


class DmaCsv:
    """The format ``dma-csv``."""

    name = "dma-csv"
    doc = "Danish Maritime Authority CSV (aisdk), 22 or 26 columns"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when its unusual first columns are there."""
        header = header_of(source.head)
        return 0.99 if {"# Timestamp", "Type of mobile", "MMSI", "Latitude", "Longitude"} <= set(header) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order."""
        with source.open() as stream:
            yield from read_layout(stream, source.name, LAYOUT, batch_rows=options.batch_rows)


FORMAT = DmaCsv()
