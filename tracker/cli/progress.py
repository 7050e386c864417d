"""Progress on a terminal: a bar with rows, rate and time left; elsewhere silence, so that logs stay readable."""

import sys
import time
from types import TracebackType
from typing import Any, Self

import click


class Console:
    """Progress on standard error; the bar appears only on a terminal, notes always."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bar: Any = None
        self._task: Any = None
        self._began = 0.0
        self._unit = ""
        self.seconds: dict[str, float] = {}
        self._stage = ""

    def __enter__(self) -> Self:
        if sys.stderr.isatty() and not self.quiet:
            from tracker.cli.bar import new_bar

            self._bar = new_bar()
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_stage()
        if self._bar is not None:
            self._bar.stop()

    def stage(self, name: str, /, *, total: float | None = None, unit: str = "") -> None:
        """Begin a stage."""
        self._close_stage()
        self._stage, self._began, self._unit = name, time.perf_counter(), unit
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(name, total=total, told="")

    def advance(self, done: float, /, *, rows: int = 0) -> None:
        """Move the bar."""
        if self._bar is None or self._task is None:
            return
        rate = rows / max(time.perf_counter() - self._began, 1e-3)
        self._bar.update(self._task, completed=done, told=f"{rows:,} {self._unit}  {rate:,.0f}/s" if rows else "")

    def note(self, text: str, /) -> None:
        """Say something above the bar."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            click.echo(text, err=True)

    def _close_stage(self) -> None:
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + time.perf_counter() - self._began
            self._stage = ""
