"""Coasts that more than one state claims: the boxes of ``disputes.csv`` laid over the labels of the packaged coast.

The state of a coast stays that which administers it; the feature adds who else claims it. East Asia's features are
built into the packaged labels, the rest of the world's are laid over when the index is made.
"""

import numpy as np
import numpy.typing as npt

from tracker.zones.coast import Coast
from tracker.zones.packaged import rows_of
from tracker.zones.pieces import Pieces

Ints = npt.NDArray[np.int64]


def labelled(coast: Coast, pieces: Pieces, /) -> tuple[tuple[str, ...], Ints]:
    """Labels (``STATE`` or ``STATE@feature``) and the label of each vertex, disputes of the whole world included."""
    labels = list(coast.labels)
    built_in = {label.partition("@")[2] for label in labels}
    code = coast.code.copy()
    for row in rows_of("disputes.csv"):
        if row["kind"] != "coast" or row["feature"] in built_in:
            continue
        south, north, west, east = (float(row[k]) for k in ("lat_min", "lat_max", "lon_min", "lon_max"))
        near = pieces.vertices_of(pieces.touch(west, south, east, north))
        lon, lat = coast.lon[near], coast.lat[near]
        inside = near[(lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)]
        for old in np.unique(code[inside]).tolist():
            state, _, feature = labels[old].partition("@")
            if feature or row["coast_label"] not in {"", state}:
                continue
            name = f"{state}@{row['feature']}"
            if name not in labels:
                labels.append(name)
            code[inside[code[inside] == old]] = labels.index(name)
    return tuple(labels), code
