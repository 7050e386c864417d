"""Lines of a byte stream, with a bound on their length: a megabyte without a newline costs no more than its limit."""

from collections.abc import Iterator
from typing import IO

CHUNK_BYTES = 1 << 20


def read_blocks(stream: IO[bytes], /, *, limit: int) -> Iterator[bytes]:
    """Yield stretches of whole lines, each ending in a newline, of about a megabyte.

    Parameters
    ----------
    stream
        Readable binary stream.
    limit
        Longest line of interest, bytes. A longer one may be cut, but never to less than ``limit + 1`` bytes, so
        that its length tells.
    """
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        body, newline, tail = chunk.rpartition(b"\n")
        if newline:
            yield rest + body + newline
            rest = tail[: limit + 1]
        elif len(rest) <= limit:
            rest = (rest + chunk)[: limit + 1]
    if rest:
        yield rest + b"\n"


def read_lines(stream: IO[bytes], /, *, limit: int) -> Iterator[bytes]:
    """Yield the lines of `stream` without their newline; one longer than `limit` is cut to ``limit + 1`` bytes."""
    for block in read_blocks(stream, limit=limit):
        for line in block[:-1].split(b"\n"):
            yield line if len(line) <= limit else line[: limit + 1]


def show(text: bytes, /) -> str:
    """Text of at most 200 characters for the ``detail`` of a reject; what is not printable ASCII is escaped."""
    return "".join(chr(c) if 32 <= c < 127 else f"\\x{c:02x}" for c in text[:200])[:200]
