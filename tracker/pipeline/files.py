"""The files of a run that users open: events as tables, the map, and what was read and done."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.archive.commit import Outputs
from tracker.exporters.csv import CSV
from tracker.exporters.geojson import GEOJSON
from tracker.exporters.geoparquet import GEOPARQUET
from tracker.exporters.rows import write_rows
from tracker.pipeline.find import Findings
from tracker.pipeline.params import RunParams
from tracker.pipeline.picture import draw
from tracker.pipeline.provenance import provenance_of
from tracker.pipeline.source import PositionSource
from tracker.pipeline.unheard import sighting_layers
from tracker.tables.given import GivenTable


def files_of(
    findings: Findings,
    record: dict[str, Any],
    /,
    *,
    source: PositionSource,
    params: RunParams,
    outlines: Sequence[GivenTable],
) -> Outputs:
    """What writes the files of a run, for `tracker.archive.transaction.Transaction.commit_run`.

    Parameters
    ----------
    record
        As ``run.json`` keeps it.
    source
        Positions that tracks on the map are drawn from.
    outlines
        A user's polygons of waters, the first of them drawn.
    """
    events, provenance = findings.events, provenance_of(record)

    def parquet(path: Path) -> None:
        GEOPARQUET.write(events, path, provenance=provenance)

    def texts(csv: Path, geojson: Path) -> None:
        write_rows(events, {CSV: csv, GEOJSON: geojson}, provenance=provenance)

    def map_(path: Path) -> None:
        draw(
            events,
            path,
            source=source,
            provenance=provenance,
            title="Suspected ship-to-ship transfers",
            hulls=params.hulls,
            coverage=findings.tables.get("coverage"),
            zones=next(iter(outlines), None),
            unheard=sighting_layers(findings.tables["detections"]),
        )

    return {
        "map.html": map_,
        "events.parquet": parquet,
        ("events.csv", "events.geojson"): texts,
        "run.json": (json.dumps(record, indent=1, sort_keys=True) + "\n").encode(),
    }
