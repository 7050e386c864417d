"""AIS of invented ships for the tests of the formats: NMEA made with pyais' encoder, JSON as its services shape it.

Everything here is synthetic; run this file to write ``samples/`` anew. A test holds the samples to what this makes.
"""

import json
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

import pyais

SAMPLES = Path(__file__).parent / "samples"
START_S = 1_700_000_000


def checked(body: str) -> str:
    """The text with its NMEA checksum."""
    return f"{body}*{reduce(xor, body.encode(), 0):02X}"


def sentences(message: dict[str, Any], *, talker: str = "AI", channel: str = "A", seq_id: int = 0) -> list[str]:
    """The sentences of a message, made by pyais."""
    return pyais.encode_dict(message, talker_id=talker, sentence_type="VDM", radio_channel=channel, seq_id=seq_id)


def tagged(sentence: str, tag: str) -> str:
    """A sentence behind a tag block."""
    return f"\\{checked(tag)}\\{sentence}"


def position(mmsi: int = 200_000_001, **other: Any) -> dict[str, Any]:
    """A type 1 report of an invented ship in the East China Sea."""
    fields = {
        "msg_type": 1, "mmsi": mmsi, "status": 0, "speed": 0.4, "accuracy": True, "lon": 124.5, "lat": 30.25,
        "course": 211.3, "heading": 45, "second": 20,
    }  # fmt: skip
    return fields | other


def voyage(mmsi: int = 200_000_001, **other: Any) -> dict[str, Any]:
    """A type 5 report of the same ship: two sentences."""
    fields = {
        "msg_type": 5, "mmsi": mmsi, "imo": 9074729, "callsign": "SYNTH1", "shipname": "SYNTHETIC ONE", "ship_type": 85,
        "to_bow": 140, "to_stern": 30, "to_port": 12, "to_starboard": 16, "draught": 9.8,
        "destination": "NOWHERE (SYNTHETIC)",
    }  # fmt: skip
    return fields | other


def make_nmea() -> str:
    """Tag blocks with and without groups, parts of two messages interleaved, and each kind of message once."""
    lines = ["# synthetic: invented ships, no real vessel is meant", ""]
    first, second = sentences(voyage(), seq_id=1)
    other_first, other_second = sentences(voyage(200_000_002, shipname="SYNTHETIC TWO"), seq_id=1)
    lines += [
        tagged(first, f"g:1-2-7,s:ONE,c:{START_S}"),
        tagged(other_first, f"g:1-2-8,s:TWO,c:{START_S + 1}"),
        tagged(second, "g:2-2-7"),
        tagged(other_second, "g:2-2-8"),
        tagged(sentences(position())[0], f"s:ONE,c:{START_S + 2}"),
        tagged(sentences(position(200_000_002, msg_type=3), talker="BS")[0], f"s:ONE,c:{(START_S + 3) * 1000 + 250}"),
        tagged(sentences(position(200_000_003, msg_type=18, shipname=""))[0], f"c:{START_S + 4}"),
    ]
    craft = {"msg_type": 24, "mmsi": 200_000_003}
    lines += [
        tagged(sentences(craft | {"partno": 0, "shipname": "SYNTHETIC SMALL"})[0], f"c:{START_S + 5}"),
        tagged(sentences(craft | {"partno": 1, "callsign": "SYN3", "ship_type": 30, "to_bow": 5, "to_stern": 6,
                                  "to_port": 1, "to_starboard": 2})[0], f"c:{START_S + 5}"),
        tagged(sentences({"msg_type": 24, "mmsi": 982_000_001, "partno": 1, "callsign": "TENDER", "ship_type": 50,
                          "mothership_mmsi": 200_000_001})[0], f"c:{START_S + 6}"),
    ]  # fmt: skip
    wide = sentences(position(200_000_004, msg_type=19, shipname="SYNTHETIC WIDE", ship_type=37, to_bow=9, to_stern=4,
                              to_port=2, to_starboard=2), seq_id=3)  # fmt: skip
    lines += [tagged(part, f"c:{START_S + 7}") for part in wide]
    far = {"msg_type": 27, "mmsi": 200_000_005, "lon": 124.55, "lat": 30.3, "speed": 7, "course": 90, "status": 0}
    base = {"msg_type": 4, "mmsi": 2_000_001, "lon": 122.0, "lat": 31.0, "year": 2023, "month": 11, "day": 14}
    mark = {"msg_type": 21, "mmsi": 992_000_001, "lon": 122.0, "lat": 31.0, "name": "SYNTHETIC BUOY"}
    plane = {"msg_type": 9, "mmsi": 111_200_001, "lon": 122.0, "lat": 31.0, "alt": 300}
    lines += [tagged(part, f"c:{START_S + 8}") for message in (far, base, mark, plane) for part in sentences(message)]
    lines += [
        "$GPRMC,000000.00,V,,,,,,,,,,N*53",
        sentences(position(second=12))[0].replace("*", "*F", 1)[:-1],
        "!AIVDM,1,1,,A,,0*26",
    ]
    return "\n".join(lines) + "\n"


def aisstream_record(kind: str, body: dict[str, Any], **meta: Any) -> dict[str, Any]:
    """One message as aisstream.io sends it."""
    about = {"MMSI": body.get("UserID"), "ShipName": "SYNTHETIC ONE       ",
             "time_utc": "2023-11-14 22:13:20.123456789 +0000 UTC"}  # fmt: skip
    return {"Message": {kind: {"Valid": True} | body}, "MessageType": kind, "MetaData": about | meta}


def make_aisstream() -> str:
    """A position, a voyage report, a long range position, a base station."""
    place = {"UserID": 200_000_001, "Longitude": 124.5, "Latitude": 30.25, "Sog": 0.4, "Cog": 211.3}
    records = [
        aisstream_record("PositionReport", place | {"MessageID": 3, "TrueHeading": 511, "NavigationalStatus": 1,
                                                    "PositionAccuracy": True}),
        aisstream_record("ShipStaticData", {"UserID": 200_000_001, "MessageID": 5, "Name": "SYNTHETIC ONE",
                                            "CallSign": "SYNTH1", "ImoNumber": 9074729, "Type": 88,
                                            "Dimension": {"A": 140, "B": 30, "C": 12, "D": 16},
                                            "MaximumStaticDraught": 9.8, "Destination": "NOWHERE (SYNTHETIC)"}),
        aisstream_record("LongRangeAisBroadcastMessage", place | {"MessageID": 27, "Sog": 63, "Cog": 511}),
        aisstream_record("BaseStationReport", {"UserID": 2_000_001, "MessageID": 4}),
    ]  # fmt: skip
    return "".join(json.dumps(record) + "\n" for record in records)


def make_gfw() -> str:
    """Positions with ``ssvid``, one with ``mmsi``, and a static report."""
    about = {"ssvid": 200_000_001, "timestamp": "2023-11-14 22:13:20.500000"}
    records = [
        about | {"lat": 30.25, "lon": 124.5, "course": 211.3, "speed": 0.4},
        {"mmsi": 200_000_001, "timestamp": "2023-11-14T22:13:30Z", "lat": 30.25, "lon": 124.5, "type": 1, "status": 1,
         "heading": 45, "speed": 0.3, "course": 10},
        about | {"type": "AIS.5", "shipname": "SYNTHETIC ONE", "callsign": "SYNTH1", "imo": 9074729,
                 "shiptype": "cargo", "to_bow": 140, "to_stern": 30, "to_port": 12, "to_starboard": 16},
        about | {"type": 4, "lat": 31.0, "lon": 122.0},
    ]  # fmt: skip
    return "".join(json.dumps(record) + "\n" for record in records)


MAKERS = {
    "synthetic_tagblock.nmea": make_nmea,
    "synthetic_aisstream.jsonl": make_aisstream,
    "synthetic_gfw.jsonl": make_gfw,
}

if __name__ == "__main__":
    for name, make in MAKERS.items():
        (SAMPLES / name).write_text(make())
