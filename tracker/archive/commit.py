"""From staged to part of the case, so that a kill at any moment leaves one or the other.

The steps: parts are moved under their final names, where nothing knows them yet; the new database replaces the
old one (the commit point); the files that users open follow; what is no longer listed goes. The plan of it lies
in the staging folder. Whether the commit point was passed is seen from the staged database being gone.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tracker.archive.disk import (
    flush_file,
    flush_folder,
    move_into_place,
    remove_if_empty,
    remove_tree,
    storage_errors,
)
from tracker.archive.layout import DATABASE, PART_FOLDERS, STAGING, find_part_files
from tracker.errors import CaseError

_PLAN = "plan.json"


@dataclass(frozen=True)
class Plan:
    """What a commit does: file in the staging folder -> path in the case, and every part that counts afterwards."""

    parts: dict[str, str]
    outputs: dict[str, str]
    active: list[str]


Output = bytes | Callable[..., object]
"""A file to put into the case: its bytes, or a function that writes it to the path it is given."""
Outputs = Mapping[str | tuple[str, ...], Output]
"""Outputs by the name in the case; several names have a function that writes as many paths."""


def stage_outputs(case: Path, staging: Path, files: Outputs, /) -> dict[str, str]:
    """Write the files of a run aside: path in the staging folder -> name in the case.

    Raises
    ------
    CaseError
        When a name is a path, or belongs to the case itself.
    StorageError
        When the disk refuses.
    """
    folder = staging / "outputs"
    outputs: dict[str, str] = {}
    for key, content in files.items():
        names = (key,) if isinstance(key, str) else key
        for name in names:
            if Path(name).name != name or name.startswith((".", DATABASE)) or name in PART_FOLDERS:
                raise CaseError(f"{name!r} cannot be the name of a file in a case.")
        with storage_errors("write", case / names[0]):
            folder.mkdir(exist_ok=True)
            if isinstance(content, bytes):
                (folder / names[0]).write_bytes(content)
            else:
                content(*(folder / name for name in names))
        outputs |= {f"outputs/{name}": name for name in names}
    return outputs


def publish(case: Path, staging: Path, plan: Plan, /) -> None:
    """Make a staged run part of the case; ``staging / tracker.duckdb`` must lie there, flushed.

    Raises
    ------
    StorageError
        When the disk refuses; the case is then as it was, unless the commit point was passed, in which case the
        next opening finishes the work.
    """
    with storage_errors("write", case):
        for name in plan.outputs:
            flush_file(staging / name)
        path = staging / _PLAN
        path.write_text(json.dumps(asdict(plan), sort_keys=True), encoding="utf-8")
        flush_file(path)
        flush_folder(staging)
        for name, target in plan.parts.items():
            move_into_place(staging / name, case / target)
        move_into_place(staging / DATABASE, case / DATABASE)
        _finish(case, staging, plan)


def recover(case: Path, /) -> None:
    """Finish or undo what a killed writer left; only for the holder of the lock."""
    folder = case / STAGING
    if not folder.is_dir():
        return
    with storage_errors("recover", case):
        for staging in sorted(folder.iterdir()):
            settle(case, staging)
        remove_if_empty(folder)


def settle(case: Path, staging: Path, /) -> bool:
    """Finish a staged run when it passed its commit point, else undo it; say which (True: it is committed)."""
    plan = _read_plan(staging)
    committed = plan is not None and not (staging / DATABASE).exists()
    if plan is not None and committed:
        _finish(case, staging, plan)
    elif plan is not None:
        _undo(case, plan)
        # the plan goes first: without the database beside it, it would read as committed
        (staging / _PLAN).unlink(missing_ok=True)
        flush_folder(staging)
    remove_tree(staging)
    return committed


def has_leftovers(case: Path, /) -> bool:
    """Whether a writer is at work or was killed."""
    try:
        return any((case / STAGING).iterdir())
    except OSError:
        return False


def _finish(case: Path, staging: Path, plan: Plan) -> None:
    for name, target in plan.outputs.items():
        move_into_place(staging / name, case / target)
    keep = set(plan.active)
    for path in find_part_files(case):
        if path not in keep:
            (case / path).unlink(missing_ok=True)
            remove_if_empty((case / path).parent)
    remove_tree(staging)


def _undo(case: Path, plan: Plan) -> None:
    """Remove parts that were moved but never listed; parts that the case had before keep their name and place."""
    from tracker.archive.database import open_reader
    from tracker.archive.schema import parts_of

    listed: set[str] = set()
    if (case / DATABASE).exists():
        with open_reader(case / DATABASE) as connection:
            listed = {part.path for part in parts_of(connection.execute("FROM parts").fetchall())}
    for target in plan.parts.values():
        if target not in listed:
            (case / target).unlink(missing_ok=True)
            remove_if_empty((case / target).parent)
    for folder in PART_FOLDERS:
        remove_if_empty(case / folder)


def _read_plan(staging: Path) -> Plan | None:
    try:
        return Plan(**json.loads((staging / _PLAN).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
