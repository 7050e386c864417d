"""Build ``tracker/data/zones/limits.npz``: 12, 24 and 200 nm, boundaries of states and claims, as the map draws them.

Run by hand after any of the files that they follow from has changed: ``python scripts/build_limits.py``. Nothing is
fetched; two minutes.
"""

from collections.abc import Iterator

import numpy as np

from tracker.zones.boundaries import state_boundaries
from tracker.zones.charted import (
    ACROSS,
    BOUNDARY,
    NM12,
    NM24,
    NM200,
    TILE_DEG,
    Floats,
    box_of,
    digest_of_sources,
    encode,
    tile_at,
)
from tracker.zones.index import read_index
from tracker.zones.limits import disputed_seas, limit_features, seaward_nm
from tracker.zones.packaged import FOLDER

KIND_OF = {12.0: NM12, 24.0: NM24, 200.0: NM200}
BLOCK_DEG = 30.0
BOUNDARY_STEP_DEG = 0.25
FARTHEST_NM = 24.0 + 60.0 * TILE_DEG * 2**0.5 / 2 + 10.0
"""A tile whose middle is farther off shore than this holds no 24 nm."""


def lines() -> Iterator[tuple[int, int, Floats]]:
    """Every line with its kind and tile (-1 for none)."""
    lon, lat = np.meshgrid(np.arange(-180, 180, TILE_DEG) + TILE_DEG / 2, np.arange(-81, 84, TILE_DEG) + TILE_DEG / 2)
    distance = seaward_nm(lon.ravel(), lat.ravel(), index=read_index())
    near = tile_at(lon.ravel(), lat.ravel())[np.abs(distance) < FARTHEST_NM]
    for tile in near.tolist():
        for feature in limit_features(box_of(tile), limits_nm=(12.0, 24.0)):
            kind = KIND_OF[feature["properties"]["limit_nm"]]
            yield from ((kind, tile, np.array(line)) for line in feature["geometry"]["coordinates"])
    for west in np.arange(-180, 180, BLOCK_DEG).tolist():
        for south in np.arange(-90, 90, BLOCK_DEG).tolist():
            box = (west, south, west + BLOCK_DEG, south + BLOCK_DEG)
            for feature in limit_features(box, limits_nm=(200.0,)):
                yield from ((NM200, -1, np.array(line)) for line in feature["geometry"]["coordinates"])
            yield from ((BOUNDARY, -1, np.array(line)) for line in state_boundaries(box, step_deg=BOUNDARY_STEP_DEG))


def main() -> None:
    """Work out, encode and write."""
    assert ACROSS * TILE_DEG == 360.0
    target = FOLDER / "limits.npz"
    packed = encode(lines(), claims=disputed_seas(), digest=digest_of_sources())
    np.savez_compressed(target, **packed)
    counts = np.bincount(packed["kind"]).tolist()
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, lines by kind {counts}, {len(packed['lon'])} points")


if __name__ == "__main__":
    main()
