"""The parts of a dossier that differ where no two ships were heard: gaps, stays, dark meetings, port calls, identities.

What does not apply is said, never left out: the reader of one part must not wonder whether it was forgotten.
"""

import json
from typing import Any

from tracker.views.charts import speed
from tracker.views.facts import Facts
from tracker.views.figures import reach_map
from tracker.views.markup import moment, moment_of, none, number, place, safe, table

CAUSES = {
    "switched_off": "switched off on board",
    "receiver_down": "the receivers were down",
    "out_of_range": "out of the area that is heard",
    "missed": "missed by chance",
}
MOST_PORTS = 12


def title_of(facts: Facts, /) -> str:
    """Heading of the page."""
    what = facts.event["type"].replace("_", " ")
    return f"{_name(facts, 1)}: {what}, {facts.event['start_time']:%-d %B %Y}"


def finding(facts: Facts, /) -> str:
    """One sentence, the figures beside it, and what the confidence is about."""
    e = facts.event
    zone = (e["waters"] or "waters not known").replace("_", " ")
    cells = [
        (place(e["lat"], e["lon"]), "last heard at" if e["type"] == "gap" else "place"),
        (f"{zone}, {e['state'] or '?'}", "waters" + (" (uncertain)" if e["waters_uncertain"] else "")),
        (f"{moment(e['start_time'])} to {moment(e['end_time'])}", f"the {facts.word}, UTC"),
        (f"{e['duration_h']:.1f} h", "length"),
        (number(e["coast_distance_nm"], "nm"), "to the nearest coast"),
        (f"{e['port'] or 'none near'}, {number(e['port_distance_nm'], 'nm')}", "nearest port of the list"),
        (number(e["median_speed_kn"], "kn"), "median speed over ground"),
        ("none" if e["confidence"] is None else f"{e['confidence']:.2f}", _about(e["type"])),
    ]
    if e["type"] == "gap":
        cells = [cell for cell in cells if cell[1] != "median speed over ground"]
    grid = "".join(f"<div><b>{safe(value)}</b><span>{safe(name)}</span></div>" for value, name in cells)
    return (
        f'<p class="finding">{safe(_line(facts))}</p><div class="facts">{grid}</div>'
        f"<p>Level of wording: <b>{safe(facts.level.name)}</b>; {safe(facts.level.phrase)}.</p>"
    )


def _about(kind: str) -> str:
    return {
        "gap": "confidence that she was switched off",
        "loitering": "confidence that the stay has no everyday reason known to the data",
        "dark_encounter": "confidence that a meeting occurred; capped, because nobody saw the other ship",
        "port_call": "confidence that it was a call",
        "spoofing": "confidence that positions are false",
        "identity_change": "confidence that it is one hull",
    }.get(kind, "confidence")


def _line(facts: Facts) -> str:
    e, ship = facts.event, _name(facts, 1)
    when = f"{moment(e['start_time'])} to {moment(e['end_time'])}"
    if e["type"] == "dark_encounter":
        best = facts.candidates[0] if facts.candidates else None
        told = (
            f"the best candidate is {best.name or best.mmsi} with probability {best.probability:.2f}"
            if best
            else "no ship of the case is likely enough to be named"
        )
        return (
            f"{facts.level.phrase[:1].upper()}{facts.level.phrase[1:]}: {ship} lay slow for {e['duration_h']:.1f} h, {when}. "
            f"No second ship was heard with her; {told}. An inference from a stop and a silence."
        )
    if e["type"] == "gap":
        causes = json.loads(e["silence_causes"] or "{}")
        most = max(causes, key=lambda name: causes[name]) if causes else None
        reading = f" Most likely reading: {CAUSES[most]} ({causes[most]:.2f})." if most in CAUSES else ""
        return f"{ship} was not heard for {e['duration_h']:.1f} h, {when}.{reading} A silence is no evidence of what was done in it."
    if e["type"] == "identity_change":
        return f"{ship} ceased and {_name(facts, 2)} began, {when}: consistent with one hull under two identities."
    if e["type"] == "port_call":
        return f"{ship} lay at {e['port'] or 'a port without a name in the list'} for {e['duration_h']:.1f} h, {when}."
    if e["type"] == "spoofing":
        kind = str(e["spoofing_type"] or "false positions").replace("_", " ")
        return f"{ship} sent positions that cannot all be hers ({kind}) over {e['duration_h']:.1f} h, {when}."
    how = f" ({e['activity']})" if e["activity"] else ""
    return f"{ship} lay or moved slowly for {e['duration_h']:.1f} h{how}, {when}."


def hulls(facts: Facts, /) -> str:
    """In place of the contact to scale: the area of reach where a ship was silent, else why there are no outlines."""
    other = {
        "dark_encounter": "No hull outlines: the second ship was not heard.",
        "identity_change": "No hull outlines: two identities of what is taken for one hull.",
    }.get(facts.event["type"], "Contact to scale: does not apply, the event is of one ship.")
    return _reach(facts) + none(other)


def _reach(facts: Facts) -> str:
    if facts.silent is None:
        return none(facts.silent_why_not) if facts.silent_why_not else ""
    told = facts.silent.told
    rows = [
        (
            f"{port['port']} ({port['state']})",
            port["arrive_at_earliest"].replace("T", " ")[:16],
            port["leave_at_latest"].replace("T", " ")[:16],
            f"{port['longest_stay_h']:.1f} h",
            f"{port['way_nm']:.0f} nm",
            f"{port['least_speed_kn']:.1f} kn",
        )
        for port in told["ports"][:MOST_PORTS]
    ]
    names = ("port", "there from", "must leave by", "longest stay", "way over water", "least speed")
    more = len(told["ports"]) - len(rows)
    calls = (
        table(names, rows)
        + (
            f"<p>{more} more port(s) fit: tracker reach CASE {safe(facts.event['event_id'])} lists all.</p>"
            if more > 0
            else ""
        )
        if rows
        else none("No port call of the shortest kind fits into the silence at that speed.")
    )
    notes = "".join(f"<li>{safe(text)}</li>" for text in told["notes"])
    return (
        f"<h3>Where {safe(facts.silent.name)} could have been while silent</h3>" + reach_map(facts) + f"<p>Silent from "
        f"{safe(told['silent_from'])} to {safe(told['silent_until'])}. Speed taken: {told['speed_kn']:.1f} kn, "
        f"{safe(told['speed_basis'])}.</p><h3>Port calls that would have fitted in</h3>{calls}<ul>{notes}</ul>"
    )


def speeds(facts: Facts, /) -> str:
    """Speed of one ship over time; the distance to a second one does not apply."""
    why = {
        "dark_encounter": "Distance: does not apply, the second ship was not heard, so none was measured.",
        "identity_change": "Distance between two ships: does not apply. "
        + (
            f"The two identities were {facts.event['min_distance_m'] / 1852:.1f} nm apart at the change."
            if facts.event["min_distance_m"] is not None
            else ""
        ),
    }.get(facts.event["type"], "Distance to another ship: does not apply, the event is of one ship.")
    return none(why) + speed(facts)


def quantity(facts: Facts, /) -> str:
    """The quantity box, or why there is none."""
    if facts.quantity:
        return table(("what", "value"), facts.quantity)
    return none(
        "Does not apply: no cargo is estimated for an event of one ship. What her draughts say stands in part 5; tracker "
        "ledger counts deliveries."
    )


def candidates(facts: Facts, /) -> str:
    """Ranked candidates of a dark meeting."""
    if facts.event["type"] != "dark_encounter":
        return ""
    if not facts.candidates:
        return "<h3>Ranked candidates</h3>" + none("None: no silent ship of the case could have been there.")
    rows: list[tuple[Any, ...]] = [
        (
            n,
            f"{c.name or '?'} ({c.mmsi:09d}, {c.flag or '?'})",
            f"{c.probability:.2f}" if c.probability >= 0.005 else "under 0.01",
            _heard(c.last_s, c.last_nm),
            _heard(c.next_s, c.next_nm),
            number(c.needed_kn, "kn"),
        )
        for n, c in enumerate(facts.candidates, start=1)
    ]
    if facts.nobody is not None:
        rows.append(("", "none of them", f"{facts.nobody:.2f}", "", "", ""))
    names = ("", "ship", "probability", "last heard before", "next heard", "speed it needs")
    return (
        "<h3>Ranked candidates for the ship that was not heard</h3>"
        + table(names, rows)
        + "<p>Each was silent during the stay. Distances are from its place; the speed is over straight ways without a stop, "
        "so the true one is higher. No candidate was observed there.</p>"
    )


def _heard(seconds: float | None, away_nm: float | None) -> str:
    return moment_of(seconds) + ("" if away_nm is None else f", {away_nm:.0f} nm away")


def reasons(facts: Facts, /) -> str:
    """What the judgement rests on: the run's own sentences, and the weighed causes of a silence."""
    causes = json.loads(facts.event["silence_causes"] or "{}")
    weighed = (
        "<h3>Causes of the silence, weighed</h3>"
        + table(("cause", "probability"), [(CAUSES.get(name, name), f"{p:.2f}") for name, p in causes.items()])
        + "<p>From how well she and the ships near her way were heard before, during and after; the four sum to 1.</p>"
        if causes
        else ""
    )
    rows = [(reason.sentence,) for reason in facts.reasons]
    told = table(("what the run measured and said",), rows) if rows else none("The run gave no reasons.")
    return weighed + told


def _name(facts: Facts, n: int) -> str:
    if n > len(facts.tracks):
        return "an unknown ship"
    label, flag = facts.tracks[n - 1].label, facts.event[f"flag_{n}"]
    return f"{label} ({flag})" if flag else label
