"""Build ``tracker/data/zones/land.npz``: land polygons for drawing the base map, from Natural Earth 1:10m.

Run by hand: ``python scripts/build_land.py``. Douglas-Peucker thins the rings, finer in East Asia; rings that
collapse are left out. Public domain, so that a map can be given away without a licence text.
"""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from build_coast import split_long
from registry_packages import NPM, find, unpacked
from topojson import arcs_of, ring, rings_of

Floats = npt.NDArray[np.float64]

HERE = Path(__file__).resolve().parent.parent / "tracker" / "data" / "zones"
QUANTUM_DEG = 0.001
FINE_BOX = shapely.box(95, 0, 150, 62)
FINE_DEG, COARSE_DEG = 0.003, 0.012


def flat_polygons(rings: list[Floats]) -> list[Any]:
    """One polygon of the sphere as polygons of the plane between 180 W and 180 E.

    Natural Earth as TopoJSON joins what the antimeridian parts: such rings run on past 180 here and are cut
    again; a ring around a pole is closed along it.
    """
    flat = []
    for xy in rings:
        lon = np.degrees(np.unwrap(np.radians(xy[:, 0])))
        line = np.column_stack([lon, xy[:, 1]])
        if abs(lon[-1] - lon[0]) > 180:
            pole = 90.0 if xy[:, 1].mean() > 0 else -90.0
            line = np.vstack([line, [lon[-1], pole], [lon[0], pole], line[:1]])
        flat.append(line)
    shape = shapely.make_valid(shapely.Polygon(flat[0], flat[1:]))
    out = []
    for turn in (-360.0, 0.0, 360.0):
        moved = shapely.transform(shape, lambda c, turn=turn: c + np.array([turn, 0.0]))
        piece = shapely.intersection(moved, shapely.box(-180, -90, 180, 90))
        out += [p for p in shapely.get_parts(piece) if p.geom_type == "Polygon" and not p.is_empty]
    return out


def main() -> None:
    """Fetch, thin, encode and write."""
    with tempfile.TemporaryDirectory() as folder:
        arcs, geometries = arcs_of(find(unpacked("world-atlas", work=Path(folder)), "land-10m.json"))
    rings, holes = [], []
    for geometry in geometries:
        for numbers in rings_of(geometry):
            for polygon in flat_polygons([ring(arcs, n) for n in numbers]):
                for i, line in enumerate((polygon.exterior, *polygon.interiors)):
                    fine = line.intersects(FINE_BOX)
                    thin = shapely.simplify(line, FINE_DEG if fine else COARSE_DEG, preserve_topology=False)
                    xy = shapely.get_coordinates(thin)[:-1]
                    if len(xy) >= 3:
                        rings.append(split_long(xy))
                        holes.append(i > 0)
                    elif i == 0:
                        break
    size = np.array([len(r) for r in rings])
    whole = np.round(np.concatenate(rings) / QUANTUM_DEG).astype(np.int64)
    start = np.cumsum(size) - size
    step = np.diff(whole, axis=0, prepend=whole[:1] * 0)
    step[start] = 0
    zigzag = np.where(step >= 0, 2 * step, -2 * step - 1)
    wide = np.flatnonzero(zigzag.max(axis=1) > 65535)
    if len(wide):
        raise SystemExit(f"{len(wide)} steps are too long to encode")
    target = HERE / "land.npz"
    np.savez_compressed(
        target,
        ring_size=size.astype(np.uint32),
        ring_is_hole=np.array(holes),
        ring_start=whole[start].astype(np.int32),
        lon_low=(zigzag[:, 0] & 255).astype(np.uint8),
        lon_high=(zigzag[:, 0] >> 8).astype(np.uint8),
        lat_low=(zigzag[:, 1] & 255).astype(np.uint8),
        lat_high=(zigzag[:, 1] >> 8).astype(np.uint8),
    )
    about = {
        "file": "land.npz",
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "edition": "Natural Earth 1:10m land",
        "built_from": {"world-atlas": NPM["world-atlas"]},
        "licence": "public domain (Natural Earth)",
        "quantum_deg": QUANTUM_DEG,
        "rings": len(size),
        "vertices": int(size.sum()),
    }
    (HERE / "land.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, {len(size)} rings, {size.sum()} vertices")


if __name__ == "__main__":
    main()
