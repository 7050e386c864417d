"""Bulk decoding of AIS position reports (types 1, 2, 3 and 18) with numpy, and the header of every message.

These types are nine tenths of a stream and have a fixed layout, so that one array operation reads a field of
all messages at once. Everything else is decoded by pyais; a test holds both ways equal, value by value.

Source: ITU-R M.1371-5, annex 8, tables 45 and 66 (layouts); IEC 61162-1 (six-bit armour).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_HEADER_CHARACTERS: Final = 7
_BODY_CHARACTERS: Final = 25

LEAST_BITS: Final = {1: 149, 2: 149, 3: 149, 18: 148}
"""Every field that is used must be there; the radio status after it need not be."""

_ARMOUR = np.zeros(256, dtype=np.uint8)
_ARMOUR[48:88] = np.arange(40)
_ARMOUR[96:120] = np.arange(40, 64)


@dataclass(frozen=True)
class Headers:
    """Type and MMSI of each message, and its length."""

    msg_type: npt.NDArray[np.int64]
    mmsi: npt.NDArray[np.int64]
    bits: npt.NDArray[np.int64]
    """Bits of payload without the fill bits; below 38 the header itself is not whole."""


def unarmour(payloads: Sequence[bytes], /, *, characters: int) -> npt.NDArray[np.uint8]:
    """Six-bit values of the first `characters` of each payload, shape (payloads, characters), zero where it ends."""
    lengths = _lengths(payloads)
    # beyond the end of the last one, too, there must be something to read
    joined = np.frombuffer(b"".join(payloads) + bytes(characters), dtype=np.uint8)
    begin = np.cumsum(lengths) - lengths
    table = np.empty((len(payloads), characters), dtype=np.uint8)
    for column in range(characters):
        table[:, column] = np.where(column < lengths, _ARMOUR[joined[begin + column]], 0)
    return table


def _lengths(payloads: Sequence[bytes]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(len, payloads), dtype=np.int64, count=len(payloads))


def read_unsigned(six: npt.NDArray[np.uint8], start: int, width: int, /) -> npt.NDArray[np.int64]:
    """Unsigned integers of `width` bits (at most 57) from bit `start` of each row of six-bit values."""
    first, last = start // 6, (start + width - 1) // 6
    value = six[:, first].astype(np.int64)
    for column in range(first + 1, last + 1):
        value = (value << 6) | six[:, column]
    surplus = (last + 1) * 6 - (start + width)
    return (value >> surplus) & ((1 << width) - 1)


def read_signed(six: npt.NDArray[np.uint8], start: int, width: int, /) -> npt.NDArray[np.int64]:
    """Two's complement integers of `width` bits from bit `start` of each row."""
    value = read_unsigned(six, start, width)
    return value - ((value >> (width - 1)) << width)


def read_headers(payloads: Sequence[bytes], fill_bits: Sequence[int], /) -> Headers:
    """Type, MMSI and length of messages (payloads of all parts joined)."""
    six = unarmour(payloads, characters=_HEADER_CHARACTERS)
    bits = _lengths(payloads) * 6 - np.asarray(fill_bits, dtype=np.int64)
    return Headers(msg_type=read_unsigned(six, 0, 6), mmsi=read_unsigned(six, 8, 30), bits=bits)


def is_fast(headers: Headers, /) -> npt.NDArray[np.bool_]:
    """Which messages `decode_positions` can read: types 1, 2, 3 and 18 of sufficient length."""
    fast = np.zeros(len(headers.msg_type), dtype=np.bool_)
    for msg_type, least in LEAST_BITS.items():
        fast |= (headers.msg_type == msg_type) & (headers.bits >= least)
    return fast


def decode_positions(payloads: Sequence[bytes], msg_type: npt.NDArray[np.int64], /) -> dict[str, npt.NDArray[Any]]:
    """Decode position reports of types 1, 2, 3 and 18.

    Parameters
    ----------
    payloads
        Armoured payloads.
    msg_type
        Their types, shape (payloads,).

    Returns
    -------
    dict
        Arrays of shape (payloads,) by column of ``REPORTS``: ``lon`` and ``lat`` in degrees, rounded to 1e-6 as
        pyais rounds them, ``sog_kn``, ``cog_deg``, ``heading_deg``, ``nav_status`` (-1 for type 18, which has
        none), ``accurate`` (0 or 1) and the UTC ``second``. Sentinels are passed as they were sent.
    """
    six = unarmour(payloads, characters=_BODY_CHARACTERS)
    b = msg_type == 18

    def field(of_a: int, of_b: int, width: int) -> npt.NDArray[np.int64]:
        return np.where(b, read_unsigned(six, of_b, width), read_unsigned(six, of_a, width))

    def place(of_a: int, of_b: int, width: int) -> npt.NDArray[np.float64]:
        raw = np.where(b, read_signed(six, of_b, width), read_signed(six, of_a, width))
        rounded: npt.NDArray[np.float64] = (10 * raw + 3) // 6 / 1e6
        return rounded

    return {
        "lon": place(61, 57, 28),
        "lat": place(89, 85, 27),
        "sog_kn": field(50, 46, 10) / 10.0,
        "cog_deg": field(116, 112, 12) / 10.0,
        "heading_deg": field(128, 124, 9).astype(np.float64),
        "nav_status": np.where(b, -1, read_unsigned(six, 38, 4)),
        "accurate": field(60, 56, 1),
        "second": field(137, 133, 6),
    }
