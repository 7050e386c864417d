"""NOAA MarineCadastre daily CSV, 2009 to 2023: one fix a minute and vessel, static data joined to each row.

Times are UTC without a zone (``2018-06-01T00:00:00``), IMO numbers carry their prefix (``IMO9307839``), a heading of 511
is none. Source: NOAA Office for Coastal Management, MarineCadastre vessel traffic data dictionary.
"""

from collections.abc import Iterator

from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, header_of, read_layout
from tracker.tables.reports import Reports

LAYOUT = Layout(
    {
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
        "ais_class": "TransceiverClass",
    }
)


class NoaaCsv:
    """The format ``noaa-csv``."""

    name = "noaa-csv"
    doc = "NOAA MarineCadastre CSV, 2009 to 2023"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when the five columns that every edition has are there."""
        header = set(header_of(source.head))
        return 0.99 if {"MMSI", "BaseDateTime", "LAT", "LON"} <= header else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order."""
        with source.open() as stream:
            yield from read_layout(stream, source.name, LAYOUT, batch_rows=options.batch_rows)


FORMAT = NoaaCsv()
