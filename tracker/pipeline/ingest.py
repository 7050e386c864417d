"""Reading inputs into a case: recognise, read, check, add; one bad file costs itself and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tracker.archive.transaction import Transaction
from tracker.cleaning.checks import check
from tracker.errors import InputError, StorageError, TrackerError
from tracker.formats.ahead import in_order
from tracker.formats.format import ReadOptions, Source
from tracker.formats.source import digest, expand, fetched, look, recognise
from tracker.pipeline.progress import Progress


@dataclass(frozen=True)
class Ingested:
    """What became of the inputs; what was read stands in the transaction's ledger entries."""

    known: list[str]
    """Inputs whose content the case had already."""
    failures: list[tuple[str, TrackerError]]
    skipped: list[str]
    """Files of a folder that are not AIS by their name."""


def ingest(
    inputs: Sequence[str | Path],
    case: Transaction,
    /,
    *,
    options: ReadOptions,
    format_name: str | None,
    progress: Progress,
) -> Ingested:
    """Read every input that is not yet in the case.

    Raises
    ------
    TrackerError
        When nothing at all could be used; the first reason is given.
    """
    sources, skipped = expand(inputs)
    progress.stage("reading", total=float(sum(source.size_bytes for source in sources)), unit="rows")
    known: list[str] = []
    failures: list[tuple[str, TrackerError]] = []
    count, done_bytes, rows = 0, 0, 0

    def fail(name: str, error: TrackerError) -> None:
        if isinstance(error, StorageError) and not isinstance(error.__cause__, PermissionError):
            raise error
        case.drop_input()
        failures.append((name, error))

    for source in sources:
        try:
            with fetched(source) as members:
                for member in members:
                    count += 1
                    try:
                        if _read(member, case, options, format_name, progress, done_bytes, rows):
                            rows += case.inputs()[-1].rows
                        else:
                            known.append(member.name)
                    except (InputError, StorageError) as error:
                        fail(member.name, error)
        except InputError as error:
            count += 1
            fail(source.name, error)
        done_bytes += source.size_bytes
        progress.advance(done_bytes, rows=rows)
    if failures and len(failures) == count:
        raise failures[0][1]
    return Ingested(known, failures, skipped)


def _read(
    source: Source,
    case: Transaction,
    options: ReadOptions,
    format_name: str | None,
    progress: Progress,
    done_bytes: int,
    rows: int,
) -> bool:
    """Read one input; False when its content is in the case already."""
    content = digest(source)
    if case.already(content):
        return False
    source = look(source)
    found = recognise(source, options, format_name=format_name)
    for batch in in_order(found.read(source, options), partial(check, input_name=source.name)):
        case.add(batch)
        rows += batch.rows
        progress.advance(done_bytes + batch.read_bytes, rows=rows)
    case.finish_input(digest=content, name=source.name, format_name=found.name, size_bytes=source.size_bytes)
    return True
