"""Inputs: files, folders, patterns and archives become sources, and each source finds its format.

The order is fixed, each file comes once, and what is passed over inside a folder is said.
"""

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tracker.errors import EmptyInputError, InputError, ParameterError, StorageError, UnknownFormatError
from tracker.formats import FORMATS
from tracker.formats.aliases import match_columns, missing_of
from tracker.formats.any_csv import delimiter_of
from tracker.formats.format import Format, ReadOptions, Source
from tracker.formats.remote import fetched_file, is_remote, list_remote
from tracker.formats.stream import access, list_members
from tracker.formats.tabular import header_of

HEAD_BYTES = 65_536
SURE = 0.5
"""A sniff above this is a recognition."""

NOT_AIS_STEMS = {
    "truth",
    "labels",
    "expected",
    "manifest",
    "metadata",
    "licence",
    "license",
    "notice",
    "readme",
    "changelog",
    "checksums",
    "sha256sums",
    "sha256sum",
    "md5sums",
    "md5sum",
}
NOT_AIS_SUFFIXES = {
    *(".md", ".rst", ".html", ".htm", ".pdf", ".docx", ".xlsx", ".xml"),
    *(".png", ".jpg", ".jpeg", ".svg", ".css", ".js", ".py", ".sh"),
    *(".sha1", ".sha256", ".sha512", ".md5", ".asc", ".sig"),
    *(".toml", ".yml", ".yaml", ".ini", ".cfg", ".geojson", ".duckdb"),
}
"""Inside a folder these are passed over (and said); named one by one they are tried."""
CASE_MARK = "tracker.duckdb"
"""A folder that holds this is a case of ours: what we wrote is not read as AIS."""


def expand(inputs: Sequence[str | Path], /) -> tuple[list[Source], list[str]]:
    """Find the sources behind what the user named; a broken archive is a source too, whose opening says what is wrong.

    Returns
    -------
    sources : in a fixed order, each file once
    skipped : files and folders inside folders that were passed over, with the reason where it is not their name

    Raises
    ------
    EmptyInputError
        When a name matches nothing, or a folder holds nothing to read.
    """
    sources: list[Source] = []
    skipped: list[str] = []
    seen: set[Path] = set()
    for text in map(str, inputs):
        if is_remote(text):
            found = list_remote(text)
            kept = [source for source in found if source.name == text or not _is_not_ais(source.path)]
            skipped += [source.name for source in found if source not in kept]
            sources += [source for source in kept if source not in sources]
            continue
        for path in _paths(text, skipped):
            real = path.resolve()
            if real not in seen:
                seen.add(real)
                sources.extend(_sources(path))
    return sources, skipped


def _paths(text: str, skipped: list[str]) -> list[Path]:
    path = Path(text)
    with access(text):
        if path.is_file():
            return [path]
        if path.is_dir():
            return _in_folder(path, skipped)
        if path.exists():
            raise InputError(f"{text} is neither a file nor a folder.")
        matches = sorted(map(Path, glob.glob(text, recursive=True)))
    found = [p for p in matches if p.is_file()]
    # with ** the files of a matched folder are matches themselves
    folders = [] if "**" in text else [p for p in matches if p.is_dir()]
    for folder in folders:
        with suppress(EmptyInputError):
            found += _in_folder(folder, skipped)
    if not found:
        raise EmptyInputError(f"There is no file, folder or pattern {text!r}. Check the name.")
    return found


def _in_folder(folder: Path, skipped: list[str]) -> list[Path]:
    """Files of a folder and the folders below it, in order of their names; links are followed, each folder once."""
    kept: list[Path] = []
    passed_over = 0
    seen: set[Path] = set()

    def tell(error: OSError) -> None:
        skipped.append(f"{error.filename} ({error.strerror})")

    for root, folders, names in os.walk(folder, followlinks=True, onerror=tell):
        here = Path(root)
        if here.resolve() in seen or CASE_MARK in names:
            if CASE_MARK in names:
                skipped.append(f"{here} (a case)")
            folders[:] = []
            continue
        seen.add(here.resolve())
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = here / name
            if _is_not_ais(path):
                skipped.append(str(path))
                passed_over += 1
            elif path.is_file():
                kept.append(path)
    if not kept:
        raise EmptyInputError(f"The folder {folder} holds no AIS file ({passed_over} other file(s)).")
    return sorted(kept)


def _is_not_ais(path: Path) -> bool:
    stem = path.name.lower().split(".", 1)[0]
    return stem in NOT_AIS_STEMS or path.suffix.lower() in NOT_AIS_SUFFIXES


def _sources(path: Path) -> list[Source]:
    with access(str(path)):
        size = path.stat().st_size
    try:
        members = list_members(path, is_wanted=lambda name: not _is_not_ais(Path(name)))
    except (InputError, StorageError):
        # one bad archive is an error of its own when its turn comes, not of the others
        return [_source(path, None, size)]
    if members is None:
        return [_source(path, None, size)]
    return [_source(path, member, share) for member, share in members] or [_source(path, None, size)]


@contextmanager
def fetched(source: Source, /) -> Iterator[list[Source]]:
    """What a source holds, on this machine for as long as the context lasts: itself, or the members of a fetched archive.

    Raises
    ------
    InputError
        When it cannot be fetched.
    """
    if source.url is None:
        yield [source]
        return
    with fetched_file(source.url, source.path.name) as here:
        found = _sources(here)
        yield [replace(one, name=source.url if one.member is None else f"{source.url}!{one.member}") for one in found]


def _source(path: Path, member: str | None, size: int) -> Source:
    name = str(path) if member is None else f"{path}!{member}"
    return Source(path=path, member=member, name=name, head=b"", size_bytes=size)


def look(source: Source, /) -> Source:
    """Give the source with its decompressed beginning; expanding a folder opens nothing, this does.

    Raises
    ------
    CorruptInputError, EmptyInputError, StorageError
    """
    with source.open() as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise EmptyInputError(f"{source.name} is empty: it holds no text at all. Fetch it again, or leave it out.")
    return replace(source, head=head)


def digest(source: Source, /) -> str:
    """SHA-256 of the file as it lies on disk (and the member's name), hexadecimal."""
    with access(source.name), source.path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256")
    if source.member is not None:
        content.update(source.member.encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def recognise(source: Source, options: ReadOptions, /, *, format_name: str | None = None) -> Format:
    """Choose the format of a source by its beginning, or take the one that is named.

    Raises
    ------
    UnknownNameError
        When there is no format of that name.
    UnknownFormatError
        When no format recognises the source; says what was missing.
    """
    if format_name is not None:
        return FORMATS.get(format_name)
    sniffed = [(FORMATS.get(name).sniff(source, options), name) for name in FORMATS]
    best, name = max(sniffed)
    if best > SURE:
        return FORMATS.get(name)
    raise UnknownFormatError(
        f"{source.name} is no AIS format that is known ({', '.join(FORMATS)}).{_hint(source, options)}"
    )


def _hint(source: Source, options: ReadOptions) -> str:
    """What a table lacked, when it looks like one."""
    delimiter = delimiter_of(source.head)
    header = header_of(source.head, delimiter)
    if len(header) < 3 or not "".join(header).isprintable():
        return "\nGive --format NAME if you know better."
    try:
        missing = missing_of(match_columns(header, options.columns))
    except ParameterError as error:
        return f"\n{error}"
    names = ", ".join(header)
    return (
        f" It has columns ({names[:120]}{'…' if len(names) > 120 else ''}), but none is known as {', '.join(missing)}.\n"
        f'Map them in a TOML file given with --config: [columns] {(missing or ["time"])[0]} = "ITS NAME".'
    )
