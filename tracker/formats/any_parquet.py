"""Any Parquet or GeoParquet whose columns can be told: by well-known names, or by ``[columns]``."""

from collections.abc import Iterator

import numpy as np

from tracker.errors import MissingColumnError, ParameterError
from tracker.formats.aliases import NEEDED, match_columns
from tracker.formats.format import ReadOptions, Source
from tracker.formats.geo_points import point_columns
from tracker.formats.parquet import column_names, is_parquet, read_batches
from tracker.formats.tabular import Layout, to_reports
from tracker.tables.reports import Reports

GEOMETRY = "geometry"


class AnyParquet:
    """The format ``parquet``."""

    name = "parquet"
    doc = "any Parquet with known column names, or mapped by [columns] in the configuration"

    def sniff(self, source: Source, options: ReadOptions, /) -> float:
        """Fairly sure when time, MMSI and place can be told; exact formats win."""
        if not is_parquet(source):
            return 0.0
        try:
            return 0.7 if not _missing(_found(source, options)) else 0.0
        except ParameterError:
            return 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingColumnError
            When time, MMSI or place cannot be told.
        """
        found = _found(source, options)
        missing = _missing(found)
        if missing:
            raise MissingColumnError(
                f"{source.name}: no column is known as {', '.join(missing)}; it has: {', '.join(column_names(source))[:200]}.\n"
                f'Map it in a TOML file given with --config: [columns] {missing[0]} = "ITS NAME".'
            )
        for table, first, done in read_batches(source, sorted(set(found.values())), batch_rows=options.batch_rows):
            layout = dict(found)
            if GEOMETRY in layout:
                theirs = layout.pop(GEOMETRY)
                lon, lat = point_columns(table.column(theirs))
                table = table.append_column("geometry lon", lon).append_column("geometry lat", lat)  # noqa: PLW2901
                layout |= {"lon": "geometry lon", "lat": "geometry lat"}
            yield to_reports(table, Layout(layout), rows=np.arange(first, first + table.num_rows), read_bytes=done)


def _found(source: Source, options: ReadOptions) -> dict[str, str]:
    names = column_names(source)
    found = match_columns(names, options.columns)
    if ("lon" not in found or "lat" not in found) and GEOMETRY in names:
        found = {ours: theirs for ours, theirs in found.items() if ours not in {"lon", "lat"}} | {GEOMETRY: GEOMETRY}
    return found


def _missing(found: dict[str, str]) -> list[str]:
    return [name for name in NEEDED if name not in found and not (GEOMETRY in found and name in {"lon", "lat"})]


FORMAT = AnyParquet()
