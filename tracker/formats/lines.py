"""Lines of a byte stream, with a bound on their length: a megabyte without a newline costs no more than its limit."""

from collections.abc import Iterator
from typing import IO

CHUNK_BYTES = 1 << 20


def read_lines(stream: IO[bytes], /, *, limit: int) -> Iterator[bytes]:
    """Yield the lines of `stream` without their newline.

    Parameters
    ----------
    stream
        Readable binary stream.
    limit
        Longest line that is kept, bytes. Of a longer one the first ``limit + 1`` bytes are yielded, so that its
        length tells; the rest is skipped.
    """
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        lines = chunk.split(b"\n")
        lines[0] = rest + lines[0]
        rest = lines.pop()[: limit + 1]
        for line in lines:
            yield line if len(line) <= limit else line[: limit + 1]
    if rest:
        yield rest


def show(text: bytes, /) -> str:
    """Text of at most 200 characters for the ``detail`` of a reject; what is not printable ASCII is escaped."""
    return "".join(chr(c) if 32 <= c < 127 else f"\\x{c:02x}" for c in text[:200])[:200]
