"""What a rule answers: it fired (how often, why), it looked and found nothing, or it had nothing to look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fired:
    """The rule fired; `share` scales its weight (1 unless the rule grades itself)."""

    reason: str
    times: int = 1
    share: float = 1.0


@dataclass(frozen=True)
class Clear:
    """The rule had its data and found nothing."""


@dataclass(frozen=True)
class Missing:
    """The rule lacks data: it is not counted as clean."""

    needs: str


Outcome = Fired | Clear | Missing
CLEAR = Clear()
