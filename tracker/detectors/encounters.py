"""Meetings of two ships: candidates of the streaming pass are refined on raw fixes, measured, judged, and grouped.

Two steps, so that places can be looked up for many contacts at once in between: `refine` finds and measures the
contacts; `to_events` judges them in their setting and writes event rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

import numpy as np

from tracker.detectors.berths import BerthParams, Setting
from tracker.detectors.contact import ContactParams, opening_distances_m
from tracker.detectors.drafted import changes_of_their_own
from tracker.detectors.found import Found
from tracker.detectors.judge import Bounds, Judgement, JudgeParams, judge
from tracker.detectors.rafts import groups_of, sheltered_by
from tracker.detectors.readings import Draughts
from tracker.detectors.refining import Window, found_in
from tracker.detectors.rows import event_row
from tracker.params import Params
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship

PAD_MS = 6 * 3_600_000
"""Reports this long before and after a candidate are read: coming, leaving, and holes up to the contact's limit."""
LONG_STEPS, STRAY_M = 12, 200.0
"""Two that were near at more grid steps than this, an hour's, move slowly against each other: between two steps they come
no nearer than at the nearest step less this (judgement)."""


class EncounterParams(Params):
    """Everything that decides about encounters."""

    contact: ContactParams = ContactParams()
    berths: BerthParams = BerthParams()
    judge: JudgeParams = JudgeParams()


def windows_of(
    candidates: Any,
    ship_at: Callable[[int, int], Ship] | None = None,
    /,
    *,
    params: EncounterParams | None = None,
    step_s: int = 300,
) -> list[tuple[int, int, int, int]]:
    """Merge candidate runs of each pair that lie near in time: (mmsi_1, mmsi_2, begin_ms, end_ms), padded.

    With `ship_at` and `params`, windows are left out in which the two are at no grid step within the distance at
    which their contact would close (in a long run, `STRAY_M` beyond that at which it would open): in ports and
    anchorages that is most of them, and reports need not be read. Where steps (one every `step_s`) are missed in a run,
    or the pair has several, they may have met beside a silence: such windows stay.
    """
    order = candidates.sort_by([("mmsi_1", "ascending"), ("mmsi_2", "ascending"), ("start_time", "ascending")])
    one, two = order["mmsi_1"].to_numpy(), order["mmsi_2"].to_numpy()
    if not len(one):
        return []
    begin, end = (order[name].cast("int64").to_numpy() for name in ("start_time", "end_time"))
    begin, end = begin - PAD_MS, end + PAD_MS
    is_other = np.r_[True, (one[1:] != one[:-1]) | (two[1:] != two[:-1])]
    # the latest end so far inside a pair: pairs are set apart by more than the whole time
    apart = np.cumsum(is_other) * (end.max() - begin.min() + 1)
    reach = np.maximum.accumulate(end + apart) - apart
    is_first = is_other | np.r_[True, begin[1:] > reach[:-1]]
    first = np.flatnonzero(is_first)
    last = np.r_[first[1:], len(one)] - 1
    nearest_m = np.minimum.reduceat(order["min_distance_m"].to_numpy(), first)
    # one run, with as many steps as fit into its time, is seen whole
    steps, span_ms = order["steps"].to_numpy(), end - begin - 2 * PAD_MS
    is_whole = (last == first) & (span_ms[first] <= (steps[first] - 1) * step_s * 1000)
    windows = list(
        zip(one[first].tolist(), two[first].tolist(), begin[first].tolist(), reach[last].tolist(), strict=True)
    )
    if ship_at is None or params is None:
        return windows
    # nobody needs to be known who came near enough for ships of any size
    contact = params.contact
    nearest_m = np.where(is_whole, nearest_m, 0.0)
    nearest_m -= np.where(steps[first] > LONG_STEPS, min(STRAY_M, contact.close_margin_m), contact.close_margin_m)
    far = np.flatnonzero(nearest_m > contact.open_distance_m)
    pairs = np.column_stack([one[first[far]], two[first[far]]]).ravel().tolist()
    middle_ms = np.repeat((begin[first[far]] + reach[last[far]]) // 2, 2).tolist()
    lengths_m = np.array([ship_at(mmsi, at).length_m or 0.0 for mmsi, at in zip(pairs, middle_ms, strict=True)])
    may = np.ones(len(first), np.bool_)
    may[far] = nearest_m[far] <= opening_distances_m(lengths_m.reshape(-1, 2), params=contact)
    return list(compress(windows, may.tolist()))


def refine(
    windows: Sequence[Window],
    hulls: Mapping[int, Sequence[Fixes]],
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: EncounterParams,
) -> Iterator[Found]:
    """Find and measure the contacts in candidate windows.

    Parameters
    ----------
    windows : of `windows_of`
    hulls : for each MMSI the reports of each of its hulls in time order, holding at least the windows
    ship_at : identity and hull of an MMSI at a time (ms)
    """
    yield from found_in(windows, hulls, ship_at, params=params.contact)


def to_events(
    found: Sequence[Found],
    settings: Sequence[Setting],
    /,
    *,
    params: EncounterParams,
    draughts: Sequence[Draughts] | None = None,
    span_ms: tuple[int, int] | None = None,
) -> list[dict[str, Any]]:
    """Judge contacts in their settings and give event rows (the columns that detection knows).

    Parameters
    ----------
    draughts : declared before and after each contact; None when nothing was declared
    span_ms : first and last report of all the data; None: not known
    """
    untold = Draughts()
    judged = [_judged(f, setting, untold, params, span_ms) for f, setting in zip(found, settings, strict=True)]
    if draughts is not None:
        own = changes_of_their_own(found, judged, draughts)
        judged = [
            before if said == untold else _judged(f, setting, said, params, span_ms)
            for f, setting, said, before in zip(found, settings, own, judged, strict=True)
        ]
    rows = [
        _row(f, judgement, group, between, params.judge)
        for f, judgement, group, between in zip(
            found, judged, groups_of(found, judged), sheltered_by(found, judged), strict=True
        )
    ]
    return sorted(rows, key=lambda row: (row["start_time"], row["mmsi_1"], row["mmsi_2"], row["end_time"]))


def _judged(
    found: Found, setting: Setting, draughts: Draughts, params: EncounterParams, span_ms: tuple[int, int] | None
) -> Judgement:
    return judge(
        found.evidence,
        found.ship_1,
        found.ship_2,
        setting,
        found.duration_h,
        params=params.judge,
        berths=params.berths,
        draughts=draughts,
        bounds=_bounds(found, span_ms),
    )


def _bounds(found: Found, span_ms: tuple[int, int] | None) -> Bounds | None:
    if span_ms is None:
        return None
    begin_s, end_s = span_ms[0] / 1000.0, span_ms[1] / 1000.0
    return Bounds((found.contact.start_s - begin_s) / 3600.0, (end_s - found.contact.end_s) / 3600.0)


def _row(
    found: Found, judgement: Judgement, group: str | None, between: str | None, params: JudgeParams
) -> dict[str, Any]:
    e = found.evidence
    why = [part.sentence for part in sorted(judgement.parts, key=lambda part: -abs(part.logit))]
    confidence, verdict = judgement.confidence, judgement.verdict
    if between is not None:
        why.insert(0, f"In a raft, {between} lies between the two: they do not lie against each other.")
        confidence = min(confidence, round(params.possible, 3))
        verdict = "possible" if verdict == "likely" else verdict
    lead = {
        "likely": "Consistent with a transfer",
        "possible": "Possibly a transfer",
        "unlikely": "Not taken for a transfer",
    }
    why.insert(0, f"{lead[verdict]}: confidence {confidence:.2f}.")
    # whole seconds: AIS times are no finer
    start_ms, end_ms = round(found.contact.start_s) * 1000, round(found.contact.end_s) * 1000
    row = event_row("encounter", found.ship_1, found.ship_2, start_ms=start_ms, end_ms=end_ms, lon=e.lon, lat=e.lat)
    return row | {
        "verdict": verdict,
        "confidence": confidence,
        "group_id": group,
        "in_port": judgement.in_port,
        "min_distance_m": round(e.min_distance_m, 1),
        "median_distance_m": round(e.median_distance_m, 1),
        "hull_gap_m": None if e.hull_gap_m is None else round(e.hull_gap_m, 1),
        "median_speed_kn": round(e.median_speed_kn, 2),
        "relative_speed_kn": round(e.relative_speed_kn, 2),
        "heading_difference_deg": None if e.heading_difference_deg is None else round(e.heading_difference_deg, 1),
        "reports_1": e.reports_1,
        "reports_2": e.reports_2,
        "longest_silence_min": round(e.longest_silence_min, 1),
        "why": why,
    }
