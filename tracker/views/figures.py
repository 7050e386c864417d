"""Figures of a dossier in space: the tracks with coast and limits, the meeting close up, and the hulls to scale."""

import itertools
import math
from typing import Any

import numpy as np

from tracker.views.charts import contact_of
from tracker.views.facts import Facts, Floats, Track
from tracker.views.layers import lines_of
from tracker.views.svg import HOUR_S, Axes, Canvas, pieces, round_ticks

SIZE = (760.0, 520.0)
NM_PER_DEGREE = 60.0
METRES_PER_NM = 1852.0
_NICE = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


def track_map(facts: Facts, /, *, margin_h: float | None = None) -> str:
    """Both tracks with coast, limits and ports; all of the window, or only some hours around the contact."""
    start, end = contact_of(facts)
    margin_s = (facts.window_h if margin_h is None else margin_h) * HOUR_S
    tracks = [_cut(track, start - margin_s, end + margin_s) for track in facts.tracks]
    elsewhere = [_cut(track, start - margin_s, end + margin_s) for track in facts.elsewhere]
    axes = _chart_axes(facts, [*tracks, *elsewhere], least_nm=30.0 if margin_h is None else 6.0)
    who = "both ships" if len(tracks) == 2 else "the ship"
    canvas = Canvas(*SIZE, f"Tracks of {who} around the {facts.word}")
    _ground(canvas, axes, facts)
    for track in elsewhere:
        _track(canvas, axes, track, 2, facts.dark_s)
    heard = np.concatenate([t.time_s for t in tracks] + [np.array([start, end])])
    span_h = float(heard.max() - heard.min()) / HOUR_S
    step_h = next((s for s in (1, 2, 3, 6, 12, 24) if span_h / s <= 10), 48)
    for n, track in enumerate(tracks, start=1):
        _track(canvas, axes, track, n, facts.dark_s)
        _hours(canvas, axes, track, n, step_h)
    x, y = axes.x(_near(facts.event["lon"], axes)), axes.y(facts.event["lat"])
    canvas.dot(x, y, 9, "place")
    canvas.text(x + 12, y - 8, "last heard" if facts.event["type"] == "gap" else facts.word, "placename")
    _ports(canvas, axes, facts.layers)
    _scale_bar(canvas, axes)
    named = [track.label for track in facts.tracks]
    if facts.event["type"] == "dark_encounter" and len(named) == 2:
        named[1] += " (candidate, not observed there)"
    if facts.elsewhere:
        named.append("other positions under the same MMSI")
    for n, label in enumerate(named, start=1):
        canvas.line((12, 34), (17 + 15 * n, 17 + 15 * n), f"track ship{n}")
        canvas.text(39, 21 + 15 * n, label, f"value ship{n}")
    canvas.text(12, 20, "north up; positions as reported", "tick")
    hours = f"{margin_s / HOUR_S:g} h before and after"
    return canvas.render(
        f"Tracks {hours}. Solid: heard; dashed: silent for more than two hours (a straight line, not a track). "
        f"Marks every {step_h} h, UTC. Blue lines: 12, 24 and 200 nm limits, drawn to about a mile; the table decides. Coast: Natural Earth."
    )


def _ground(canvas: Canvas, axes: Axes, facts: Facts) -> None:
    canvas.box(0, 0, *SIZE, "sea")
    _graticule(canvas, axes)
    _land(canvas, axes, facts.layers)
    _limits(canvas, axes, facts)


def reach_map(facts: Facts, /) -> str:
    """The area that a ship could have touched during a silence, with the ports that a call would have fitted in."""
    assert facts.silent is not None
    told, rings = facts.silent.told, lines_of(facts.silent.area)
    ends = [point for point in (told["last_position"], told["next_position"]) if point is not None]
    lon = np.concatenate([ring[:, 0] for ring in rings] + [np.array([p[0] for p in ends])])
    lat = np.concatenate([ring[:, 1] for ring in rings] + [np.array([p[1] for p in ends])])
    bounds = Track("", 0, np.zeros(len(lon)), lon, lat, np.zeros(len(lon)))
    axes = _chart_axes(facts, [bounds], least_nm=30.0)
    canvas = Canvas(*SIZE, f"Where {facts.silent.name} could have been while silent")
    _ground(canvas, axes, facts)
    canvas.area([_drawn(axes, ring) for ring in rings], "reach")
    for port in told["ports"]:
        canvas.dot(axes.x(_near(port["lon"], axes)), axes.y(port["lat"]), 4, "feasible")
    _ports(canvas, axes, {"ports": [{**port, "name": port["port"]} for port in told["ports"]]})
    for point, words in zip(ends, ("last heard", "heard again"), strict=False):
        x, y = axes.x(_near(point[0], axes)), axes.y(point[1])
        canvas.dot(x, y, 5, "place")
        canvas.text(x + 9, y + (-6 if words == "last heard" else 14), words, "placename")
    if facts.event["type"] == "dark_encounter":
        x, y = axes.x(_near(facts.event["lon"], axes)), axes.y(facts.event["lat"])
        canvas.dot(x, y, 9, "place")
        canvas.text(x + 12, y - 8, "the stay", "placename")
    _scale_bar(canvas, axes)
    return canvas.render(
        f"Shaded: all places that {facts.silent.name} could have touched between her last report and her next at "
        f"{told['speed_kn']:.1f} kn, land as a barrier. She need not have been anywhere but at the two ends. Dots: ports in which "
        "a call would have fitted in."
    )


def contact_inset(facts: Facts, /) -> str:
    """The other hull as seen from the larger one, bow up, to scale, at every time at which both were heard."""
    poses = facts.poses
    if poses is None:
        return (
            '<p class="none">No hull outlines: sizes, headings, or times at which both ships were heard are '
            "too few to draw them honestly.</p>"
        )
    everything = np.vstack([poses.larger_outline, *poses.outlines])
    reach = max(float(np.abs(everything).max()) * 1.12, 50.0)
    width, height = 760.0, 420.0
    scale = height / 2 / reach
    canvas = Canvas(width, height, f"Hull of {poses.other} as seen from {poses.larger}")
    centre = (width / 2, height / 2)

    def drawn(outline: Floats) -> tuple[Floats, Floats]:
        return centre[0] + outline[:, 1] * scale, centre[1] - outline[:, 0] * scale

    canvas.box(0, 0, width, height, "sea")
    number = {track.label: n for n, track in enumerate(facts.tracks, start=1)}
    for outline in poses.outlines:
        canvas.area([drawn(outline)], f"ghost ship{number.get(poses.other, 2)}")
    canvas.area([drawn(poses.larger_outline)], f"hull ship{number.get(poses.larger, 1)}")
    canvas.area([drawn(poses.median_outline)], f"hull ship{number.get(poses.other, 2)}")
    bow = drawn(poses.larger_outline)
    canvas.text(float(bow[0].mean()), 16, "↑ ahead", "tick", anchor="middle")
    canvas.text(12, 22, poses.larger, f"value ship{number.get(poses.larger, 1)}")
    canvas.text(12, 38, poses.other, f"value ship{number.get(poses.other, 2)}")
    bar = next(b for b in (20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0) if b * scale >= 60)
    canvas.line((20, 20 + bar * scale), (height - 18, height - 18), "scale")
    canvas.text(20, height - 24, f"{bar:g} m", "label")
    basis = (
        "Antenna places as reported."
        if poses.antenna_known
        else "The antennas' places on the hulls were not reported and are assumed (bridge aft), so the hulls may "
        "stand some tens of metres off along the keel and half a beam across."
    )
    return canvas.render(
        f"Contact to scale, seen from {poses.larger} (its bow up): {len(poses.outlines)} poses of {poses.other} at which "
        f"both ships were heard within a minute and a half; bold: the median pose. Hulls that overlap show the error of position "
        f"and of reading between reports. {basis}"
    )


def _chart_axes(facts: Facts, tracks: list[Track], *, least_nm: float) -> Axes:
    """Axes in degrees whose scale is the same in both directions at the middle latitude."""
    lon0, lat0 = facts.event["lon"], facts.event["lat"]
    lon = np.concatenate([_turned(track.lon, lon0) for track in tracks] + [np.array([lon0])])
    lat = np.concatenate([track.lat for track in tracks] + [np.array([lat0])])
    stretch = max(math.cos(math.radians(lat0)), 0.05)
    half_y = max((lat.max() - lat.min()) / 2, least_nm / NM_PER_DEGREE / 2) * 1.15
    half_x = max((lon.max() - lon.min()) / 2 * stretch, least_nm / NM_PER_DEGREE / 2) * 1.15
    half_y = max(half_y, half_x * SIZE[1] / SIZE[0])
    half_x = half_y * SIZE[0] / SIZE[1] / stretch
    x, y = (lon.max() + lon.min()) / 2, (lat.max() + lat.min()) / 2
    return Axes(0.0, 0.0, *SIZE, float(x - half_x), float(x + half_x), float(y - half_y), float(y + half_y))


def _graticule(canvas: Canvas, axes: Axes) -> None:
    for lon in round_ticks(axes.x_low, axes.x_high, most=5):
        canvas.line((axes.x(lon),) * 2, (0, SIZE[1]), "grid")
        east = (lon + 180.0) % 360.0 - 180.0
        canvas.text(axes.x(lon) + 3, SIZE[1] - 5, f"{abs(east):g}°{'E' if east >= 0 else 'W'}", "tick")
    for lat in round_ticks(axes.y_low, axes.y_high, most=5):
        canvas.line((0, SIZE[0]), (axes.y(lat),) * 2, "grid")
        canvas.text(SIZE[0] - 4, axes.y(lat) - 3, f"{abs(lat):g}°{'N' if lat >= 0 else 'S'}", "tick", anchor="end")


def _land(canvas: Canvas, axes: Axes, layers: dict[str, Any]) -> None:
    rings = [_drawn(axes, line) for line in lines_of(layers["land"])] if "land" in layers else []
    canvas.area([(x, y) for x, y in rings if _touches(x, y)], "land")


def _limits(canvas: Canvas, axes: Axes, facts: Facts) -> None:
    place = axes.x(_near(facts.event["lon"], axes)), axes.y(facts.event["lat"])
    layers = facts.layers
    for kind in ("limits", "zones"):
        for item in layers.get(kind, ()):
            named = kind == "limits"
            for line in lines_of(item["geometry"]):
                x, y = _drawn(axes, line)
                if not _touches(x, y):
                    continue
                canvas.line(x, y, f"limit l{item['kind']}" if kind == "limits" else "zone")
                inside = np.flatnonzero((x > 60) & (x < SIZE[0] - 80) & (y > 60) & (y < SIZE[1] - 30))
                if named and len(inside) and item["kind"] != "baseline":
                    # far from the contact, where it covers nothing
                    away = np.hypot(x[inside] - place[0], y[inside] - place[1])
                    at = inside[int(np.argmax(np.where(x[inside] > 220, away, 0.0)))]
                    canvas.text(x[at] + 3, y[at] - 3, item["kind"].replace("nm", " nm"), "limitname")
                    named = False


def _ports(canvas: Canvas, axes: Axes, layers: dict[str, Any]) -> None:
    taken: list[tuple[float, float]] = []
    for port in layers.get("ports", ()):
        x, y = axes.x(_near(port["lon"], axes)), axes.y(port["lat"])
        if not (8 < x < SIZE[0] - 90 and 55 < y < SIZE[1] - 25):
            continue
        canvas.dot(x, y, 2, "port")
        # names that would lie on one another are left out; the dots stay
        if all(abs(x - a) > 95 or abs(y - b) > 13 for a, b in taken):
            canvas.text(x + 5, y + 3.5, port["name"], "portname")
            taken.append((x, y))


def _track(canvas: Canvas, axes: Axes, track: Track, n: int, dark_s: float) -> None:
    x, y = _drawn(axes, np.column_stack([track.lon, track.lat]))
    runs = pieces(track.time_s, silence_s=dark_s)
    for one, two in itertools.pairwise(runs):
        canvas.line((x[one][-1], x[two][0]), (y[one][-1], y[two][0]), f"gap ship{n}")
    for run in runs:
        canvas.line(x[run], y[run], f"track ship{n}")
    if len(x):
        canvas.dot(float(x[0]), float(y[0]), 3.2, f"begin ship{n}")


def _hours(canvas: Canvas, axes: Axes, track: Track, n: int, step_h: float) -> None:
    """Dots at round hours where the ship was heard near that time, with the time beside those that have room."""
    if not len(track.time_s):
        return
    last: tuple[float, float] | None = None
    step = step_h * HOUR_S
    first = math.ceil(track.time_s[0] / step)
    for i in range(first, int(track.time_s[-1] // step) + 1):
        at = int(np.argmin(np.abs(track.time_s - i * step)))
        if abs(track.time_s[at] - i * step) > 900:
            continue
        x, y = axes.x(_near(float(track.lon[at]), axes)), axes.y(float(track.lat[at]))
        canvas.dot(x, y, 2.4, f"used ship{n}")
        if last is None or math.hypot(x - last[0], y - last[1]) > 46:
            day, hour = divmod(i * step_h, 24)
            moment = np.datetime64(int(day), "D").astype(object)
            canvas.text(
                x + 6, y + (-6 if n == 1 else 13), f"{moment.day}/{moment.month} {hour:02.0f}h", f"time ship{n}"
            )
            last = (x, y)


def _scale_bar(canvas: Canvas, axes: Axes) -> None:
    per_nm = SIZE[1] / ((axes.y_high - axes.y_low) * NM_PER_DEGREE)
    length = next((nm for nm in _NICE if nm * per_nm >= 70), _NICE[-1])
    x, y = 16.0, SIZE[1] - 24
    canvas.box(x - 8, y - 20, length * per_nm + 16, 32, "scaleback")
    canvas.line((x, x + length * per_nm), (y, y), "scale")
    canvas.text(x, y - 6, f"{length:g} nm ({length * METRES_PER_NM / 1000:.3g} km)", "label")


def _cut(track: Track, begin: float, end: float) -> Track:
    keep = (track.time_s >= begin) & (track.time_s <= end)
    return Track(track.label, track.mmsi, *(getattr(track, f)[keep] for f in ("time_s", "lon", "lat", "sog_kn")))


def _drawn(axes: Axes, line: Floats) -> tuple[Floats, Floats]:
    """Pixels of a line; what lies far outside is moved to a frame around the picture, so that paths stay short."""
    middle = 0.5 * (axes.x_low + axes.x_high)
    lon = np.unwrap(line[:, 0], period=360.0) if len(line) else line[:, 0]
    lon = lon - 360.0 * np.round((np.median(lon) - middle) / 360.0) if len(lon) else lon
    x = np.clip(axes.xs(lon), -400.0, SIZE[0] + 400.0)
    pixels = axes.top + (axes.y_high - line[:, 1]) / (axes.y_high - axes.y_low) * axes.height
    return x, np.clip(pixels, -400.0, SIZE[1] + 400.0)


def _touches(x: Floats, y: Floats) -> bool:
    return bool(len(x) and x.max() > 0 and x.min() < SIZE[0] and y.max() > 0 and y.min() < SIZE[1])


def _turned(lon: Floats, lon0: float) -> Floats:
    return np.asarray((lon - lon0 + 180.0) % 360.0 - 180.0 + lon0)


def _near(lon: float, axes: Axes) -> float:
    middle = 0.5 * (axes.x_low + axes.x_high)
    return (lon - middle + 180.0) % 360.0 - 180.0 + middle
