"""``tracker zone``: whose water a place is, in words, as JSON, or for a CSV of points."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.cli.degrees import place_of
from tracker.errors import InputError, MissingColumnError
from tracker.exporters.cells import safe_text

if TYPE_CHECKING:
    from tracker.zones.given import GivenZones

ROWS_AT_A_TIME = 50_000
WORDS = {
    "waters": "Waters",
    "state": "State",
    "claimants": "Claimants",
    "special_zones": "Special zones",
    "sea": "Sea",
    "is_international": "Beyond every territorial sea",
    "coast_distance_nm": "Distance to the coast, nm",
    "baseline_distance_nm": "Distance to the baseline, nm",
    "margin_nm": "Distance to the nearest limit, nm",
    "waters_uncertain": "Uncertain",
    "port": "Nearest port",
    "port_distance_nm": "Distance to it, nm",
    "source": "Source",
}


def _silent(_: str) -> None:
    """Say nothing."""


def answer_point(lat: float, lon: float, /, *, as_json: bool, zones: "GivenZones | None" = None) -> Iterator[str]:
    """Lines about one place."""
    from tracker.zones.point import describe_point

    place = describe_point(lat, lon, zones=zones)
    if as_json:
        yield json.dumps(place, ensure_ascii=False)
        return
    yield f"{abs(lat):.4f} {'N' if lat >= 0 else 'S'}  {abs(lon):.4f} {'E' if lon >= 0 else 'W'}"
    for name, words in WORDS.items():
        if name in place:
            yield f"  {words:<34} {_told(place[name])}"
    for note in place.get("notes", []):
        yield f"  Note: {note}"


def answer_csv(
    file: Path, /, *, zones: "GivenZones | None" = None, tell: Callable[[str], None] = _silent
) -> Iterator[str]:
    """The points of a CSV (columns lat and lon) with their waters, as CSV lines in the same order.

    A row without a usable position is kept, its answer says so; `tell` gets a sentence about how many there are.

    Raises
    ------
    InputError
        When the file cannot be read, no row has a position, or a row has more cells than the header.
    MissingColumnError
        When lat or lon is missing.
    """
    import numpy as np

    from tracker.zones.answer import WATERS_SCHEMA
    from tracker.zones.locate import locate

    header, rows = _table(file, tell=tell)
    lat, lon = (_column(header, name, file) for name in ("lat", "lon"))
    points = np.array([place_of(row[lat], row[lon]) for row in rows])
    bad = np.flatnonzero(np.isnan(points[:, 0]))
    if len(bad):
        first = rows[bad[0]]
        said = f"row {bad[0] + 1}, {first[lat]!r}, {first[lon]!r}"
        if len(bad) == len(rows):
            hint = _swapped(first[lat], first[lon])
            raise InputError(f"{file}: no row has a latitude and longitude in degrees; first: {said}.{hint}")
        tell(
            f"{len(bad):,} of {len(rows):,} rows have no usable position; first: {said}.{_swapped(first[lat], first[lon])}"
        )
    # a column of the file that is called like one of ours stays, under another name
    yield _line([f"{name}_given" if name in WATERS_SCHEMA.names else name for name in header] + WATERS_SCHEMA.names)
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        part = slice(start, start + ROWS_AT_A_TIME)
        table = locate(points[part, 1], points[part, 0], zones=zones)
        for row, place in zip(rows[part], zip(*(c.to_pylist() for c in table.columns), strict=True), strict=True):
            yield _line(row + [_cell(value) for value in place])


def _table(file: Path, *, tell: Callable[[str], None]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV; short rows are filled up, empty lines left out."""
    text = _text(file, tell=tell)
    # spreadsheets of half of Europe write semicolons, and commas inside numbers
    first = text.partition("\n")[0]
    separator = next((mark for mark in ";\t" if mark in first and "," not in first), ",")
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        header, *rows = [row for row in lines if row] or [[]]
    except csv.Error as error:
        raise InputError(f"{file} is not a CSV: {error}.") from error
    for n, row in enumerate(rows, start=1):
        if len(row) > len(header):
            raise InputError(f"{file}, row {n}: more cells than the header has. Quote a cell that holds a comma.")
        row.extend([""] * (len(header) - len(row)))
    if not rows:
        raise MissingColumnError(f"{file} needs a header with the columns lat and lon once each, and a row.")
    return header, rows


def _text(file: Path, *, tell: Callable[[str], None]) -> str:
    """The file as text: UTF-8, UTF-16 with its mark, or else Windows-1252, which is told."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}.") from error
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in content:
            raise InputError(f"{file} is not a CSV: it holds bytes that are no text.") from None
    tell(f"{file} is not in UTF-8; it was read as Windows-1252.")
    return content.decode("cp1252", errors="replace")


def _column(header: list[str], name: str, file: Path) -> int:
    accepted = {"lat": ("lat", "latitude"), "lon": ("lon", "longitude")}[name]
    found = [n for n, title in enumerate(header) if title.strip().lower() in accepted]
    if len(found) != 1:
        columns = ", ".join(header[:12])
        raise MissingColumnError(
            f"{file} needs a header with the columns lat and lon once each, and a row. Columns found: {columns}."
        )
    return found[0]


def _swapped(lat: str, lon: str) -> str:
    return "" if isnan(place_of(lon, lat)[0]) else " Are latitude and longitude swapped?"


def _line(cells: list[str]) -> str:

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    """As events.csv writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return safe_text(";".join(map(str, value)))
    if isinstance(value, str):
        return safe_text(value)
    return _told(value, none="")


def _told(value: Any, none: str = "-") -> str:
    if value is None:
        return none
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or none
    return str(value)
