"""Danish Maritime Authority daily CSV (``aisdk``), of 22 and of 26 columns.

Times are ``dd/mm/yyyy HH:MM:SS`` UTC, ship types and statuses are words, and base stations, aids to navigation and
aircraft stand among the ships. A latitude of 91 marks a row that holds identity only. Source: Danish Maritime Authority,
AIS data, readme of the download page.
"""

from collections.abc import Iterator

from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, find_columns, header_of, need_columns, read_layout
from tracker.tables.reports import Reports

NOT_SHIPS = {
    "Base Station": "not_a_ship",
    "AtoN": "not_a_ship",
    "SAR Airborne": "not_a_ship",
    "Search and Rescue Transponder": "not_a_ship",
    "Man Overboard Device": "not_a_ship",
    "EPIRB": "not_a_ship",
}
COLUMNS = {
    "time": "Timestamp",
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
    "to_bow_m": "A|Size A",
    "to_stern_m": "B|Size B",
    "to_port_m": "C|Size C",
    "to_starboard_m": "D|Size D",
}


class DmaCsv:
    """The format ``dma-csv``."""

    name = "dma-csv"
    doc = "Danish Maritime Authority CSV (aisdk), 22 or 26 columns"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when its unusual first columns are there."""
        header = header_of(source.head)
        return 0.99 if {"Timestamp", "Type of mobile", "MMSI", "Latitude", "Longitude"} <= set(header) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order; `MissingColumnError` when the table is another."""
        header = header_of(source.head)
        found = find_columns(header, COLUMNS)
        need_columns(found, COLUMNS, name=source.name, header=header)
        layout = Layout(found, mobile=found.get("ais_class"), not_ships=NOT_SHIPS)
        with source.open() as stream:
            yield from read_layout(stream, source.name, layout, batch_rows=options.batch_rows)


FORMAT = DmaCsv()
