"""The index: one tree of coast points, one of declared lines, and what each point says about its state.

Built once a process, on first use, in about 0.7 s. Points of features without an effect on the exclusive
economic zone (Spratlys, Scarborough) stand in a tree of their own: they have a coast and a 12 nm sea only.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.zones.baselines import densify_chain, read_chains
from tracker.zones.coast import LABEL_CELL_DEG, MASK_CELL_DEG, Coast, densify, is_cut, read_coast, ring_of
from tracker.zones.disputed import labelled
from tracker.zones.earth import arc_nm, chord_m, fast_tree, point_to_segment_m, to_ecef
from tracker.zones.packaged import rows_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NO_STATE: Final = -1
MARK_EVERY: Final = 40
"""One in so many points of the declared lines tells whether the others can be nearer than the coast."""
MANY_POINTS: Final = 50_000
"""From here on the search uses every core."""
ALL_ICE_SOUTH_OF: Final = -82.0
"""No open sea lies farther south; the pole itself is where rings are cut."""


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
    """Trees and labels; make one with `read_index`.

    ``states`` are the codes that ``state_of_label`` points into; ``features`` the names of disputed features
    that ``feature_of_label`` points into (-1: none).
    """

    coast: Coast
    states: tuple[str, ...]
    features: tuple[str, ...]
    claimants: dict[str, tuple[str, ...]]
    state_of_label: Ints
    feature_of_label: Ints
    points: Floats
    code: Ints
    before: Ints
    after: Ints
    vertex: Ints
    tree: Any
    bare_tree: Any
    bare_code: Ints
    line_tree: Any
    line_points: Floats
    line_chain: Ints
    line_limit_nm: Floats
    line_state: Ints
    line_feature: Ints
    line_marks: Any
    line_mark_reach_m: float
    limited_features: Ints
    _state_trees: dict[int, Any] = field(default_factory=dict)
    _rings: dict[int, Any] = field(default_factory=dict)
    _ring_boxes: Any = None

    def nearest(self, points: Floats, /, *, landward: Bools | None = None) -> Near:
        """Nearest coast, declared line and bare feature of points in space, shape (n, 3), metres.

        The line is left out (infinite) where the coast is nearer, but not for points marked as `landward` of one.
        """
        workers = -1 if len(points) > MANY_POINTS else 1
        _, i = self.tree.query(points, workers=workers)
        here = self.points[i]
        chord = np.minimum(
            point_to_segment_m(points, here, self.points[self.after[i]]),
            point_to_segment_m(points, here, self.points[self.before[i]]),
        )
        effective = arc_nm(chord)
        line_chord, j = self._nearest_line(points, chord, np.zeros(len(points), bool) if landward is None else landward)
        bare_chord, k = self.bare_tree.query(points, distance_upper_bound=chord_m(200.0))
        bare = arc_nm(bare_chord)
        return Near(
            coast_nm=np.minimum(effective, bare),
            effective_nm=effective,
            line_nm=arc_nm(line_chord),
            bare_nm=bare,
            label=self.code[i],
            bare_label=self.bare_code[np.minimum(k, len(self.bare_code) - 1)],
            line=self.line_chain[j],
            line_limit_nm=self.line_limit_nm[j],
            line_feature=self.line_feature[j],
        )

    def _nearest_line(self, points: Floats, coast_chord: Floats, landward: Bools) -> tuple[Floats, Ints]:
        """Chord to the nearest point of a declared line, and that point; infinite where the coast is surely nearer."""
        chord, near = np.full(len(points), np.inf), np.zeros(len(points), np.int64)
        to_mark, _ = self.line_marks.query(points)
        asked = landward | (to_mark - self.line_mark_reach_m <= coast_chord)
        chord[asked], near[asked] = self.line_tree.query(points[asked])
        return chord, near

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
                rows_here = np.flatnonzero((other != state) & (other != NO_STATE))
                pairs.append(np.column_stack([rows_here, other[rows_here]]))
        asked = np.unique(np.concatenate(pairs), axis=0)
        for other in np.unique(asked[:, 1]).tolist():
            who = asked[asked[:, 1] == other, 0]
            bound = chord_m(float(within_nm[who].max()))
            chord, _ = self._state_tree(other).query(points[who], distance_upper_bound=bound)
            out[who] = np.minimum(out[who], arc_nm(chord))
        return out

    def state_nm(self, points: Floats, *, state: str) -> Floats:
        """Distance of points in space, shape (n, 3), to the coast or baseline of one state; infinite without one."""
        if state not in self.states:
            return np.full(len(points), np.inf)
        chord, _ = self._state_tree(self.states.index(state)).query(points)
        return arc_nm(chord)

    def is_on_land(self, lon: Floats, lat: Floats) -> Bools:
        """Points inside a ring of land (lakes and rivers count as land)."""
        import shapely

        rows, cols = self.coast.is_land.shape
        row = np.floor((lat + 90) / MASK_CELL_DEG).astype(np.int64).clip(0, rows - 1)
        col = np.floor((lon + 180) / MASK_CELL_DEG).astype(np.int64) % cols
        ice = lat < ALL_ICE_SOUTH_OF
        land: Bools = self.coast.is_land[row, col] | ice
        doubtful = np.flatnonzero(self.coast.is_mixed[row, col] & ~ice)
        if not len(doubtful):
            return land
        land[doubtful] = False
        if self._ring_boxes is None:
            self._ring_boxes = _ring_boxes(self.coast)
        numbers, tree = self._ring_boxes
        which, ring = tree.query(shapely.points(lon[doubtful], lat[doubtful]))
        order = np.argsort(ring, kind="stable")
        which, ring = doubtful[which[order]], numbers[ring[order]]
        ends = np.flatnonzero(np.diff(ring, append=-1)) + 1
        begin = 0
        for end in ends.tolist():
            rows_here = which[begin:end]
            inside = shapely.contains_xy(self._ring(int(ring[begin])), lon[rows_here], lat[rows_here])
            land[rows_here[inside]] = True
            begin = end
        return land

    def _ring(self, number: int, /) -> Any:
        import shapely

        if number not in self._rings:
            polygon = shapely.polygons(ring_of(self.coast, number))
            shapely.prepare(polygon)
            self._rings[number] = polygon
        return self._rings[number]

    def _state_tree(self, state: int, /) -> Any:
        if state not in self._state_trees:
            own = self.points[self.state_of_label[self.code] == state]
            self._state_trees[state] = fast_tree(np.vstack([own, self.line_points[self.line_state == state]]))
        return self._state_trees[state]


def _ring_boxes(coast: Coast) -> tuple[Ints, Any]:
    import shapely

    numbers = np.flatnonzero(coast.size >= 3)
    low_x, high_x = np.minimum.reduceat(coast.lon, coast.start), np.maximum.reduceat(coast.lon, coast.start)
    low_y, high_y = np.minimum.reduceat(coast.lat, coast.start), np.maximum.reduceat(coast.lat, coast.start)
    boxes = shapely.box(low_x[numbers], low_y[numbers], high_x[numbers], high_y[numbers])
    return numbers, shapely.STRtree(boxes)


@cache
def read_index() -> CoastIndex:
    """Decode the coast and build the trees, once a process.

    Raises
    ------
    DataFileError
        When a packaged file is missing or damaged.
    """
    coast = read_coast()
    labels, code_of_vertex = labelled(coast)
    split = [label.partition("@") for label in labels]
    chains = read_chains()
    states = tuple(sorted({s for s, _, _ in split if s} | {c.state for c in chains}))
    features = tuple(sorted({f for _, _, f in split if f}))
    disputes = rows_of("disputes.csv")
    claimants = {r["feature"]: tuple(r["claimants"].split(";")) for r in disputes}
    feature_of_chain = {r["baseline"]: features.index(r["feature"]) for r in disputes if r["baseline"]}
    state_of_label = np.array([states.index(s) if s else NO_STATE for s, _, _ in split])
    feature_of_label = np.array([features.index(f) if f else -1 for _, _, f in split])

    lon, lat, _, vertex = densify(coast)
    code = code_of_vertex[vertex]
    points = to_ecef(lon, lat)
    bare = state_of_label[code] == NO_STATE
    bare_points, bare_code = points[bare], code[bare]
    points, code, vertex = points[~bare], code[~bare], vertex[~bare]
    before, after = _neighbours(coast, vertex)

    parts = [densify_chain(chain) for chain in chains]
    line_points = to_ecef(np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))
    line_chain = np.repeat(np.arange(len(chains)), [len(p[0]) for p in parts])
    return CoastIndex(
        coast=coast,
        states=states,
        features=features,
        claimants=claimants,
        state_of_label=state_of_label,
        feature_of_label=feature_of_label,
        points=points,
        code=code,
        before=before,
        after=after,
        vertex=vertex,
        tree=fast_tree(points),
        bare_tree=fast_tree(bare_points),
        bare_code=bare_code,
        line_tree=fast_tree(line_points),
        line_points=line_points,
        line_chain=line_chain,
        line_limit_nm=np.concatenate([p[2] for p in parts]),
        line_state=np.array([states.index(chain.state) for chain in chains])[line_chain],
        line_feature=np.array([feature_of_chain.get(chain.name, -1) for chain in chains])[line_chain],
        line_marks=fast_tree(line_points[::MARK_EVERY]),
        line_mark_reach_m=float(fast_tree(line_points[::MARK_EVERY]).query(line_points)[0].max()),
        limited_features=np.array(
            [features.index(name) for name in sorted({r["feature"] for r in disputes if r["eez_effect"] == "limited"})],
            np.int64,
        ),
    )


def _neighbours(coast: Coast, vertex: Ints) -> tuple[Ints, Ints]:
    """The points before and after each point on its ring; a point at a seam is its own neighbour."""
    n = len(vertex)
    ring = np.searchsorted(coast.start, vertex, side="right") - 1
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    last = np.append(first[1:], n) - 1
    before, after = np.arange(n) - 1, np.arange(n) + 1
    before[first], after[last] = last, first
    at_seam = is_cut(coast)[vertex]
    own = np.arange(n)
    seam_after = at_seam & at_seam[after]
    seam_before = at_seam & at_seam[before]
    return np.where(seam_before, own, before), np.where(seam_after, own, after)
