"""NOAA MarineCadastre daily CSV, 2009 to 2023: one fix a minute and vessel, static data joined to each row.

Times are UTC without a zone (``2018-06-01T00:00:00``), IMO numbers carry their prefix (``IMO9307839``), a heading of 511
is none; files up to 2017 write the status in words. Source: NOAA Office for Coastal Management, MarineCadastre vessel
traffic data dictionary.
"""

from collections.abc import Iterator

from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, find_columns, header_of, need_columns, read_layout
from tracker.tables.reports import Reports

COLUMNS = {
    "mmsi": "MMSI",
    "time": "BaseDateTime",
    "lat": "LAT",
    "lon": "LON",
    "sog_kn": "SOG",
    "cog_deg": "COG",
    "heading_deg": "Heading",
    "name": "VesselName",
    "imo": "IMO",
    "callsign": "CallSign",
    "ship_type": "VesselType",
    "nav_status": "Status",
    "length_m": "Length",
    "beam_m": "Width",
    "draught_m": "Draft",
    # the misspelling stands in published files
    "ais_class": "TransceiverClass|TranscieverClass",
}


class NoaaCsv:
    """The format ``noaa-csv``."""

    name = "noaa-csv"
    doc = "NOAA MarineCadastre CSV, 2009 to 2023"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when the four columns that every edition has are there."""
        return 0.99 if {"MMSI", "BaseDateTime", "LAT", "LON"} <= set(header_of(source.head)) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order; `MissingColumnError` when the table is another."""
        header = header_of(source.head)
        found = find_columns(header, COLUMNS)
        need_columns(found, COLUMNS, name=source.name, header=header)
        with source.open() as stream:
            yield from read_layout(stream, source.name, Layout(found), batch_rows=options.batch_rows)


FORMAT = NoaaCsv()
