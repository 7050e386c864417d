"""NOAA MarineCadastre GeoParquet: the columns of 2025 with the place as a WKB point."""

from collections.abc import Iterator

import numpy as np

from tracker.formats.format import ReadOptions, Source
from tracker.formats.geo_points import point_columns
from tracker.formats.noaa_2025 import COLUMNS
from tracker.formats.parquet import column_names, is_parquet, read_batches
from tracker.formats.tabular import Layout, to_reports
from tracker.tables.reports import Reports

LAYOUT = Layout(COLUMNS)


class NoaaGeoparquet:
    """The format ``noaa-geoparquet``."""

    name = "noaa-geoparquet"
    doc = "NOAA MarineCadastre GeoParquet"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """Sure when it is Parquet with NOAA's time and a geometry."""
        if not is_parquet(source):
            return 0.0
        return 0.99 if {"mmsi", "base_date_time", "geometry"} <= set(column_names(source)) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order."""
        there = set(column_names(source))
        wanted = [name for name in (*COLUMNS.values(), "geometry") if name in there]
        for table, first, done in read_batches(source, wanted, batch_rows=options.batch_rows):
            lon, lat = point_columns(table.column("geometry"))
            placed = table.drop_columns(["geometry"]).append_column("longitude", lon).append_column("latitude", lat)
            yield to_reports(placed, LAYOUT, rows=np.arange(first, first + table.num_rows), read_bytes=done)


FORMAT = NoaaGeoparquet()
