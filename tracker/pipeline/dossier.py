"""A dossier of one event: gather what the case knows around it, judge it again in the open, and lay it out.

The tracks are cleaned with the run's own parameters, and the parts of the judgement are made again from them, because
a case keeps sentences and not weights. Where the second judgement differs from the first (a raft, a berth learnt from
other ships), the page says so.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.archive.case import Case
from tracker.archive.reading import PositionStore
from tracker.cleaning.hulls import split_hulls
from tracker.detectors.berths import Setting
from tracker.detectors.contact import pair_tracks
from tracker.detectors.encounters import refine
from tracker.detectors.found import Found
from tracker.detectors.judge import judge
from tracker.detectors.readings import Draughts
from tracker.detectors.weights import packaged_weights
from tracker.errors import UsageError
from tracker.identity.cards import Cards
from tracker.pipeline.alternatives import alternatives_to
from tracker.pipeline.cautions import CAUTIONS, lowers, quality_rows, quantity_rows, raises, silence_lines
from tracker.pipeline.declared import draughts_of
from tracker.pipeline.doubts import other_explanations, would_lower, would_raise
from tracker.pipeline.layers import map_layers
from tracker.pipeline.lookup import find_event
from tracker.pipeline.measuring import declared_draughts, draught_change, is_observed, poses_of, reception_of
from tracker.pipeline.params import RunParams, recorded_params
from tracker.pipeline.provenance import provenance_of
from tracker.pipeline.unseen import candidates_of, reach_of
from tracker.risk.rules import packaged_rules
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship
from tracker.tables.wording import level_of
from tracker.views.facts import Facts, Reason, Track

WINDOW_H = 72.0
WEIGHED = ("encounter", "dark_encounter")
"""Types of event for which a quantity may be estimated."""


def gather(case: Case, event_id: str, /, *, window_h: float = WINDOW_H) -> Facts:
    """Everything that a dossier of an event shows.

    Raises
    ------
    UnknownNameError
        When the case's last run has no such event; says the nearest, or that it was retracted.
    UsageError
        When the case holds no report of the ship the event is about.
    """
    event = find_event(case, event_id)
    record = case.runs()[-1]
    params = recorded_params(record["parameters"])
    since = event["start_time"] - timedelta(hours=window_h)
    until = event["end_time"] + timedelta(hours=window_h)
    mmsis = [event[f"mmsi_{n}"] for n in (1, 2) if event[f"mmsi_{n}"] is not None]
    store = case.store()
    raw = store.windows(_requests(mmsis, since, until))
    hulls, others = _hulls(raw, mmsis, event, params)
    statics = store.statics(since=since, until=until, mmsis=mmsis)
    middle = int((event["start_time"].timestamp() + event["end_time"].timestamp()) * 500)
    cards = Cards(store.statics(mmsis=mmsis))
    ships = tuple(cards.ship_at(mmsi, middle) for mmsi in mmsis)
    span = event["start_time"].timestamp(), event["end_time"].timestamp()
    declared = tuple(declared_draughts(statics, mmsi) for mmsi in mmsis)
    changes = tuple(draught_change(told, *span) for told in declared)
    told = {
        f"draught_change_{n}_m": c.change_m
        for n, c in enumerate(changes, start=1)
        if event[f"draught_change_{n}_m"] is None
    }
    judged = event | told
    first, last = _held(store, since, until)
    silent, why_not = reach_of(case, event)
    candidates, nobody = candidates_of(case, event)
    reception = reception_of(store, hulls, (event["lon"], event["lat"]), since=first, until=last)
    lon, lat = (
        np.concatenate([getattr(f, name) for f in hulls] + [np.array([event[name]])]) for name in ("lon", "lat")
    )
    is_meeting = event["type"] == "encounter"
    facts = Facts(
        event=judged,
        level=level_of(judged),
        tracks=tuple(_track(fixes, ship) for fixes, ship in zip(hulls, ships, strict=True)),
        pair_time_s=np.empty(0),
        pair_distance_m=np.empty(0),
        pair_is_observed=np.empty(0, np.bool_),
        observed_m=None,
        poses=None,
        declared=declared,
        changes=changes,
        cards=tuple(_said(statics, mmsi) for mmsi in mmsis),
        reasons=[Reason("as run", None, text, "") for text in event["why"] or []],
        reception=reception,
        alternatives=alternatives_to(judged, changes)
        if is_meeting
        else other_explanations(
            judged, candidates=candidates, nobody=nobody, silent=silent, heard_again=_heard_after(hulls[0], span[1])
        ),
        quality=[],
        quantity=quantity_rows(judged, changes) if event["type"] in WEIGHED else [],
        raises=raises(judged, changes) if is_meeting else would_raise(judged),
        lowers=lowers(judged) if is_meeting else would_lower(judged),
        others=_others(case, event, since, until),
        layers=map_layers(lon, lat),
        provenance=provenance_of(record),
        files=list(record.get("files", [])),
        rules=_rules(event),
        silent=silent,
        silent_why_not=why_not,
        candidates=candidates,
        nobody=nobody,
        elsewhere=tuple(_track(fixes, ships[0]) for fixes in others),
        window_h=window_h,
    )
    if is_meeting:
        facts = _met(facts, hulls, ships, statics, params)
    counts = tuple(_count(raw, mmsi) for mmsi in mmsis)
    return replace(facts, quality=quality_rows(facts, hulls, counts), silences=silence_lines(facts, first, last))


def _met(facts: Facts, hulls: tuple[Fixes, ...], ships: tuple[Ship, ...], statics: Any, params: RunParams) -> Facts:
    """The facts with what only two ships that were heard have: distances, poses, and the judgement made again."""
    event, (one, two) = facts.event, hulls
    begin, end = event["start_time"].timestamp(), event["end_time"].timestamp()
    pair = pair_tracks(one, two, params=params.encounters.contact)
    reasons = _reasons(one, two, (ships[0], ships[1]), event, statics, params)
    if pair is None:
        return replace(facts, reasons=reasons)
    seen = is_observed(pair.time_s, one, two)
    inside = seen & (pair.time_s >= begin) & (pair.time_s <= end)
    distance = pair.distance_m
    return replace(
        facts,
        reasons=reasons,
        pair_time_s=pair.time_s,
        pair_distance_m=distance,
        pair_is_observed=seen,
        observed_m=(float(distance[inside].min()), float(np.median(distance[inside]))) if inside.any() else None,
        poses=poses_of(
            pair.time_s[inside], pair.east_m[inside], pair.north_m[inside], (one, two), (ships[0], ships[1])
        ),
    )


def _heard_after(fixes: Fixes, end_s: float) -> datetime | None:
    """When a ship was last heard, where that is after an event."""
    last_s = float(fixes.time_ms[-1]) / 1000.0
    return datetime.fromtimestamp(last_s, UTC) if last_s > end_s else None


def _held(store: PositionStore, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The part of a window for which the case holds any position."""
    first, last = store.first_ms, store.last_ms
    if first is None or last is None:
        return since, until
    begin, end = (datetime.fromtimestamp(ms / 1000.0, UTC) for ms in (first, last + 1))
    return max(since, begin), min(until, end)


def _requests(mmsis: list[int], since: Any, until: Any) -> Any:
    n = len(mmsis)
    times = {"start": pa.array([since] * n, UTC_MS), "end": pa.array([until] * n, UTC_MS)}
    return pa.table({"mmsi": pa.array(mmsis, pa.int32()), **times})


def _hulls(
    raw: Mapping[int, Fixes], mmsis: list[int], event: dict[str, Any], params: RunParams
) -> tuple[tuple[Fixes, ...], list[Fixes]]:
    """Reports of the hull of each MMSI that was most heard during the event, and the other hulls of the first.

    Raises
    ------
    UsageError
        When the case holds no report of a ship that was heard.
    """
    begin, end = event["start_time"].timestamp() * 1000, event["end_time"].timestamp() * 1000
    chosen: list[Fixes] = []
    others: list[Fixes] = []
    for n, mmsi in enumerate(mmsis):
        known = raw.get(mmsi)
        hulls = [] if known is None else [hull.fixes for hull in split_hulls(known, params=params.hulls)[0]]
        if not hulls and (n == 0 or event["type"] == "encounter"):
            raise UsageError(f"The case holds no track of a ship of event {event['event_id']}; nothing to draw.")
        hulls.sort(key=lambda f: (-int(((f.time_ms >= begin) & (f.time_ms <= end)).sum()), -len(f)))
        # the candidate of a dark meeting may not have been heard at all in the window
        chosen.append(hulls[0] if hulls else chosen[0].take(slice(0, 0)))
        if n == 0:
            others = hulls[1:]
    return tuple(chosen), others if event["type"] == "spoofing" else []


def _reasons(
    one: Fixes,
    two: Fixes,
    ships: tuple[Ship, Ship],
    event: dict[str, Any],
    statics: Any,
    params: RunParams,
) -> list[Reason]:
    """The parts of the judgement, made again; a last part names what the run knew and this page does not."""
    found = _found(one, two, ships, event, params)
    if found is None:
        return [Reason("as run", None, text, "") for text in event["why"] or []]
    setting = Setting(event["coast_distance_nm"], False, event["port"], event["port_distance_nm"], 0)
    weights = params.encounters
    # the run decides whose a change of draught is, and says so in its reasons
    is_drafted = any(text.startswith("Declared draughts changed") for text in event["why"] or [])
    draughts = draughts_of([found], statics)[0] if is_drafted else Draughts()
    judgement = judge(
        found.evidence,
        *ships,
        setting,
        found.duration_h,
        params=weights.judge,
        berths=weights.berths,
        draughts=draughts,
    )
    parts = [Reason("base", packaged_weights().base, "Before anything is known.", CAUTIONS["base"])]
    parts += [Reason(p.code, p.logit, p.sentence, CAUTIONS.get(p.code, "")) for p in judgement.parts]
    if event["confidence"] is not None and abs(judgement.confidence - event["confidence"]) > 0.02:
        text = f"Judged alone this gives {judgement.confidence:.2f}; the run gave {event['confidence']:.2f} from what it knew besides: "
        parts.append(
            Reason(
                "as run", None, text + (event["why"] or ["nothing said"])[1 if len(event["why"] or []) > 1 else 0], ""
            )
        )
    return parts


def _found(one: Fixes, two: Fixes, ships: tuple[Ship, Ship], event: dict[str, Any], params: RunParams) -> Found | None:
    """The contact of the two tracks that overlaps the event most, measured as in a run."""
    begin, end = event["start_time"].timestamp(), event["end_time"].timestamp()
    tracks, said = dict(zip((1, 2), ([one], [two]), strict=True)), dict(zip((1, 2), ships, strict=True))
    window = 1, 2, 0, int(max(one.time_ms[-1], two.time_ms[-1]))
    found = refine([window], tracks, lambda number, _: said[number], params=params.encounters)
    best = max(found, key=lambda f: min(f.contact.end_s, end) - max(f.contact.start_s, begin), default=None)
    return best if best is not None and best.contact.end_s > begin and best.contact.start_s < end else None


def _track(fixes: Fixes, ship: Ship) -> Track:
    return Track(ship.label, ship.mmsi, fixes.time_ms / 1000.0, fixes.lon, fixes.lat, fixes.sog_kn.astype(np.float64))


def _said(statics: Any, mmsi: int) -> list[dict[str, Any]]:
    """Each identity that a station claimed, once, with when and how often."""
    names = ("name", "callsign", "imo", "ship_type", "length_m", "beam_m")
    told: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in statics.to_pylist():
        if row["mmsi"] != mmsi:
            continue
        key = tuple(row[name] for name in names)
        if key not in told:
            told[key] = {name: row[name] for name in (*names, "time", "last_time", "reports")}
        else:
            known = told[key]
            known["time"], known["last_time"] = (
                min(known["time"], row["time"]),
                max(known["last_time"], row["last_time"]),
            )
            known["reports"] += row["reports"]
    return sorted(told.values(), key=lambda card: card["time"])


def _rules(event: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    known = packaged_rules()
    told = [(code, known.get(code)) for code in event["risk_reasons"] or []]
    return [
        (code, rule.group, rule.name, rule.false_positives) if rule else (code, "", "a rule of the user's own", "")
        for code, rule in told
    ]


def _others(case: Case, event: dict[str, Any], since: Any, until: Any) -> list[dict[str, Any]]:
    ships = {event["mmsi_1"], event["mmsi_2"]} - {None}
    return [
        other
        for other in case.latest_events().to_pylist()
        if ships & {other["mmsi_1"], other["mmsi_2"]}
        and other["event_id"] != event["event_id"]
        and other["start_time"] < until
        and other["end_time"] > since
    ]


def _count(raw: Mapping[int, Fixes], mmsi: int) -> int:
    return len(raw[mmsi]) if mmsi in raw else 0
