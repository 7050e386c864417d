"""Messages of ships decoded by pyais, as values by column of ``REPORTS``: types 1-3, 5, 18, 19, 24 and 27.

Source: ITU-R M.1371-5, annex 8.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, cast

from tracker.formats.nmea_fast import read_unsigned, unarmour
from tracker.tables.reports import HAS_POSITION, HAS_STATIC

UNKNOWN_SECOND: Final = 60
"""What a position without a UTC second carries, and what we say of messages that have none."""

_TYPE_PLACE: Final = {5: 232, 19: 263, 24: 40}
"""Bit at which the ship type stands. It is read here: pyais folds the reserved codes of a decade into one."""


@lru_cache(maxsize=16_384)
def decode_with_pyais(parts: tuple[bytes, ...], fill_bits: int, /) -> dict[str, Any] | None:
    """Decode one message of a ship (types 1-3, 5, 18, 19, 24, 27) with pyais.

    Returns
    -------
    dict or None
        Values by column of ``REPORTS``, and ``second`` and ``accurate`` of positions; None when the message is
        of another type or cannot be decoded. Read only: a ship repeats its identity word for word every six
        minutes, so that the last messages are remembered.
    """
    # loads here: a table of positions is looked at by every format, and pyais takes a tenth of a second
    import pyais

    total = len(parts)
    sentences = [
        b"!AIVDM,%d,%d,,A,%s,%d*00" % (total, number, part, fill_bits if number == total else 0)
        for number, part in enumerate(parts, start=1)
    ]
    try:
        message = cast(Any, pyais.decode(*sentences))
        read = _READERS.get(message.msg_type)
        values = read(message) if read else None
    except Exception:  # whatever a hostile payload does to the decoder, it is one unreadable message
        return None
    if values is not None and (place := _TYPE_PLACE.get(values["msg_type"])) and "ship_type" in values:
        six = unarmour([b"".join(parts)], characters=place // 6 + 3)
        values["ship_type"] = int(read_unsigned(six, place, 8)[0])
    return values


def _read_a(m: Any) -> dict[str, Any]:
    return _read_place(m) | {"kind": HAS_POSITION, "ais_class": "A", "nav_status": int(m.status)}


def _read_b(m: Any) -> dict[str, Any]:
    return _read_place(m) | {"kind": HAS_POSITION, "ais_class": "B"}


def _read_19(m: Any) -> dict[str, Any]:
    static = {"kind": HAS_POSITION | HAS_STATIC, "ais_class": "B", "name": m.shipname, "ship_type": 0}
    return _read_place(m) | _read_hull(m) | static


def _read_5(m: Any) -> dict[str, Any]:
    voyage = {"draught_m": m.draught, "destination": m.destination, "imo": str(m.imo)}
    static = {"kind": HAS_STATIC, "msg_type": 5, "ais_class": "A", "name": m.shipname, "callsign": m.callsign}
    return static | voyage | {"ship_type": 0} | _read_hull(m)


def _read_24(m: Any) -> dict[str, Any]:
    static: dict[str, Any] = {"kind": HAS_STATIC, "msg_type": 24, "ais_class": "B"}
    if m.partno == 0:
        return static | {"name": m.shipname}
    static |= {"callsign": m.callsign, "ship_type": 0}
    # a craft of a mother ship (98MIDxxxx) sends the mother ship's MMSI where others send their dimensions
    return static if hasattr(m, "mothership_mmsi") else static | _read_hull(m)


def _read_27(m: Any) -> dict[str, Any]:
    return {
        "kind": HAS_POSITION,
        "msg_type": 27,
        "lon": m.lon,
        "lat": m.lat,
        "sog_kn": None if m.speed >= 63 else m.speed,
        "cog_deg": None if m.course >= 360 else m.course,
        "nav_status": int(m.status),
        "second": UNKNOWN_SECOND,
        "accurate": 0,
    }


def _read_place(m: Any) -> dict[str, Any]:
    return {
        "msg_type": m.msg_type,
        "lon": m.lon,
        "lat": m.lat,
        "sog_kn": m.speed,
        "cog_deg": m.course,
        "heading_deg": m.heading,
        "second": m.second,
        "accurate": int(m.accuracy),
    }


def _read_hull(m: Any) -> dict[str, Any]:
    return {
        "to_bow_m": m.to_bow,
        "to_stern_m": m.to_stern,
        "to_port_m": m.to_port,
        "to_starboard_m": m.to_starboard,
    }


_READERS: dict[int, Callable[[Any], dict[str, Any]]] = {
    1: _read_a,
    2: _read_a,
    3: _read_a,
    5: _read_5,
    18: _read_b,
    19: _read_19,
    24: _read_24,
    27: _read_27,
}
