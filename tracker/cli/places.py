"""``tracker zone``: whose water a place is, in words, as JSON, or for a CSV of points."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import InputError, MissingColumnError

if TYPE_CHECKING:
    from tracker.zones.given import GivenZones

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


def answer_csv(file: Path, /, *, zones: "GivenZones | None" = None) -> Iterator[str]:
    """The points of a CSV (columns lat and lon) with their waters, as CSV lines.

    Raises
    ------
    InputError
        When the file cannot be read or a coordinate is no number.
    MissingColumnError
        When lat or lon is missing.
    """
    import io

    import numpy as np

    from tracker.zones.locate import locate

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows, header = list(reader), list(reader.fieldnames or [])
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file} is not a CSV in UTF-8: {error}.") from error
    if not rows or header.count("lat") != 1 or header.count("lon") != 1:
        raise MissingColumnError(f"{file} needs a header with the columns lat and lon once each, and a row.")
    points = [_number(row, file, n) for n, row in enumerate(rows, start=1)]
    table = locate(np.array([lon for _, lon in points]), np.array([lat for lat, _ in points]), zones=zones)
    # a column of the file that is called like one of ours stays, under another name
    kept = {name: f"{name}_given" if name in table.column_names else name for name in header}
    names = [*kept.values(), *table.column_names]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    for row, place in zip(rows, table.to_pylist(), strict=True):
        given = {ours: row[name] for name, ours in kept.items()}
        writer.writerow(given | {name: _told(value, none="") for name, value in place.items()})
    yield buffer.getvalue().rstrip("\n")


def _number(row: dict[Any, str], file: Path, n: int) -> tuple[float, float]:
    if None in row:
        raise InputError(f"{file}, row {n}: more cells than the header has. Quote a cell that holds a comma.")
    try:
        return float(row["lat"]), float(row["lon"])
    except (TypeError, ValueError) as error:
        raise InputError(f"{file}, row {n}: {row['lat']!r}, {row['lon']!r} is no latitude and longitude.") from error


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
