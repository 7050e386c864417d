"""Polygons from a user's file, made usable: GeoPackage, shapefile (also zipped), GeoJSON, FlatGeobuf, KML, GeoParquet.

A file is hostile until it is checked: only the formats above are opened, by their first bytes, so that no name leads
out to the network; crossed rings are mended, other coordinate systems reprojected, rings across the antimeridian
unrolled. Each of these is told in `PolygonFile.notes`; nothing is changed in silence.
"""

import hashlib
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.errors import CorruptInputError, InputError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LARGEST_BYTES: Final = 2_000_000_000
SUFFIXES: Final = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".fgb", ".kml", ".parquet", ".geoparquet")
_INSIDE_ZIP: Final = (".gpkg", ".shp", ".geojson", ".json", ".fgb", ".kml")
_BEGINNINGS: Final = {
    ".gpkg": (b"SQLite format 3\x00",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".zip": (b"PK\x03\x04",),
    ".fgb": (b"fgb",),
    ".kml": (b"<",),
    ".parquet": (b"PAR1",),
    ".geoparquet": (b"PAR1",),
    ".geojson": (b"{",),
    ".json": (b"{",),
}
_SEAM: Final = 179.999


@dataclass(frozen=True)
class PolygonFile:
    """Polygons of one file.

    Attributes
    ----------
    polygons
        shapely, EPSG:4326, shape (n,); longitudes may run past 180 where a polygon crosses the antimeridian.
    columns
        Name as the file has it to values, n each; geometry is not among them.
    layers
        Name of the layer of each polygon.
    notes
        Sentences about what was mended, reprojected or left out.
    """

    path: Path
    sha256: str
    polygons: Any
    columns: dict[str, list[Any]]
    layers: list[str]
    notes: tuple[str, ...]


def read_polygons(path: Path, /) -> PolygonFile:
    """Read all polygons of all layers.

    Raises
    ------
    InputError
        When the file is missing, too large or of a kind that is not read.
    CorruptInputError
        When it is not what it claims to be, or holds no polygon in range.
    """
    _refuse(path)
    layers, columns, shapes, notes = _layers(path)
    polygons, keep, said = _made_usable(shapes, path)
    notes += said
    rows = np.flatnonzero(keep).tolist()
    if not rows:
        raise CorruptInputError(f"{path}: {len(shapes)} feature(s), no polygon among them.")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return PolygonFile(
        path,
        digest,
        polygons[rows],
        {name: [values[i] for i in rows] for name, values in columns.items()},
        [layers[i] for i in rows],
        tuple(notes),
    )


def holds(polygon: Any, lon: Floats, lat: Floats) -> Bools:
    """Points (longitude in [-180, 180), degrees) in a polygon whose longitudes may run past 180 either way."""
    import shapely

    west, south, east, north = shapely.bounds(polygon)
    inside = np.zeros(len(lon), bool)
    for turn in (0.0, 360.0, -360.0):
        if west > 180 + turn or east < -180 + turn:
            continue
        rows = np.flatnonzero((lon + turn >= west) & (lon + turn <= east) & (lat >= south) & (lat <= north))
        inside[rows] |= shapely.intersects_xy(polygon, lon[rows] + turn, lat[rows])
    return inside


def _refuse(path: Path) -> None:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise InputError(f"{path} is a folder. Name the file inside: {', '.join(SUFFIXES)}.")
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from error
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path}: polygons are read from {', '.join(SUFFIXES)}; this is {suffix or 'none of them'}.")
    if size > LARGEST_BYTES:
        raise InputError(f"{path} has {size / 1e9:.1f} GB; at most {LARGEST_BYTES / 1e9:g} are read. Clip or thin it.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip() if suffix in {".geojson", ".json", ".kml"} else head
    if not text.startswith(_BEGINNINGS[suffix]):
        what = "is empty" if not size else f"does not begin like a {suffix} file"
        raise CorruptInputError(f"{path}: {what}; it cannot be read as polygons.")
    if suffix == ".zip":
        _refuse_zip(path)


def _refuse_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            inside = packed.infolist()
    except zipfile.BadZipFile as error:
        raise CorruptInputError(f"{path}: the zip file is damaged ({error}).") from error
    named = [entry.filename for entry in inside if entry.filename.lower().endswith(_INSIDE_ZIP)]
    if len(named) != 1:
        found = f"{len(named)} of them: {', '.join(named[:3])}" if named else "none"
        raise InputError(f"{path}: a zip must hold one file of {', '.join(_INSIDE_ZIP)}; it holds {found}.")
    if sum(entry.file_size for entry in inside) > LARGEST_BYTES:
        raise InputError(f"{path}: more than {LARGEST_BYTES / 1e9:g} GB when unpacked. Clip or thin it.")


def _layers(path: Path) -> tuple[list[str], dict[str, list[Any]], Any, list[str]]:
    """Layer of each feature, columns, geometries in EPSG:4326, notes."""
    import geopandas
    import pandas
    import pyogrio

    notes: list[str] = []
    try:
        with warnings.catch_warnings():
            # what GDAL grumbles about is refused, or told in our notes
            warnings.simplefilter("ignore")
            if path.suffix.lower() in {".parquet", ".geoparquet"}:
                frames = [(path.stem, geopandas.read_parquet(path))]
            else:
                names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
                frames = [(name, geopandas.read_file(path, layer=name)) for name in names]
            frames = [(name, f) for name, f in frames if isinstance(f, geopandas.GeoDataFrame) and len(f)]
            shapes = [_as_degrees(frame, name, notes) for name, frame in frames]
    except Exception as error:  # GDAL, PROJ and Arrow raise trees of their own
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise CorruptInputError(f"{path}: cannot be read as polygons ({first}).") from error
    if not frames:
        raise CorruptInputError(f"{path}: no layer with features; it cannot be read as polygons.")
    layers = [name for name, frame in frames for _ in range(len(frame))]
    tables = [pandas.DataFrame(frame.drop(columns=frame.geometry.name)) for _, frame in frames]
    table = pandas.concat(tables, ignore_index=True).astype(object)
    table = table.where(table.notna(), None)
    columns = {str(name): table[name].tolist() for name in table.columns}
    return layers, columns, np.concatenate(shapes), notes


def _as_degrees(frame: Any, layer: str, notes: list[str]) -> Any:
    """Geometries in EPSG:4326, two dimensions."""
    import shapely

    if frame.crs is None:
        notes.append(f"Layer {layer} names no coordinate system; degrees (WGS 84) are assumed.")
    elif not frame.crs.is_geographic or frame.crs.to_epsg() not in {4326, 4979, None} or "84" not in frame.crs.name:
        notes.append(f"Layer {layer} was reprojected from {frame.crs.name}.")
        frame = frame.to_crs(4326)
    return shapely.force_2d(np.asarray(frame.geometry.values, dtype=object))


def _made_usable(shapes: Any, path: Path) -> tuple[Any, Bools, list[str]]:
    import shapely

    notes = []
    kinds = shapely.get_type_id(shapes)
    keep = np.isin(kinds, (3, 6)) & ~shapely.is_empty(shapes)
    if other := int((~keep).sum()):
        notes.append(f"{other} feature(s) without a polygon were left out.")
    for i in np.flatnonzero(keep).tolist():
        if not np.isfinite(shapely.get_coordinates(shapes[i])).all():
            keep[i] = False
            notes.append(f"Polygon {i + 1} has coordinates that are no numbers and was left out.")
    if not keep.any():
        return shapes, keep, notes
    west, south, east, north = shapely.total_bounds(shapes[keep])
    if south < -90.000001 or north > 90.000001 or west < -540 or east > 540:
        turned = " Are latitude and longitude swapped?" if max(abs(west), abs(east)) <= 90 else ""
        raise CorruptInputError(
            f"{path}: coordinates {west:g}..{east:g}, {south:g}..{north:g} are no degrees of longitude and latitude."
            f"{turned} A file in metres must name its coordinate system."
        )
    out = shapes.copy()
    unrolled = 0
    box = shapely.bounds(out)
    for i in np.flatnonzero(keep & (box[:, 2] - box[:, 0] > 180)).tolist():
        out[i], changed = _unroll(out[i])
        unrolled += changed
    if unrolled:
        notes.append(f"{unrolled} polygon(s) crossed the antimeridian and were unrolled.")
    crossed = np.flatnonzero(keep & ~shapely.is_valid(out))
    for i in crossed.tolist():
        parts = shapely.get_parts(shapely.make_valid(out[i]))
        areas = [p for p in shapely.get_parts(parts) if p.geom_type == "Polygon"]
        keep[i] = bool(areas)
        out[i] = shapely.multipolygons(areas) if areas else out[i]
        if not areas:
            notes.append(f"Polygon {i + 1} has no area and was left out.")
    if len(crossed):
        notes.append(f"{len(crossed)} of {len(out)} polygon(s) crossed themselves and were mended.")
    return out, keep, notes


def _unroll(shape: Any) -> tuple[Any, bool]:
    """Rings that step from 180 to -180 and on, made to run past 180; steps along the seam itself stay."""
    import shapely

    parts, changed = [], False
    for part in shapely.get_parts(shape):
        shell, moved = _unrolled(shapely.get_coordinates(part.exterior))
        middle = (shell[:, 0].min() + shell[:, 0].max()) / 2
        holes = []
        for ring in part.interiors:
            hole, _ = _unrolled(shapely.get_coordinates(ring))
            hole[:, 0] += 360.0 * np.round((middle - hole[:, 0].mean()) / 360.0)
            holes.append(hole)
        parts.append(shapely.polygons(shell, holes or None))
        changed |= moved
    return (shapely.multipolygons(parts), True) if changed else (shape, False)


def _unrolled(ring: Floats) -> tuple[Floats, bool]:
    jump = np.abs(np.diff(ring[:, 0])) > 180
    at_seam = (np.abs(ring[:-1, 0]) > _SEAM) & (np.abs(ring[1:, 0]) > _SEAM)
    if not (jump & ~at_seam).any():
        return ring.copy(), False
    out = ring.copy()
    out[:, 0] = np.unwrap(ring[:, 0], period=360.0)
    if abs(out[0, 0] - out[-1, 0]) < 1e-6:
        return out, True
    # the ring goes round a pole: closed along it
    pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
    return np.vstack([out, [[out[-1, 0], pole], [out[0, 0], pole]], out[:1]]), True
