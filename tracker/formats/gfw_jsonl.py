"""AIS messages as JSON lines with the field names of Global Fishing Watch's open tools (gpsdio, pipe-segment).

One object a line: ``ssvid`` or ``mmsi``, ``timestamp``, ``lat``, ``lon``, ``speed`` (kn), ``course``, and in static
messages ``shipname``, ``callsign``, ``imo``, ``shiptype``, ``to_bow`` and so on. What Global Fishing Watch's API
answers (events, vessels) is not AIS and not this format.

Source: GlobalFishingWatch/gpsdio (schema), GlobalFishingWatch/gpsdio-segment (test data).
"""

from collections.abc import Iterator
from typing import Any, Final

from tracker.formats.format import ReadOptions, Source
from tracker.formats.json_format import read_records, share_of
from tracker.formats.json_lines import Fields, parse_time, reject
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, Reports

_NOT_A_SHIP: Final = frozenset({4, 9, 11, 21})
_CLASSES: Final = {1: "A", 2: "A", 3: "A", 5: "A", 18: "B", 19: "B", 24: "B"}
_IDENTITY: Final = ("shipname", "callsign", "imo", "shiptype", "to_bow", "length", "width", "destination", "draught")
_LONG_RANGE: Final = 27


class GfwJsonl:
    """The format ``gfw-jsonl``."""

    name = "gfw-jsonl"
    doc = "Global Fishing Watch and gpsdio messages, JSON lines"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """0.9 times the share of the first records that have an MMSI, a timestamp, and a place or an identity."""
        return 0.9 * share_of(source, _is_message)

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingTimeError
            When no record has a time.
        """
        return read_records(source, options, read_record)


def _is_message(record: dict[str, Any]) -> bool:
    is_placed = "lat" in record and "lon" in record
    return (
        ("ssvid" in record or "mmsi" in record)
        and "timestamp" in record
        and (is_placed or any(name in record for name in _IDENTITY) or "type" in record)
    )


def read_record(record: dict[str, Any], fields: Fields, /) -> dict[str, Any]:
    """The row (without its number) of one message."""
    msg_type = _message_type(record.get("type"))
    sent = record.get("timestamp")
    head: dict[str, Any] = {
        "time": parse_time(sent),
        "mmsi": fields.mmsi(record.get("mmsi"), record.get("ssvid")),
    }
    if msg_type in _NOT_A_SHIP:
        return head | reject("not_a_ship", record.get("type"))
    has_place = record.get("lat") is not None or record.get("lon") is not None
    has_identity = any(record.get(name) not in (None, "") for name in _IDENTITY)
    is_known = msg_type is None or msg_type in _CLASSES or msg_type == _LONG_RANGE
    if not is_known or not (has_place or has_identity):
        return head | reject("other_message" if msg_type is not None else "bad_sentence", record)
    if head["time"] is None:
        return head | reject("bad_time" if sent is not None else "no_time", sent)
    row = head | {
        "kind": HAS_POSITION * has_place | HAS_STATIC * has_identity,
        "msg_type": msg_type,
        "ais_class": _CLASSES.get(msg_type or 0),
        "station": fields.text(record.get("receiver") or record.get("source"), "station"),
    }
    return row | _place(record, msg_type, fields) | (_identity(record, msg_type, fields) if has_identity else {})


def _message_type(value: Any) -> int | None:
    """1 of ``1`` and of ``AIS.1``; None when the record does not say."""
    digits = str(value).rpartition(".")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < len(digits) < 3 else None


def _place(record: dict[str, Any], msg_type: int | None, fields: Fields) -> dict[str, Any]:
    flags = HIGH_ACCURACY if record.get("accuracy") in (True, 1) else 0
    return {
        "lon": fields.number(record.get("lon"), "lon"),
        "lat": fields.number(record.get("lat"), "lat"),
        "sog_kn": fields.number(record.get("speed"), "sog_kn"),
        "cog_deg": fields.number(record.get("course"), "cog_deg"),
        "heading_deg": fields.number(record.get("heading"), "heading_deg"),
        "nav_status": fields.integer(record.get("status"), "nav_status"),
        "flags": LOW_ACCURACY if msg_type == _LONG_RANGE else flags,
    }


def _identity(record: dict[str, Any], msg_type: int | None, fields: Fields) -> dict[str, Any]:
    code = record.get("shiptype")
    is_code = isinstance(code, int) or (isinstance(code, str) and code.isascii() and code.isdigit())
    return {
        "name": fields.text(record.get("shipname"), "name"),
        "callsign": fields.text(record.get("callsign"), "callsign"),
        "imo": fields.text(record.get("imo"), "imo"),
        # words ("cargo") stand there too; they are no AIS code
        "ship_type": fields.integer(code, "ship_type") if is_code else None,
        "length_m": fields.number(record.get("length"), "length_m"),
        "beam_m": fields.number(record.get("width"), "beam_m"),
        "to_bow_m": fields.integer(record.get("to_bow"), "to_bow_m"),
        "to_stern_m": fields.integer(record.get("to_stern"), "to_stern_m"),
        "to_port_m": fields.integer(record.get("to_port"), "to_port_m"),
        "to_starboard_m": fields.integer(record.get("to_starboard"), "to_starboard_m"),
        "draught_m": fields.number(record.get("draught"), "draught_m"),
        "destination": fields.text(record.get("destination"), "destination"),
    }


FORMAT = GfwJsonl()
