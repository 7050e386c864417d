"""Inputs: files, folders and patterns become sources; compression is undone in a stream that knows how far it is.

A damaged or truncated stream is an error that says which file and how far; nothing larger than a buffer is held,
whatever a small file unpacks to.
"""

import glob
import hashlib
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tracker.errors import EmptyInputError, UnknownFormatError
from tracker.formats import FORMATS
from tracker.formats.format import Format, ReadOptions, Source
from tracker.formats.stream import access, intact

HEAD_BYTES = 65_536
SURE = 0.5
"""A sniff above this is a recognition."""

NOT_AIS_NAMES = {"truth.csv", "license", "licence", "notice", "readme", "checksums", "sha256sums", "manifest.json"}
NOT_AIS_SUFFIXES = {
    ".md",
    ".html",
    ".htm",
    ".pdf",
    ".png",
    ".jpg",
    ".svg",
    ".sha256",
    ".md5",
    ".toml",
    ".yml",
    ".yaml",
    ".py",
    ".geojson",
    ".xlsx",
}
"""Inside a folder these are passed over (and said); named one by one they are tried."""


def expand(inputs: Sequence[str | Path], /) -> tuple[list[Source], list[str]]:
    """Find the sources behind what the user named.

    Returns
    -------
    sources : in a fixed order, each file once
    skipped : files of folders that are not AIS by their name

    Raises
    ------
    EmptyInputError
        When a name matches nothing, or a folder holds nothing to read.
    """
    sources: list[Source] = []
    skipped: list[str] = []
    seen: set[Path] = set()
    for text in map(str, inputs):
        for path in _paths(text, skipped):
            real = path.resolve()
            if real not in seen:
                seen.add(real)
                sources.extend(_sources(path))
    return sources, skipped


def _paths(text: str, skipped: list[str]) -> list[Path]:
    path = Path(text)
    if path.is_file():
        return [path]
    if path.is_dir():
        with access(text):
            files = sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and not any(q.startswith(".") for q in p.relative_to(path).parts)
            )
        kept = [p for p in files if not _is_not_ais(p)]
        skipped.extend(str(p) for p in files if _is_not_ais(p))
        if not kept:
            raise EmptyInputError(f"The folder {text} holds no AIS file ({len(files)} other file(s)).")
        return kept
    matches = sorted(Path(p) for p in glob.glob(text, recursive=True) if Path(p).is_file())
    if not matches:
        raise EmptyInputError(f"There is no file, folder or pattern {text!r}. Check the name.")
    return matches


def _is_not_ais(path: Path) -> bool:
    name = path.name.lower()
    return name in NOT_AIS_NAMES or path.stem.lower() in NOT_AIS_NAMES or path.suffix.lower() in NOT_AIS_SUFFIXES


def _sources(path: Path) -> list[Source]:
    members: list[str | None]
    with access(str(path)):
        size = path.stat().st_size
        if path.suffix.lower() == ".zip":
            with intact(str(path)), zipfile.ZipFile(path) as archive:
                members = [
                    i.filename for i in archive.infolist() if not i.is_dir() and not _is_not_ais(Path(i.filename))
                ]
        elif ".tar" in [suffix.lower() for suffix in path.suffixes] or path.suffix.lower() == ".tgz":
            with intact(str(path)), tarfile.open(path) as tar:
                members = [*sorted(m.name for m in tar if m.isfile() and not _is_not_ais(Path(m.name)))]
        else:
            members = [None]
    if not members:
        raise EmptyInputError(f"The archive {path} holds no AIS file.")
    return [_source(path, member, size // len(members)) for member in members]


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
        raise EmptyInputError(f"{source.name} is empty.")
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
    raise UnknownFormatError(f"{source.name} is no AIS format that is known ({', '.join(FORMATS)}).{_hint(source)}")


def _hint(source: Source) -> str:
    """What a table lacked, when it looks like one."""
    first = source.head.split(b"\n", 1)[0]
    text = first.decode("utf-8", "replace").strip()
    if not text.isprintable() or sum(text.count(mark) for mark in ",;\t|") < 2:
        return "\nGive --format NAME if you know better."
    return f'\nIts first line is {text[:100]!r}: map its columns with [columns] in a TOML file (--config), such as mmsi = "SHIPID".'
