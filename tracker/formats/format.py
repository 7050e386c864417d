"""What a format is: a name, a sniff, and a reader that turns a source into reports.

A format is a module-level object (one file each) listed in ``formats/__init__.py``. It sees a `Source`, which has
already undone compression, and never opens files itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from tracker.formats.stream import open_stream
from tracker.tables.reports import Reports


@dataclass(frozen=True)
class Source:
    """One input file (or one member of an archive): where it is, and its decompressed beginning."""

    path: Path
    member: str | None
    """Name inside a .zip or .tar archive."""
    name: str
    """How the source is called in messages and tables: as the user gave it."""
    head: bytes
    """The first 64 KiB, decompressed."""
    size_bytes: int
    """Size on disk (compressed)."""
    url: str | None = None
    """Where to fetch it from, when it is not on this machine; ``path`` is then its bare name until it is here."""

    def open(self) -> IO[bytes]:
        """Open the decompressed bytes for sequential reading; ``.tell_compressed()`` gives progress where it exists.

        Raises
        ------
        CorruptInputError
            While reading, when the compressed stream is truncated or damaged.
        """
        return open_stream(self.path, member=self.member, name=self.name)


@dataclass(frozen=True)
class ReadOptions:
    """What a user may say about inputs: nothing is needed for a known format."""

    base_time: datetime | None = None
    """For NMEA without any time: UTC time of the first sentence."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """``[columns]`` of the configuration: our column name -> the name in the file."""
    batch_rows: int = 500_000


class Format(Protocol):
    """A readable AIS format."""

    name: str
    doc: str

    def sniff(self, source: Source, options: ReadOptions, /) -> float:
        """How sure we are that this is our format, 0..1, from ``source.head`` and the file name."""
        ...

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order, in batches of at most ``options.batch_rows`` rows."""
        ...
