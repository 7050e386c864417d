"""Position reports as NMEA sentences with a tag block that has the time (ITU-R M.1371-5, type 1), made in bulk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

HEAD, TAIL = b"!AIVDM,1,1,,A,", b",0*"
HEX = np.frombuffer(b"0123456789ABCDEF", np.uint8)


def _bits(values: Any, width: int) -> Any:
    """Two's complement, most significant bit first: (n, width)."""
    return (np.asarray(values, np.int64)[:, None] >> np.arange(width - 1, -1, -1)) & 1


def _checked(text: Any) -> Any:
    """Two hexadecimal digits of the checksum of each row of characters."""
    total = np.bitwise_xor.reduce(text, axis=1)
    return np.column_stack([HEX[total >> 4], HEX[total & 15]])


def sentences(fixes: Mapping[str, Any], /) -> bytes:
    """Lines for rows of mmsi, time (datetime64), lon, lat (degrees) and sog (knots); course and heading are not known."""
    n = len(fixes["mmsi"])
    seconds = fixes["time"].astype("datetime64[s]").astype(np.int64)
    zero = np.zeros(n, np.int64)
    fields = [
        (zero + 1, 6),
        (zero, 2),
        (fixes["mmsi"], 30),
        (zero, 4),
        (zero - 128, 8),
        (np.clip(np.rint(fixes["sog"] * 10), 0, 1022), 10),
        (zero, 1),
        (np.rint(fixes["lon"] * 600_000), 28),
        (np.rint(fixes["lat"] * 600_000), 27),
        (zero + 3600, 12),
        (zero + 511, 9),
        (seconds % 60, 6),
        (zero, 25),
    ]
    bits = np.concatenate([_bits(values, width) for values, width in fields], axis=1)
    six = bits.reshape(n, 28, 6) @ (1 << np.arange(5, -1, -1))
    payload = (six + np.where(six < 40, 48, 56)).astype(np.uint8)

    def same(text: bytes) -> Any:
        return np.broadcast_to(np.frombuffer(text, np.uint8), (n, len(text)))

    digits = (seconds[:, None] // 10 ** np.arange(9, -1, -1) % 10 + 48).astype(np.uint8)
    tag = np.concatenate([same(b"c:"), digits], axis=1)
    body = np.concatenate([same(HEAD[1:]), payload, same(TAIL[:-1])], axis=1)
    parts = [same(b"\\"), tag, same(b"*"), _checked(tag), same(b"\\!"), body, same(b"*"), _checked(body), same(b"\n")]
    return np.concatenate(parts, axis=1).tobytes()


def write_sentences(fixes: Mapping[str, Any], path: Path, /) -> int:
    """Write them to a file; gives how many."""
    path.write_bytes(sentences(fixes))
    return len(fixes["mmsi"])
