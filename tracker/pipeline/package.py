"""A dossier as a package: a zip with the page, the rows and series behind its figures, the run's record, and digests.

The manifest names every file with its size, SHA-256 and role, so that a reader years later can tell that nothing was
changed. Entries carry no time of writing: the same dossier gives the same zip.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.exporters import exporter_of
from tracker.exporters.cells import safe_text
from tracker.tables.events import EVENTS
from tracker.tables.wording import STATEMENT
from tracker.views.facts import Facts

NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can say (PKWARE APPNOTE 4.4.6)."""


def package_files(facts: Facts, page: str, record: Mapping[str, Any], /) -> dict[str, tuple[str, bytes]]:
    """Files of a package by name, with role and content."""
    event = EVENTS.conform(pa.Table.from_pylist([facts.event], schema=EVENTS.schema))
    files = {"dossier.html": ("the dossier", page.encode("utf-8"))}
    for suffix in ("csv", "geojson"):
        stream = io.BytesIO()
        exporter_of(suffix).write(event, stream, provenance=facts.provenance)
        files[f"event.{suffix}"] = ("the event, all columns", stream.getvalue())
    for n, track in enumerate(facts.tracks, start=1):
        rows = zip(_times(track.time_s), track.lon, track.lat, track.sog_kn, strict=True)
        files[f"track-{track.mmsi:09d}.csv"] = (
            f"cleaned reports of ship {n} in the window: the subset of the inputs that the figures show",
            _csv(("time", "lon", "lat", "sog_kn"), rows),
        )
    if facts.is_meeting:
        series = zip(_times(facts.pair_time_s), facts.pair_distance_m.round(1), facts.pair_is_observed, strict=True)
        files["distance.csv"] = ("distance between the antennas", _csv(("time", "distance_m", "both_heard"), series))
    if facts.silent is not None:
        files["reach.json"] = (
            f"where {facts.silent.name} could have been while silent (GeoJSON), and port calls that fitted in",
            _json({"type": "Feature", "geometry": facts.silent.area, "properties": facts.silent.told}),
        )
    if facts.candidates:
        told_of = [
            (c.mmsi, c.name or "", c.flag or "", c.probability, c.last_nm, c.next_nm, c.needed_kn)
            for c in facts.candidates
        ]
        names = ("mmsi", "name", "flag", "probability", "last_nm", "next_nm", "needed_kn")
        files["candidates.csv"] = ("ships that may have been the one not heard", _csv(names, told_of))
    told = [
        (t.mmsi, *_times(np.array([d.first_s, d.last_s])), d.draught_m, d.reports)
        for t, rows in zip(facts.tracks, facts.declared, strict=True)
        for d in rows
    ]
    files["draughts.csv"] = (
        "declared draughts",
        _csv(("mmsi", "first_time", "last_time", "draught_m", "reports"), told),
    )
    seen = facts.reception
    counts = zip(_times(seen.edges_s[:-1]), *(c.astype(int) for c in (*seen.counts, seen.others)), strict=True)
    columns = ("hour", *(f"ship_{n}" for n in range(1, len(seen.counts) + 1)), "others")
    files["reports-per-hour.csv"] = ("reports per hour", _csv(columns, counts))
    files["run.json"] = ("record of the run: inputs with digests, parameters, counts", _json(record))
    return files


def write_package(files: Mapping[str, tuple[str, bytes]], stream: Any, /, *, facts: Facts) -> None:
    """Write the zip, its manifest first."""
    listed = [
        {"name": name, "role": role, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, (role, content) in files.items()
    ]
    manifest = {
        "event_id": facts.event["event_id"],
        "run_id": facts.provenance.get("run_id"),
        "version": facts.provenance.get("version"),
        "synthetic": bool(facts.provenance.get("synthetic")),
        "wording": {"level": facts.level.name, "phrase": facts.level.phrase, "statement": STATEMENT},
        "files": listed,
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"manifest.json": _json(manifest), **{n: c for n, (_, c) in files.items()}}.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def _times(seconds: Any) -> list[str]:
    return [datetime.fromtimestamp(float(s), UTC).isoformat(timespec="seconds").replace("+00:00", "Z") for s in seconds]


def _csv(header: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{float(value):.7f}".rstrip("0").rstrip(".")
    return str(value)


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode("utf-8")
