"""Detection on trials: the contacts of a fleet with everything that judging reads, and which of them were meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.cleaning.hulls import split_hulls
from tracker.detectors.berths import Setting, learn_berths, port_reason
from tracker.detectors.encounters import refine, windows_of
from tracker.detectors.found import Found
from tracker.detectors.readings import Draughts
from tracker.engine.scan import scan
from tracker.identity.cards import Cards
from tracker.pipeline.declared import draughts_of
from tracker.pipeline.find import requests_of, settings_of
from tracker.pipeline.params import RunParams
from tracker.pipeline.source import FixesSource
from tracker.simulate.truth import MEETING_TYPES
from tracker.tables.fixes import Fixes

MARGIN = timedelta(minutes=10)
"""A contact this far from a meeting in time is still about it (as in `tracker.simulate.matching`)."""


@dataclass(frozen=True)
class TrialContact:
    """A measured contact with its setting and the declared draughts."""

    found: Found
    setting: Setting
    draughts: Draughts


@dataclass(frozen=True)
class Label:
    """What a contact was: a meeting or not, of which class; contacts that rules decide are not judged."""

    name: str
    is_meeting: bool
    is_judged: bool


def contacts_in(fixes: Fixes, statics: Any, /, *, params: RunParams) -> list[TrialContact]:
    """All contacts of a fleet, as a run finds and measures them."""
    seen = scan([fixes], params=params.scan)
    cards = Cards(statics)
    berths = learn_berths(seen.slow_spells, params=params.encounters.berths)
    windows = windows_of(seen.candidates, cards.ship_at, params=params.encounters)
    tracks = FixesSource(fixes).windows(requests_of(windows))
    hulls = {m: [hull.fixes for hull in split_hulls(track, params=params.hulls)[0]] for m, track in tracks.items()}
    found = list(refine(windows, hulls, cards.ship_at, params=params.encounters))
    settings = settings_of(found, berths, params)
    return [TrialContact(*row) for row in zip(found, settings, draughts_of(found, statics), strict=True)]


def label_contacts(contacts: Sequence[TrialContact], truth: Any, /, *, params: RunParams) -> list[Label]:
    """What each contact was, by the truth."""
    rows = truth.to_pylist()
    rafts: dict[int, set[str]] = {}
    for row in rows:
        if row["group_id"]:
            for mmsi in (row["mmsi_1"], row["mmsi_2"]):
                rafts.setdefault(mmsi, set()).add(row["group_id"])
    by_pair: dict[frozenset[int], list[dict[str, Any]]] = {}
    for row in rows:
        if row["mmsi_2"] is not None:
            by_pair.setdefault(frozenset((row["mmsi_1"], row["mmsi_2"])), []).append(row)
    return [_label(contact, by_pair, rafts, params) for contact in contacts]


def _label(
    contact: TrialContact,
    by_pair: dict[frozenset[int], list[dict[str, Any]]],
    rafts: dict[int, set[str]],
    params: RunParams,
) -> Label:
    f, e = contact.found, contact.found.evidence
    start, end = (datetime.fromtimestamp(t, UTC) for t in (f.contact.start_s, f.contact.end_s))
    about = [
        row
        for row in by_pair.get(frozenset((f.mmsi_1, f.mmsi_2)), [])
        if start <= row["end_time"] + MARGIN and end >= row["start_time"] - MARGIN
    ]
    meetings = [row for row in about if row["type"] in MEETING_TYPES]
    if meetings:
        return Label(str(meetings[0]["class"]), True, True)
    berths = params.encounters.berths
    is_still = max(e.spread_1_m, e.spread_2_m) <= berths.still_spread_m
    in_port = port_reason(contact.setting, is_still=is_still, is_moving=e.median_speed_kn > 1.0, params=berths)
    mates = bool(rafts.get(f.mmsi_1, set()) & rafts.get(f.mmsi_2, set()))
    return Label(str(about[0]["class"]) if about else "other", False, in_port is None and not mates)
