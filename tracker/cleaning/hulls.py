"""One MMSI, how many hulls? Reports that cannot be one ship are split; repeats and wild fixes are set aside.

In order:

1. A report that was heard twice (two files, two stations, other rounding, another receiver's clock) counts once.
2. A report belongs to the hull, nearest in space and time, from which it can have come; when there is none, a new hull
   begins. Greedy splitting is the idea of Global Fishing Watch's segmenter (25 kn, 24 h, five messages back); ours
   differs in the limits and in keeping hulls alive for the whole window.
3. After a silence anything is in reach. One or two reports far off at the end or beginning of a silence, which the
   reports on their own side of it contradict, are set aside, and the hull goes on.
4. Hulls of too few reports, and fixes that leave and return at a speed their neighbours do not have, are set aside.

Nothing is dropped: every report has a label, and those set aside have a reason.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.cleaning.hull_params import HullParams
from tracker.cleaning.wild import is_scatter, is_wild
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes, frozen
from tracker.tables.positions import LOW_ACCURACY
from tracker.tables.segments import REASON_CODES
from tracker.tables.tracks import HullTracks, Tracks
from tracker.units import METRES_PER_SECOND_PER_KNOT

__all__ = [
    "OUTLIER",
    "Hull",
    "HullParams",
    "Labels",
    "Segments",
    "segment",
    "segment_tracks",
    "split_hulls",
    "split_tracks",
]

OUTLIER = -1
"""Label of every report that is set aside, whatever the reason."""
Labels = npt.NDArray[np.int32]
Reasons = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Hull:
    """The reports of one hull of one MMSI, in time order; ``ordinal`` counts hulls of that MMSI from 0."""

    mmsi: int
    ordinal: int
    fixes: Fixes


@dataclass(frozen=True)
class Segments:
    """Hulls of one MMSI; for each report the ordinal of its hull (or `OUTLIER`) and why it is set aside (or 0)."""

    hulls: list[Hull]
    label: Labels
    reason: Reasons
    """Places in `tracker.tables.segments.REASON_CODES`."""


def split_hulls(fixes: Fixes, /, *, params: HullParams) -> tuple[list[Hull], Labels]:
    """Hulls and labels of `segment`."""
    found = segment(fixes, params=params)
    return found.hulls, found.label


def split_tracks(tracks: Tracks, /, *, params: HullParams) -> HullTracks:
    """Hulls of many MMSIs, as `segment` gives them; most are one hull, which one look at all of them tells."""
    is_repeat, is_plain = _look_over(tracks, params)
    sizes = np.diff(tracks.starts)
    split = {
        mmsi: [hull.fixes for hull in segment(tracks[mmsi], params=params).hulls]
        for mmsi, place in tracks.place.items()
        if not is_plain[place]
    }
    return HullTracks(tracks.keep(~is_repeat & np.repeat(is_plain, sizes)), split)


def segment_tracks(tracks: Tracks, /, *, params: HullParams) -> tuple[Labels, Reasons]:
    """Label and reason of every report of many MMSIs, as `segment` gives them."""
    is_repeat, is_plain = _look_over(tracks, params)
    label, reason = np.zeros(len(is_repeat), np.int32), np.zeros(len(is_repeat), np.uint8)
    _set_aside(label, reason, np.flatnonzero(is_repeat), "repeated_report")
    for mmsi, place in tracks.place.items():
        if not is_plain[place]:
            own = tracks.rows_of(mmsi)
            label[own], reason[own] = _labels(tracks[mmsi], is_repeat[own], params)
    return label, reason


def segment(fixes: Fixes, /, *, params: HullParams) -> Segments:
    """Split the reports of one MMSI into hulls.

    Parameters
    ----------
    fixes : Fixes
        Reports of one MMSI in time order.

    Returns
    -------
    Segments
        Hulls in order of their first report.
    """
    n = len(fixes)
    if not n:
        return Segments([], np.zeros(n, np.int32), np.zeros(n, np.uint8))
    label, reason = segment_tracks(Tracks(fixes, fixes.mmsi[:1], np.array([0, n])), params=params)
    whole = not label.any()
    hulls = [fixes if whole else fixes.take(label == ordinal) for ordinal in range(int(label.max()) + 1)]
    return Segments([Hull(int(fixes.mmsi[0]), place, hull) for place, hull in enumerate(hulls)], label, reason)


def _labels(fixes: Fixes, is_repeat: npt.NDArray[np.bool_], params: HullParams) -> tuple[Labels, Reasons]:
    """Label and reason of each report of one MMSI that is not plainly one hull."""
    n = len(fixes)
    label, reason = np.zeros(n, np.int32), np.zeros(n, np.uint8)
    _set_aside(label, reason, np.flatnonzero(is_repeat), "repeated_report")
    if not _is_one_hull(fixes.take(label != OUTLIER), params):
        _label(fixes, label, params)
        _rejoin(fixes, label, reason, params)
    for ordinal in np.unique(label[label != OUTLIER]):
        rows = np.flatnonzero(label == ordinal)
        is_few = len(rows) < params.min_hull_reports or (ordinal > 0 and is_scatter(fixes.take(rows), params))
        if is_few and n > len(rows):
            _set_aside(label, reason, rows, "lone_position")
        else:
            _set_aside(label, reason, rows[is_wild(fixes.take(rows), params)], "wild_position")
    kept = [ordinal for ordinal in np.unique(label) if ordinal != OUTLIER]
    renumbered = np.full_like(label, OUTLIER)
    for place, ordinal in enumerate(kept):
        renumbered[label == ordinal] = place
    return renumbered, reason


def _set_aside(label: Labels, reason: Reasons, rows: npt.NDArray[np.int64], why: str) -> None:
    label[rows] = OUTLIER
    reason[rows] = REASON_CODES[why]


def _look_over(tracks: Tracks, params: HullParams) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Rows that repeat another; and tracks of which a compiled look at bounds finds the rest, enough, one hull and none wild."""
    from tracker.geo.kernels.plain import look_over
    from tracker.geo.kernels.segments import REPEATED

    fixes = tracks.fixes
    columns = (fixes.time_ms, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn, fixes.cog_deg, fixes.heading_deg, fixes.flags)
    label, rank = np.zeros(len(fixes), np.int32), np.empty(len(fixes), np.int8)
    is_plain = np.zeros(len(tracks), np.bool_)
    repeats = (
        round(params.same_s * 1000),
        float(params.same_m),
        float(params.coarse_m),
        round(params.echo_s * 1000),
        float(params.echo_m),
        float(params.echo_kn),
    )
    reach = (
        float(params.position_error_m),
        3600.0 * params.burst_h,
        METRES_PER_SECOND_PER_KNOT * params.max_speed_kn,
        METRES_PER_SECOND_PER_KNOT * params.steady_speed_kn,
        2.0 * params.outlier_detour_m,
        float(params.outlier_excess_kn),
    )
    look_over(tracks.starts, *(frozen(c) for c in columns), LOW_ACCURACY, repeats, reach, label, rank, is_plain)
    is_repeat = label == REPEATED
    repeated = np.diff(np.searchsorted(np.flatnonzero(is_repeat), tracks.starts))
    return is_repeat, is_plain & ((repeated == 0) | (np.diff(tracks.starts) - repeated >= params.min_hull_reports))


def _is_one_hull(fixes: Fixes, params: HullParams) -> bool:
    """Whether every report is in reach of the one before, with no silence to hide behind."""
    leg_m = distance_m(fixes.lon[:-1], fixes.lat[:-1], fixes.lon[1:], fixes.lat[1:])
    return bool(np.all(leg_m <= _reach_m(np.diff(fixes.time_ms) / 1000.0, params)))


def _reach_m(elapsed_s: Floats, params: HullParams) -> Floats:
    burst_s = 3600.0 * params.burst_h
    return np.asarray(
        params.position_error_m
        + METRES_PER_SECOND_PER_KNOT
        * (
            params.max_speed_kn * np.minimum(elapsed_s, burst_s)
            + params.steady_speed_kn * np.maximum(elapsed_s - burst_s, 0.0)
        )
    )


TYPICAL_KN = 10.0
"""How fast a hull that is not heard loses its claim to a report, kn."""


def _label(fixes: Fixes, label: Labels, params: HullParams) -> None:
    """Greedy assignment, in place."""
    from tracker.geo.kernels.segments import REPEATED, label_hulls

    label[label == OUTLIER] = REPEATED
    knots = METRES_PER_SECOND_PER_KNOT / 1000.0
    label_hulls(
        fixes.time_ms,
        fixes.lon_e7,
        fixes.lat_e7,
        fixes.sog_kn,
        label,
        params.position_error_m,
        METRES_PER_SECOND_PER_KNOT * params.clock_slip_s,
        3.6e6 * params.burst_h,
        params.max_speed_kn * knots,
        params.steady_speed_kn * knots,
        TYPICAL_KN * knots,
    )
    label[label == REPEATED] = OUTLIER


def _rejoin(fixes: Fixes, label: Labels, reason: Reasons, params: HullParams) -> None:
    """Set aside the few reports beyond a silence that took a hull off its way, and let it go on."""
    few = params.min_hull_reports - 1
    silence_ms = 60_000 * params.silence_min
    order = [int(h) for h in np.unique(label[label != OUTLIER])]
    rows = {h: np.flatnonzero(label == h) for h in order}
    for later in order:
        own = rows[later]
        if not len(own):
            continue
        for earlier in order:
            before = rows[earlier]
            if earlier == later or not len(before) or before[0] >= own[0]:
                continue
            # a tail: few reports after a silence, and the later hull begins where the earlier one was before it
            tail = before[_after_last_silence(fixes.time_ms[before], silence_ms) :]
            if 0 < len(tail) <= few and len(tail) < len(before) and len(own) > len(tail) and before[-1] < own[-1]:
                stem = before[: len(before) - len(tail)]
                if (
                    own[0] > stem[-1]
                    and fixes.time_ms[own[0]] - fixes.time_ms[tail[0]] <= silence_ms
                    and _is_in_reach(fixes, stem[-1], own[0], params)
                ):
                    _set_aside(label, reason, tail, "far_after_silence")
                    label[own] = earlier
                    rows[earlier], rows[later] = np.concatenate([stem, own]), own[:0]
                    break
            # a head: few reports before a silence; what follows it continues the earlier hull
            cut = _before_first_silence(fixes.time_ms[own], silence_ms)
            if 0 < cut <= few and cut < len(own) and before[-1] < own[cut] and len(before) > cut:
                head, rest = own[:cut], own[cut:]
                if fixes.time_ms[head[0]] - fixes.time_ms[before[-1]] <= silence_ms and _is_in_reach(
                    fixes, before[-1], rest[0], params
                ):
                    _set_aside(label, reason, head, "far_before_silence")
                    label[rest] = earlier
                    rows[earlier], rows[later] = np.concatenate([before, rest]), own[:0]
                    break


def _after_last_silence(time_ms: npt.NDArray[np.int64], silence_ms: float) -> int:
    """Place of the first report after the last silence; the length when there is none."""
    breaks = np.flatnonzero(np.diff(time_ms) >= silence_ms)
    return int(breaks[-1]) + 1 if len(breaks) else len(time_ms)


def _before_first_silence(time_ms: npt.NDArray[np.int64], silence_ms: float) -> int:
    """Reports before the first silence; 0 when there is none."""
    breaks = np.flatnonzero(np.diff(time_ms) >= silence_ms)
    return int(breaks[0]) + 1 if len(breaks) else 0


def _is_in_reach(fixes: Fixes, one: int, other: int, params: HullParams) -> bool:
    metres = distance_m(fixes.lon[one], fixes.lat[one], fixes.lon[other], fixes.lat[other])
    return bool(metres <= _reach_m(np.array((fixes.time_ms[other] - fixes.time_ms[one]) / 1000.0), params))
