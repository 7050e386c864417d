"""Calling the command line in this process, and what must hold of every answer and every case."""

import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.scenes import Scene
from tracker.cli import call
from tracker.simulate.noaa import day_files

OUTPUTS = ("events.csv", "events.parquet", "events.geojson", "map.html")


@dataclass(frozen=True)
class Answer:
    """What a call said."""

    code: int
    out: str
    err: str

    def one_error(self) -> str:
        """The error: one or two lines that begin with our name, and no traceback."""
        lines = self.err.strip().splitlines()
        assert 1 <= len(lines) <= 2, self.err
        assert lines[0].startswith("tracker: "), self.err
        assert "Traceback" not in self.err
        assert "is a fault of tracker" not in self.err, "a fault of ours is no answer to bad input"
        assert self.out == ""
        return self.err


class Caller:
    """The command line, called in this process, with streams of its own that nothing else of the tests reads."""

    def __call__(self, *args: object) -> Answer:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
            # something that other tests leave running sets sys.stderr back to the interpreter's own, now and then
            patch.setattr("click.utils._default_text_stdout", lambda: out)
            patch.setattr("click.utils._default_text_stderr", lambda: err)
            code = call([str(arg) for arg in args])
        said, words = (_written_to(stream) for stream in (out, err))
        assert "Traceback" not in words
        return Answer(code, said, words)


def _written_to(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def lines_of(scene: Scene, /) -> list[str]:
    """A scene as the lines of one NOAA CSV, header first."""
    files = day_files(scene.signals(), scene.fleet.hulls())
    found: list[str] = []
    for _, packed in sorted(files.items()):
        text = pa.input_stream(pa.BufferReader(packed), compression="zstd").read().decode()
        found += text.splitlines()[bool(found) :]
    return found


def write_lines(path: Path, lines: Sequence[str], /) -> Path:
    """Write lines; give the path."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_field(lines: Sequence[str], field: str, values: Sequence[str], /, *, step: int = 7) -> list[str]:
    """The lines with every seventh value of one column replaced by the given ones in turn."""
    place = lines[0].split(",").index(field)
    changed = [lines[0]]
    for n, line in enumerate(lines[1:]):
        cells = line.split(",")
        if n % step == 0:
            cells[place] = values[n // step % len(values)]
        changed.append(",".join(cells))
    return changed


def state_of(folder: Path, /) -> dict[str, bytes]:
    """Every file below a folder with its bytes, but for the lock file, which says nothing about the case."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def record_of(case: Path, /) -> dict[str, Any]:
    """run.json."""
    record: dict[str, Any] = json.loads((case / "run.json").read_text(encoding="utf-8"))
    return record


def rows_told(answer: Answer, /) -> list[int]:
    """Rows, positions, identity reports, set aside and duplicates of the closing words."""
    found = re.search(
        r"Read ([\d,]+) rows = ([\d,]+) positions \+ ([\d,]+) identity reports \+ ([\d,]+) set aside \+ ([\d,]+) dup",
        answer.err,
    )
    assert found is not None, answer.err
    return [int(number.replace(",", "")) for number in found.groups()]


def accounted(case: Path, answer: Answer, /) -> dict[str, Any]:
    """What was read, after checking that it adds up in run.json and in the closing words."""
    read: dict[str, Any] = record_of(case)["read"]
    told = [read["rows"], read["positions"], read["static_reports"], sum(read["rejects"].values()), read["duplicates"]]
    assert told[0] == sum(told[1:])
    assert told == rows_told(answer)
    return read


@contextmanager
def without_privileges() -> Iterator[None]:
    """As a user to whom permissions apply: root becomes nobody for the time."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        if not os.access(__file__, os.R_OK, effective_ids=True):
            pytest.skip("root's checkout lies where no other user may read, so none can run it")
        yield
    finally:
        os.seteuid(0)
