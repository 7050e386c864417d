"""The index: coast points, declared lines, and what each point says about its state.

Decoded once a process, on first use, in a sixth of a second; points and trees are laid out near the places that are
asked, the trees when there is more to ask than a scan answers. Points of features without an effect on the exclusive economic zone (Spratlys, Scarborough) stand by
themselves: they have a coast and a 12 nm sea only.
"""

import threading
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.baselines import densify_chain, read_chains
from tracker.zones.coast import LABEL_CELL_DEG, Coast, read_coast
from tracker.zones.disputed import labelled
from tracker.zones.earth import arc_nm, chord_m, morton_order, point_to_segment_m, to_ecef
from tracker.zones.packaged import rows_of
from tracker.zones.pieces import Pieces, Points
from tracker.zones.rings import Rings
from tracker.zones.rocks import read_rocks
from tracker.zones.shore import Shore
from tracker.zones.spots import Spots

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NO_STATE: Final = -1
HALF_STEP_M: Final = 300.0
"""A line passes no farther from the middle between two of its points than this from either."""
COAST_HALF_STEP_M: Final = 1_700.0
"""Nor the coast: its points are at most 0.02 degree apart north and as much east (`tracker.zones.coast.densify`)."""
NEIGHBOURS: Final = 512
"""Points that are asked together whether a line is nearer than the coast; of use when they lie side by side."""


@dataclass(frozen=True)
class Near:
    """Nearest coast and declared line of each point; distances in nm, infinite where there is none."""

    coast_nm: Floats
    effective_nm: Floats
    line_nm: Floats
    bare_nm: Floats
    label: Ints
    bare_label: Ints
    line: Ints
    line_limit_nm: Floats
    line_feature: Ints


@dataclass(eq=False)
class CoastIndex:
    """Points and labels; make one with `read_index`.

    ``states`` are the codes that ``state_of_label`` points into; ``features`` the names of disputed features
    that ``feature_of_label`` points into (-1: none).
    """

    coast: Coast
    states: tuple[str, ...]
    features: tuple[str, ...]
    claimants: dict[str, tuple[str, ...]]
    state_of_label: Ints
    feature_of_label: Ints
    shore: Shore
    bare_spots: Spots
    bare_code: Ints
    line_spots: Spots
    line_chain: Ints
    line_limit_nm: Floats
    line_state: Ints
    line_feature: Ints
    limited_features: Ints
    rings: Rings
    _by_state: dict[int, Spots] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def line_points(self) -> Floats:
        """Points of the declared lines in space, shape (n, 3), metres."""
        return self.line_spots.points

    def nearest(self, points: Floats, /, *, landward: Bools | None = None) -> Near:
        """Nearest coast, declared line and bare feature of points in space, shape (n, 3), metres.

        The line is left out (infinite) where the coast is nearer, but not for points marked as `landward` of one.
        """
        chord, label = self.shore.nearest(points)
        effective = arc_nm(chord)
        line_chord, j = self._nearest_line(points, chord, np.zeros(len(points), bool) if landward is None else landward)
        found = np.flatnonzero(np.isfinite(line_chord))
        line_chord[found] = self._to_line(points[found], j[found])
        bare_chord, k = self.bare_spots.nearest(points, within_m=chord_m(200.0))
        bare = arc_nm(bare_chord)
        return Near(
            coast_nm=np.minimum(effective, bare),
            effective_nm=effective,
            line_nm=arc_nm(line_chord),
            bare_nm=bare,
            label=label,
            bare_label=self.bare_code[np.minimum(k, len(self.bare_code) - 1)],
            line=self.line_chain[j],
            line_limit_nm=self.line_limit_nm[j],
            line_feature=self.line_feature[j],
        )

    def coast_nm(self, lon: Floats, lat: Floats, /, *, within_nm: float = 200.0) -> Floats:
        """Distance of places (degrees, longitude in [-180, 180)) to the nearest coast or bare feature, nm.

        Parameters
        ----------
        within_nm : coasts farther off than this may be left out (infinite): of places at sea that is asked faster
        """
        bound_m = np.inf if within_nm >= 200.0 else chord_m(within_nm) + COAST_HALF_STEP_M
        out = np.empty(len(lon))
        # neighbours one after another find the tree's branches in the cache
        order = morton_order(lon, lat)
        points = to_ecef(lon[order], lat[order])
        chord, _ = self.shore.nearest(points, within_m=bound_m)
        bare_chord, _ = self.bare_spots.nearest(points, within_m=min(bound_m, chord_m(200.0)))
        out[order] = arc_nm(np.minimum(chord, bare_chord))
        return out

    def _nearest_line(self, points: Floats, coast_chord: Floats, landward: Bools) -> tuple[Floats, Ints]:
        """Chord to the nearest point of a declared line, and that point; infinite where the coast is surely nearer."""
        chord, number = np.full(len(points), np.inf), np.zeros(len(points), np.int64)
        inner, outer = np.flatnonzero(landward), np.flatnonzero(~landward)
        chord[inner], number[inner] = self.line_spots.nearest(points[inner])
        for begin in range(0, len(outer), NEIGHBOURS):
            rows = outer[begin : begin + NEIGHBOURS]
            farthest = float(coast_chord[rows].max()) + HALF_STEP_M
            chord[rows], number[rows] = self.line_spots.nearest(points[rows], within_m=farthest)
        number[number == len(self.line_chain)] = 0
        return chord, number

    def _to_line(self, points: Floats, nearest: Ints) -> Floats:
        """Chord to the line on either side of its nearest point."""
        chain, last = self.line_chain[nearest], len(self.line_chain) - 1
        before, after = np.maximum(nearest - 1, 0), np.minimum(nearest + 1, last)
        here = self.line_points[nearest]
        sides = [
            self.line_points[np.where(self.line_chain[beside] == chain, beside, nearest)] for beside in (before, after)
        ]
        return np.minimum(*(point_to_segment_m(points, here, side) for side in sides))

    def second_state_nm(self, points: Floats, *, lon: Floats, lat: Floats, state: Ints, within_nm: Floats) -> Floats:
        """Distance to the nearest coast or baseline of any other state, infinite beyond `within_nm`.

        Only states that are nearest somewhere in the eight neighbouring cells of 0.25 degree are asked: no
        other can be within 2 nm of being the nearest.
        """
        out = np.full(len(points), np.inf)
        grid = self.state_of_label[self.coast.nearest_code.astype(np.int64)]
        rows, cols = grid.shape
        row = np.floor((lat + 90) / LABEL_CELL_DEG).astype(np.int64).clip(0, rows - 1)
        col = np.floor((lon + 180) / LABEL_CELL_DEG).astype(np.int64) % cols
        pairs = []
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                other = grid[(row + dy).clip(0, rows - 1), (col + dx) % cols]
                here = np.flatnonzero((other != state) & (other != NO_STATE))
                pairs.append(other[here] * len(points) + here)
        asked = np.unique(np.concatenate(pairs))
        who, of = asked % max(len(points), 1), asked // max(len(points), 1)
        begin = 0
        for end in (np.flatnonzero(np.diff(of, append=-1)) + 1).tolist():
            rows_here = who[begin:end]
            bound = chord_m(float(within_nm[rows_here].max()))
            chord, _ = self._spots_of(int(of[begin])).nearest(points[rows_here], within_m=bound)
            out[rows_here] = np.minimum(out[rows_here], arc_nm(chord))
            begin = end
        return out

    def state_nm(self, points: Floats, *, state: str) -> Floats:
        """Distance of points in space, shape (n, 3), to the coast or baseline of one state; infinite without one."""
        if state not in self.states:
            return np.full(len(points), np.inf)
        chord, _ = self._spots_of(self.states.index(state)).nearest(points)
        return arc_nm(chord)

    def is_on_land(self, lon: Floats, lat: Floats) -> Bools:
        """Points inside a ring of land (lakes and rivers count as land)."""
        return self.rings.hold(lon, lat)

    def _spots_of(self, state: int, /) -> Spots:
        """Coast and lines of one state."""
        if state not in self._by_state:
            with self._lock:
                if state not in self._by_state:
                    own = self.shore.labelled(self.state_of_label == state)
                    self._by_state[state] = Spots(np.vstack([own, self.line_points[self.line_state == state]]))
        return self._by_state[state]


@cache
def read_index() -> CoastIndex:
    """Decode the coast and lay out its points, once a process.

    Raises
    ------
    DataFileError
        When a packaged file is missing or damaged.
    """
    coast = read_coast()
    pieces = Pieces.of(coast)
    labels, code_of_vertex = labelled(coast, pieces)
    rock_lon, rock_lat, rock_labels = read_rocks()
    labels = (*labels, *(label for label in dict.fromkeys(rock_labels) if label not in labels))
    split = [label.partition("@") for label in labels]
    chains = read_chains()
    states = tuple(sorted({s for s, _, _ in split if s} | {c.state for c in chains}))
    features = tuple(sorted({f for _, _, f in split if f}))
    disputes = rows_of("disputes.csv")
    claimants = {r["feature"]: tuple(r["claimants"].split(";")) for r in disputes}
    feature_of_chain = {r["baseline"]: features.index(r["feature"]) for r in disputes if r["baseline"]}
    state_of_label = np.array([states.index(s) if s else NO_STATE for s, _, _ in split])
    feature_of_label = np.array([features.index(f) if f else -1 for _, _, f in split])

    is_bare = state_of_label == NO_STATE
    told = replace(coast, code=code_of_vertex)
    bare_coast = np.flatnonzero(np.logical_or.reduceat(is_bare[code_of_vertex], pieces.start))
    bare = Points.along(told, *pieces.cut(bare_coast), is_left_out=~is_bare)
    rock_points, rock_code = to_ecef(rock_lon, rock_lat), np.array([labels.index(label) for label in rock_labels])
    is_bare_rock = is_bare[rock_code]
    bare_points = np.vstack([bare.xyz[: len(bare)], rock_points[is_bare_rock]])

    parts = [densify_chain(chain) for chain in chains]
    line_points = to_ecef(np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))
    line_chain = np.repeat(np.arange(len(chains)), [len(p[0]) for p in parts])
    nearest_code = coast.nearest_code.copy()
    # the first rock of a cell speaks for it: the states about it are those of the cells beside
    for x, y, code_of_rock in list(zip(rock_lon, rock_lat, rock_code, strict=True))[::-1]:
        if state_of_label[code_of_rock] != NO_STATE:
            nearest_code[int((y + 90) // LABEL_CELL_DEG), int((x + 180) // LABEL_CELL_DEG)] = code_of_rock
    return CoastIndex(
        coast=replace(coast, nearest_code=nearest_code),
        states=states,
        features=features,
        claimants=claimants,
        state_of_label=state_of_label,
        feature_of_label=feature_of_label,
        shore=Shore(
            told,
            pieces,
            is_left_out=is_bare,
            rocks=rock_points[~is_bare_rock],
            rock_code=rock_code[~is_bare_rock],
        ),
        bare_spots=Spots(bare_points),
        bare_code=np.append(bare.code[: len(bare)], rock_code[is_bare_rock]),
        line_spots=Spots(line_points),
        line_chain=line_chain,
        line_limit_nm=np.concatenate([p[2] for p in parts]),
        line_state=np.array([states.index(chain.state) for chain in chains])[line_chain],
        line_feature=np.array([feature_of_chain.get(chain.name, -1) for chain in chains])[line_chain],
        limited_features=np.array(
            [features.index(name) for name in sorted({r["feature"] for r in disputes if r["eez_effect"] == "limited"})],
            np.int64,
        ),
        rings=Rings(coast),
    )
