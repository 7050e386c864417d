"""A case with one made-up meeting: two ships come together off Shanghai, lie side by side four hours, and part.

Their draughts change in opposite directions; a third ship is heard near by; one name is hostile. Synthetic.
"""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracker.archive.case import Case, open_case
from tracker.pipeline.run import run

HOSTILE_NAME = "<B>=X&'"
START = datetime(2020, 1, 10, 4, tzinfo=UTC)
LON, LAT = 124.0, 30.0
NUMBERS = ("IMO1234567", "IMO7654329", "")
"""Right check digits, no ship's."""
HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo"


def case_of_a_meeting(folder: Path) -> Case:
    """Write the ships' reports as CSV, run the whole job, and open the case."""
    path = folder / "SYNTHETIC_meeting.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER.split(","))
        for minute in range(0, 16 * 60, 2):
            hour = minute / 60.0
            time = START + timedelta(minutes=minute)
            writer.writerow(
                _row(412_000_001, time, hour, side=0.0, name=HOSTILE_NAME, draught=9.0 if hour < 9 else 7.0)
            )
            writer.writerow(
                _row(412_000_002, time, hour, side=24.0, name="RECEIVER", draught=4.0 if hour < 10.5 else 6.1)
            )
            writer.writerow(_row(412_000_003, time, hour, side=15_000.0, name="NEIGHBOUR", draught=5.0))
    run([path], folder / "case")
    return open_case(folder / "case")


def _row(mmsi: int, time: datetime, hour: float, *, side: float, name: str, draught: float) -> list[object]:
    """A ship that sails east to the meeting until hour 5, drifts north until 9, and sails away; ``side`` metres to starboard."""
    apart = max(5.0 - hour, hour - 9.0, 0.0) * (1.0 if side else -1.0) * 0.15
    east = side / (111_320.0 * math.cos(math.radians(LAT)))
    speed = 0.6 if 5.0 <= hour <= 9.0 else 8.0
    north = 0.01 * (min(max(hour, 5.0), 9.0) - 5.0)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S")
    place = [f"{LAT + north:.6f}", f"{LON + east + apart:.6f}"]
    return [mmsi, stamp, *place, speed, 0.0, 0, name, NUMBERS[mmsi % 10 - 1], "BXYZ1", 80, 0, 120, 18, draught, 80]
