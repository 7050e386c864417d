"""The sober sentences of a dossier: where each sign misleads, what the quantity rests on, what would change the view."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from tracker.tables.fixes import Fixes
from tracker.tables.positions import LOW_ACCURACY
from tracker.units import METRES_PER_SECOND_PER_KNOT
from tracker.views.facts import DraughtChange, Facts

CAUTIONS = {
    "base": "How common meetings are among contacts of the synthetic fleets; at sea they are rarer.",
    "gap": "Assumed antenna places may shift a hull by tens of metres.",
    "distance": "Without sizes, small craft and large ones look alike.",
    "rigid": "Ships moored to one quay or buoy also keep their pose.",
    "parallel": "Neighbours at anchor lie parallel in a steady current.",
    "turning": "Ships at anchor in one steady wind and tide turn alike for hours.",
    "together": "Ships drifting in one current go alike.",
    "in_line": "A ship astern on a hose (tandem offloading) is in line too.",
    "duration": "Waiting, repairs and storing last as long.",
    "hole": "What happened in a silence is not known.",
    "silence": "Reception holes are common offshore; compare the neighbours.",
    "came_and_left": "Reception may hide where a ship was before.",
    "kind": "The type is typed in by the crew.",
    "tow": "Escorts and tows stay together for hours.",
    "size": "Dimensions are typed in by the crew.",
    "draught": "Typed in by the crew, for ballast and stores too.",
    "samples": "Few common reports: evidence counts less.",
    "few_reports": "A ceiling, not evidence against.",
    "unseen": "A ceiling, not evidence against.",
    "ceiling": "A judgement: what synthetic fleets leave out has no weight.",
    "begins": "Neither for nor against.",
    "ends": "Neither for nor against.",
    "begins_with_data": "Neither for nor against.",
    "ends_with_data": "Neither for nor against.",
    "no_pose": "A ceiling, not evidence against.",
    "in_port": "Port limits come from the data and from port tables.",
}
"""By code of a part of the judgement."""

WATERPLANE = (0.85, 0.92)
"""Waterplane coefficients of full tankers and bulkers, low and high: naval architects' rule (1 + 2 Cb) / 3 for Cb 0.78..0.88."""
SEA_WATER_T_PER_M3 = 1.025
LENGTH_ON_WATERLINE = 0.97


def quantity_rows(e: dict[str, Any], changes: tuple[DraughtChange, ...], /) -> list[tuple[str, str]]:
    """Quantity box: the estimate with its method and range, and the check by draughts beside it."""
    rows: list[tuple[str, str]] = []
    if e["cargo_best_t"] is None:
        rows.append(("estimate", "none: not a contact for which cargo is estimated, or a deadweight is not known"))
    else:
        rows += [
            (
                "low / central / high (P10, P50, P90)",
                " / ".join(f"{e[f'cargo_{x}_t']:,.0f} t" for x in ("low", "best", "high")),
            ),
            (
                "in barrels",
                "none: dry cargo is not counted in barrels"
                if e["cargo_best_bbl"] is None
                else " / ".join(f"{e[f'cargo_{x}_bbl']:,.0f}" for x in ("low", "best", "high"))
                + f" (set {e['factor_set']})",
            ),
            (
                "UN Panel scenarios 0.33 / 0.50 / 0.90",
                " / ".join(f"{e[f'cargo_{x}_t']:,.0f} t" for x in ("s33", "s50", "s90")),
            ),
            ("method, grade", f"{e['cargo_method']}; grade {e['cargo_grade']} (A best, D deadweight only)"),
            ("product", f"{e['product'] or 'dry cargo, not specified'}: assumed, AIS does not tell"),
        ]
    masses = []
    for n, change in enumerate(changes, start=1):
        length, beam, step = e[f"length_m_{n}"], e[f"beam_m_{n}"], change.change_m
        if step and length and beam:
            low, high = (LENGTH_ON_WATERLINE * length * beam * c * SEA_WATER_T_PER_M3 * abs(step) for c in WATERPLANE)
            masses.append(0.5 * (low + high) * (1 if step > 0 else -1))
            name = e[f"name_{n}"] or e[f"mmsi_{n}"]
            rows.append(
                (
                    f"check: {name}, draught {step:+.1f} m",
                    f"{'took on' if step > 0 else 'gave off'} about {low:,.0f} to {high:,.0f} t (cargo, ballast and stores together)",
                )
            )
    if len(masses) == 2:
        apart = abs(abs(masses[0]) - abs(masses[1])) / max(abs(masses[0]), abs(masses[1]))
        told = (
            "in opposite directions"
            if masses[0] * masses[1] < 0
            else "in the same direction, which is no transfer between them"
        )
        rows.append(
            ("check: the two together", f"the draughts changed {told}; the masses differ by {apart:.0%} of the larger")
        )
    if masses and e["cargo_best_t"] is not None:
        least, most = min(abs(m) for m in masses), max(abs(m) for m in masses)
        fits = least <= e["cargo_high_t"] and most >= e["cargo_low_t"]
        told = "overlaps the range of the estimate" if fits else "lies outside the range of the estimate"
        rows.append(("check against estimate", f"{least:,.0f} to {most:,.0f} t by draught {told}"))
    if masses:
        rows.append(
            (
                "note",
                "The check is linear in draught and not part of the estimate; ballast taken or pumped out meanwhile makes it wrong.",
            )
        )
    return rows


def quality_rows(facts: Facts, fixes: tuple[Fixes, ...], raw: tuple[int, ...], /) -> list[tuple[str, ...]]:
    """Counts, intervals, holes and doubts for each ship."""
    begin, end = facts.event["start_time"].timestamp() * 1000, facts.event["end_time"].timestamp() * 1000
    columns = []
    for n, (track, received) in enumerate(zip(fixes, raw, strict=True)):
        inside = (track.time_ms >= begin) & (track.time_ms <= end)
        steps = np.diff(track.time_ms[inside]) / 1000.0
        holes = np.diff(np.r_[begin, track.time_ms[inside], end]) / 60_000.0
        told = facts.changes[n].after
        late = (
            "not declared after it" if told is None else f"{(told.first_s - end / 1000.0) / 3600.0:+.1f} h from the end"
        )
        columns.append(
            [
                f"{received:,}",
                f"{received - len(track):,}",
                f"{int(inside.sum()):,}",
                f"{np.median(steps):.0f} s" if len(steps) else "too few",
                f"{holes.max():.0f} min",
                f"{np.mean((track.flags & LOW_ACCURACY) > 0):.0%}" if len(track) else "no report",
                f"{np.mean(np.isnan(track.heading_deg[inside])):.0%}" if inside.any() else "no report",
                late,
            ]
        )
    word = facts.word
    names = ["reports in the window", "of them set aside (outliers, other hulls)", f"reports in the {word}"]
    names += [f"median interval in the {word}", f"longest hole in the {word}", "coarse (satellite, type 27)"]
    names += [f"without heading, in the {word}", "draught first declared"]
    rows: list[tuple[str, ...]] = list(zip(names, *columns, strict=True))
    if facts.observed_m is not None:
        text = f"smallest {facts.observed_m[0]:.0f} m, median {facts.observed_m[1]:.0f} m"
        rows.append(
            (
                "distance when both were heard within 1.5 min (one ship interpolated; too small where she turned)",
                text,
                "the same",
            )
        )
    return rows


def silence_lines(facts: Facts, first: datetime, last: datetime, /) -> list[str]:
    """Sentences on the span of the data, and on how well others were heard during each ship's longest silence."""
    lines = [
        f"The case holds positions from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}; beyond that nothing can be said."
    ]
    seen = facts.reception
    hours = seen.edges_s[:-1]
    for track in facts.tracks:
        steps = np.diff(track.time_s)
        if not len(steps) or steps.max() < facts.dark_s:
            continue
        at = int(steps.argmax())
        begin, end = float(track.time_s[at]), float(track.time_s[at + 1])
        inside = (hours >= begin) & (hours + 3600.0 <= end)
        rest = ~inside & (seen.others > 0)
        if not inside.any() or not rest.any():
            continue
        lines.append(
            f"{track.label} was silent for {(end - begin) / 3600.0:.1f} h, {datetime.fromtimestamp(begin, UTC):%m-%d %H:%M} to "
            f"{datetime.fromtimestamp(end, UTC):%m-%d %H:%M}. Within {seen.radius_nm:g} nm of the place of the {facts.word} others were "
            f"heard {seen.others[inside].mean():.0f} times an hour meanwhile, {seen.others[rest].mean():.0f} at other times; "
            "where the silent ship itself was is not known."
        )
    return lines


def raises(e: dict[str, Any], changes: tuple[DraughtChange, ...], /) -> list[str]:
    """What would raise confidence, with the box and the time in which to look for it."""
    box = f"{_span(e['lat'], 'N', 'S')}, {_span(e['lon'], 'E', 'W')}"
    when = f"{e['start_time']:%Y-%m-%d %H:%MZ} to {e['end_time']:%Y-%m-%d %H:%MZ}"
    length = 0.0 if None in (e["length_m_1"], e["length_m_2"]) else max(e["length_m_1"], e["length_m_2"])
    told = [
        f"A radar or optical satellite scene of {box} taken {when}, showing two hulls side by side"
        + (f" (the larger {length:.0f} m long)" if length else "")
        + ". No catalogue of scenes was given to this run.",
        "A record of the operation: bill of lading, ship-to-ship notification to the coastal state, terminal or agent.",
        "The next port call of the deeper ship with the arrival draught that it declared there.",
    ]
    if any(c.change_m is None for c in changes):
        told.append("Declared draughts of both ships before and after: one is missing here.")
    if not e["risk_reasons"]:
        told.append(
            "Independent rule groups (identity, flag, ownership): none has fired or been run, so “very likely” is not open."
        )
    return told


def _span(middle_deg: float, positive: str, negative: str, /) -> str:
    """A twentieth of a degree to either side, with the hemisphere in place of a sign."""
    ends = sorted((middle_deg - 0.05, middle_deg + 0.05), key=abs)
    signed = [f"{abs(end):.2f} {negative if end < 0 else positive}" for end in ends]
    return f"{signed[0][:-2] if signed[0][-1] == signed[1][-1] else signed[0]}..{signed[1]}"


def lowers(e: dict[str, Any], /) -> list[str]:
    """What would lower confidence."""
    speed_m = (e["median_speed_kn"] or 0.0) * METRES_PER_SECOND_PER_KNOT * 60.0
    return [
        "A scene of that box and time that shows one ship, or two well apart.",
        "Track points from another provider that put either ship elsewhere"
        + (f" (at its speed it moves {speed_m:.0f} m a minute)." if speed_m > 5 else "."),
        "Evidence that a draught was corrected in port and not changed at sea, or that both ships took ballast.",
        "A service contract (bunkers, stores, crew change, repair) for that time and place.",
    ]
