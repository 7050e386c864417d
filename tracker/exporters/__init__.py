"""Exporters: events as files, one module for each format, chosen by the suffix of the target.

A new format is one file with an object that has the parts of `Exporter`, and one line in `EXPORTERS`. The same
events give the same bytes: no clock and no random number goes in.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tracker.errors import TargetExistsError, UnknownNameError
from tracker.exporters.annex import Sheet
from tracker.exporters.beside import Beside
from tracker.exporters.exporter import Exporter, LayeredExporter, TabledExporter
from tracker.registry import Registry

EXPORTERS: Registry[Exporter] = Registry(
    "exporter",
    {
        "csv": "tracker.exporters.csv:CSV",
        "geojson": "tracker.exporters.geojson:GEOJSON",
        "parquet": "tracker.exporters.geoparquet:GEOPARQUET",
        "json": "tracker.exporters.json:JSON",
        "jsonl": "tracker.exporters.json:JSON_LINES",
        "ndjson": "tracker.exporters.json:JSON_LINES",
        "xlsx": "tracker.exporters.xlsx:XLSX",
        "gpkg": "tracker.exporters.gdal:GEOPACKAGE",
        "fgb": "tracker.exporters.gdal:FLATGEOBUF",
        "kml": "tracker.exporters.kml:KML",
        "ftm.json": "tracker.exporters.ftm:FTM",
    },
)
"""Suffix -> exporter; the longest suffix that is known wins (``ftm.json`` before ``json``)."""


def exporter_of(name: str | Path, /) -> Exporter:
    """Exporter for a file by its suffix, or for a bare suffix (``csv``).

    Raises
    ------
    UnknownNameError
        When no exporter has this suffix; says which are known.
    """
    words = Path(name).name.lower().split(".")
    known = list(EXPORTERS)
    for start in range(0 if len(words) == 1 or ".".join(words) in known else 1, len(words)):
        suffix = ".".join(words[start:])
        if suffix in known:
            return EXPORTERS.get(suffix)
    raise UnknownNameError(f"{Path(name).name!r}: no format for this suffix. Known: {', '.join(sorted(known))}.")


def write_events(
    events: Any,
    target: Path,
    /,
    *,
    provenance: dict[str, Any],
    force: bool = False,
    beside: Callable[[], Beside] | None = None,
    tables: Callable[[], Sequence[Sheet]] | None = None,
) -> None:
    """Write events to a file in the format of its suffix.

    Parameters
    ----------
    beside
        Gives tracks, ports and areas; asked only by formats that have layers for them.
    tables
        Gives further tables of the case; asked only by formats that have room for them.

    Raises
    ------
    TargetExistsError
        When the file exists and `force` is not given.
    UnknownNameError
        When no exporter has this suffix.
    StorageError
        When the disk refuses.
    """
    exporter = exporter_of(target)
    if target.exists() and not force:
        raise TargetExistsError(f"{target} exists. Use --force to overwrite it, or another name.")
    if beside is not None and isinstance(exporter, LayeredExporter):
        exporter.write_layers(events, target, provenance=provenance, beside=beside())
    elif tables is not None and isinstance(exporter, TabledExporter):
        exporter.write_tables(events, target, provenance=provenance, tables=tables())
    else:
        exporter.write(events, target, provenance=provenance)
