"""Deliveries: arrivals in ports of the DPRK, one row each, from a table of the user's.

Deliveries are not transfers: fuel passes through several ships before one delivers it, so the two are counted in two
ledgers that are never added. A delivery without deadweight is counted and gives no tonnes, and the totals say so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.cargo.factors import UNSPECIFIED, products
from tracker.cargo.goods import NOT_OIL
from tracker.geo.states import alpha3
from tracker.tables.imo import parse_imo
from tracker.tables.rows import Faults, day_of, number, plain, read_csv

NEEDS = ("date", "vessel_name", "flag", "dwt_t")
FLAG_CLASSES = ("DPRK", "foreign", "unknown")
UNKNOWN_FLAGS = frozenset({"", "XX", "ZZ", "XXX", "ZZZ", "?", "UNKNOWN"})
FIRST_DAY = date(2006, 10, 14)
"""Resolution 1718, the first of the measures."""
LARGEST_DWT_T = 600_000.0
"""No ship was ever larger (Seawise Giant: 564,650 t)."""


@dataclass(frozen=True)
class Delivery:
    """One arrival with cargo for the DPRK; what is not known is None or empty."""

    row: int
    day: date
    vessel_name: str
    imo: str
    mmsi: str
    flag: str
    flag_class: str
    dwt_t: float | None
    cargo_t: float | None
    product: str
    ship_type: str
    port: str
    source: str
    hs: str = ""
    basis: str = "reported"
    """AIS and how the ship lay, or reported."""
    dwt_basis: str = "as given"
    span_t: tuple[float, float, float] | None = None
    """P10, P50, P90 of the cargo, where it was estimated otherwise than from the deadweight."""
    method: str = ""
    grade: str = ""
    legs: tuple[str, ...] = ()
    """Events of the transfers that filled the ship, by id."""

    @property
    def is_refined(self) -> bool:
        """Whether it counts against the cap on refined petroleum."""
        return self.product not in NOT_OIL and self.product != "crude" and not self.hs_is_other

    @property
    def hs_is_other(self) -> bool:
        """Whether an HS code was given that is none of oil (chapter 27 without coal)."""
        return bool(self.hs) and (not self.hs.startswith("27") or self.hs.startswith(("2701", "2702", "2704")))

    @property
    def ship(self) -> str:
        """What tells ships apart: IMO number, else MMSI, else name."""
        return self.imo or self.mmsi or self.vessel_name


@dataclass(frozen=True)
class Deliveries:
    """The deliveries of a file, in order of day and ship, and what was set aside."""

    rows: tuple[Delivery, ...]
    faults: Faults
    name: str
    digest: str
    is_synthetic: bool


def read_deliveries(path: Path, /, *, today: date, utc_offset_h: float) -> Deliveries:
    """Read ``deliveries.csv``: at least date, vessel_name, flag, dwt_t.

    Parameters
    ----------
    today : a delivery after it is set aside
    utc_offset_h : zone of the ledger's days; a date without a time is taken as it stands

    Raises
    ------
    InputError, EmptyInputError, MissingColumnError
    """
    rows, digest = read_csv(path, needs=NEEDS)
    faults = Faults()
    found: list[Delivery] = []
    seen: set[tuple[object, ...]] = set()
    for n, row in enumerate(rows, start=2):
        where = f"line {n} ({plain(row['vessel_name']) or 'no name'}, {plain(row['date']) or 'no date'})"
        day = day_of(row["date"], utc_offset_h=utc_offset_h)
        if day is None:
            faults.add("set aside: the date is no date", where)
        elif day > today:
            faults.add("set aside: the date lies in the future", where)
        elif day < FIRST_DAY:
            faults.add("set aside: the date lies before any measure on the DPRK", where)
        else:
            delivery = _delivery(row, n, day, faults, where)
            key = (day, delivery.ship, delivery.dwt_t, delivery.cargo_t, delivery.port)
            if delivery.ship and key in seen:
                faults.add("set aside: the same ship, day and port a second time", where)
                continue
            seen.add(key)
            found.append(delivery)
    _name_contradictions(found, faults)
    found.sort(key=lambda d: (d.day, d.ship, d.dwt_t or 0.0, d.row))
    marks = (path.name, *(row.get("synthetic", "") for row in rows), *(row.get("source", "") for row in rows))
    is_synthetic = any("SYNTHETIC" in m.upper() or m.lower() in {"true", "yes"} for m in marks)
    return Deliveries(tuple(found), faults, path.name, digest, is_synthetic)


def _name_contradictions(found: Sequence[Delivery], faults: Faults) -> None:
    """Rows that contradict themselves or one another are used as given, and named."""
    weights: dict[str, set[float]] = {}
    for d in found:
        where = f"line {d.row} ({d.vessel_name or 'no name'}, {d.day})"
        if d.cargo_t is not None and d.dwt_t is not None and d.cargo_t > d.dwt_t:
            faults.add("cargo above the ship's deadweight, kept as given", f"{where}: {d.cargo_t:g} on {d.dwt_t:g} t")
        if d.flag and d.flag_class != ("DPRK" if d.flag == "PRK" else "foreign"):
            faults.add("flag class against the flag: the class as given counts", f"{where}: {d.flag_class}, {d.flag}")
        if d.imo and parse_imo(d.imo) is None:
            faults.add("IMO number that is none, kept as text", f"{where}: {d.imo}")
        known = weights.setdefault(d.ship, set()) if d.imo or d.mmsi else set()
        if d.dwt_t is not None and known and d.dwt_t not in known:
            faults.add("one ship with several deadweights: each as given", f"{where}: {d.dwt_t:g} t")
        if d.dwt_t is not None:
            known.add(d.dwt_t)


def _delivery(row: Mapping[str, str], n: int, day: date, faults: Faults, where: str) -> Delivery:
    flag_text = row["flag"].upper()
    flag = None if flag_text in UNKNOWN_FLAGS else alpha3(flag_text)
    if flag is None and flag_text not in UNKNOWN_FLAGS:
        faults.add("unknown flag, left empty", f"{where}: {plain(row['flag'])}")
    return Delivery(
        row=n,
        day=day,
        vessel_name=plain(row["vessel_name"]),
        imo=plain(row.get("imo", "")),
        mmsi=plain(row.get("mmsi", "")),
        flag=flag or "",
        flag_class=_flag_class(row.get("flag_class", ""), flag, faults, where),
        dwt_t=_tonnes(row["dwt_t"], "deadweight", faults, where),
        cargo_t=_tonnes(row["cargo_t"], "cargo", faults, where) if row.get("cargo_t") else None,
        product=_product(row.get("product", ""), row.get("ship_type", ""), faults, where),
        ship_type=plain(row.get("ship_type", "")),
        port=plain(row.get("port", "")),
        source=plain(row.get("source", "")),
        hs=_hs(row.get("hs", ""), faults, where),
    )


def _hs(text: str, faults: Faults, where: str) -> str:
    """An HS code of two to ten digits, dots taken out."""
    code = text.replace(".", "").replace(" ", "")
    if not code or re.fullmatch(r"\d{2,10}", code, re.ASCII):
        return code
    faults.add("HS code that is none, left empty", f"{where}: {plain(text)}")
    return ""


def _flag_class(given: str, flag: str | None, faults: Faults, where: str) -> str:
    """A given class wins; else by the flag."""
    known = {name.lower(): name for name in FLAG_CLASSES}
    if given.lower() in known:
        return known[given.lower()]
    if given:
        faults.add("unknown flag class, taken from the flag", f"{where}: {plain(given)}")
    return "unknown" if flag is None else "DPRK" if flag == "PRK" else "foreign"


def _tonnes(text: str, what: str, faults: Faults, where: str) -> float | None:
    value = number(text)
    if value is not None and 0 < value <= LARGEST_DWT_T:
        return value
    reason = f"no {what}" if not text else f"{what} that is no weight of a ship"
    faults.add(f"{reason}: counted, gives no tonnes", f"{where}: {plain(text) or 'empty'}")
    return None


def _product(given: str, ship_type: str, faults: Faults, where: str) -> str:
    """The product as named, else liquefied gas for a gas carrier, else refined petroleum that is not specified."""
    name = given.lower().replace(" ", "_")
    if name in products() or name in NOT_OIL:
        return name
    if name:
        faults.add("unknown product, taken as unspecified refined petroleum", f"{where}: {plain(given)}")
    kind = ship_type.lower()
    return "lpg" if "lpg" in kind or "gas carrier" in kind else UNSPECIFIED


def told_deliveries(count: int, /) -> str:
    """A number of deliveries in words: ``1 delivery``, ``1,204 deliveries``."""
    return f"{count:,} {'delivery' if count == 1 else 'deliveries'}"
