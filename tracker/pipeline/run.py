"""The whole job: inputs to a case with events, tables and a map, made part of the case at one stroke."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from shutil import rmtree
from time import perf_counter
from typing import Any

import pyarrow as pa

from tracker.archive.case import open_case
from tracker.archive.reading import PositionStore
from tracker.archive.transaction import Transaction
from tracker.engine.warm import warm_up
from tracker.errors import EmptyInputError
from tracker.formats.format import ReadOptions
from tracker.pipeline.counted import counts_of, span_of
from tracker.pipeline.emptiness import inputs_named, why_none
from tracker.pipeline.files import files_of
from tracker.pipeline.find import Findings, find_events
from tracker.pipeline.freight import products_said
from tracker.pipeline.given import cargo_inputs, given_together, note_incidents, record_of
from tracker.pipeline.heap import give_back
from tracker.pipeline.identify import identify, together
from tracker.pipeline.ingest import Ingested, ingest
from tracker.pipeline.journeys import journey_tables
from tracker.pipeline.params import RunParams
from tracker.pipeline.progress import Progress, Silence
from tracker.pipeline.sailed import legs_of_calls
from tracker.pipeline.sweep import Crew
from tracker.sparing import SELDOM
from tracker.tables.given import GivenTable
from tracker.tables.listing import WatchList
from tracker.version import __version__
from tracker.zones.drawn import outlines_of
from tracker.zones.given import GivenZones

RECEIPTS = ".parts"
"""Folder of a case where the parts of an unfinished run are kept."""
LOADED_S = 3.0
"""Waited for compiled code without a word, s."""


@dataclass(frozen=True)
class Summary:
    """What a run read, rejected and found, as ``run.json`` keeps it."""

    case: Path
    record: dict[str, Any]
    failures: list[tuple[str, Exception]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    events: Any = None
    seconds: float = 0.0
    """Wall time of the whole job, the map included; the record's ends before the files are written."""


def run(
    inputs: Sequence[str | Path],
    case: str | Path,
    /,
    *,
    params: RunParams | None = None,
    options: ReadOptions | None = None,
    format_name: str | None = None,
    detects: bool = True,
    lists: Sequence[WatchList] = (),
    tables: Sequence[GivenTable] = (),
    zones: GivenZones | None = None,
    crew: Crew | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Read inputs into a case and find events in all that the case holds.

    Parameters
    ----------
    inputs : files, folders or patterns; none means: detect again in what the case holds
    case : folder; made when it does not exist
    detects : False reads only
    lists : watchlists and registries; they stay with the case until a namesake replaces them
    tables : known incidents and measurements of cargo; they stay with the case in the same way
    zones : a user's polygons of waters, for this run
    crew : runner and workers of the pass; this process without it

    Raises
    ------
    TrackerError
        When nothing could be used, or the case cannot be read or written; the case is then as it was.
    """
    params, options, progress = params or RunParams(), options or ReadOptions(), progress or Silence()
    # compiling overlaps with reading
    warming = warm_up() if detects else None
    began = perf_counter()
    folder = Path(case)
    opened = open_case(folder, create=bool(inputs))
    with _few_collections(), opened.writer(command="tracker run" if inputs else "tracker detect") as writer:
        read = (
            ingest(inputs, writer, options=options, format_name=format_name, progress=progress)
            if inputs
            else Ingested([], [], [])
        )
        progress.stage("sorting into days")
        writer.merge_days()
        kept = together(opened.lists(), lists)
        writer.keep_lists(kept)
        given = given_together(opened.user_tables(), tables)
        writer.keep_tables([*given, *(outlines := outlines_of(zones, opened.user_tables(), detects=detects))])
        record = _account(writer, params, read, kept, given, zones)
        names = [entry.name for entry in (*opened.ledger(), *writer.inputs())]
        record["synthetic"] = any("SYNTHETIC" in name.upper() for name in names)
        if not detects:
            writer.commit()
            return Summary(folder, record, list(read.failures), read.known, read.skipped)
        if not writer.store().rows:
            raise EmptyInputError(
                f"No usable position in {inputs_named(inputs)}: {why_none(record)}. The case is unchanged."
            )
        if warming is not None:
            # code that was compiled before is loaded by then
            warming.join(LOADED_S)
            if warming.is_alive():
                progress.stage("compiling, this once")
                warming.join()
        crew = replace(crew or Crew(), receipts=folder / RECEIPTS)
        with writer.laid_store() as store:
            findings = _detect(store, params, record, kept, given, zones, crew, progress)
            give_back()
            record |= counts_of(findings) | span_of(writer) | {"measurements_unused": list(findings.unused)}
            record["seconds"] = round(perf_counter() - began, 2)
            progress.stage("drawing the map")
            writer.commit_run(
                findings.events,
                record,
                tables={**findings.journeys, **findings.tables},
                files=files_of(findings, record, source=store, params=params, outlines=outlines),
            )
        rmtree(folder / RECEIPTS, ignore_errors=True)
    return Summary(
        folder, record, list(read.failures), read.known, read.skipped, findings.events, perf_counter() - began
    )


@contextmanager
def _few_collections() -> Iterator[None]:
    """Garbage in cycles is looked for seldom: rows of events make none, and going through all of them again and again
    took a fifth of the time after the pass, and an eighth of compiling."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _account(
    writer: Transaction,
    params: RunParams,
    read: Ingested,
    lists: Sequence[WatchList],
    given: Sequence[GivenTable],
    zones: GivenZones | None,
) -> dict[str, Any]:
    """The part of run.json that is known before detection; rows add up."""
    entries = writer.inputs()
    reasons: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for entry in entries:
        reasons.update(entry.reject_reasons)
        faults.update(entry.field_faults)
    parameters = params.model_dump(mode="json")
    digests = {"lists": sorted(one.digest for one in lists), "tables": sorted(one.digest for one in given)}
    if zones is not None:
        digests["zones"] = [zones.sha256]
    return {
        "run_id": writer.run_id(parameters | digests, __version__),
        "version": __version__,
        "inputs": writer.digests(),
        "parameters": parameters,
        "lists": [
            {
                "name": one.name,
                "role": one.role,
                "format": one.format,
                "edition": None if one.edition is None else one.edition.isoformat(),
                "sha256": one.digest,
                "entries": len(one.entries),
                "warnings": list(one.warnings),
            }
            for one in lists
        ],
        "tables": record_of(given),
        "zones": None if zones is None else zones.record(),
        "read": {
            "rows": sum(entry.rows for entry in entries),
            "positions": sum(entry.positions_new for entry in entries),
            "duplicates": sum(entry.duplicates for entry in entries),
            "static_reports": sum(entry.static_rows for entry in entries),
            "rejects": dict(sorted(reasons.items())),
            "field_faults": dict(sorted(faults.items())),
        },
        "files": [
            {"name": e.name, "format": e.format, "sha256": e.digest, "rows": e.rows, "positions": e.positions_new}
            for e in entries
        ],
        "already_in_case": read.known,
        "failed": [{"name": name, "error": str(error)} for name, error in read.failures],
    }


def _detect(
    store: PositionStore,
    params: RunParams,
    record: dict[str, Any],
    lists: Sequence[WatchList],
    given: Sequence[GivenTable],
    zones: GivenZones | None,
    crew: Crew,
    progress: Progress,
) -> Findings:
    statics = store.statics()
    findings = find_events(
        store,
        statics,
        params=params,
        run_id=record["run_id"],
        progress=progress,
        total_rows=store.rows,
        lists=lists,
        given=cargo_inputs(given, lists),
        tables=given,
        zones=zones,
        crew=crew,
    )
    legs = legs_of_calls(findings.harbours.calls, least=params.calls.voyage_probability)
    products = products_said(findings.tables["estimates"].to_pylist())
    who = partial(identify, params=params.risk, positions=store, hearing=findings.hearing, legs=legs, products=products)
    events, roadsteads = (who(some, statics, lists) for some in (findings.events, findings.roadsteads))
    journeys = journey_tables(
        findings.harbours,
        pa.concat_tables([events, roadsteads]),
        statics,
        findings.ship_at,
        run_id=record["run_id"],
        voyage_probability=params.calls.voyage_probability,
    )
    return replace(
        findings,
        events=note_incidents(events, given),
        roadsteads=roadsteads,
        journeys=journeys,
        hearing=None,
    )
