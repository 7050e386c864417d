"""Read the arcs of a TopoJSON file (TopoJSON format 1.0: delta-encoded, quantised)."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def arcs_of(path: Path) -> tuple[list[Floats], list[dict[str, Any]]]:
    """Arcs as (n, 2) arrays of degrees, and the geometries of the first object."""
    topology = json.loads(path.read_text("utf-8"))
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.asarray(arc, dtype=np.float64), axis=0) * scale + move for arc in topology["arcs"]]
    return arcs, next(iter(topology["objects"].values()))["geometries"]


def rings_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Polygons, each a list of rings, each a list of arc numbers (``~i`` is arc i backwards)."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry["arcs"])
    return [p for part in geometry.get("geometries", []) for p in rings_of(part)]


def ring(arcs: list[Floats], numbers: list[int]) -> Floats:
    """Join the arcs of one ring."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.concatenate([part if i == 0 else part[1:] for i, part in enumerate(parts)])


def coastal_arcs(geometries: list[dict[str, Any]]) -> dict[int, int]:
    """Arc number to geometry number, for arcs that only one geometry uses: coast, not land border."""
    users: dict[int, set[int]] = {}
    uses: Counter[int] = Counter()
    for g, geometry in enumerate(geometries):
        for polygon in rings_of(geometry):
            for numbers in polygon:
                for n in numbers:
                    arc = n if n >= 0 else ~n
                    users.setdefault(arc, set()).add(g)
                    uses[arc] += 1
    return {arc: next(iter(gs)) for arc, gs in users.items() if len(gs) == 1 and uses[arc] == 1}
