"""A dossier of one event: gather what the case knows around it, judge it again in the open, and lay it out.

The tracks are cleaned with the run's own parameters, and the parts of the judgement are made again from them, because
a case keeps sentences and not weights. Where the second judgement differs from the first (a raft, a berth learnt from
other ships), the page says so.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.archive.case import Case
from tracker.archive.reading import PositionStore
from tracker.cleaning.hulls import split_hulls
from tracker.detectors.berths import Setting
from tracker.detectors.contact import Contact, Pair, find_contacts, opening_distance_m, pair_tracks
from tracker.detectors.evidence import weigh
from tracker.detectors.found import Found
from tracker.detectors.judge import judge
from tracker.detectors.readings import Draughts
from tracker.detectors.weights import packaged_weights
from tracker.errors import UnknownNameError, UsageError
from tracker.identity.cards import Cards
from tracker.pipeline.alternatives import alternatives_to
from tracker.pipeline.cautions import CAUTIONS, lowers, quality_rows, quantity_rows, raises, silence_lines
from tracker.pipeline.declared import draughts_of
from tracker.pipeline.layers import map_layers
from tracker.pipeline.measuring import declared_draughts, draught_change, is_observed, poses_of, reception_of
from tracker.pipeline.params import RunParams, recorded_params
from tracker.pipeline.provenance import provenance_of
from tracker.risk.rules import packaged_rules
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship
from tracker.tables.wording import level_of
from tracker.views.facts import Facts, Reason, Track

WINDOW_H = 72.0


def gather(case: Case, event_id: str, /, *, window_h: float = WINDOW_H) -> Facts:
    """Everything that a dossier of an event shows.

    Raises
    ------
    UnknownNameError
        When the case's last run has no such event; says the nearest, or that it was retracted.
    UsageError
        When the event is not one of two ships that were both heard.
    """
    event = find_event(case, event_id)
    if event["mmsi_2"] is None:
        raise UsageError(
            f"Event {event_id} is a {event['type'].replace('_', ' ')} of one ship; a dossier tells of two ships heard."
        )
    record = case.runs()[-1]
    params = recorded_params(record["parameters"])
    since = event["start_time"] - timedelta(hours=window_h)
    until = event["end_time"] + timedelta(hours=window_h)
    mmsis = [event["mmsi_1"], event["mmsi_2"]]
    store = case.store()
    raw = store.windows(_requests(mmsis, since, until))
    one, two = (_hull(raw.get(mmsi), event, params) for mmsi in mmsis)
    statics = store.statics(since=since, until=until, mmsis=mmsis)
    middle = int((event["start_time"].timestamp() + event["end_time"].timestamp()) * 500)
    cards = Cards(store.statics(mmsis=mmsis))
    ships = cards.ship_at(mmsis[0], middle), cards.ship_at(mmsis[1], middle)
    span = event["start_time"].timestamp(), event["end_time"].timestamp()
    declared = declared_draughts(statics, mmsis[0]), declared_draughts(statics, mmsis[1])
    changes = draught_change(declared[0], *span), draught_change(declared[1], *span)
    told = {
        f"draught_change_{n}_m": c.change_m
        for n, c in enumerate(changes, start=1)
        if event[f"draught_change_{n}_m"] is None
    }
    judged = event | told
    pair = pair_tracks(one, two, params=params.encounters.contact)
    reasons = _reasons(pair, one, two, ships, event, statics, params)
    time_s, distance = (np.empty(0), np.empty(0)) if pair is None else (pair.time_s, pair.distance_m)
    seen = is_observed(time_s, one, two)
    inside = seen & (time_s >= span[0]) & (time_s <= span[1])
    poses = None
    if pair is not None:
        poses = poses_of(time_s[inside], pair.east_m[inside], pair.north_m[inside], (one, two), ships)
    first, last = _held(store, since, until)
    reception = reception_of(store, (one, two), (event["lon"], event["lat"]), since=first, until=last)
    lon, lat = (
        np.concatenate([getattr(f, name) for f in (one, two)] + [np.array([event[name]])]) for name in ("lon", "lat")
    )
    facts = Facts(
        event=judged,
        level=level_of(judged),
        tracks=(_track(one, ships[0]), _track(two, ships[1])),
        pair_time_s=time_s,
        pair_distance_m=distance,
        pair_is_observed=seen,
        observed_m=(float(distance[inside].min()), float(np.median(distance[inside]))) if inside.any() else None,
        poses=poses,
        declared=declared,
        changes=changes,
        cards=(_said(statics, mmsis[0]), _said(statics, mmsis[1])),
        reasons=reasons,
        reception=reception,
        alternatives=alternatives_to(judged, changes),
        quality=[],
        quantity=quantity_rows(judged, changes),
        raises=raises(judged, changes),
        lowers=lowers(judged),
        others=_others(case, event, since, until),
        layers=map_layers(lon, lat),
        provenance=provenance_of(record),
        files=list(record.get("files", [])),
        rules=_rules(event),
        window_h=window_h,
    )
    heard = (one, two), (_count(raw, mmsis[0]), _count(raw, mmsis[1]))
    return replace(facts, quality=quality_rows(facts, *heard), silences=silence_lines(facts, first, last))


def _held(store: PositionStore, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The part of a window for which the case holds any position."""
    first, last = store.first_ms, store.last_ms
    if first is None or last is None:
        return since, until
    begin, end = (datetime.fromtimestamp(ms / 1000.0, UTC) for ms in (first, last + 1))
    return max(since, begin), min(until, end)


def find_event(case: Case, event_id: str, /) -> dict[str, Any]:
    """The event of the last run with this id, or one that begins with it.

    Raises
    ------
    UnknownNameError
        When there is none, or more than one.
    """
    events = case.latest_events()
    ids = events.column("event_id").to_pylist()
    rows = [i for i, known in enumerate(ids) if event_id and known.startswith(event_id)]
    if len(rows) == 1:
        return dict(events.slice(rows[0], 1).to_pylist()[0])
    if rows:
        raise UnknownNameError(
            f"{len(rows)} events begin with {event_id!r}; first: {ids[rows[0]]}. Write more of the id."
        )
    for old in case.retracted().to_pylist():
        if old["event_id"] == event_id:
            raise UnknownNameError(f"Event {event_id} was retracted by run {old['retracted_by']}: {old['reason']}.")
    raise UnknownNameError(
        f"There is no event {event_id!r} in the last run of {case.path}. 'tracker events' lists them."
    )


def _requests(mmsis: list[int], since: Any, until: Any) -> Any:
    times = {"start": pa.array([since] * 2, UTC_MS), "end": pa.array([until] * 2, UTC_MS)}
    return pa.table({"mmsi": pa.array(mmsis, pa.int32()), **times})


def _hull(raw: Fixes | None, event: dict[str, Any], params: RunParams) -> Fixes:
    """Reports of the hull that was most heard during the event.

    Raises
    ------
    UsageError
        When the case holds no report of the ship.
    """
    hulls = [] if raw is None else [hull.fixes for hull in split_hulls(raw, params=params.hulls)[0]]
    if not hulls:
        raise UsageError(f"The case holds no track of a ship of event {event['event_id']}; nothing to draw.")
    begin, end = event["start_time"].timestamp() * 1000, event["end_time"].timestamp() * 1000
    return max(hulls, key=lambda f: (int(((f.time_ms >= begin) & (f.time_ms <= end)).sum()), len(f)))


def _reasons(
    pair: Pair | None,
    one: Fixes,
    two: Fixes,
    ships: tuple[Ship, Ship],
    event: dict[str, Any],
    statics: Any,
    params: RunParams,
) -> list[Reason]:
    """The parts of the judgement, made again; a last part names what the run knew and this page does not."""
    contact = None if pair is None else _contact(pair, ships, event, params)
    if pair is None or contact is None:
        return [Reason("as run", 0.0, text, "") for text in event["why"] or []]
    evidence = weigh(pair, contact, one, two, *ships)
    setting = Setting(event["coast_distance_nm"], False, event["port"], event["port_distance_nm"], 0)
    hours = (contact.end_s - contact.start_s) / 3600.0
    weights = params.encounters
    # the run decides whose a change of draught is, and says so in its reasons
    is_drafted = any(text.startswith("Declared draughts changed") for text in event["why"] or [])
    found = Found(ships[0].mmsi, ships[1].mmsi, *ships, contact, evidence)
    draughts = draughts_of([found], statics)[0] if is_drafted else Draughts()
    judgement = judge(evidence, *ships, setting, hours, params=weights.judge, berths=weights.berths, draughts=draughts)
    parts = [Reason("base", packaged_weights().base, "Before anything is known.", CAUTIONS["base"])]
    parts += [Reason(p.code, p.logit, p.sentence, CAUTIONS.get(p.code, "")) for p in judgement.parts]
    if event["confidence"] is not None and abs(judgement.confidence - event["confidence"]) > 0.02:
        text = f"Judged alone this gives {judgement.confidence:.2f}; the run gave {event['confidence']:.2f} from what it knew besides: "
        parts.append(
            Reason(
                "as run", 0.0, text + (event["why"] or ["nothing said"])[1 if len(event["why"] or []) > 1 else 0], ""
            )
        )
    return parts


def _contact(pair: Pair, ships: tuple[Ship, Ship], event: dict[str, Any], params: RunParams) -> Contact | None:
    """The contact of the two tracks that overlaps the event most."""
    rules = params.encounters.contact
    open_m = opening_distance_m(ships[0].length_m, ships[1].length_m, params=rules)
    begin, end = event["start_time"].timestamp(), event["end_time"].timestamp()
    found = find_contacts(pair, open_distance_m=open_m, params=rules)
    best = max(found, key=lambda c: min(c.end_s, end) - max(c.start_s, begin), default=None)
    return best if best is not None and best.end_s > begin and best.start_s < end else None


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
    ships = {event["mmsi_1"], event["mmsi_2"]}
    return [
        other
        for other in case.latest_events().to_pylist()
        if ships & {other["mmsi_1"], other["mmsi_2"]}
        and other["event_id"] != event["event_id"]
        and other["start_time"] < until
        and other["end_time"] > since
    ]


def _count(raw: dict[int, Fixes], mmsi: int) -> int:
    return len(raw[mmsi]) if mmsi in raw else 0
