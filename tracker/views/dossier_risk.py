"""Of a dossier: who stands behind the ships, the risk rules that fired, and those that could not be asked."""

from typing import Any

from tracker.views.facts import Facts
from tracker.views.markup import none, safe, table


def owner_rows(e: dict[str, Any], n: int) -> list[tuple[str, str]]:
    """Who stands behind a ship, each with the way to it, its dates and its list."""
    ways = e[f"owners_{n}"] or []
    if not ways:
        return [("owner, manager", "no registry or list that was given names one on that day")]
    return [("owner, manager" if place == 0 else "", way) for place, way in enumerate(ways)]


def risk_part(facts: Facts) -> str:
    """Rules that fired, and those that lacked data."""
    missing = facts.event["risk_missing"] or []
    lacking = (
        f"<h3>Rules that lacked data: {len(missing)}, not counted as clean</h3>"
        + table(("rule", "what it lacks"), [tuple(text.split(": ", 1)) for text in missing])
        if missing
        else ""
    )
    return _fired(facts) + lacking


def _fired(facts: Facts) -> str:
    return (
        f"<h3>Risk rules that fired: {facts.event['risk_score']:.0f} of 100, {safe(str(facts.event['risk_band']))}</h3>"
        + table(("rule", "group", "what", "where it misleads"), facts.rules)
        + "<p>Risk is about the ships and their setting, confidence about the contact; neither is part of the other.</p>"
        if facts.rules and facts.event["risk_score"] is not None
        else none("No rule of risk has fired or been run for this event; risk is not part of this judgement.")
    )
