"""Messages of aisstream.io: one JSON object each, with the decoded message and ``MetaData`` of the server.

Names of message fields follow ITU-R M.1371; the time is that of reception (``MetaData.time_utc``). The ship's name
that the server joins to positions is taken as identity. Source: https://aisstream.io/documentation.
"""

from collections.abc import Iterator
from typing import Any, Final

from tracker.formats.format import ReadOptions, Source
from tracker.formats.json_format import read_records, share_of
from tracker.formats.json_lines import Fields, parse_time, reject
from tracker.tables.positions import HIGH_ACCURACY, LOW_ACCURACY
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, Reports

_POSITIONS: Final = {
    "PositionReport": "A",
    "StandardClassBPositionReport": "B",
    "ExtendedClassBPositionReport": "B",
    "LongRangeAisBroadcastMessage": None,
}
_STATICS: Final = {"ShipStaticData": "A", "StaticDataReport": "B"}
_TYPES: Final = {
    "PositionReport": 1,
    "StandardClassBPositionReport": 18,
    "ExtendedClassBPositionReport": 19,
    "LongRangeAisBroadcastMessage": 27,
    "ShipStaticData": 5,
    "StaticDataReport": 24,
}
_NOT_A_SHIP: Final = frozenset({"BaseStationReport", "AidsToNavigationReport", "StandardSearchAndRescueAircraftReport"})


class Aisstream:
    """The format ``aisstream``."""

    name = "aisstream"
    doc = "aisstream.io messages, JSON lines or pretty-printed"

    def sniff(self, source: Source, _options: ReadOptions, /) -> float:
        """0.97 times the share of the first records that have ``MessageType`` and ``MetaData`` or ``Message``."""
        return 0.97 * share_of(source, lambda r: "MessageType" in r and ("MetaData" in r or "Message" in r))

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingTimeError
            When no record has a time.
        """
        return read_records(source, options, read_record)


def read_record(record: dict[str, Any], fields: Fields, /) -> dict[str, Any]:
    """The row (without its number) of one message."""
    kind, meta = record.get("MessageType"), _dict(record.get("MetaData"))
    body = _dict(_dict(record.get("Message")).get(kind)) if isinstance(kind, str) else {}
    sent = meta.get("time_utc")
    head: dict[str, Any] = {
        "time": parse_time(sent),
        "mmsi": fields.mmsi(body.get("UserID"), meta.get("MMSI")),
    }
    if not isinstance(kind, str):
        return head | reject("bad_sentence", record)
    if kind not in _TYPES:
        return head | reject("not_a_ship" if kind in _NOT_A_SHIP else "other_message", kind)
    if not body or body.get("Valid") is False:
        return head | reject("bad_sentence", body or kind)
    if head["time"] is None:
        return head | reject("bad_time" if sent else "no_time", sent)
    sent_type = fields.integer(body.get("MessageID"), "msg_type", high=27)
    head["msg_type"] = sent_type or _TYPES[kind]
    if kind in _STATICS:
        return head | {"kind": HAS_STATIC, "ais_class": _STATICS[kind]} | _identity(kind, body, head["mmsi"], fields)
    row = head | {"kind": HAS_POSITION, "ais_class": _POSITIONS[kind]} | _place(kind, body, fields)
    row |= _identity(kind, body, head["mmsi"], fields) if kind == "ExtendedClassBPositionReport" else {}
    row["name"] = row.get("name") or fields.text(meta.get("ShipName"), "name")
    if row["name"] or kind == "ExtendedClassBPositionReport":
        row["kind"] = HAS_POSITION | HAS_STATIC
    return row


def _place(kind: str, body: dict[str, Any], fields: Fields) -> dict[str, Any]:
    sog = fields.number(body.get("Sog"), "sog_kn")
    cog = fields.number(body.get("Cog"), "cog_deg")
    flags = HIGH_ACCURACY if body.get("PositionAccuracy") is True else 0
    if kind == "LongRangeAisBroadcastMessage":
        # its sentinels are 63 kn and 511 degrees; those of the other types are judged with all formats
        sog, cog, flags = (None if sog == 63 else sog), (None if cog == 511 else cog), LOW_ACCURACY
    return {
        "lon": fields.number(body.get("Longitude"), "lon"),
        "lat": fields.number(body.get("Latitude"), "lat"),
        "sog_kn": sog,
        "cog_deg": cog,
        "heading_deg": fields.number(body.get("TrueHeading"), "heading_deg"),
        "nav_status": fields.integer(body.get("NavigationalStatus"), "nav_status"),
        "flags": flags,
    }


def _identity(kind: str, body: dict[str, Any], mmsi: int | None, fields: Fields) -> dict[str, Any]:
    if kind == "StaticDataReport":
        part = "ReportB" if body.get("PartNumber") in (True, 1) else "ReportA"
        body = _dict(body.get(part))
    hull = _dict(body.get("Dimension"))
    if mmsi is not None and mmsi // 10_000_000 == 98:
        hull = {}  # a craft of a mother ship sends the mother ship's MMSI in the place of its dimensions
    ship_type = body.get("ShipType") if kind == "StaticDataReport" else body.get("Type")
    return {
        "name": fields.text(body.get("Name"), "name"),
        "callsign": fields.text(body.get("CallSign"), "callsign"),
        "imo": fields.text(body.get("ImoNumber"), "imo"),
        "ship_type": fields.integer(ship_type, "ship_type"),
        "to_bow_m": fields.integer(hull.get("A"), "to_bow_m"),
        "to_stern_m": fields.integer(hull.get("B"), "to_stern_m"),
        "to_port_m": fields.integer(hull.get("C"), "to_port_m"),
        "to_starboard_m": fields.integer(hull.get("D"), "to_starboard_m"),
        "draught_m": fields.number(body.get("MaximumStaticDraught"), "draught_m"),
        "destination": fields.text(body.get("Destination"), "destination"),
    }


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


FORMAT = Aisstream()
