"""The words in which a finding may be told: five levels, each with what it needs; nothing stronger is ever written.

One place for all exports and reports, so that the same evidence is told in the same words everywhere. The words are
stricter than ``verdict``, which only says whether a transfer-like contact occurred. Levels after the practice of
public sanctions reporting: a finding from proximity alone is "track consistent with", whatever its confidence.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LONG_H = 2.0
"""Hours alongside from which "very likely" is open."""
DRAUGHT_STEP_M = 0.2
"""Smallest change of a declared draught that counts: twice the step of AIS, which is 0.1 m (ITU-R M.1371-5)."""


@dataclass(frozen=True)
class Level:
    """A level of wording, what it needs, and the phrase."""

    name: str
    needs: str
    phrase: str


LEVELS: Mapping[str, Level] = {
    level.name: level
    for level in (
        Level("reported", "an external official source", "reported by an official source as a transfer"),
        Level(
            "very likely",
            "both ships heard on AIS, two hours or more, declared draughts of both agree, two independent rule groups",
            "very likely a transfer",
        ),
        Level("likely", "both ships heard on AIS and at least one declared draught that changed", "likely a transfer"),
        Level("consistent with", "proximity and speed only", "track consistent with a transfer"),
        Level("possible", "weak or one-sided evidence", "possible transfer; not counted in totals"),
        Level("not suggested", "the evidence speaks against a transfer", "no transfer suggested"),
        Level("one ship", "an event of one ship", "an observation of one ship; by itself no transfer"),
    )
}
"""By name, strongest first; ``reported`` is given by analysts only."""

STATEMENT = (
    "Findings are inferences from AIS and are worded by level: "
    + "; ".join(f"“{level.phrase}” needs {level.needs}" for level in list(LEVELS.values())[1:5])
    + ". Proximity alone never proves that cargo moved, and no finding says that a law was broken."
)
"""What every export says about its words."""


def level_of(event: Mapping[str, Any], /) -> Level:
    """Level of wording for an event row; needs its verdict, duration, reports and draught changes where known."""
    if event.get("verdict") is None:
        return LEVELS["one ship"]
    if event["verdict"] == "unlikely" or event.get("in_port"):
        return LEVELS["not suggested"]
    if event["verdict"] == "possible" or event["type"] != "encounter":
        return LEVELS["possible"]
    both_heard = bool(event.get("reports_1")) and bool(event.get("reports_2"))
    changes = [event.get(f"draught_change_{n}_m") for n in (1, 2)]
    known = [change for change in changes if change is not None and abs(change) >= DRAUGHT_STEP_M]
    if not both_heard or not known:
        return LEVELS["consistent with"]
    groups = {_group_of_rule().get(code) for code in event.get("risk_reasons") or []} - {None}
    opposed = len(known) == 2 and known[0] * known[1] < 0
    if opposed and event["duration_h"] >= LONG_H and len(groups) >= 2:
        return LEVELS["very likely"]
    return LEVELS["consistent with"] if len(known) == 2 and not opposed else LEVELS["likely"]


@cache
def _group_of_rule() -> dict[str, str]:
    """Rule code to its group (identity, flag, ais, behaviour, corporate, context), from the table of rules."""
    text = files("tracker").joinpath("data/risk/rules.csv").read_text(encoding="utf-8")
    return {row["rule_id"]: row["category"] for row in csv.DictReader(text.splitlines())}
