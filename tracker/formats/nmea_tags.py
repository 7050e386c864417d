"""Time and station of the ordinary tag blocks of a megabyte of text, ``s:station,c:1527969603*hh``, with array operations.

A line is ordinary when it is plain (`nmea_blocks`), has no fields behind its checksum, and its tag block holds a whole
second and at most a station before it, or is not there. `nmea_sentences.read_sound_tag` reads every tag block and says
the same of these; a test holds the two equal.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.formats.nmea_blocks import Lines
from tracker.formats.nmea_sentences import show_station

_STATION: Final = re.compile(rb"[0-9A-Za-z_.-]{1,40}")
_LEAST_DIGITS, _MOST_DIGITS = 9, 11
_CHECK_CHARACTERS: Final = 4
r"""``*hh\`` before the ``!``."""


@dataclass(frozen=True)
class PlainTags:
    """Of each line: whether it is ordinary, and then its time (ms) and station; None where it has none."""

    is_ordinary: npt.NDArray[np.bool_]
    times: list[int | None]
    stations: list[str | None]


def read_plain_tags(block: bytes, lines: Lines, /) -> PlainTags:
    """Read the tag blocks of the lines of a block."""
    text = np.frombuffer(block, dtype=np.uint8)
    last = len(text) - 1
    start, end = lines.start, lines.bang - _CHECK_CHARACTERS
    has_tag = lines.bang > start

    commas = np.concatenate(([-2, -1], np.flatnonzero(text == ord(","))))
    place = np.searchsorted(commas, lines.bang) - 1
    comma, before = commas[place], commas[place - 1]
    has_station = has_tag & (comma > start)
    field = np.where(has_station, comma, start) + 1
    seconds, is_number = _digits(text, field + 2, end)
    good = (text[np.minimum(field, last)] == ord("c")) & (text[np.minimum(field + 1, last)] == ord(":")) & is_number
    is_named = (text[np.minimum(start + 1, last)] == ord("s")) & (text[np.minimum(start + 2, last)] == ord(":"))
    good &= ~has_station | (is_named & (before <= start))
    is_ordinary = lines.is_plain & (lines.sentence_end == lines.end) & (~has_tag | good)

    named = np.flatnonzero(is_ordinary & has_station)
    sent = [block[a:b] for a, b in zip((start[named] + 3).tolist(), comma[named].tolist(), strict=True)]
    known = {name: show_station(name) for name in set(sent) if _STATION.fullmatch(name)}
    stations: list[str | None] = [None] * len(start)
    for row, name in zip(named.tolist(), sent, strict=True):
        stations[row] = known.get(name)
    if len(known) < len(set(sent)):
        is_ordinary[named] &= np.array([name in known for name in sent], dtype=np.bool_)
    times: list[int | None] = (seconds * 1000).tolist()
    for row in np.flatnonzero(~has_tag).tolist():
        times[row] = None
    return PlainTags(is_ordinary, times, stations)


def _digits(
    text: npt.NDArray[np.uint8], first: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Numbers that stand from `first` to `end`, and whether they are 9 to 11 digits and nothing else."""
    length = end - first
    good = (length >= _LEAST_DIGITS) & (length <= _MOST_DIGITS)
    value = np.zeros(len(first), dtype=np.int64)
    for column in range(_MOST_DIGITS):
        digit = text[np.clip(first + column, 0, len(text) - 1)].astype(np.int64) - ord("0")
        is_inside = column < length
        good &= ~is_inside | ((digit >= 0) & (digit <= 9))
        value = np.where(is_inside, value * 10 + digit, value)
    return value, good
