"""What the detectors of false positions take and give, and the parameters they share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.params import Params, param
from tracker.tables.fixes import Fixes

Rows = npt.NDArray[np.int64]
JUDGED = "engineering judgement; see the module's note"


class SpoofingParams(Params):
    """What makes positions false beyond doubt of measurement."""

    max_speed_kn: float = param(60.0, "no ship goes faster, kn", gt=0, source="as for hulls")
    min_reports: int = param(
        3, "reports that make a stay at a place", ge=2, source="two wild fixes can agree by chance"
    )
    min_stay_min: float = param(
        10.0, "shortest stay after a jump, min", ge=0, source="a glitch lasts seconds to minutes"
    )
    jump_nm: float = param(
        2.0, "shortest jump, nm", gt=0, source="clocks of receivers differ by minutes: 2 nm at 25 kn"
    )
    jump_return_h: float = param(24.0, "a stay that ends in this time is one event, h", gt=0, source=JUDGED)
    swaps: int = param(
        3, "how often two places must take turns under one MMSI", ge=2, source="one ship there and back is 2"
    )
    apart_nm: float = param(2.0, "two places are at least so far apart, nm", gt=0, source="as for a jump")
    frozen_min: float = param(30.0, "shortest time at one place while going, min", gt=0, source=JUDGED)
    frozen_kn: float = param(
        3.0, "speed that is going, kn", gt=0, source="GPS noise and current at anchor are under 2 kn"
    )
    circle_turns: float = param(2.0, "turns that make a circle", gt=0, source="a turning trial is one turn and a half")
    circle_kn: float = param(3.0, "slower than this a ship swings at anchor, kn", gt=0, source="swinging: under 1 kn")
    circle_error: float = param(0.08, "scatter of the radius, share", gt=0, lt=1, source=JUDGED)
    circle_min_m: float = param(25.0, "smallest radius, m", gt=0, source="GPS error")
    circle_max_m: float = param(20_000.0, "largest radius, m", gt=0, source="largest published circles: some km")
    grid_step_m: float = param(
        100.0, "closest lines of a lattice, m", gt=0, source="rounding to 3 decimals gives 111 m, and is every report's"
    )
    turning_m_s2: float = param(
        0.6, "sideways acceleration that no ship makes, m/s2", gt=0, source="25 kn in a turning circle of 550 m: 0.6"
    )
    replay_reports: int = param(10, "places said again in the same order", ge=3, source=JUDGED)
    replay_share: float = param(0.6, "of the reports meanwhile, share", gt=0, le=1, source=JUDGED)
    replay_way_m: float = param(2000.0, "shortest way replayed, m", gt=0, source="far beyond a harbour's manoeuvre")
    land_nm: float = param(
        3.0, "how far inland is on land, nm", gt=0, source="coast index: p99 under 0.5 nm; estuaries are mapped as sea"
    )
    land_adrift_kn: float = param(
        2.0, "slower than this nobody goes up a river, kn", gt=0, source="tows against the stream make 2 to 4 kn"
    )
    land_straight_nm: float = param(
        10.0, "straight way over land that no river has, nm", gt=0, source="reaches of large rivers: a few miles"
    )
    land_straight_off_nm: float = param(0.25, "how far a straight way strays, nm", gt=0, source=JUDGED)
    land_company_nm: float = param(
        3.0,
        "another ship this near was there too, nm",
        gt=0,
        source="places by the hour: half of what a slow ship makes",
    )
    land_around_nm: float = param(30.0, "ships this near are heard by the same receivers, nm", gt=0, source=JUDGED)
    land_others: int = param(
        10, "such ships without which a straight way inland tells nothing", ge=0, source="fewer may all pass a canal by"
    )
    land_port_nm: float = param(5.0, "a port this near explains a place inland, nm", ge=0, source=JUDGED)
    jamming_nm: float = param(40.0, "radius in which ships are counted, nm", gt=0, source="horizon of a ship's antenna")
    jamming_ships: int = param(5, "ships disturbed in it in one hour", ge=3, source=JUDGED)
    jamming_share: float = param(0.3, "of those heard in it, share", gt=0, le=1, source=JUDGED)


@dataclass(frozen=True)
class Track:
    """All reports of one MMSI that were looked at, in time order, and the hull of each (-1: set aside)."""

    mmsi: int
    fixes: Fixes
    label: npt.NDArray[np.int32]

    def rows(self, hull: int, /) -> Rows:
        """Rows of one hull."""
        return np.flatnonzero(self.label == hull)


@dataclass(frozen=True)
class Falsehood:
    """One finding. ``rows`` are the reports of the track that are false and no evidence of anything else."""

    kind: str
    mmsi: int
    start_ms: int
    end_ms: int
    lon: float
    lat: float
    confidence: float
    why: tuple[str, ...]
    rows: Rows
    ships: tuple[int, ...] = ()
    """Other ships, of jamming."""


def falsehood(
    kind: str, track: Track, rows: Rows, /, *, confidence: float, why: list[str], is_false: bool
) -> Falsehood:
    """A finding over rows of a track; it lies at the middle one."""
    fixes, middle = track.fixes, int(rows[len(rows) // 2])
    return Falsehood(
        kind,
        track.mmsi,
        int(fixes.time_ms[rows[0]]),
        int(fixes.time_ms[rows[-1]]),
        float(fixes.lon[middle]),
        float(fixes.lat[middle]),
        round(min(confidence, 0.99), 3),
        tuple(why),
        rows if is_false else rows[:0],
    )
