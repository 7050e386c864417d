"""Any Parquet or GeoParquet whose columns can be told: by well-known names, or by ``[columns]``."""

from collections.abc import Iterator

import numpy as np

from tracker.errors import ParameterError
from tracker.formats.aliases import match_columns, missing_of, pieces, split_columns
from tracker.formats.any_csv import refuse_missing
from tracker.formats.format import ReadOptions, Source
from tracker.formats.geo_points import point_columns
from tracker.formats.parquet import column_names, is_parquet, read_batches
from tracker.formats.tabular import Layout, to_reports
from tracker.tables.reports import Reports

GEOMETRIES = ("geometry", "geom", "wkb_geometry")
LON, LAT = "geometry x", "geometry y"


class AnyParquet:
    """The format ``parquet``."""

    name = "parquet"
    doc = "any Parquet with known column names, or mapped by [columns] in the configuration"

    def sniff(self, source: Source, options: ReadOptions, /) -> float:
        """Fairly sure when time, MMSI and place can be told; exact formats win."""
        if not is_parquet(source):
            return 0.0
        try:
            return 0.0 if missing_of(_found(column_names(source), options)[0]) else 0.7
        except ParameterError:
            return 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingColumnError
            When time, MMSI or place cannot be told.
        """
        names = column_names(source)
        found, geometry = _found(names, options)
        refuse_missing(found, source.name, names)
        wanted = {piece for theirs in found.values() for piece in pieces(theirs)} & set(names)
        wanted |= set() if geometry is None else {geometry}
        layout = Layout(found, day_first=split_columns(options.columns)[1] != "month_first")
        for table, first, done in read_batches(source, sorted(wanted), batch_rows=options.batch_rows):
            placed = table
            if geometry is not None:
                lon, lat = point_columns(table.column(geometry))
                placed = table.append_column(LON, lon).append_column(LAT, lat)
            yield to_reports(placed, layout, rows=np.arange(first, first + table.num_rows), read_bytes=done)


def _found(names: list[str], options: ReadOptions) -> tuple[dict[str, str], str | None]:
    """Our column -> theirs, and the geometry that gives the place where no two columns do."""
    found = match_columns(names, options.columns)
    geometry = next((name for name in GEOMETRIES if name in names), None)
    if geometry is None or {"lon", "lat"} <= set(found):
        return found, None
    return found | {"lon": LON, "lat": LAT}, geometry


FORMAT = AnyParquet()
