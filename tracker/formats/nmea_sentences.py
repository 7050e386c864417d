r"""AIS sentences of NMEA 0183, taken from lines as receivers, networks and archives write them.

A line holds one or more sentences, each with an optional tag block before it (NMEA 0183 version 4.10,
``\s:station,c:time,g:1-2-34*hh\``) and an optional tail of receiver fields after its checksum, as the US Coast
Guard's network writes them (``,b003669796,1272412827``). Regular expressions are used rather than pyais here
because this is the part that runs for every line; pyais decodes what the sentences carry.

Source: IEC 61162-1 (VDM, VDO), NMEA 0183 4.10 (tag blocks), USCG NAIS data feed fields.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

LINE_LIMIT = 4096
"""Longest line that is read, bytes. A sentence has at most 82 characters; some lines hold several with tag blocks."""

_DOLLAR = ord("$")
_TAG = rb"(?:\\([^\\]{0,1000})\\)?\s*"
_AIS = re.compile(
    _TAG + rb"!([A-Z0-9-]{2}VD[MO],([1-9]),([1-9]),([0-9]?),([^,*\\!]{0,8}),([0-W`-w]*),([0-5]))\*([0-9A-Fa-f]{2})"
    rb"((?:,[^\\!]*)?)\s*"
)
_OTHER = re.compile(_TAG + rb"\$([A-Z0-9]{3,8},[^\\!$*]*)(?:\*([0-9A-Fa-f]{2}))?\s*")
_BEGINS = re.compile(rb"[!$]")
_GROUP = re.compile(rb"([1-9]\d?)-([1-9]\d?)-(\d{1,9})")
_PLAIN_TAG = re.compile(rb"(?:s:([0-9A-Za-z_.-]{1,40}),)?c:(\d{9,11})\*..")
_SECONDS = re.compile(rb"\d{1,11}(?:\.\d{1,6})?")
_MILLISECONDS = re.compile(rb"\d{12,13}")
_STATION = re.compile(rb"[rbRB][0-9A-Za-z_]{1,30}")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a tag block, or the tail of a sentence, says of when and where the sentence was received."""

    time_ms: int | None = None
    station: str | None = None
    group: tuple[int, int, int] | None = None
    """Sentence number, number of sentences, and id of a tag block group."""
    is_sound: bool = True
    """False when the checksum of the tag block is wrong or absent."""


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One VDM or VDO sentence whose checksum is right."""

    total: int
    number: int
    key: tuple[bytes, bytes]
    """Sequence id and channel as written."""
    payload: bytes
    fill_bits: int
    tag: Origin
    tail: Origin


@dataclass(frozen=True, slots=True)
class Other:
    """A ``$`` sentence: no AIS message, but ``$PGHP`` brings the time of the next one."""

    body: bytes
    """Between ``$`` and ``*``; empty when the checksum is wrong."""
    tag: Origin


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of a line that is no usable sentence."""

    reason: str
    text: bytes


def xor_bytes(data: bytes, /) -> int:
    """Exclusive or of all bytes: the checksum of NMEA 0183."""
    folded = int.from_bytes(data, "big")
    shift = 4 << max(len(data) - 1, 0).bit_length()
    while shift >= 8:
        folded ^= folded >> shift
        shift >>= 1
    return folded & 0xFF


def parse_line(line: bytes, /) -> list[Sentence | Other | Fault]:
    """Split a line into its sentences; comments (``#``) and blank lines hold none.

    What cannot be read is one `Fault` for the rest of the line.
    """
    if len(line) > LINE_LIMIT:
        return [Fault("bad_sentence", line)]
    line = line.strip()
    if not line or line.startswith(b"#"):
        return []
    found: list[Sentence | Other | Fault] = []
    place = 0
    while place < len(line):
        match = _AIS.match(line, place) if line[place] != _DOLLAR else None
        if match is not None:
            found.append(_sentence(match))
        else:
            match = _OTHER.match(line, place)
            if match is None:
                if found and not _BEGINS.search(line, place):
                    break  # a tail in no known layout behind a good sentence
                found.append(Fault("bad_sentence", line[place:]))
                break
            tag, body, check = match.groups()
            is_right = check is None or xor_bytes(body) == int(check, 16)
            found.append(Other(body if is_right else b"", parse_tag_block(tag) if tag else NOWHERE))
        place = match.end()
    return found


def _sentence(match: re.Match[bytes]) -> Sentence | Fault:
    tag, body, total, number, sequence, channel, payload, fill, check, tail = match.groups()
    if xor_bytes(body) != int(check, 16):
        return Fault("bad_checksum", match.group())
    tag_block = parse_tag_block(tag) if tag else NOWHERE
    if not tag_block.is_sound:
        return Fault("bad_checksum", match.group())
    if not payload or int(number) > int(total):
        return Fault("bad_sentence", match.group())
    return Sentence(
        total=int(total),
        number=int(number),
        key=(sequence, channel),
        payload=payload,
        fill_bits=int(fill),
        tag=tag_block,
        tail=parse_tail(tail) if tail else NOWHERE,
    )


def read_sound_tag(text: bytes, /) -> tuple[int | None, str | None, Origin | None]:
    """Time and station of a tag block whose checksum is known to be right, and all of it where it says more."""
    match = _PLAIN_TAG.fullmatch(text)
    if match is not None:
        station, seconds = match.groups()
        return int(seconds) * 1000, show_station(station) if station else None, None
    origin = parse_tag_block(text)
    return origin.time_ms, origin.station, origin if origin.group else None


@lru_cache(maxsize=4096)
def parse_tag_block(text: bytes, /) -> Origin:
    r"""Read the inside of a tag block, ``s:station,c:1527969603,g:1-2-34*hh``.

    ``c`` counts seconds (with or without a fraction) or milliseconds since 1970; a value of more than eleven
    digits is milliseconds. A malformed field is unknown and costs the others nothing. ``*00`` is taken as "not
    computed": some archives write it everywhere.
    """
    fields, star, check = text.rpartition(b"*")
    try:
        expected = int(check, 16)
    except ValueError:
        return Origin(is_sound=False)
    if not star or len(check) != 2 or expected not in (xor_bytes(fields), 0):
        return Origin(is_sound=False)
    time_ms: int | None = None
    station: str | None = None
    group: tuple[int, int, int] | None = None
    for field in fields.split(b","):
        code, _, value = field.partition(b":")
        if code == b"c":
            time_ms = _epoch_ms(value)
        elif code == b"s" and value.isascii():
            station = show_station(value)
        elif code == b"g" and (match := _GROUP.fullmatch(value)):
            group = (int(match[1]), int(match[2]), int(match[3]))
    return Origin(time_ms, station, group)


@lru_cache(maxsize=4096)
def parse_tail(text: bytes, /) -> Origin:
    """Read receiver fields after a checksum: a station (``b003669796``, ``rCUDJOE_01``), then a time in seconds.

    Other fields (signal strength ``d-093``, slot ``S2212``, arrival ``t235959.00``) are skipped. Of two times the
    first is taken: it is the receiver's, the second the network's.
    """
    time_ms: int | None = None
    station: str | None = None
    for field in map(bytes.strip, text.split(b",")[1:]):
        if station is None and _STATION.fullmatch(field):
            station = show_station(field)
        elif time_ms is None and len(field) >= 9 and field[:1].isdigit():
            time_ms = _epoch_ms(field)
    return Origin(time_ms, station)


@lru_cache(maxsize=4096)
def show_station(value: bytes, /) -> str | None:
    """Station name as sent, printable ASCII, at most 40 characters; None when nothing is left."""
    return "".join(chr(c) for c in value[:40] if 32 <= c < 127).strip() or None


def _epoch_ms(value: bytes) -> int | None:
    if _MILLISECONDS.fullmatch(value):
        return int(value)
    return round(float(value) * 1000) if _SECONDS.fullmatch(value) else None
