"""The bytes of a list: unpacked, digested, and decoded whatever their encoding.

OFAC publishes latin-1, others UTF-8 with and without a mark, Excel UTF-16. A list is small: it is read whole.
"""

import gzip
import hashlib
import io
import lzma
import zlib
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import CorruptInputError, EmptyInputError, InputError

MAX_BYTES = 4_000_000_000


@dataclass(frozen=True)
class Document:
    """A list as text, where it came from and the digest of its bytes as they lay on disk."""

    path: Path
    text: str
    digest: str
    is_latin_1: bool = False
    """Not UTF-8 and not marked as UTF-16: read as latin-1, which every file of bytes is."""

    @property
    def stem(self) -> str:
        """Name without its suffixes: ``ofac_sdn_2022-01`` of ``ofac_sdn_2022-01.csv.gz``."""
        name = self.path.name
        for suffix in (".gz", ".xz", ".csv", ".json", ".jsonl", ".ndjson", ".ijson", ".xml", ".txt", ".ftm"):
            name = name.removesuffix(suffix)
        return name


def read_document(path: Path, /) -> Document:
    """Read and decode a file, plain or ``.gz`` or ``.xz``.

    Raises
    ------
    InputError
        When it cannot be read.
    CorruptInputError
        When its compression breaks off: the download was cut.
    EmptyInputError
        When nothing is in it.
    """
    try:
        packed = path.read_bytes()
        content = packed
        if packed[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
                content = stream.read(MAX_BYTES + 1)
        elif packed[:6] == b"\xfd7zXZ\x00":
            with lzma.LZMAFile(io.BytesIO(packed)) as lzma_stream:
                content = lzma_stream.read(MAX_BYTES + 1)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise CorruptInputError(f"{path} breaks off or is damaged ({error}). Download the list again.") from error
    except OSError as error:
        raise InputError(f"Cannot read the list {path}: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise InputError(f"The list {path} unpacks to more than {MAX_BYTES // 10**9} GB, which no list of ships does.")
    if not content.strip():
        raise EmptyInputError(f"The list {path} is empty.")
    text, is_latin_1 = _decode(content)
    # a table may begin with empty lines, which are no header
    text = text.lstrip("\r\n")
    return Document(path, text, hashlib.sha256(packed).hexdigest(), is_latin_1)


def _decode(content: bytes) -> tuple[str, bool]:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace"), False
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        # every byte is a letter of latin-1, so this cannot fail; OFAC's files are written in it
        return content.decode("latin-1"), True
