"""Limits, boundaries and claims of the whole world as they are drawn, prepared once by ``scripts/build_limits.py``.

They follow from the packaged coast, baselines and treaties alone, and working them out for a map takes longer than all
the rest of it. 12 and 24 nm are kept in tiles of `TILE_DEG`; 200 nm and the boundaries of states in blocks.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.errors import DataFileError
from tracker.zones.packaged import arrays_of, path_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Box = tuple[float, float, float, float]

TILE_DEG: Final = 3.0
ACROSS: Final = 120
"""Tiles around the globe; tile ``row * ACROSS + column``, counted from 180 W and 90 S."""
NM12, NM24, NM200, BOUNDARY = 0, 1, 2, 3
QUANTUM_DEG: Final = 0.001
BUILT_FROM: Final = (
    "coast.npz",
    "baselines.csv",
    "breadths.csv",
    "closing_lines.csv",
    "disputes.csv",
    "joint_zones.csv",
    "rocks.csv",
    "special_zones.csv",
    "three_mile_areas.csv",
    "unheld_lines.csv",
)
"""Packaged files that the lines follow from."""


@dataclass(frozen=True)
class Charted:
    """Lines one after the other: points in degrees, where each begins and ends, its kind, tile and box."""

    xy: Floats
    ends: Ints
    kind: npt.NDArray[np.int8]
    tile: Ints
    low: Floats
    high: Floats
    claims: list[dict[str, Any]]
    """Features of the seas around islands that several states claim."""
    built_from: str
    """SHA-256 of the files that they follow from."""

    def lines(self, chosen: Ints, /, *, box: Box) -> list[Floats]:
        """Lines by number, those east of the antimeridian past 180 where a box crosses it (west > east)."""
        west, _, east, _ = box
        middle = (self.low[chosen, 0] + self.high[chosen, 0]) / 2
        turned = (west > east) & (middle < (west + east) / 2)
        return [
            self.xy[self.ends[number] : self.ends[number + 1]] + np.array([360.0 * turn, 0.0])
            for number, turn in zip(chosen.tolist(), turned.tolist(), strict=True)
        ]

    def of_tiles(self, kind: int, tiles: Ints, /) -> Ints:
        """Numbers of the lines of a kind in some tiles."""
        return np.flatnonzero((self.kind == kind) & np.isin(self.tile, tiles))

    def touching(self, kind: int, box: Box, /) -> Ints:
        """Numbers of the lines of a kind that reach into a box; west > east crosses the antimeridian."""
        west, south, east, north = box
        across = (self.low[:, 0] <= east, self.high[:, 0] >= west)
        inside = (across[0] | across[1]) if west > east else (across[0] & across[1])
        return np.flatnonzero((self.kind == kind) & inside & (self.low[:, 1] <= north) & (self.high[:, 1] >= south))


@cache
def read_charted() -> Charted:
    """Decode the packaged lines.

    Raises
    ------
    DataFileError
        When the file is missing or damaged.
    """
    with arrays_of("limits.npz") as packed:
        size, first = packed["size"].astype(np.int64), packed["start"].astype(np.int64)
        kind, tile = packed["kind"].astype(np.int8), packed["tile"].astype(np.int64)
        steps = np.column_stack([packed["lon"], packed["lat"]]).astype(np.int64)
        about = json.loads(packed["about"].tobytes())
    ends = np.concatenate([[0], np.cumsum(size)])
    steps[ends[:-1]] = 0
    whole = np.cumsum(steps, axis=0)
    whole += np.repeat(first - whole[ends[:-1]], size, axis=0)
    xy = np.asarray(whole * QUANTUM_DEG, np.float64)
    low, high = (least.reduceat(xy, ends[:-1], axis=0) for least in (np.minimum, np.maximum))
    return Charted(xy, ends, kind, tile, low, high, about["claims"], about["built_from"])


def box_of(tile: int, /) -> Box:
    """West, south, east, north of a tile, kept off the poles."""
    row, column = divmod(tile, ACROSS)
    west, south = column * TILE_DEG - 180.0, row * TILE_DEG - 90.0
    return west, max(south, -80.0), west + TILE_DEG, min(south + TILE_DEG, 84.0)


def tile_at(lon: Floats, lat: Floats, /) -> Ints:
    """Tile of each place."""
    column = np.floor((lon + 180.0) / TILE_DEG).astype(np.int64) % ACROSS
    return np.floor((lat + 90.0) / TILE_DEG).astype(np.int64) * ACROSS + column


def encode(lines: Iterable[tuple[int, int, Floats]], /, *, claims: list[dict[str, Any]], digest: str) -> dict[str, Any]:
    """Arrays of the packaged file from lines (kind, tile, points)."""
    kinds, tiles, places = zip(*lines, strict=True)
    whole = [np.rint(points / QUANTUM_DEG).astype(np.int64) for points in places]
    steps = np.concatenate([np.diff(points, axis=0, prepend=points[:1]) for points in whole])
    if np.abs(steps).max() > np.iinfo(np.int16).max:
        raise DataFileError("A line has steps that are too long to encode.")
    return {
        "kind": np.array(kinds, np.int8),
        "tile": np.array(tiles, np.int16),
        "size": np.array([len(points) for points in whole], np.uint32),
        "start": np.array([points[0] for points in whole], np.int32),
        "lon": steps[:, 0].astype(np.int16),
        "lat": steps[:, 1].astype(np.int16),
        "about": np.frombuffer(json.dumps({"claims": claims, "built_from": digest}).encode(), np.uint8),
    }


def digest_of_sources() -> str:
    """SHA-256 of the packaged files that the lines follow from."""
    import hashlib

    return hashlib.sha256(
        b"".join(hashlib.sha256(path_of(name).read_bytes()).digest() for name in BUILT_FROM)
    ).hexdigest()
