"""Other explanations of a contact, each with what the data say for and against it, and what could settle it.

Written from the same measures as the judgement. An explanation is never struck out by silence of the data: what is not
known is said to be not known.
"""

from typing import Any

from tracker.views.facts import Alternative, DraughtChange

TANKERS = range(80, 90)
SERVICE = {
    31: "towing",
    32: "towing",
    50: "pilot",
    51: "search and rescue",
    52: "tug",
    53: "port tender",
    54: "anti-pollution",
}


def alternatives_to(event: dict[str, Any], changes: tuple[DraughtChange, ...], /) -> list[Alternative]:
    """Bunkering, pilotage and towing, lying at anchor, meeting by chance, faults of position or identity."""
    return [
        _bunkering(event, changes),
        _service(event),
        _anchorage(event),
        _by_chance(event),
        _position_error(event),
        _identity(event),
    ]


def _bunkering(e: dict[str, Any], changes: tuple[DraughtChange, ...]) -> Alternative:
    told = [c.change_m for c in changes if c.change_m is not None and c.change_m != 0]
    lengths = [e["length_m_1"], e["length_m_2"]]
    small = None not in lengths and min(lengths) < 0.45 * max(lengths)
    against = [f"it lasted {e['duration_h']:.1f} h"] if e["duration_h"] > 6 else []
    if told:
        size = max(abs(t) for t in told)
        against.append(
            f"a declared draught changed by {size:.1f} m" + (", far more than fuel makes" if size >= 1 else "")
        )
    if not small and None not in lengths:
        against.append(f"both are large ({lengths[0]:.0f} m and {lengths[1]:.0f} m): no bunker barge is among them")
    speaks = [f"lasting {e['duration_h']:.1f} h it is not too long for it"] if e["duration_h"] <= 6 else []
    speaks += ["one ship is much the smaller"] if small else []
    left = "not likely" if any("far more" in text for text in against) else "not excluded"
    return Alternative(
        "Bunkering or stores", _text(speaks), _text(against), f"{left}: bunkers are a transfer too, of fuel"
    )


def _service(e: dict[str, Any]) -> Alternative:
    kinds = [SERVICE[t] for t in (e["ship_type_1"], e["ship_type_2"]) if t in SERVICE]
    if kinds:
        return Alternative(
            "Pilot, tug or other service", f"one ship declares itself: {kinds[0]}", "nothing", "not excluded"
        )
    both = all(e[f"ship_type_{n}"] in TANKERS for n in (1, 2))
    speaks = (
        "nothing in the declared types" if None not in (e["ship_type_1"], e["ship_type_2"]) else "a type is unknown"
    )
    against = "both declare themselves tankers" if both else "neither declares itself a service craft"
    return Alternative("Pilot, tug or other service", speaks, against, "not likely" if both else "not excluded")


def _anchorage(e: dict[str, Any]) -> Alternative:
    speed, turn = e["median_speed_kn"], e["heading_difference_deg"]
    speaks: list[str] = []
    against: list[str] = []
    if speed is not None:
        (against if speed > 0.8 else speaks).append(f"the pair made {speed:.1f} kn over ground")
    if turn is not None:
        (against if turn <= 10 else speaks).append(f"their keels were {turn:.0f}° from parallel")
    if e["hull_gap_m"] is not None:
        (against if e["hull_gap_m"] <= 40 else speaks).append(f"{e['hull_gap_m']:.0f} m of water lay between the hulls")
    if e["coast_distance_nm"] is not None:
        text = f"the coast is {e['coast_distance_nm']:.0f} nm away"
        (against if e["coast_distance_nm"] > 12 else speaks).append(text)
    return Alternative(
        "Neighbours at anchor", _text(speaks), _text(against), "not likely" if len(against) >= 3 else "not excluded"
    )


def _by_chance(e: dict[str, Any]) -> Alternative:
    speaks: list[str] = []
    against = [f"they stayed within a few hull lengths for {e['duration_h']:.1f} h"]
    if e["relative_speed_kn"] is not None:
        (against if e["relative_speed_kn"] <= 0.5 else speaks).append(
            f"one moved at {e['relative_speed_kn']:.1f} kn relative to the other"
        )
    left = "not likely" if e["duration_h"] >= 1 and not speaks else "not excluded"
    return Alternative("Passing or sailing in company", _text(speaks), _text(against), left)


def _position_error(e: dict[str, Any]) -> Alternative:
    fewest = min(e["reports_1"] or 0, e["reports_2"] or 0)
    speaks = []
    if fewest < 30:
        speaks.append(f"one ship sent only {fewest} reports in the contact; between them its place is interpolated")
    if (e["longest_silence_min"] or 0) > 30:
        speaks.append(f"the longest silence inside it is {e['longest_silence_min']:.0f} min")
    against = [f"{(e['reports_1'] or 0) + (e['reports_2'] or 0)} reports of two independent receivers on board agree"]
    if e["heading_difference_deg"] is not None:
        against.append("headings, which do not depend on position, agree as well")
    return Alternative(
        "Errors of position or reception",
        _text(speaks),
        _text(against),
        "cannot make hours of agreement" if fewest >= 10 else "not excluded",
    )


def _identity(e: dict[str, Any]) -> Alternative:
    known = [n for n in (1, 2) if e[f"imo_{n}"] is not None]
    speaks = [] if len(known) == 2 else ["a ship sent no valid IMO number"]
    against = ["both IMO numbers have right check digits"] if len(known) == 2 else []
    return Alternative(
        "False or shared identity",
        _text(speaks),
        _text(against),
        "the meeting stands, the names need a registry" if known else "not excluded",
    )


def _text(parts: list[str]) -> str:
    return "; ".join(parts) if parts else "nothing in the data"
