"""How the pipeline tells of its progress, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """A listener: stages with a total in some unit, and notes in plain words."""

    def stage(self, name: str, /, *, total: float | None = None, unit: str = "") -> None:
        """Begin a stage; the one before it is done."""
        ...

    def advance(self, done: float, /, *, rows: int = 0) -> None:
        """Set how much of the stage's total is done, and how many rows have passed so far."""
        ...

    def note(self, text: str, /) -> None:
        """Say something that the user should read."""
        ...


class Silence:
    """A listener that does nothing."""

    def stage(self, name: str, /, *, total: float | None = None, unit: str = "") -> None:
        """Ignore."""

    def advance(self, done: float, /, *, rows: int = 0) -> None:
        """Ignore."""

    def note(self, text: str, /) -> None:
        """Ignore."""
