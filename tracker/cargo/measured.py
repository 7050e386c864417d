"""M4: what others measured of a cargo (a bill of lading, customs, freeboard on an image, a state's figure).

Each enters the estimate as a measurement with the error that its source states; one without an error or without a
source is set aside, because it could be weighed against nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.cargo.combine import Measurement
from tracker.cargo.factors import products
from tracker.tables.given import GivenTable
from tracker.tables.imo import parse_imo
from tracker.tables.rows import Faults, day_of, number, plain, rows_of

Z90 = 1.2815515655446004
"""Standard normal quantile of 0.9: low and high are read as P10 and P90."""
MOST_T = 600_000.0
DAY_SLACK = timedelta(days=1)
LONGEST_ON_BOARD = timedelta(days=60)
"""A product loaded longer ago says nothing of today's (judgement)."""
LEAST_ERROR = 0.01
"""No cargo is known better than to a hundredth."""


@dataclass(frozen=True)
class Measured:
    """One figure: for an event by id, or for the meeting of a ship on a day."""

    line: int
    tonnes: float
    sd_t: float
    source: str
    event_id: str
    day: date | None
    imo: int | None
    mmsi: int | None
    name: str
    product: str = ""
    is_loading: bool = False
    """What the ship loaded, not what she gave: it names her product from then on."""

    def is_of(self, row: Mapping[str, Any], /) -> bool:
        """Whether the figure is of this event."""
        if self.event_id:
            return bool(str(row["event_id"]) == self.event_id)
        assert self.day is not None
        first, last = row["start_time"].date() - DAY_SLACK, row["end_time"].date() + DAY_SLACK
        return first <= self.day <= last and any(self.is_ship(row, n) for n in (1, 2))

    def is_last_loading(self, row: Mapping[str, Any], n: int, /) -> bool:
        """Whether ship `n` of the event loaded this not long before it."""
        if not self.is_loading or not self.product or self.day is None or not self.is_ship(row, n):
            return False
        return bool(timedelta(0) <= row["start_time"].date() - self.day <= LONGEST_ON_BOARD)

    def is_ship(self, row: Mapping[str, Any], n: int, /) -> bool:
        """Whether the figure names ship `n` of the event."""
        imo, mmsi, name = row.get(f"imo_{n}"), row.get(f"mmsi_{n}"), row.get(f"name_{n}")
        if self.imo is not None and imo is not None:
            return bool(self.imo == imo)
        if self.mmsi is not None:
            return bool(self.mmsi == mmsi)
        return bool(self.name) and self.name.casefold() == str(name or "").casefold()

    @property
    def measurement(self) -> Measurement:
        """As the combination takes it."""
        return Measurement("M4 measurement", self.tonnes, self.sd_t, f"{self.source} (line {self.line})")


@dataclass(frozen=True)
class MeasuredTable:
    """Figures of a file, and what was set aside."""

    rows: tuple[Measured, ...]
    faults: Faults
    name: str
    digest: str


def read_measured(table: GivenTable, /) -> MeasuredTable:
    """Read ``measurements.csv``: tonnes, source, sd_t (or low_t and high_t), and event_id, or date with a ship.

    The ship is named by imo, mmsi or vessel_name. ``kind`` loading tells what a ship loaded (product, date, ship; no
    tonnes are needed): it names the product that she gives within `LONGEST_ON_BOARD`. Raises as `tracker.tables.rows.rows_of`.
    """
    faults, found = Faults(), []
    for n, row in enumerate(rows_of(table.content, table.name, needs=("tonnes", "source")), start=2):
        one = _measured(row, n, faults)
        if one is not None:
            found.append(one)
    return MeasuredTable(tuple(found), faults, table.name, table.digest)


def assign(
    table: MeasuredTable, rows: Sequence[Mapping[str, Any]], meetings: Sequence[tuple[int, Sequence[int]]], /
) -> tuple[dict[int, list[Measured]], Faults]:
    """Figures by place of the event among `rows`, and why figures found no event.

    A figure that fits several meetings is given to none: which one it was cannot be known.

    Parameters
    ----------
    meetings : the place of a meeting's principal event, and the places of all its legs
    """
    faults = Faults()
    found: dict[int, list[Measured]] = {}
    for one in table.rows:
        if one.is_loading:
            continue
        fitting = [principal for principal, legs in meetings if any(one.is_of(rows[leg]) for leg in legs)]
        where = f"line {one.line} ({one.tonnes:,.0f} t, {one.source})"
        if not fitting:
            faults.add("not used: no transfer that was found fits it", where)
        elif len(fitting) > 1:
            ids = ", ".join(str(rows[i]["event_id"]) for i in fitting[:3])
            faults.add("not used: it fits several events; name one in event_id", f"{where}: {ids}")
        else:
            found.setdefault(fitting[0], []).append(one)
    return found, faults


def _measured(row: Mapping[str, str], n: int, faults: Faults) -> Measured | None:
    where = f"line {n} ({plain(row['tonnes']) or 'empty'} t)"
    tonnes = number(row["tonnes"])
    sd_t = _sd(row)
    event_id = row.get("event_id", "").lower()
    day = day_of(row.get("date", ""), utc_offset_h=0.0)
    imo = parse_imo(row.get("imo", ""))
    mmsi_text, name = row.get("mmsi", ""), plain(row.get("vessel_name", ""))
    mmsi = int(mmsi_text) if re.fullmatch(r"\d{9}", mmsi_text, re.ASCII) else None
    if row.get("imo") and imo is None:
        faults.add("IMO number with a wrong check digit, left empty", f"{where}: {plain(row['imo'])}")
    product = row.get("product", "").lower().replace(" ", "_")
    if product and product not in products():
        faults.add("unknown product, left empty", f"{where}: {plain(product)}")
        product = ""
    if row.get("kind", "").lower() == "loading":
        if day is None or not product or not row["source"] or not (imo or mmsi or name):
            faults.add("set aside: a loading needs date, ship, product and source", where)
            return None
        return Measured(n, tonnes or 0.0, 0.0, plain(row["source"]), "", day, imo, mmsi, name, product, True)
    if tonnes is None or not 0 <= tonnes <= MOST_T:
        faults.add("set aside: tonnes that are no cargo", where)
    elif sd_t is None:
        faults.add("set aside: no error is stated (sd_t, or low_t and high_t)", where)
    elif not row["source"]:
        faults.add("set aside: no source", where)
    elif not event_id and (day is None or not (imo or mmsi or name)):
        faults.add("set aside: neither event_id nor a date with a ship", where)
    else:
        sd_t = max(sd_t, LEAST_ERROR * tonnes, 1.0)
        return Measured(n, tonnes, sd_t, plain(row["source"]), event_id, day, imo, mmsi, name, product)
    return None


def _sd(row: Mapping[str, str]) -> float | None:
    sd_t, low, high = (number(row.get(name, "")) for name in ("sd_t", "low_t", "high_t"))
    if sd_t is None and low is not None and high is not None:
        sd_t = (high - low) / (2.0 * Z90)
    return sd_t if sd_t is not None and sd_t > 0 else None
