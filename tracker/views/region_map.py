"""A chart of a region for print: coast, graticule, names of seas, and events by verdict, as SVG and PNG alike.

Equirectangular about the middle latitude: true along it, and plain to read; nothing is measured on it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.drawing.canvas import Area, Dot, Sheet, Stroke, Words
from tracker.views.layers import region_of

Floats = npt.NDArray[np.float64]

WIDTH = 900.0
HEIGHTS = (420.0, 760.0)
MARGIN_DEG = 1.0
COLOURS = {"likely": "#b84a00", "possible": "#0067b1", "unlikely": "#7a8894", "": "#4c4a42"}
"""By verdict, apart for colour-blind readers (Okabe and Ito's vermilion and blue, darkened); size differs as well."""
SIZES = {"likely": 6.0, "possible": 4.5, "unlikely": 3.0, "": 3.0}
_STEPS_DEG = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)


def draw_region(
    lon: Floats, lat: Floats, verdicts: Sequence[str], layers: Mapping[str, Any], /, *, title: str
) -> Sheet:
    """Draw events (degrees) and what `tracker.pipeline.layers.map_layers` gives around them.

    Parameters
    ----------
    verdicts
        likely, possible, unlikely, or empty for events of one ship.
    """
    box = region_of(lon, lat, margin_deg=MARGIN_DEG) or (-180.0, -75.0, 179.999, 80.0)
    west, south, east, north = box
    span = (east - west) % 360.0 or 360.0
    squeeze = max(math.cos(math.radians((south + north) / 2.0)), 0.1)
    height = min(max(WIDTH * (north - south) / (span * squeeze), HEIGHTS[0]), HEIGHTS[1])
    scale = min(WIDTH / (span * squeeze), height / (north - south))  # pixels a degree of latitude
    left = (WIDTH - span * squeeze * scale) / 2.0
    top = (height - (north - south) * scale) / 2.0

    def place(x: Any, y: Any) -> tuple[Floats, Floats]:
        middle = west + span / 2.0
        turned = np.mod(np.asarray(x, np.float64) - middle + 180.0, 360.0) - 180.0
        return left + (turned + span / 2.0) * squeeze * scale, top + (north - np.asarray(y, np.float64)) * scale

    counts = ", ".join(f"{sum(v == name for v in verdicts)} {name}" for name in ("likely", "possible", "unlikely"))
    sheet = Sheet(WIDTH, height + 34.0, title, f"Chart of {len(lon)} events: {counts}. Coast: Natural Earth.")
    sheet.add(Area([(0, 0), (WIDTH, 0), (WIDTH, height), (0, height)], "#eaf1f6"))
    lines, names = _graticule(place, (west, south, span, north), height)
    sheet.add(*lines)
    seam = 180.0 * squeeze * scale  # an edge longer than this runs around the back of the globe
    for ring in _rings(layers.get("land")):
        x, y = place(ring[:, 0], ring[:, 1])
        if np.abs(np.diff(x)).max(initial=0.0) < seam:
            for points in _inside(x, y, height):
                sheet.add(Area(points, "#f4f0e2"), Stroke(points, "#8b8a7c", 0.8))
    sheet.add(*names)  # over the land: an edge of the chart may be all land
    for sea in layers.get("seas", []):
        at = tuple(float(v) for v in place(sea["lon"], sea["lat"]))
        if 60 < at[0] < WIDTH - 60 and 20 < at[1] < height - 20:
            sheet.add(Words((at[0], at[1]), sea["name"], 12.0, "#6b86a0", "middle"))
    order = sorted(range(len(lon)), key=lambda i: (SIZES.get(verdicts[i], 3.0), i))
    x, y = place(lon, lat)
    for i in order:
        verdict = verdicts[i] if verdicts[i] in COLOURS else ""
        sheet.add(Dot((float(x[i]), float(y[i])), SIZES[verdict], COLOURS[verdict]))
    _legend(sheet, verdicts, height, scale)
    return sheet


def _graticule(place: Any, box: tuple[float, float, float, float], height: float) -> tuple[list[Stroke], list[Words]]:
    """Lines of latitude and longitude, and their names at the left and lower edge."""
    west, south, span, north = box
    lines: list[Stroke] = []
    names: list[Words] = []
    step = next((s for s in _STEPS_DEG if max(span, north - south) / s <= 9), _STEPS_DEG[-1])
    for k in range(math.ceil(south / step), math.floor(north / step) + 1):
        y = float(place(west, k * step)[1])
        lines.append(Stroke([(0.0, y), (WIDTH, y)], "#d3dfe8", 0.8))
        names.append(Words((4.0, y - 3.0), f"{abs(k * step):g}° {'N' if k >= 0 else 'S'}", 10.5, "#50606e"))
    for k in range(math.ceil(west / step), math.floor((west + span) / step) + 1):
        degrees = (k * step + 180.0) % 360.0 - 180.0
        x = float(place(k * step, south)[0])
        lines.append(Stroke([(x, 0.0), (x, height)], "#d3dfe8", 0.8))
        names.append(
            Words((x + 3.0, height - 5.0), f"{abs(degrees):g}° {'E' if degrees >= 0 else 'W'}", 10.5, "#50606e")
        )
    return lines, names


def _inside(x: Floats, y: Floats, height: float) -> list[list[tuple[float, float]]]:
    """The pieces of a closed ring that show; their cut edges lie outside the frame."""
    import shapely

    if x.max() < 0 or x.min() > WIDTH or y.max() < 0 or y.min() > height:
        return []
    shape = shapely.clip_by_rect(
        shapely.make_valid(shapely.Polygon(np.column_stack([x, y]))), -3, -3, WIDTH + 3, height + 3
    )
    pieces = shapely.get_parts(shape)
    return [list(map(tuple, shapely.get_coordinates(p.exterior).tolist())) for p in pieces if p.geom_type == "Polygon"]


def _rings(land: Any) -> list[Floats]:
    """Outer rings of a GeoJSON geometry collection of polygons; lakes are left out at this scale."""
    if not land:
        return []
    features = land.get("features", [land])
    rings: list[Floats] = []
    for feature in features:
        geometry = feature.get("geometry", feature)
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        rings += [np.asarray(polygon[0], np.float64)[:, :2] for polygon in polygons]
    return rings


def _legend(sheet: Sheet, verdicts: Sequence[str], height: float, scale: float) -> None:
    foot = height + 34.0
    sheet.add(Area([(0, height), (WIDTH, height), (WIDTH, foot), (0, foot)], "#ffffff"))
    x = 12.0
    names = {"likely": "likely", "possible": "possible", "unlikely": "unlikely", "": "one ship"}
    for verdict, name in names.items():
        count = sum(v == verdict for v in verdicts)
        if not count:
            continue
        words = f"{name} ({count:,})"
        sheet.add(
            Dot((x, height + 18.0), SIZES[verdict], COLOURS[verdict]), Words((x + 10.0, height + 22.0), words, 12.0)
        )
        x += 40.0 + 7.2 * len(words)
    nm = next((n for n in (500, 200, 100, 50, 20, 10, 5, 2, 1) if n / 60.0 * scale <= 160.0), 1)
    length = nm / 60.0 * scale
    sheet.add(Stroke([(WIDTH - 14.0 - length, height + 20.0), (WIDTH - 14.0, height + 20.0)], "#17202a", 2.5))
    sheet.add(Words((WIDTH - 20.0 - length, height + 24.0), f"{nm} nm", 12.0, "#17202a", "end"))
