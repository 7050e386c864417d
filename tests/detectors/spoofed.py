"""Scenes with false positions: what a liar, a jammer or a bad relay makes of true reports."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.detectors.listening import Listener
from tests.scenes import Scene
from tracker.cleaning.hulls import HullParams
from tracker.detectors.spoofing.falsehood import SpoofingParams
from tracker.engine.watch import Watcher
from tracker.geo.kernels import from_local_xy_m, wrap_deg
from tracker.identity.cards import Cards
from tracker.pipeline.spoofed import Spoofed, find_spoofed
from tracker.tables.fixes import Fixes, concat_fixes
from tracker.tables.positions import degrees_e7


class Held:
    """Fixes in memory, given in batches of any size."""

    def __init__(self, fixes: Fixes, *, batch_rows: int = 100_000) -> None:
        self.fixes, self.batch_rows = fixes, batch_rows

    def batches(self) -> Iterator[Fixes]:
        """All fixes in time order."""
        for start in range(0, len(self.fixes), self.batch_rows):
            yield self.fixes.take(slice(start, start + self.batch_rows))

    def windows(self, requests: Any, /) -> dict[int, Fixes]:
        """Fixes of vessels inside windows."""
        kept = np.zeros(len(self.fixes), np.bool_)
        columns = requests["mmsi"].to_numpy(), *(requests[n].cast("int64").to_numpy() for n in ("start", "end"))
        for mmsi, start, end in zip(*columns, strict=True):
            kept |= (self.fixes.mmsi == mmsi) & (self.fixes.time_ms >= start) & (self.fixes.time_ms <= end)
        chosen = self.fixes.take(kept)
        return {int(m): chosen.take(chosen.mmsi == m) for m in np.unique(chosen.mmsi)}


def ordered(fixes: Fixes) -> Fixes:
    """By time, vessel and place, as a case gives them."""
    return fixes.take(np.lexsort((fixes.lat_e7, fixes.lon_e7, fixes.mmsi, fixes.time_ms)))


def spoofing_among(fixes: Fixes, statics: Any, *, batch_rows: int = 100_000) -> Spoofed:
    """What is found among reports."""
    source, listener, watcher = Held(ordered(fixes), batch_rows=batch_rows), Listener(), Watcher()
    for batch in watcher.overhear(listener.overhear(source.batches())):
        del batch
    return find_spoofed(
        source,
        watcher.marks(),
        listener.hearing(),
        Cards(statics).ship_at,
        hulls=HullParams(),
        params=SpoofingParams(),
        silence_min_s=3600,
    )


def spoofing_in(scene: Scene) -> Spoofed:
    """What is found in a scene as it is."""
    return spoofing_among(scene.fixes(), scene.statics())


def kinds(found: Spoofed) -> list[str]:
    """Types of the events found, in order."""
    return sorted(row["spoofing_type"] for row in found.rows)


def between(scene: Scene, fixes: Fixes, mmsi: int, from_h: float, to_h: float) -> np.ndarray:
    """Rows of a ship between two hours of the scene."""
    time_s = fixes.time_ms / 1000.0
    return np.flatnonzero((fixes.mmsi == mmsi) & (time_s >= scene.time_s(from_h)) & (time_s < scene.time_s(to_h)))


def put(fixes: Fixes, rows: np.ndarray, lon: Any, lat: Any, *, sog_kn: Any = None, cog_deg: Any = None) -> Fixes:
    """The reports with some of them at other places, and with other speeds and courses where given."""
    columns = {name: np.array(getattr(fixes, name)) for name in fixes.__dict__}
    columns["lon_e7"][rows], columns["lat_e7"][rows] = degrees_e7(wrap_deg(lon)), degrees_e7(lat)
    if sog_kn is not None:
        columns["sog_kn"][rows] = sog_kn
    if cog_deg is not None:
        columns["cog_deg"][rows] = cog_deg
    return Fixes(**columns)


def shifted(fixes: Fixes, rows: np.ndarray, *, east_m: Any, north_m: Any) -> Fixes:
    """The reports with some of them so many metres away."""
    lon, lat = from_local_xy_m(east_m, north_m, fixes.lon[rows], fixes.lat[rows])
    return put(fixes, rows, lon, lat)


def circling(
    fixes: Fixes,
    rows: np.ndarray,
    *,
    place: tuple[float, float],
    radius_m: float,
    speed_kn: float,
    noise_m: float = 3.0,
) -> Fixes:
    """The reports with some of them on a ring, at the places of a steady turn."""
    rng = np.random.default_rng(5)
    angle = (fixes.time_ms[rows] - fixes.time_ms[rows[0]]) / 1000.0 * speed_kn * 0.514444 / radius_m
    radius = radius_m + rng.normal(0.0, noise_m, len(rows))
    lon, lat = from_local_xy_m(radius * np.sin(angle), radius * np.cos(angle), *place)
    return put(fixes, rows, lon, lat, sog_kn=speed_kn, cog_deg=(np.degrees(angle) + 90.0) % 360.0)


def later(fixes: Fixes, *, hours: float, mmsi: int | None = None) -> Fixes:
    """The same reports so much later, under another MMSI where one is given."""
    columns = dict(fixes.__dict__)
    columns["time_ms"] = fixes.time_ms + round(3.6e6 * hours)
    if mmsi is not None:
        columns["mmsi"] = np.full(len(fixes), mmsi, np.int32)
    return Fixes(**columns)


def both(*parts: Fixes) -> Fixes:
    """Reports together, in order."""
    return ordered(concat_fixes(list(parts)))
