"""What a runner is: it applies a pure function to parts, anywhere, and gives the results as they come.

A task is a function of a module, so that every process can import it; parts and results are bytes. A task is pure:
a part whose worker died is simply worked on again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

ATTEMPTS = 3
"""How often a part is tried: a worker may die by accident, a part that kills three has a fault."""

Task = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Place:
    """Where to work: address of a scheduler (None: start workers on this machine) and how many workers to start."""

    scheduler: str | None = None
    workers: int = 2


class Runner(Protocol):
    """One way to work on parts."""

    name: str
    doc: str

    def run(self, task: Task, parts: Sequence[bytes], /, *, place: Place) -> Iterator[tuple[int, bytes]]:
        """Number of a part and its result, in whatever order they are finished.

        Raises
        ------
        RunnerError
            When workers cannot be had, or a part fails `ATTEMPTS` times.
        """
        ...
