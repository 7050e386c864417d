"""The streaming pass over a source: in one go here, or in day parts on workers. Both give the same bytes.

A part is a pure function of files, days and parameters. What a part found is kept as a receipt beside the case until
the run is committed: when a run is killed, the parts that were done are not done again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.archive.reading import DayFile, PositionStore, day_batches
from tracker.detectors.hearing import Hearing, hearing_of
from tracker.detectors.quiet import Said
from tracker.engine.cutting import NEVER_MS, Cut, HullState, HullTracker, cut_at
from tracker.engine.params import ScanParams
from tracker.engine.pieces import Pieces, Scan, Stretch, close, stitch
from tracker.engine.scan import Scanner
from tracker.engine.watch import Marks, Watcher
from tracker.errors import UsageError
from tracker.pipeline.progress import Progress
from tracker.pipeline.readahead import read_ahead
from tracker.pipeline.source import PositionSource
from tracker.runners import RUNNERS
from tracker.runners.runner import Place
from tracker.tables.fixes import PASS_COLUMNS, Fixes
from tracker.version import __version__

Beside = Callable[[Iterator[Fixes]], Iterator[Fixes]]
PARTS_A_WORKER = 4
"""More parts than workers, so that one slow part keeps nobody waiting; fewer, as each reads a day ahead of its own."""


@dataclass(frozen=True)
class Crew:
    """Who works on the parts: a runner's name, where its workers are, and where receipts are kept."""

    runner: str = "local"
    place: Place = field(default_factory=lambda: Place(workers=os.cpu_count() or 1))
    receipts: Path | None = None


def crew_of(runner: str | None, scheduler: str | None, workers: int | None, /) -> Crew:
    """A crew from what a user names; what is not named has its default.

    Raises
    ------
    UnknownNameError, UsageError
    """
    name = runner or "local"
    RUNNERS.get(name)
    if scheduler is not None and name in {"local", "processes"}:
        raise UsageError(f"The runner {name} has no scheduler: name --runner dask or --runner spark.")
    return Crew(name, Place(scheduler, workers or os.cpu_count() or 1))


@dataclass(frozen=True)
class Swept:
    """All that the streaming pass tells."""

    scan: Scan
    hearing: Hearing
    said: Said
    marks: Marks


def sweep(source: PositionSource, /, *, params: ScanParams, crew: Crew | None = None, progress: Progress) -> Swept:
    """Candidates, slow spells and silences of all positions, who was heard and said what in which hour, and marks."""
    if crew is None or crew.runner == "local" or not isinstance(source, PositionStore):
        return _in_one_go(_batches(source), params, progress)
    said, watcher = Said(), Watcher()
    days = source.day_files()
    parts = plan_parts(
        days,
        params=params,
        count=crew.place.workers * PARTS_A_WORKER,
        beside=lambda b: watcher.overhear(said.overhear(b)),
    )
    results: dict[int, bytes] = {}
    paths = [None if crew.receipts is None else crew.receipts / f"{part.key}.part" for part in parts]
    for number, path in enumerate(paths):
        if path is not None and path.exists():
            results[number] = path.read_bytes()
    waiting = [number for number in range(len(parts)) if number not in results]
    done = sum(parts[number].rows for number in results)
    progress.advance(done, rows=done)
    runner = RUNNERS.get(crew.runner)
    for place, result in runner.run(scan_part, [parts[number].payload for number in waiting], place=crew.place):
        number = waiting[place]
        results[number] = result
        _keep(paths[number], result)
        done += parts[number].rows
        progress.advance(done, rows=done)
    found = [_unpack(results[number])[1] for number in range(len(parts))]
    whole = reduce(lambda one, two: stitch(one, two, params=params), map(Pieces.of, found))
    marks = watcher.marks()
    return Swept(close(whole, params=params), hearing_of(*watcher.heard()), said, marks)


def hear(source: PositionSource, /) -> Hearing:
    """Who was heard in which hour, as `sweep` tells it, where nothing else is asked of the positions."""
    watcher = Watcher()
    for _ in watcher.overhear(read_ahead(_batches(source))):
        pass
    return hearing_of(*watcher.heard())


def _batches(source: PositionSource) -> Iterator[Fixes]:
    return source.batches(columns=PASS_COLUMNS) if isinstance(source, PositionStore) else source.batches()


def _in_one_go(batches: Iterator[Fixes], params: ScanParams, progress: Progress) -> Swept:
    said, watcher, scanner = Said(), Watcher(), Scanner(params)

    def hear(batch: Fixes) -> None:
        for _ in watcher.overhear(said.overhear(iter([batch]))):
            pass

    done = 0
    # the compiled loops let go of Python's lock: a batch is heard and scanned at one time, while the next is decoded
    with ThreadPoolExecutor(1, thread_name_prefix="hear") as beside:
        for batch in read_ahead(batches):
            heard = beside.submit(hear, batch)
            scanner.feed(batch)
            heard.result()
            done += len(batch)
            progress.advance(done, rows=done)
    # one after the other, and what each held is given back: memory is highest here
    scan = scanner.finish()
    del scanner
    marks = watcher.marks()
    return Swept(scan, hearing_of(*watcher.heard()), said, marks)


@dataclass(frozen=True)
class Part:
    """One part, ready to travel; ``key`` names its answer: content, parameters and version."""

    payload: bytes
    key: str
    rows: int


def plan_parts(
    days: Sequence[DayFile], /, *, params: ScanParams, count: int, beside: Beside | None = None
) -> list[Part]:
    """Cut days into at most `count` parts of whole days, each with the hulls that all days before left.

    The hulls come from one light run ahead over the days; `beside` hears everything in it.
    """
    share = -(-len(days) // max(1, min(count, len(days))))
    groups = [days[start : start + share] for start in range(0, len(days), share)]
    cuts = cut_at([group[0].begin_ms for group in groups[1:]], params=params)
    tracker, states = HullTracker(params), list[HullState]()
    for day in days:
        while len(states) < len(cuts) and cuts[len(states)].feed_ms <= day.begin_ms:
            states.append(tracker.state())
        is_needed = len(states) < len(cuts)
        if not is_needed and beside is None:
            break
        batches = read_ahead(day_batches(day.path, columns=PASS_COLUMNS))
        for fixes in batches if beside is None else beside(batches):
            if is_needed:
                tracker.feed(fixes)
    return [
        _part(cut, [day for day in days if cut.feed_ms <= day.begin_ms < cut.end_ms], state, params)
        for cut, state in zip(cuts, states, strict=True)
    ]


def _part(cut: Cut, days: Sequence[DayFile], state: HullState, params: ScanParams) -> Part:
    what = {
        "cut": [cut.feed_ms, cut.begin_ms, cut.end_ms, cut.stretch.begin, cut.stretch.end],
        "params": params.model_dump(mode="json"),
    }
    hulls = state.table()
    payload = _pack({**what, "files": [day.path for day in days]}, {"hulls": hulls})
    # where a file lies is no part of the answer
    named = _pack({**what, "files": [day.sha256 for day in days], "version": __version__}, {"hulls": hulls})
    rows = sum(day.rows for day in days if day.begin_ms >= cut.begin_ms)
    return Part(payload, hashlib.sha256(named).hexdigest(), rows)


def scan_part(payload: bytes, /) -> bytes:
    """The pass over one part: what a worker does. Pure: the same bytes in give the same bytes out."""
    what, tables = _unpack(payload)
    feed_ms, begin_ms, _, first, until = what["cut"]
    params = ScanParams.model_validate(what["params"])
    state = HullState.of(tables["hulls"]) if feed_ms > -NEVER_MS else None
    scanner = Scanner(params, stretch=Stretch(first, until), hulls=state)
    is_begun = False
    for path in what["files"]:
        for fixes in read_ahead(day_batches(path, columns=PASS_COLUMNS)):
            # days are whole: a batch lies on one side of the part's beginning
            is_own = bool(len(fixes)) and bool(fixes.time_ms[0] >= begin_ms)
            if is_own and not is_begun:
                scanner.forget_counts()
                is_begun = True
            scanner.feed(fixes)
    return _pack({}, scanner.finish_part().tables())


def _keep(path: Path | None, result: bytes) -> None:
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_bytes(result)
    temporary.replace(path)


def _pack(what: Mapping[str, Any], tables: Mapping[str, Any]) -> bytes:
    """JSON and Arrow tables in one string of bytes."""
    streams = {}
    for name, table in tables.items():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        streams[name] = sink.getvalue().to_pybytes()
    head = json.dumps({"what": what, "sizes": {name: len(stream) for name, stream in streams.items()}}, sort_keys=True)
    return b"".join([len(head).to_bytes(8, "big"), head.encode(), *(streams[name] for name in sorted(streams))])


def _unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    size = int.from_bytes(packed[:8], "big")
    head, place = json.loads(packed[8 : 8 + size]), 8 + size
    tables = {}
    for name, length in sorted(head["sizes"].items()):
        tables[name] = pa.ipc.open_stream(pa.py_buffer(packed[place : place + length])).read_all()
        place += length
    return head["what"], tables
