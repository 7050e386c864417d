"""What was found of port calls and false positions: events of one ship, held against what was staged.

An event finds a row of the truth when it is about the same ship, of the same kind, and overlaps its time; what was told
as another kind is counted beside. Calls that are
only feasible are inferences and are not counted; nor are kinds of which the truth has no row, because it may not tell all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tracker.simulate.matching import MatchParams

TOLD = {"port_call": "activity", "spoofing": "spoofing_type"}
"""Types that are measured here, and the column that says their kind."""
FEASIBLE = "feasible"


@dataclass(frozen=True)
class SingleScore:
    """One type of event: how many were staged, found, called and right, by kind and in all."""

    type: str
    kind: str
    """Empty: all kinds together."""
    staged: int
    found: int
    called: int
    """Events of this type and kind."""
    right: int
    """Of those, about a row of the truth."""
    found_any: int
    """Rows of the truth found by an event of this type, whatever its kind."""
    right_any: int
    """Events of this type and kind about a row of the truth of whatever kind."""

    @property
    def recall(self) -> float | None:
        """Share of what was staged that was found."""
        return self.found / self.staged if self.staged else None

    @property
    def precision(self) -> float | None:
        """Share of the events that are right."""
        return self.right / self.called if self.called else None


def score_singles(events: Any, truth: Any, /, *, params: MatchParams | None = None) -> tuple[SingleScore, ...]:
    """Scores of the types of `TOLD` that the truth tells, first all kinds of a type together, then each.

    Parameters
    ----------
    events, truth : tables of `EVENTS` and `TRUTH`
    """
    margin = timedelta(minutes=(params or MatchParams()).margin_min)
    rows = truth.to_pylist()
    scores: list[SingleScore] = []
    for kind_of, column in TOLD.items():
        # a truth need not tell the kind: any is right then
        staged = [row | {"class": row["class"] or ""} for row in rows if row["type"] == kind_of]
        if not staged or column not in events.column_names:
            continue
        called = [
            row
            for row in events.select(["type", "mmsi_1", "start_time", "end_time", column]).to_pylist()
            if row["type"] == kind_of and row[column] != FEASIBLE
        ]
        hits = [
            (i, j, not row["class"] or event[column] == row["class"])
            for i, row in enumerate(staged)
            for j, event in enumerate(called)
            if event["mmsi_1"] == row["mmsi_1"]
            and event["start_time"] <= row["end_time"] + margin
            and event["end_time"] >= row["start_time"] - margin
        ]
        found, right = {i for i, _, same in hits if same}, {j for _, j, same in hits if same}
        found_any, right_any = {i for i, _, _ in hits}, {j for _, j, _ in hits}
        kinds = sorted(({row["class"] for row in staged} | {str(event[column]) for event in called}) - {""})
        for kind in ["", *kinds]:
            mine = [i for i, row in enumerate(staged) if kind in {"", row["class"]}]
            theirs = [j for j, event in enumerate(called) if kind in {"", str(event[column])}]
            scores.append(
                SingleScore(
                    kind_of,
                    kind,
                    staged=len(mine),
                    found=sum(i in found for i in mine),
                    called=len(theirs),
                    right=sum(j in right for j in theirs),
                    found_any=sum(i in found_any for i in mine),
                    right_any=sum(j in right_any for j in theirs),
                )
            )
    return tuple(scores)


def add_singles(scores: Iterable[SingleScore], /) -> tuple[SingleScore, ...]:
    """Scores of several fleets put together, by type and kind, in the order in which they first come."""
    total: dict[tuple[str, str], list[int]] = {}
    for one in scores:
        sums = total.setdefault((one.type, one.kind), [0] * 6)
        for n, value in enumerate((one.staged, one.found, one.called, one.right, one.found_any, one.right_any)):
            sums[n] += value
    return tuple(SingleScore(type_, kind, *sums) for (type_, kind), sums in total.items())
