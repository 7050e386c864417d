"""Find the plain AIS sentences of a megabyte of text with array operations, and leave the rest to the line parser.

A plain line is one whole single-part VDM or VDO sentence with right checksums, with or without a tag block before
it and fields behind it: nearly every line of a real file. `nmea_sentences.parse_line` reads any line, plain or
not, and says the same of a plain one; a test holds the two equal.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.formats.nmea_sentences import LINE_LIMIT

Places = npt.NDArray[np.int64]


def _table(characters: bytes) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, dtype=np.bool_)
    table[list(characters)] = True
    return table


_ARMOUR = _table(bytes(range(48, 88)) + bytes(range(96, 120)))
_DIGITS = _table(b"0123456789")
_LETTERS = _table(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_TALKER = _LETTERS | _table(b"-")
_HEXADECIMAL = np.full(256, -1, dtype=np.int64)
for _characters in (b"0123456789ABCDEF", b"0123456789abcdef"):
    _HEXADECIMAL[list(_characters)] = np.arange(16)


@dataclass(frozen=True)
class Lines:
    """The lines of a block: where each begins and ends, and where the parts of a plain one are.

    All arrays have the shape (lines,); the places of a line that is not plain mean nothing.
    """

    start: Places
    end: Places
    """Without the line ending."""
    is_plain: npt.NDArray[np.bool_]
    bang: Places
    """The ``!``; a tag block stands from ``start + 1`` to ``bang - 1`` when it is beyond ``start``."""
    payload_start: Places
    payload_end: Places
    fill_bits: npt.NDArray[np.int64]
    sentence_end: Places
    """Behind the checksum; a tail stands from here to ``end``."""


def scan(block: bytes, /) -> Lines:
    """Find the lines of `block`, which ends in a newline, and the plain ones among them."""
    text = np.frombuffer(block, dtype=np.uint8)
    last = len(text) - 1
    newline = np.flatnonzero(text == ord("\n"))
    start = np.concatenate(([0], newline[:-1] + 1))
    end = newline - ((newline > start) & (text[np.maximum(newline - 1, 0)] == ord("\r")))

    def at(place: Any) -> Any:
        return text[np.clip(place, 0, last)]

    bang, bangs = _first(np.flatnonzero(text == ord("!")), start, end)
    slash_places = np.flatnonzero(text == ord("\\"))
    _, slashes = _first(slash_places, start, end)
    has_tag = (slashes == 2) & (at(start) == ord("\\")) & (at(bang - 1) == ord("\\")) & (bang > start + 5)
    good = (bangs == 1) & (end - start <= LINE_LIMIT) & (has_tag | ((slashes == 0) & (bang == start)))

    commas = np.concatenate((np.flatnonzero(text == ord(",")), np.full(6, last)))
    first_comma = np.minimum(np.searchsorted(commas, bang), len(commas) - 6)
    c1, c2, c3, c4, c5, c6 = (commas[first_comma + k] for k in range(6))
    good &= (c1 == bang + 6) & (c2 == c1 + 2) & (c3 == c2 + 2) & (at(c1 + 1) == ord("1")) & (at(c2 + 1) == ord("1"))
    good &= (c4 == c3 + 1) | ((c4 == c3 + 2) & _DIGITS[at(c3 + 1)])
    good &= (c5 == c4 + 1) | ((c5 == c4 + 2) & _LETTERS[at(c4 + 1)])
    good &= _TALKER[at(bang + 1)] & _TALKER[at(bang + 2)] & (at(bang + 3) == ord("V")) & (at(bang + 4) == ord("D"))
    good &= (at(bang + 5) == ord("M")) | (at(bang + 5) == ord("O"))
    sentence_end = c6 + 5
    good &= (c6 > c5 + 1) & (sentence_end <= end) & ((sentence_end == end) | (at(sentence_end) == ord(",")))
    good &= (at(c6 + 1) >= ord("0")) & (at(c6 + 1) <= ord("5")) & (at(c6 + 2) == ord("*"))

    foreign = np.concatenate(([0], np.cumsum(~_ARMOUR[text], dtype=np.int64)))
    good &= foreign[np.minimum(c6, last)] == foreign[np.minimum(c5 + 1, last)]
    folded = np.bitwise_xor.accumulate(text).astype(np.int64)
    good &= folded[np.minimum(c6 + 1, last)] ^ folded[bang] == _hexadecimal(at(c6 + 3), at(c6 + 4))
    tag_check = _hexadecimal(at(bang - 3), at(bang - 2))
    is_sound = (tag_check == 0) | (folded[np.maximum(bang - 5, 0)] ^ folded[start] == tag_check)
    good &= ~has_tag | ((at(bang - 4) == ord("*")) & is_sound)
    return Lines(
        start=start,
        end=end,
        is_plain=good,
        bang=bang,
        payload_start=c5 + 1,
        payload_end=c6,
        fill_bits=at(c6 + 1).astype(np.int64) - ord("0"),
        sentence_end=sentence_end,
    )


def _first(places: Places, start: Places, end: Places) -> tuple[Places, Places]:
    """The first of `places` in each line (its start where there is none), and how many there are."""
    begin, stop = np.searchsorted(places, start), np.searchsorted(places, end)
    padded = np.concatenate((places, [0]))
    return np.where(stop > begin, padded[begin], start), stop - begin


def _hexadecimal(high: npt.NDArray[np.uint8], low: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Value of two hexadecimal digits, -1 where they are none."""
    first, second = _HEXADECIMAL[high], _HEXADECIMAL[low]
    return np.where((first < 0) | (second < 0), -1, first * 16 + second)
