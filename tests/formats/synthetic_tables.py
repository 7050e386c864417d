"""Tables of invented ships in the layouts of the public providers; no real vessel is meant (MID 200 is unassigned).

Run this file to write ``samples/`` anew; a test holds the samples to what this makes. Each layout holds a tanker at anchor,
a ship without heading and course, a row of identity without position, a malformed field or two, and what must be refused.
"""

import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.formats.synthetic import SAMPLES

NOAA = """\
MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass
200000001,2023-11-14T22:13:20,30.25000,124.50000,0.4,211.3,45.0,SYNTHETIC ONE,IMO9074729,SYNTH1,80,1.0,170.0,28.0,9.8,80,A
200000002,2023-11-14T22:13:21,30.25050,124.50100,102.3,360.0,511.0,SYNTHETIC TWO,IMO0000000,SYNTH2,1024,15,0.0,0.0,0.0,,A
200000003,2023-11-14T22:13:22,30.30000,124.60000,abc,10.0,511,SYNTHETIC SMALL,12AB,SYN3,37,,x,4,,37,B
200000001,2023-11-14T22:14:20,91.00000,181.00000,0.4,211.3,45.0,SYNTHETIC ONE,IMO9074729,SYNTH1,80,1.0,170.0,28.0,9.8,80,A
2000001,2023-11-14T22:14:21,31.00000,122.00000,0.0,0.0,511,SYNTHETIC COAST STATION,,,,,,,,,
123456789,2023-11-14T22:14:22,30.30000,124.60000,0.0,0.0,511,SYNTHETIC DEFAULT,,,,,,,,,A
200000004,2023-11-14T22:14:23,0.00000,0.00000,0.0,0.0,511,SYNTHETIC NOWHERE,,,70,0,,,,,A
200000004,yesterday,30.30000,124.60000,0.0,0.0,511,SYNTHETIC LATE,,,70,0,,,,,A
200000004,2023-11-14T22:14:25,30.30000
200000004,2023-11-14T22:14:26,30.31000,124.61000,5.5,90.0,91,"SYNTHETIC, ""QUOTED"" FOUR",,SYN4,70,0,,,,,A
"""
NOAA_ROWS = {"positions": 4, "statics": 1, "rejects": 5}

NOAA_2025 = """\
mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver
200000001,2023-11-14 22:13:20,124.50000,30.25000,0.4,211.3,45,SYNTHETIC ONE,IMO9074729,SYNTH1,80,1,170,28,9.8,80,A
200000002,2023-11-14 22:13:21,124.50100,30.25050,102.3,360.0,511,SYNTHETIC TWO,,SYNTH2,80,15,0,0,0,,A
200000003,2023-11-14 22:13:22,124.60000,30.30000,7.1,10.0,511,SYNTHETIC SMALL,,SYN3,37,,11,4,,37,B
200000004,2023-11-14 22:14:23,220.00000,30.30000,0.0,0.0,511,,,,,,,,,,A
"""
NOAA_2025_ROWS = {"positions": 3, "statics": 0, "rejects": 1}

DMA_HEAD = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,"
    "Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type"
)
DMA_ROWS_22 = """\
14/11/2023 22:13:20,Class A,200000001,30.250000,124.500000,At anchor,0.0,0.4,211.3,45,9074729,SYNTH1,SYNTHETIC ONE,Tanker,Category X,28,170,GPS,9.8,NOWHERE (SYNTHETIC),,AIS
14/11/2023 22:13:21,Class A,200000002,30.250500,124.501000,Unknown value,,,,,Unknown,,,Undefined,,,,Undefined,,,,AIS
14/11/2023 22:13:22,Class B,200000003,30.300000,124.600000,Unknown value,,7.1,10.0,,Unknown,SYN3,SYNTHETIC SMALL,Sailing,,4,11,GPS,,Unknown,,AIS
14/11/2023 22:13:23,Class A,200000001,91.000000,0.000000,Unknown value,,,,,9074729,SYNTH1,SYNTHETIC ONE,Tanker,Category X,28,170,GPS,9.8,NOWHERE (SYNTHETIC),,AIS
14/11/2023 22:13:24,Class A,200000002,91.000000,0.000000,Unknown value,,,,,Unknown,,,Undefined,,,,Undefined,,,,AIS
14/11/2023 22:13:25,Base Station,2000001,31.000000,122.000000,Unknown value,,,,,Unknown,,,Undefined,,,,GPS,,,,AIS
14/11/2023 22:13:26,AtoN,992000001,31.000000,122.000000,Unknown value,,,,,Unknown,,SYNTHETIC BUOY,Undefined,,2,2,Surveyed,,,,AIS
31/12/2023 23:59:59,Class A,200000001,30.250000,124.500000,Restricted maneuverability,0.0,0.4,211.3,45,9074728,SYNTH1,SYNTHETIC ONE,Tanker,,28,170,GPS,9.8,,,AIS
""".splitlines()
DMA_ROWS = {"positions": 4, "statics": 1, "rejects": 3}
HULL = ",140,30,12,16"

ANY = """\
Received (UTC);Date;Clock;SHIPID;Long;Lat;Speed;Course
1700000000;2023-11-14;22:13:20;200000001;124,5;30,25;0,4;211,3
1700000001;2023-11-14;22:13:21;200000002;124,501;30,2505;102,3;360
1700000002;2023-11-14;22:13:22;200000003;;;1;2
"""
"""A table that only ``[columns]`` can read: European decimals, and a time in two columns."""
ANY_COLUMNS = {"mmsi": "SHIPID", "time": "{Date} {Clock}"}

CSV = """\
"timestamp","mmsi","lat","lon","speed"
"2023-11-14 22:13:20.250","200000001","30.25","124.5","0.4"
"2023-11-14 22:13:21.000","200000002","30.2505","124.501",""
"2023-11-14 22:13:22.000","","30.2505","124.501","1.0"
"""
CSV_ROWS = {"positions": 2, "statics": 0, "rejects": 1}


def make_dma_22() -> str:
    """The layout up to 2023: no antenna."""
    return "\n".join([DMA_HEAD, *DMA_ROWS_22]) + "\n"


def make_dma_26() -> str:
    """The layout with A, B, C, D at the end."""
    rows = [row + (HULL if ",SYNTHETIC ONE," in row else ",,,,") for row in DMA_ROWS_22]
    return "\n".join([f"{DMA_HEAD},A,B,C,D", *rows]) + "\n"


MAKERS: dict[str, Callable[[], str]] = {
    "synthetic_marinecadastre.csv": lambda: NOAA,
    "synthetic_noaa_2025.csv": lambda: NOAA_2025,
    "synthetic_aisdk_22.csv": make_dma_22,
    "synthetic_aisdk_26.csv": make_dma_26,
    "synthetic_decimal_comma.csv": lambda: ANY,
    "synthetic_plain.csv": lambda: CSV,
}


def wkb_point(lon: float, lat: float) -> bytes:
    """A point as OGC's well-known binary, little-endian."""
    return struct.pack("<BIdd", 1, 1, lon, lat)


def write_geoparquet(path: Path) -> dict[str, int]:
    """The columns of NOAA's GeoParquet; gives the expected counts."""
    moment = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC).replace(tzinfo=None)
    table = pa.table(
        {
            "mmsi": ["200000001", "200000002", "200000003"],
            "base_date_time": pa.array([moment] * 3, pa.timestamp("us")),
            "sog": [0.4, 102.3, 7.1],
            "cog": [211.3, 360.0, 10.0],
            "heading": [45, 511, 511],
            "vessel_name": ["SYNTHETIC ONE", "SYNTHETIC TWO", None],
            "imo": ["IMO9074729", None, None],
            "vessel_type": [80, 0, 37],
            "length": [170, 0, 11],
            "draft": [9.8, 0.0, float("nan")],
            "transceiver": ["A", "A", "B"],
            "geometry": [wkb_point(124.5, 30.25), wkb_point(124.501, 30.2505), None],
        }
    )
    pq.write_table(table, path)
    return {"positions": 2, "statics": 1, "rejects": 0}


def write_parquet(path: Path) -> dict[str, int]:
    """Columns that only the aliases know; gives the expected counts."""
    table = pa.table(
        {
            "ts": pa.array([1_700_000_000_000, 1_700_000_001_000], pa.int64()),
            "ssvid": pa.array([200_000_001, 200_000_002], pa.int64()),
            "longitude": [124.5, 124.501],
            "latitude": [30.25, float("inf")],
            "shipname": ["SYNTHETIC ONE", None],
        }
    )
    pq.write_table(table, path)
    return {"positions": 1, "statics": 0, "rejects": 1}


if __name__ == "__main__":
    for name, make in MAKERS.items():
        (SAMPLES / name).write_text(make())
