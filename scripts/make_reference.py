"""Write the reference pages of the documentation from the declarations: commands, columns, parameters, formats, rules.

Nothing here is typed twice: a page is what the program says of itself. Run by the documentation's build; the pages are
not kept in the repository.

    python scripts/make_reference.py FOLDER
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
from pydantic.fields import FieldInfo

from tracker.archive.sql import VIEWS
from tracker.cli import COMMANDS, root
from tracker.exporters import EXPORTERS
from tracker.formats import FORMATS
from tracker.params import Params, source_of
from tracker.pipeline.params import RunParams
from tracker.tables.column import Column
from tracker.tables.events import GROUPS
from tracker.tables.notes import MARKS
from tracker.tables.rejects import REASONS
from tracker.tables.wording import LEVELS


def main(folder: Path) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "commands": commands(),
        "events": events(),
        "parameters": parameters(),
        "formats": formats(),
        "rules": rules(),
        "words": words(),
        "sql": views(),
        "python": python(),
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")


def commands() -> str:
    """Every command with its help text, as the command line prints it."""
    parts = [
        "# Commands\n\nExit codes: 0 done (no event is 0), 1 failed, 2 wrong usage, 3 bad input, 130 interrupted.\n"
    ]
    for name, (target, _) in COMMANDS.items():
        module, _, attribute = target.partition(":")
        command = getattr(import_module(module), attribute)
        context = click.Context(command, info_name=f"tracker {name}", parent=None, max_content_width=100)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```\n")
    assert root.name is not None
    return "\n".join(parts)


def events() -> str:
    """Columns of the events table by group."""
    parts = ["# Columns of events\n\nOne row each. What is not known is empty, never 0. Times are UTC.\n"]
    for group in GROUPS:
        rows = [(f"`{c.name}`", kind_of(c), c.meaning, bounds_of(c)) for c in group.columns]
        parts.append(f"## {group.name}\n\n{table(('column', 'type', 'meaning', 'range'), rows)}\n")
    return "\n".join(parts)


def kind_of(column: Column) -> str:
    """Type of a column in a word or two."""
    kind = column.type
    if pa.types.is_list(kind):
        return "list of text"
    if pa.types.is_timestamp(kind):
        return "time"
    return {"string": "text", "bool": "yes/no"}.get(
        str(kind), "whole number" if pa.types.is_integer(kind) else "number"
    )


def bounds_of(column: Column) -> str:
    """Range of a column, where there is one."""
    if column.low is None and column.high is None:
        return ""
    return f"{'' if column.low is None else f'{column.low:g}'} … {'' if column.high is None else f'{column.high:g}'}"


def parameters() -> str:
    """Every parameter of a run: default, meaning, range, source."""
    head = (
        "# Parameters\n\nEach can be set in a TOML file (`--config FILE.toml`) or by `--set NAME=VALUE`. A name that is not "
        "known is refused. Every default has a source; *judgement* means that it is an engineer's and open to argument.\n"
    )
    sections: list[str] = []

    def walk(record: type[Params], path: str) -> None:
        rows = []
        for name, field in record.model_fields.items():
            inner = field.annotation
            dotted = f"{path}.{name}" if path else name
            if isinstance(inner, type) and issubclass(inner, Params):
                walk(inner, dotted)
            else:
                rows.append(
                    (f"`{dotted}`", f"`{field.default}`", field.description or "", range_of(field), source_of(field))
                )
        if rows:
            titles = ("parameter", "default", "meaning", "range", "source of the default")
            sections.append(f"## {path}\n\n{(record.__doc__ or '').strip()}\n\n{table(titles, rows)}\n")

    walk(RunParams, "")
    return "\n".join([head, *sections])


def range_of(field: FieldInfo) -> str:
    """Bounds of a parameter."""
    signs = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
    found = [f"{sign} {getattr(m, name):g}" for m in field.metadata for name, sign in signs.items() if hasattr(m, name)]
    return ", ".join(found)


def formats() -> str:
    """Formats that are read and written, and why rows are set aside."""
    read = [(name, str(FORMATS.get(name).doc)) for name in FORMATS]
    written = [(f"`.{suffix}`", EXPORTERS.get(suffix).name) for suffix in EXPORTERS]
    reasons = [(f"`{code}`", meaning) for code, meaning in REASONS.items()]
    return (
        f"# Formats\n\n## Read\n\n{table(('name', 'what'), read)}\n\n## Written\n\n{table(('suffix', 'format'), written)}\n\n"
        "`tracker export CASE --to postgresql://…` writes to a PostGIS database.\n\n"
        f"## Why a row is set aside\n\nEvery row read becomes a position, an identity report or one of these.\n\n"
        f"{table(('reason', 'meaning'), reasons)}\n"
    )


def rules() -> str:
    """Risk rules and legal rules, as data."""
    parts = ["# Rules of risk and law\n"]
    for title, name in (("Rules of risk", "rules.csv"), ("Legal rules", "legal_rules.csv")):
        text = files("tracker").joinpath(f"data/risk/{name}").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        parts.append(f"## {title}\n\n{table(tuple(rows[0]), [tuple(row.values()) for row in rows])}\n")
    return "\n".join(parts)


def words() -> str:
    """Levels of wording and marks."""
    levels = [(level.name, level.phrase, level.needs) for level in LEVELS.values()]
    return (
        "# Words\n\nThe same evidence is told in the same words everywhere.\n\n"
        f"{table(('level', 'phrase', 'needs'), levels)}\n\n## Marks of analysts\n\n{table(('mark', 'meaning'), MARKS.items())}\n"
    )


def views() -> str:
    """Views of ``tracker sql``."""
    rows = [(f"`{name}`", meaning) for name, (meaning, _) in VIEWS.items()]
    return f'# SQL views\n\n`tracker sql CASE "SELECT …"`, read-only, in DuckDB\'s dialect.\n\n{table(("view", "what"), rows)}\n'


def python() -> str:
    """The Python API: signatures and docstrings."""
    import inspect

    api = import_module("tracker.api")
    parts = ["# Python\n"]
    things: list[tuple[str, Any]] = [(name, getattr(api, name)) for name in api.__all__ if name != "Case"]
    case = api.Case
    things += [(f"Case.{n}", f) for n, f in vars(case).items() if inspect.isfunction(f) and not n.startswith("_")]
    for name, thing in things:
        doc = inspect.getdoc(thing) or ""
        parts.append(f"## {name}\n\n```python\n{name}{inspect.signature(thing)}\n```\n\n```text\n{doc}\n```\n")
    return "\n".join(parts)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(titles) + " |", "|" + " --- |" * len(titles)]
    for row in rows:
        lines.append(
            "| "
            + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;") for cell in row)
            + " |"
        )
    return "\n".join(lines)


def on_pre_build(config: Any) -> None:
    """Hook of mkdocs: the pages are made before the site is."""
    main(Path(config["docs_dir"]) / "reference")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
