"""Silences worth an event: `gap` rows with the probability that the ship switched off, and why.

A row is about one silence between two reports of one ship. Its place is that of the last report before. A ship that
lay in port and came back in the same place is not told: sets in port are switched off every day. Silences that began and
ended in one harbour or anchorage are told, and rank after those at sea.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import BerthParams, Setting, port_reason
from tracker.detectors.reception import Stories
from tracker.detectors.rows import event_row
from tracker.detectors.silences import Silences
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

_STAYED = "She {} before and after: sets are switched off there every day, so that the confidence counts this silence at {:g}."


class GapParams(Params):
    """Which silences are told as events."""

    min_h: float = param(
        3.0,
        "shortest silence that is an event, h",
        gt=0,
        source="GFW's pipeline takes 6 h and misses dark meetings of 2 h; reception holes of 30 min to 4 h are usual",
    )
    stayed_m: float = param(
        2000.0, "a ship in port that is heard again this near did not leave, m", ge=0, source="width of a harbour"
    )
    swing_m: float = param(
        1000.0, "a ship that lay still and is heard again this near stayed at anchor, m", ge=0, source="chain and hull"
    )
    swing_kn: float = param(1.0, "a ship at anchor is slower than this, kn", gt=0, source="GPS noise and swinging")
    stayed_share: float = param(
        0.2,
        "what a silence counts that began and ended in one harbour or anchorage: it ranks after those at sea",
        ge=0,
        le=1,
        source="judgement: sets in port are switched off every day",
    )
    still_kn: float = param(0.5, "a ship slower than this lies still, kn", ge=0, source="GPS speed noise at rest")


def gaps_among(silences: Silences, /, *, params: GapParams) -> list[int]:
    """Rows of the silences that become events: heard before and after, and long enough."""
    return [int(i) for i in np.flatnonzero((silences.hours >= params.min_h) & ~silences.is_open)]


def gap_events(
    rows: Sequence[int],
    silences: Silences,
    stories: Stories,
    settings: Sequence[Setting],
    docked: npt.NDArray[np.bool_],
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: GapParams,
    berths: BerthParams,
) -> list[dict[str, Any]]:
    """Event rows of silences; the confidence is that she was switched off, less where she only lay in harbour.

    Parameters
    ----------
    rows : of `gaps_among`
    settings : where each of these ships was last heard
    docked : for each silence, whether she was slow and in port at both ends
    """
    events = []
    for i, setting in zip(rows, settings, strict=True):
        start_ms, end_ms = int(silences.start_ms[i]), int(silences.end_ms[i])
        still = bool(silences.sog_kn_1[i] < params.still_kn)
        reason = port_reason(setting, is_still=still, is_moving=not still, params=berths)
        moved_m = float(silences.moved_m[i])
        if reason is not None and moved_m <= params.stayed_m:
            continue
        slow = bool(np.maximum(silences.sog_kn_1[i], silences.sog_kn_2[i]) < params.swing_kn)
        lay_still = slow and moved_m <= params.swing_m
        stayed = lay_still or bool(docked[i])
        row = event_row(
            "gap",
            ship_at(int(silences.mmsi[i]), start_ms),
            None,
            start_ms=start_ms,
            end_ms=end_ms,
            lon=float(silences.lon_1[i]),
            lat=float(silences.lat_1[i]),
        )
        row |= {
            "confidence": round(float(stories.off[i]) * (params.stayed_share if stayed else 1.0), 3),
            "longest_silence_min": round((end_ms - start_ms) / 60_000, 1),
            "silence_causes": json.dumps(causes_of(i, stories)),
            "why": [
                *silence_sentences(i, silences, stories),
                *([] if reason is None else [f"She was last heard in port: {reason}."]),
                *(
                    [_STAYED.format("lay still in one place" if lay_still else "was in harbour", params.stayed_share)]
                    * stayed
                ),
            ],
        }
        events.append(row)
    return events


def causes_of(i: int, stories: Stories, /) -> dict[str, float]:
    """Probabilities of the causes of a silence, to a thousandth, which sum to 1."""
    exact = {
        "switched_off": float(stories.off[i]),
        "receiver_down": float(stories.hole[i]),
        "out_of_range": float(stories.out_of_range[i]),
        "missed": float(stories.chance[i]),
    }
    told = {name: round(value, 3) for name, value in exact.items()}
    largest = max(told, key=lambda name: told[name])
    told[largest] = round(told[largest] + 1.0 - sum(told.values()), 3)
    return told


def silence_sentences(i: int, silences: Silences, stories: Stories, /) -> list[str]:
    """Say why a silence is taken for what it is."""
    off, hole, gone, chance = causes_of(i, stories).values()
    others = {
        "a receiver hole": hole,
        "having left the area that is heard": gone,
        "being missed by chance": chance,
    }
    rival = max(others, key=lambda name: others[name])
    lines = [
        f"Silent for {silences.hours[i]:.1f} h: switched off with probability {off:.2f}; "
        f"{rival} {others[rival]:.2f} is the next best reading."
        if off >= others[rival]
        else f"Silent for {silences.hours[i]:.1f} h, most likely {rival} ({others[rival]:.2f}); "
        f"switched off with probability {off:.2f}."
    ]
    lines.append(
        f"Switched off {off:.2f}, receiver down {hole:.2f}, out of range {gone:.2f}, missed by chance {chance:.2f}."
    )
    share = float(stories.heard_share[i])
    if stories.hours_asked[i] == 0:
        lines.append("No whole hour lies inside the silence: reception cannot be asked.")
    elif np.isnan(share):
        lines.append("No other ship was near her way: whether the receiver worked is not known.")
    else:
        lines.append(
            f"On her way stood {stories.neighbours[i]:.1f} other ships an hour on average (the 12 nearest count); "
            f"{100 * share:.0f} % of them, by weight, were heard in the same hour."
        )
    if stories.receivers[i] and stories.hours_asked[i]:
        down = float(stories.receivers_down[i])
        lines.append(
            f"Heard before by {stories.receivers[i]}: "
            + (
                f"silent for everybody in {100 * down:.0f} % of the hours, as far as steady receivers can tell."
                if down > 0
                else "other ships were heard there meanwhile, or too few ever are to tell."
            )
        )
    lines.append(f"She herself is heard in {100 * float(stories.own_share[i]):.0f} % of her other hours.")
    edge = float(stories.edge_share[i])
    if np.isfinite(edge) and edge >= 0.1:
        lines.append(
            f"Of the other ships that pass where she vanished and came back, {100 * edge:.0f} % vanish or appear there too: "
            "an edge of reception."
        )
    moved_nm = float(silences.moved_m[i]) / METRES_PER_NAUTICAL_MILE
    hours = (int(silences.end_ms[i]) - int(silences.start_ms[i])) / MILLISECONDS_PER_HOUR
    lines.append(f"She came back {moved_nm:.1f} nm away: {moved_nm / hours:.1f} kn made good in a straight line.")
    return lines
