"""NOAA MarineCadastre CSV from 2025 (``csv.zst``): snake_case names, longitude before latitude.

Source: NOAA Office for Coastal Management, MarineCadastre vessel traffic data dictionary (2025).
"""

from collections.abc import Iterator

from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, find_columns, header_of, need_columns, read_layout
from tracker.tables.reports import Reports

COLUMNS = {
    "mmsi": "mmsi",
    "time": "base_date_time",
    "lon": "longitude",
    "lat": "latitude",
    "sog_kn": "sog",
    "cog_deg": "cog",
    "heading_deg": "heading",
    "name": "vessel_name",
    "imo": "imo",
    "callsign": "call_sign",
    "ship_type": "vessel_type",
    "nav_status": "status",
    "length_m": "length",
    "beam_m": "width",
    "draught_m": "draft",
    "ais_class": "transceiver|transceiver_class",
}


class Noaa2025:
    """The format ``noaa-2025``."""

    name = "noaa-2025"
    doc = "NOAA MarineCadastre CSV from 2025 (snake_case, longitude first)"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when the four needed columns are there under their names of 2025."""
        return 0.99 if {"mmsi", "base_date_time", "longitude", "latitude"} <= set(header_of(source.head)) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order; `MissingColumnError` when the table is another."""
        header = header_of(source.head)
        found = find_columns(header, COLUMNS)
        need_columns(found, COLUMNS, name=source.name, header=header)
        with source.open() as stream:
            yield from read_layout(stream, source.name, Layout(found), batch_rows=options.batch_rows)


FORMAT = Noaa2025()
