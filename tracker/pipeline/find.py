"""Positions to events: the pass, refinement, where, who, how much. Pure: the same tables give the same events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.cleaning.hulls import split_tracks
from tracker.detectors.berths import Berths, Setting, learn_berths
from tracker.detectors.calls import call_events
from tracker.detectors.coverage import measure_coverage
from tracker.detectors.encounters import to_events, windows_of
from tracker.detectors.found import Found
from tracker.detectors.hearing import Hearing
from tracker.detectors.parted import with_silences
from tracker.detectors.raft_words import tell_rafts
from tracker.detectors.silences import silences_of
from tracker.detectors.waiting import tell_activities
from tracker.detectors.way import Way
from tracker.engine.pieces import Scan
from tracker.engine.watch import JUMP, WILD
from tracker.identity.cards import Cards
from tracker.identity.registered import KnownShips
from tracker.pipeline.alone import find_alone
from tracker.pipeline.copied import Copies
from tracker.pipeline.declared import draughts_of
from tracker.pipeline.given import NOTHING_GIVEN, CargoInputs, anchorages_of
from tracker.pipeline.harbours import Harbours, find_harbours
from tracker.pipeline.heap import give_back
from tracker.pipeline.params import RunParams
from tracker.pipeline.paths import Paths
from tracker.pipeline.places import settings_at
from tracker.pipeline.placing import attribute, once, place
from tracker.pipeline.progress import Progress
from tracker.pipeline.shared_numbers import SharedNumbers
from tracker.pipeline.shares import read_paths
from tracker.pipeline.sighted import match_given
from tracker.pipeline.source import PositionSource, receivers_of
from tracker.pipeline.spoofed import Spoofed, find_spoofed
from tracker.pipeline.sweep import Crew, sweep
from tracker.tables.column import UTC_MS
from tracker.tables.given import GivenTable
from tracker.tables.listing import WatchList
from tracker.tables.ship import Ship
from tracker.tables.tracks import Tracks
from tracker.zones.anchorages import ports_and
from tracker.zones.given import GivenZones

Window = tuple[int, int, int, int]

CHUNK_WINDOWS = 1_500
"""Candidate windows refined at a time: bounds the raw fixes in memory, not the answer."""


@dataclass(frozen=True)
class Findings:
    """Events of a run, and what the pass saw."""

    events: Any
    scan: Scan
    windows: int
    harbours: Harbours
    roadsteads: Any
    """Port calls that are no events: ends of voyages in the roadsteads of other states; same columns as events."""
    ship_at: Callable[[int, int], Ship]
    unused: tuple[str, ...] = ()
    """Measurements of cargo that fitted no event, and why."""
    journeys: Mapping[str, Any] = field(default_factory=dict)
    """Tables of `tracker.tables.journeys` by name, once ships are identified."""
    tables: Mapping[str, Any] = field(default_factory=dict)
    """Tables of the run beside its events, by name."""
    set_aside: Mapping[str, int] = field(default_factory=dict)
    """Reports that were not used, by reason."""
    coverage: Mapping[str, Any] = field(default_factory=dict)
    """Totals of coverage and the sentence that every total carries."""
    hearing: Hearing | None = None
    """Who was heard in which hour; let go of once ships are identified."""


def find_events(
    source: PositionSource,
    statics: Any,
    /,
    *,
    params: RunParams,
    run_id: str,
    progress: Progress,
    total_rows: int,
    lists: Sequence[WatchList] = (),
    given: CargoInputs = NOTHING_GIVEN,
    tables: Sequence[GivenTable] = (),
    zones: GivenZones | None = None,
    crew: Crew | None = None,
) -> Findings:
    """Find, place and weigh the events in positions.

    Parameters
    ----------
    source : positions in time order, and by vessel
    statics : table of `tracker.tables.statics.STATICS`
    run_id : goes into every event
    total_rows : for the progress bar
    lists : registries among them say more of a ship than it says itself
    given : registered deadweights and measurements of cargo
    tables : detections among them are held against the tracks; anchorages win over listed ports
    zones : a user's polygons of waters, which win over the computed ones
    crew : who works on the parts of the pass; one go in this process without it
    """
    progress.stage("searching", total=total_rows, unit="positions")
    swept = sweep(source, params=params.scan, crew=crew, progress=progress)
    seen, hearing, said = swept.scan, swept.hearing, swept.said
    give_back()
    cards = KnownShips(Cards(statics), lists)
    progress.stage("looking closer at false positions")
    spoofed = find_spoofed(
        source,
        swept.marks,
        hearing,
        cards.ship_at,
        hulls=params.hulls,
        params=params.spoofing,
        silence_min_s=params.scan.silence_min_s,
    )
    give_back()
    seen = replace(seen, silences=spoofed.mend(seen.silences))
    berths = learn_berths(seen.slow_spells, params=params.encounters.berths)
    is_wild = (swept.marks.kind & (JUMP | WILD)) > 0
    wild = swept.marks.mmsi[is_wild], swept.marks.time_ms[is_wild]
    candidates = with_silences(seen.candidates, seen.silences, hearing, wild, params=params.encounters.contact)
    windows = windows_of(candidates, cards.ship_at, params=params.encounters, step_s=params.scan.step_s)
    windows.sort(key=lambda w: (w[2], w[0], w[1], w[3]))
    progress.stage("judging", total=len(windows), unit="pairs")
    found: list[Found] = []
    copies, numbers = Copies(), SharedNumbers(spoofed.twins, statics)
    copies.seek(source, swept.marks.echoes, hearing)
    chunks = [windows[start : start + CHUNK_WINDOWS] for start in range(0, len(windows), CHUNK_WINDOWS)]
    for n, chunk in enumerate(chunks):
        found += _refined(chunk, Tracks.of(source.windows(requests_of(chunk))), spoofed, numbers, copies, cards, params)
        progress.advance(n * CHUNK_WINDOWS + len(chunk), rows=len(found))
    give_back()
    progress.stage("placing and weighing")
    span = hearing.begin_ms, hearing.end_ms
    # a copy is judged apart: it makes no raft and hides nobody
    copied = [one for one in found if copies.explain(one)]
    rows = _judged([one for one in found if not copies.explain(one)], numbers.theirs(), berths, params, span)
    rows = tell_rafts([*rows, *copies.tell(_judged(copied, numbers.theirs(), berths, params, span))])
    sighted = match_given(tables, hearing, source, cards.ship_at, hulls=params.hulls, params=params.alone.sightings)
    silences, way = silences_of(seen.silences, hearing), Way(hearing)
    rows = find_alone(
        seen.slow_spells,
        silences,
        hearing,
        way,
        cards,
        statics,
        berths,
        rows,
        params=params,
        sighted=sighted,
        receivers=receivers_of(source),
    )
    harbours = find_harbours(
        seen.slow_spells,
        silences,
        way,
        said,
        cards.ship_at,
        statics,
        berths,
        params=params.calls,
        berth_params=params.encounters.berths,
        ports=ports_and(anchorages_of(tables)),
    )
    del way
    give_back()
    called = call_events(call for call in harbours.calls if call.is_told)
    unseen = call_events(call for call in harbours.calls if not call.is_told)
    paths = Paths(source)
    postures = read_paths(rows, harbours.calls, paths, params=params.calls.waiting, zones=zones)
    rows = tell_activities(rows, postures, harbours.calls, params=params.calls.waiting)
    rows = numbers.tell(copies.tell(rows))
    rows += [*spoofed.rows, *copies.rows(cards.ship_at), *called]
    # reading leaves as much free memory as all events need
    give_back()
    rows, unseen = once(rows), once(unseen)
    places = [place(some, paths, zones=zones) for some in (rows, unseen)]
    del paths, called, postures
    weighed = partial(attribute, cards=cards, params=params.cargo, run_id=run_id)
    events, unused, estimates = weighed(rows, places[0], numbers.theirs(), given=given)
    roadsteads, *_ = weighed(unseen, places[1], numbers.theirs(), given=NOTHING_GIVEN)
    del rows, unseen, places
    coverage = measure_coverage(hearing, params=params.coverage)
    give_back()
    return Findings(
        events,
        seen,
        len(windows),
        harbours,
        roadsteads,
        cards.ship_at,
        unused,
        tables={
            "coverage": coverage.cells,
            "outages": coverage.outages,
            "segments": spoofed.segments,
            "set_aside": spoofed.set_aside,
            "detections": sighted.table(run_id),
            "estimates": estimates,
        },
        set_aside=spoofed.counts,
        coverage=coverage.totals,
        hearing=hearing,
    )


def _judged(
    found: Sequence[Found], statics: Any, berths: Berths, params: RunParams, span_ms: tuple[int, int]
) -> list[dict[str, Any]]:
    settings, draughts = settings_of(found, berths, params), draughts_of(found, statics)
    return to_events(found, settings, params=params.encounters, draughts=draughts, span_ms=span_ms)


def _refined(
    windows: Sequence[Window],
    tracks: Tracks,
    spoofed: Spoofed,
    numbers: SharedNumbers,
    copies: Copies,
    cards: KnownShips,
    params: RunParams,
) -> list[Found]:
    """Contacts in some windows; what was read for them is held no longer than this."""
    tracks = spoofed.believed(tracks)
    hulls = split_tracks(tracks, params=params.hulls)
    del tracks
    found = list(numbers.refine(windows, hulls, cards.ship_at, params=params.encounters))
    copies.look(found, hulls)
    return found


def requests_of(windows: Sequence[Window], /) -> Any:
    """The reports that candidate windows need: a table of vessel, start and end."""
    rows = np.array([(w[0], w[2], w[3]) for w in windows] + [(w[1], w[2], w[3]) for w in windows], np.int64)
    rows = np.unique(rows, axis=0)
    return pa.table(
        {
            "mmsi": pa.array(rows[:, 0], pa.int32()),
            "start": pa.array(rows[:, 1], pa.int64()).cast(UTC_MS),
            "end": pa.array(rows[:, 2], pa.int64()).cast(UTC_MS),
        }
    )


def settings_of(found: Sequence[Found], berths: Berths, params: RunParams, /) -> list[Setting]:
    """Where each contact was, as judging needs it."""
    lon, lat = np.array([f.evidence.lon for f in found]), np.array([f.evidence.lat for f in found])
    return settings_at(lon, lat, berths=berths, radius_m=params.encounters.berths.radius_m)
