"""What is told on a terminal while a run works."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from rich.console import Console

import tracker.pipeline.run as pipeline
from tracker.cli.bar import new_bar
from tracker.pipeline.progress import Silence


def shown(*, total: float | None, done: float) -> str:
    """The line of a stage on a terminal of 80 columns."""
    bar = new_bar()
    bar.update(bar.add_task("looking closer at false positions", total=total, told="1,200 pairs  40/s"), completed=done)
    console = Console(file=io.StringIO(), width=80, color_system=None)
    console.print(bar.get_renderable())
    return console.file.getvalue().rstrip("\n")


def test_a_stage_fits_one_line_of_80_columns_and_tells_the_share_that_is_done() -> None:
    line = shown(total=4.0, done=1.0)
    assert "\n" not in line
    assert line.startswith("looking closer at false positions ")
    assert " 25 % " in line
    assert "1,200 pairs  40/s" in line


def test_a_stage_of_unknown_length_claims_no_share() -> None:
    assert "%" not in shown(total=None, done=0.0)


class Listener(Silence):
    """Ends the compiling once it was told of."""

    def __init__(self, compiled: threading.Event) -> None:
        self.compiled, self.stages = compiled, list[str]()

    def stage(self, name: str, /, *, total: float | None = None, unit: str = "") -> None:
        self.stages.append(name)
        if name.startswith("compiling"):
            self.compiled.set()


def test_compiling_is_told_where_it_takes_longer_than_reading(
    meeting_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = threading.Event()

    def slow_compiler() -> threading.Thread:
        thread = threading.Thread(target=compiled.wait, args=(60,), daemon=True)
        thread.start()
        return thread

    monkeypatch.setattr(pipeline, "warm_up", slow_compiler)
    monkeypatch.setattr(pipeline, "LOADED_S", 0.01)
    listener = Listener(compiled)
    pipeline.run([meeting_csv], tmp_path / "case", progress=listener)
    told = listener.stages
    assert told.index("sorting into days") < told.index("compiling, this once") < told.index("searching")
