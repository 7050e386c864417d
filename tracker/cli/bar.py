"""The bar of a stage on a terminal of 80 columns: name, share done where it is known, time, and how fast it goes."""

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.text import Text


class Times(ProgressColumn):
    """Time since the stage began, and time left where it is known."""

    def render(self, task: Task) -> Text:
        """``12 s``, or ``12 s, 1 min 30 s left``."""
        left = "" if task.time_remaining is None else f", {_told(task.time_remaining)} left"
        return Text(_told(task.elapsed or 0.0) + left)


def _told(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def new_bar() -> Progress:
    """A bar on standard error that leaves nothing behind."""
    return Progress(
        TextColumn("{task.description:<33}"),
        BarColumn(bar_width=12),
        # a stage of unknown length has no share that is done
        TaskProgressColumn("{task.percentage:>3.0f} %", text_format_no_percentage="     "),
        Times(),
        TextColumn("{task.fields[told]}"),
        console=Console(stderr=True),
        transient=True,
    )
