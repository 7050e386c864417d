"""Silences worth an event: `gap` rows with the probability that the ship switched off, and why.

A row is about one silence between two reports of one ship. Its place is that of the last report before. A ship that
lay in port and came back in the same place is not told: sets in port are switched off every day. Silences that began and
ended in one harbour or anchorage are told, and rank after those at sea.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

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
    told = _told(np.asarray(rows, np.int64), silences, stories)
    lay_in_port = docked[np.asarray(rows, np.int64)].tolist()
    events = []
    for one, setting, is_docked in zip(told, settings, lay_in_port, strict=True):
        still = one.sog_kn_1 < params.still_kn
        reason = port_reason(setting, is_still=still, is_moving=not still, params=berths)
        if reason is not None and one.moved_m <= params.stayed_m:
            continue
        slow = one.sog_kn_1 < params.swing_kn and one.sog_kn_2 < params.swing_kn
        lay_still = slow and one.moved_m <= params.swing_m
        stayed = lay_still or is_docked
        row = event_row(
            "gap",
            ship_at(one.mmsi, one.start_ms),
            None,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            lon=one.lon,
            lat=one.lat,
        )
        causes = one.causes()
        why = one.sentences(causes)
        if reason is not None:
            why.append(f"She was last heard in port: {reason}.")
        if stayed:
            why.append(_STAYED.format("lay still in one place" if lay_still else "was in harbour", params.stayed_share))
        row["confidence"] = round(one.off * (params.stayed_share if stayed else 1.0), 3)
        row["longest_silence_min"] = round((one.end_ms - one.start_ms) / 60_000, 1)
        # as JSON writes it, in a fifth of the time
        row["silence_causes"] = "{" + ", ".join([f'"{cause}": {chance!r}' for cause, chance in causes.items()]) + "}"
        row["why"] = why
        events.append(row)
    return events


class _Told(NamedTuple):
    """One silence and its stories, as plain numbers."""

    mmsi: int
    start_ms: int
    end_ms: int
    lon: float
    lat: float
    sog_kn_1: float
    sog_kn_2: float
    moved_m: float
    off: float
    hole: float
    out_of_range: float
    chance: float
    hours_asked: int
    neighbours: float
    heard_share: float
    own_share: float
    edge_share: float
    receivers_down: float
    receivers: str

    def causes(self) -> dict[str, float]:
        """Probabilities of the causes of a silence, to a thousandth, which sum to 1."""
        told = {
            "switched_off": round(self.off, 3),
            "receiver_down": round(self.hole, 3),
            "out_of_range": round(self.out_of_range, 3),
            "missed": round(self.chance, 3),
        }
        largest = max(told, key=told.__getitem__)
        told[largest] = round(told[largest] + 1.0 - sum(told.values()), 3)
        return told

    def sentences(self, causes: Mapping[str, float]) -> list[str]:
        """Say why a silence is taken for what it is."""
        off, hole, gone, chance = causes.values()
        others = {
            "a receiver hole": hole,
            "having left the area that is heard": gone,
            "being missed by chance": chance,
        }
        rival = max(others, key=others.__getitem__)
        hours = (self.end_ms - self.start_ms) / MILLISECONDS_PER_HOUR
        lines = [
            f"Silent for {hours:.1f} h: switched off with probability {off:.2f}; "
            f"{rival} {others[rival]:.2f} is the next best reading."
            if off >= others[rival]
            else f"Silent for {hours:.1f} h, most likely {rival} ({others[rival]:.2f}); "
            f"switched off with probability {off:.2f}.",
            f"Switched off {off:.2f}, receiver down {hole:.2f}, out of range {gone:.2f}, missed by chance {chance:.2f}.",
        ]
        if not self.hours_asked:
            lines.append("No whole hour lies inside the silence: reception cannot be asked.")
        elif isnan(self.heard_share):
            lines.append("No other ship was near her way: whether the receiver worked is not known.")
        else:
            lines.append(
                f"On her way stood {self.neighbours:.1f} other ships an hour on average (the 12 nearest count); "
                f"{100 * self.heard_share:.0f} % of them, by weight, were heard in the same hour."
            )
        if self.receivers and self.hours_asked:
            lines.append(
                f"Heard before by {self.receivers}: "
                + (
                    f"silent for everybody in {100 * self.receivers_down:.0f} % of the hours, as far as steady receivers can tell."
                    if self.receivers_down > 0
                    else "other ships were heard there meanwhile, or too few ever are to tell."
                )
            )
        lines.append(f"She herself is heard in {100 * self.own_share:.0f} % of her other hours.")
        if self.edge_share >= 0.1:
            lines.append(
                f"Of the other ships that pass where she vanished and came back, {100 * self.edge_share:.0f} % vanish or appear there too: "
                "an edge of reception."
            )
        moved_nm = self.moved_m / METRES_PER_NAUTICAL_MILE
        lines.append(f"She came back {moved_nm:.1f} nm away: {moved_nm / hours:.1f} kn made good in a straight line.")
        return lines


def _told(rows: npt.NDArray[np.int64], s: Silences, stories: Stories) -> Iterator[_Told]:
    columns = (
        *(s.mmsi, s.start_ms, s.end_ms, s.lon_1, s.lat_1, s.sog_kn_1, s.sog_kn_2, s.moved_m),
        *(stories.off, stories.hole, stories.out_of_range, stories.chance),
        *(stories.hours_asked, stories.neighbours, stories.heard_share, stories.own_share, stories.edge_share),
        stories.receivers_down,
    )
    receivers = [stories.receivers[i] for i in rows.tolist()]
    return map(_Told, *(column[rows].tolist() for column in columns), receivers)
