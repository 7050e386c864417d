"""Other explanations of events of one ship and of dark meetings, and what would raise or lower confidence in them.

Written from the same measures as the event. An explanation is never struck out by silence of the data: what is not
known is said to be not known.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tracker.tables.kinds import kind_of_code
from tracker.units import METRES_PER_NAUTICAL_MILE
from tracker.views.facts import Alternative, Candidate, Silent

NEAR_PORT_NM = 25.0
"""Within this of a port a ship may be waiting for her turn: roadsteads lie that far out."""
TRADE_KN = 10.0
"""Small tankers make 8 to 12 kn; a candidate that needs more is to be looked at."""
SAYABLE = 0.1
"""A cause this likely is not set aside."""
NOTHING = "nothing in the data"
BOX_DEG = 0.05

Explained = list[Alternative]


def other_explanations(
    event: Mapping[str, Any],
    /,
    *,
    candidates: list[Candidate],
    nobody: float | None,
    silent: Silent | None,
    heard_again: datetime | None = None,
) -> Explained:
    """What else could have made the event, by its type; `alternatives.alternatives_to` has those of meetings.

    Parameters
    ----------
    heard_again : when the first ship was last heard, where that is after the event
    """
    by_type: Mapping[str, Callable[[], Explained]] = {
        "gap": lambda: _of_gap(event, silent),
        "loitering": lambda: _of_stay(event),
        "dark_encounter": lambda: _of_dark(event, candidates, nobody) + _of_stay(event),
        "port_call": lambda: _of_call(event),
        "spoofing": lambda: _of_false_positions(event),
        "identity_change": lambda: _of_change(event, heard_again),
    }
    return by_type.get(event["type"], list)()


def _of_gap(e: Mapping[str, Any], silent: Silent | None) -> Explained:
    causes = json.loads(e["silence_causes"] or "{}")
    told = {
        "switched_off": (
            "Switched off, or failed, on board",
            "Masters may also switch off for safety (SOLAS V/19.2.4.7), and sets fail",
        ),
        "receiver_down": ("The receivers of the area were down", "others would fall silent in the same hours"),
        "out_of_range": ("She left the area that is heard", "she would vanish and come back where others do"),
        "missed": ("Missed by chance", "she would often be missed at other times as well"),
    }
    rows = []
    for name, (words, note) in told.items():
        share = causes.get(name)
        if share is None:
            rows.append(Alternative(words, "not weighed for this event", note, "not known"))
            continue
        left = "the most likely reading" if share == max(causes.values()) else "not excluded"
        rows.append(
            Alternative(
                words,
                f"probability {share:.2f} from how others and she herself are heard",
                note,
                left if share >= SAYABLE else "not likely",
            )
        )
    if silent is not None:
        ports = silent.told["ports"]
        rows.append(
            Alternative(
                "A port call in the silence",
                f"{len(ports)} port(s) could have been called at; see part 2" if ports else "no port call fits into it",
                "a call that fits is no call that was made",
                "not excluded" if ports else "not likely at the speed taken",
            )
        )
    return rows


def _of_stay(e: Mapping[str, Any]) -> Explained:
    kind, port, away = kind_of_code(e["ship_type_1"]), e["port"], e["port_distance_nm"]
    near = away is not None and away <= NEAR_PORT_NM
    told = "no port of the list is near" if port is None or away is None else f"{port} is {away:.0f} nm away"
    waiting = Alternative(
        "Waiting for a berth or for orders",
        told if near else NOTHING,
        NOTHING if near else told,
        "not excluded: ships also wait for orders far out at sea",
    )
    fault = Alternative(
        "Drifting for repairs, weather or speed on arrival",
        f"she made {e['median_speed_kn']:.1f} kn" if e["median_speed_kn"] is not None else NOTHING,
        f"it lasted {e['duration_h']:.0f} h" if e["duration_h"] > 24 else NOTHING,
        "not excluded: AIS does not tell it, unless a status says not under command",
    )
    fishing = Alternative(
        "Fishing or work at sea",
        "she says she fishes" if kind == "fishing" else "a type of service" if kind == "tug" else NOTHING,
        f"she declares herself {_a(kind)}" if kind in ("tanker", "cargo", "passenger") else "her type is not known",
        "not likely" if kind in ("tanker", "cargo") else "not excluded",
    )
    unheard = Alternative(
        "A meeting with a ship that was not heard",
        "a stop far from berths leaves room for it",
        "no silent ship of the case was likely enough to be named here"
        if e["type"] == "loitering"
        else "it rests on silence, see the first rows",
        "not excluded" if e["type"] == "loitering" else "possible; that is the finding",
    )
    return [waiting, fault, fishing, *([unheard] if e["type"] == "loitering" else [])]


def _of_dark(e: Mapping[str, Any], candidates: list[Candidate], nobody: float | None) -> Explained:
    rest = candidates[1:]
    rows = [
        Alternative(
            "Nobody was there",
            f"probability {nobody:.2f} that none of the silent ships came" if nobody is not None else "not weighed",
            f"she stopped for {e['duration_h']:.1f} h for some reason",
            "not excluded",
        ),
        Alternative(
            "Another of the silent ships",
            ", ".join(f"{c.name or c.mmsi} {c.probability:.2f}" for c in rest[:3]) or "no other candidate",
            "each had to be silent, near enough and fast enough",
            "not excluded" if any(c.probability >= SAYABLE for c in rest) else "not likely among those known",
        ),
        Alternative(
            "A ship that carries no AIS, or was never heard in this data",
            "small and old ships need not carry it; the case knows only ships that were heard once",
            NOTHING,
            "not excluded",
        ),
    ]
    if candidates and candidates[0].needed_kn is not None:
        first = candidates[0]
        rows.append(
            Alternative(
                "The best candidate could not have come so far",
                f"she would have needed {first.needed_kn:.1f} kn over straight ways, any stop left out",
                "ships of trade make 8 to 15 kn",
                "to be looked at" if (first.needed_kn or 0.0) > TRADE_KN else "not likely",
            )
        )
    return rows


def _of_call(e: Mapping[str, Any]) -> Explained:
    away = e["port_distance_nm"]
    far = away is not None and away > 5
    return [
        Alternative(
            "Lying off the port, not in it",
            f"she lay {away:.1f} nm from its listed place" if away is not None and far else NOTHING,
            f"taken for {_a(e['activity'])} from where ships lie still" if e["activity"] else NOTHING,
            "not excluded" if far else "not likely",
        ),
        Alternative(
            "Another terminal or berth of the same waters",
            "the nearest port of the list gives the name; lists have one point a port",
            NOTHING,
            "the stop stands, its name needs a chart",
        ),
        Alternative(
            "A call without cargo",
            "bunkers, stores, crew and repairs need a berth too",
            _draught_said(e),
            "not excluded: only a declared draught or a record tells",
        ),
    ]


def _of_false_positions(e: Mapping[str, Any]) -> Explained:
    kind = str(e["spoofing_type"] or "").replace("_", " ")
    return [
        Alternative(
            "Two transmitters set to one MMSI by mistake",
            "a set bought second-hand keeps its number" if "two places" in kind or "copied" in kind else NOTHING,
            NOTHING if "two places" in kind else f"what was found is “{kind}”, of one transmitter",
            "not excluded" if "two places" in kind else "not likely",
        ),
        Alternative(
            "Disturbed satellite navigation (jamming), not of her making",
            "others near by would show it in the same hours",
            "no such search is part of this page",
            "not excluded: ask tracker events --type spoofing for that day",
        ),
        Alternative(
            "Errors of a receiver or of the provider",
            "bits flip, and providers merge streams",
            f"it went on for {e['duration_h']:.1f} h" if e["duration_h"] > 1 else NOTHING,
            "not likely" if e["duration_h"] > 1 else "not excluded",
        ),
        Alternative(
            "Positions falsified on purpose",
            "the pattern is consistent with it",
            "intent is not in AIS",
            "not excluded",
        ),
    ]


def _of_change(e: Mapping[str, Any], heard_again: datetime | None) -> Explained:
    speaks = (
        [] if heard_again is None else [f"the earlier identity was heard again, until {heard_again:%Y-%m-%d %H:%MZ}"]
    )
    if e["min_distance_m"] is not None:
        speaks.append(f"they were {e['min_distance_m'] / METRES_PER_NAUTICAL_MILE:.1f} nm apart")
    return [
        Alternative(
            "Two ships, one lost and one found by chance",
            "; ".join(speaks) or NOTHING,
            f"confidence {e['confidence']:.2f} that it is one hull" if e["confidence"] is not None else NOTHING,
            "likely: one hull does not go on under the earlier identity" if heard_again is not None else "not excluded",
        ),
        Alternative(
            "A sale, a new flag, a new name",
            "lawful changes look the same",
            "they are made in port as a rule" if not e["in_port"] else NOTHING,
            "not excluded: a registry tells",
        ),
        Alternative(
            "A set that was replaced or programmed anew", "after repairs this is common", NOTHING, "not excluded"
        ),
    ]


def _draught_said(e: Mapping[str, Any]) -> str:
    change = e["draught_change_1_m"]
    return NOTHING if change is None or change == 0 else f"her declared draught changed by {change:+.1f} m"


def _a(word: str | None) -> str:
    return f"a {word}" if word else "not known"


def would_raise(e: Mapping[str, Any], /) -> list[str]:
    """What would raise confidence, with the box and the time in which to look for it."""
    box = f"{e['lat'] - BOX_DEG:.2f}..{e['lat'] + BOX_DEG:.2f} N, {e['lon'] - BOX_DEG:.2f}..{e['lon'] + BOX_DEG:.2f} E"
    when = f"{e['start_time']:%Y-%m-%d %H:%MZ} to {e['end_time']:%Y-%m-%d %H:%MZ}"
    hull = "" if e["length_m_1"] is None else f" about {e['length_m_1']:.0f} m long"
    scene = {
        "gap": f"A satellite scene of the area of reach (part 2) in {when}, showing a hull{hull} where AIS shows none.",
        "dark_encounter": f"A satellite scene of {box} in {when}, showing two hulls{hull and f', one{hull}'}.",
        "port_call": f"A satellite scene of {box} in {when}, showing a hull{hull} at that berth; or the port's own record.",
        "spoofing": f"A satellite scene of {box} in {when} that shows no such ship where she says she is.",
    }.get(e["type"], f"A satellite scene of {box} in {when}, showing a hull{hull} and what lies beside it.")
    more = {
        "gap": ["Positions of another provider (satellite, another coast) over the same hours, without her."],
        "dark_encounter": [
            "Positions of the candidate from another provider that put her there.",
            "Declared draughts of both ships that changed over it, in opposite directions.",
        ],
        "port_call": ["A draught declared anew on leaving.", "Port state control or agents' lists of that day."],
        "spoofing": ["Raw messages with the receiving stations: a station cannot hear a ship 400 nm away."],
        "identity_change": ["A registry entry under both names with one IMO number.", "A photograph of the hull."],
    }.get(e["type"], ["Declared draughts before and after that differ.", "A ship that fell silent near by."])
    return [f"{scene} tracker scenes names the scenes of a catalogue.", *more]


def would_lower(e: Mapping[str, Any], /) -> list[str]:
    """What would lower confidence."""
    return {
        "gap": [
            "Positions of another provider that show her in those hours.",
            "An outage of the receivers in those hours that the neighbours did not show.",
        ],
        "dark_encounter": [
            "Positions that put the candidate elsewhere, or a scene that shows one ship alone.",
            "A record of why the ship stopped: orders, repairs, weather.",
        ],
        "loitering": ["A record of why she stopped: orders, repairs, weather.", "A status sent: not under command."],
        "port_call": ["A chart that shows an anchorage there and no berth.", "Positions that are off by miles."],
        "spoofing": ["A second ship that is found to use the same number by mistake."],
        "identity_change": [
            "Both identities heard at once, far apart.",
            "Two hulls in a registry, with two IMO numbers.",
        ],
    }.get(e["type"], ["Positions of another provider that put her elsewhere."])
