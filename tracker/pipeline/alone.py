"""What ships do alone, and meetings of which one side was heard: loitering, gaps, dark encounters, new identities.

Silences and slow spells of the pass, what the listener heard, and the statics go in; event rows come out, not yet
placed in waters. Slow spells during which the ship lay beside another that was heard are not loitering.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from tracker.detectors.berths import Berths, Setting, port_reason
from tracker.detectors.both_dark import join_both_dark
from tracker.detectors.dark import join_dark
from tracker.detectors.gaps import gap_events, gaps_among
from tracker.detectors.handovers import contacts_by_ship, handover_events, link_hulls, splits_a_contact
from tracker.detectors.hearing import Hearing
from tracker.detectors.identities import find_handovers
from tracker.detectors.loitering import Loiter, find_loiterers, loitering_events, spells_to_place
from tracker.detectors.receivers import NO_RECEIVERS, Receivers
from tracker.detectors.reception import Stories, tell_stories
from tracker.detectors.silences import Silences
from tracker.detectors.slow import spells_of
from tracker.detectors.way import Way
from tracker.identity.registered import KnownShips
from tracker.pipeline.params import RunParams
from tracker.pipeline.places import settings_at
from tracker.pipeline.sighted import Sighted

SLOW_KN = 6.0
"""Ships shift about a harbour at less; a ship that is faster is on her way."""
HARBOUR_COAST_NM, HARBOUR_PORT_NM = 1.5, 3.0
"""Behind a breakwater, off a port (port positions are right to a mile or two)."""


def find_alone(
    slow_spells: Any,
    silences: Silences,
    hearing: Hearing,
    way: Way,
    cards: KnownShips,
    statics: Any,
    berths: Berths,
    met: Sequence[dict[str, Any]],
    /,
    *,
    params: RunParams,
    sighted: Sighted | None = None,
    receivers: Receivers = NO_RECEIVERS,
) -> list[dict[str, Any]]:
    """Rows of the encounters found, linked over changes of identity, with those of ships alone.

    Parameters
    ----------
    way : where ships were heard, of the same hearing
    met : rows of encounters already found
    receivers : what each receiver heard, where reports name theirs
    sighted : detections from space, matched; those beside a slow ship are noted as evidence for its event
    """
    alone, rules, ship_at = params.alone, params.encounters.berths, cards.ship_at
    least_h = min(alone.gaps.min_h, alone.dark.partners.min_silence_h, alone.both_dark.min_h)
    stories = tell_stories(
        silences, hearing, way, is_class_b(statics), params=alone.silences, receivers=receivers, least_h=least_h
    )
    settings = partial(settings_at, berths=berths, radius_m=rules.radius_m, near_nm=coast_that_counts_nm(params))
    gaps = gaps_among(silences, params=alone.gaps)
    where = settings(silences.lon_1[gaps], silences.lat_1[gaps])
    docked = lay_in_port(silences, stories, berths, params=params)
    events = gap_events(gaps, silences, stories, where, docked, ship_at, params=alone.gaps, berths=rules)
    spells = spells_of(slow_spells)
    rows = spells_to_place(spells, ship_at, params=alone.loitering, berths=rules)
    where = settings(spells.lon[rows], spells.lat[rows])
    loiterers = find_loiterers(rows, spells, where, silences, ship_at, params=alone.loitering, berths=rules)
    loiterers = not_in_company(loiterers, met)
    sighted = sighted or Sighted()
    beside = [sighted.beside(one) for one in loiterers] if sighted.matches else None
    dark = join_dark(
        loiterers, silences, stories, docked, ship_at, params=alone.dark, judge=params.encounters.judge, beside=beside
    )
    sighted.note(dark, loiterers, beside)
    dark += join_both_dark(silences, stories, docked, ship_at, params=alone.both_dark, partners=alone.dark.partners)
    handovers = find_handovers(hearing, ship_at, params=alone.identities, silences=silences)
    where = settings(np.array([one.lon for one in handovers]), np.array([one.lat for one in handovers]))
    contacts = contacts_by_ship(met)
    # an identity put on in port and taken off at sea is told whole
    off_port = {
        frozenset((one.before.mmsi, one.after.mmsi))
        for one, setting in zip(handovers, where, strict=True)
        if port_reason(setting, is_still=True, is_moving=False, params=rules) is None or splits_a_contact(contacts, one)
    }
    at_sea = [one for one in handovers if frozenset((one.before.mmsi, one.after.mmsi)) in off_port]
    found = [*met, *events, *loitering_events(loiterers, params=alone.loitering), *dark]
    return [*link_hulls(found, at_sea), *handover_events(at_sea)] if at_sea else found


def lay_in_port(silences: Silences, stories: Stories, berths: Berths, /, *, params: RunParams) -> Any:
    """For each silence that could count, whether every known end of it was slow and in port: (n,) bool."""
    rules, asked = params.encounters.berths, params.alone.dark.partners
    ends = ((silences.lon_1, silences.lat_1, silences.sog_kn_1), (silences.lon_2, silences.lat_2, silences.sog_kn_2))
    docked = (silences.hours >= asked.min_silence_h) & (stories.off >= asked.min_off)
    for _, _, sog in ends:
        docked &= ~(sog >= SLOW_KN)
    for lon, lat, _ in ends:
        rows = np.flatnonzero(docked & np.isfinite(lon))
        near_nm = coast_that_counts_nm(params)
        where = settings_at(lon[rows], lat[rows], berths=berths, radius_m=rules.radius_m, near_nm=near_nm)
        docked[rows] = [
            _is_harbour(one) or port_reason(one, is_still=True, is_moving=False, params=rules) is not None
            for one in where
        ]
    return docked


def coast_that_counts_nm(params: RunParams, /) -> float:
    """How near a coast must be to say anything of a ship alone, nm."""
    rules = params.encounters.berths
    return max(rules.quay_coast_nm, rules.shore_nm, HARBOUR_COAST_NM, params.alone.dark.near_shore_nm)


def _is_harbour(setting: Setting, /) -> bool:
    """Whether a place lies close under the land and off a port: ships shift berth there with their sets off."""
    coast_nm, port_nm = setting.coast_distance_nm, setting.port_distance_nm
    return coast_nm is not None and coast_nm <= HARBOUR_COAST_NM and port_nm is not None and port_nm <= HARBOUR_PORT_NM


def not_in_company(loiterers: Sequence[Loiter], met: Sequence[Mapping[str, Any]], /) -> list[Loiter]:
    """Leave out slow spells during which the ship had a visible partner."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for row in met:
        if row["verdict"] in {"likely", "possible"}:
            span = tuple(round(row[name].timestamp() * 1000) for name in ("start_time", "end_time"))
            for n in (1, 2):
                spans.setdefault(row[f"mmsi_{n}"], []).append((span[0], span[1]))

    def is_alone(one: Loiter) -> bool:
        return not any(a < one.end_ms and b > one.start_ms for a, b in spans.get(one.ship.mmsi, ()))

    return [one for one in loiterers if is_alone(one)]


def is_class_b(statics: Any, /) -> dict[int, bool]:
    """Whether a ship's transceiver is Class B, by what it said most often; ships that never said are absent."""
    votes: dict[int, int] = {}
    columns = (statics[name].to_pylist() for name in ("mmsi", "ais_class", "reports"))
    for mmsi, kind, reports in zip(*columns, strict=True):
        if kind in {"A", "B"}:
            votes[mmsi] = votes.get(mmsi, 0) + (reports if kind == "B" else -reports)
    return {mmsi: bool(np.sign(vote) > 0) for mmsi, vote in votes.items()}
