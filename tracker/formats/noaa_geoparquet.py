"""NOAA MarineCadastre GeoParquet: the columns of 2025 with the place as a point.

Source: NOAA Office for Coastal Management, MarineCadastre vessel traffic data (GeoParquet edition).
"""

from collections.abc import Iterator

import numpy as np

from tracker.errors import MissingColumnError
from tracker.formats.format import ReadOptions, Source
from tracker.formats.geo_points import point_columns
from tracker.formats.noaa_2025 import COLUMNS
from tracker.formats.parquet import column_names, is_parquet, read_batches
from tracker.formats.tabular import Layout, find_columns, to_reports
from tracker.tables.reports import Reports

GEOMETRY = "geometry"


class NoaaGeoparquet:
    """The format ``noaa-geoparquet``."""

    name = "noaa-geoparquet"
    doc = "NOAA MarineCadastre GeoParquet"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when it is Parquet with NOAA's time and a geometry."""
        if not is_parquet(source):
            return 0.0
        return 0.99 if {"mmsi", "base_date_time", GEOMETRY} <= set(column_names(source)) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order; `MissingColumnError` when the table is another."""
        names = column_names(source)
        found = find_columns(names, {ours: theirs for ours, theirs in COLUMNS.items() if ours not in {"lon", "lat"}})
        if not ({"mmsi", "time"} <= set(found) and GEOMETRY in names):
            raise MissingColumnError(f"{source.name} is no NOAA GeoParquet; it has: {', '.join(names)[:200]}.")
        layout = Layout(found | {"lon": "longitude", "lat": "latitude"})
        for table, first, done in read_batches(source, [*found.values(), GEOMETRY], batch_rows=options.batch_rows):
            lon, lat = point_columns(table.column(GEOMETRY))
            placed = table.drop_columns([GEOMETRY]).append_column("longitude", lon).append_column("latitude", lat)
            yield to_reports(placed, layout, rows=np.arange(first, first + table.num_rows), read_bytes=done)


FORMAT = NoaaGeoparquet()
