"""Slow spells as arrays: stretches of time in which a ship made no way, of the pass."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.units import MILLISECONDS_PER_HOUR


@dataclass(frozen=True)
class Spells:
    """Slow spells as arrays (table of `tracker.tables.scan.SLOW_SPELLS`)."""

    mmsi: npt.NDArray[np.int64]
    start_ms: npt.NDArray[np.int64]
    end_ms: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    spread_m: npt.NDArray[np.float64]
    speed_kn: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mmsi)

    @property
    def hours(self) -> npt.NDArray[np.float64]:
        """Length of each."""
        return (self.end_ms - self.start_ms) / MILLISECONDS_PER_HOUR


def spells_of(table: Any, /) -> Spells:
    """Arrays of the slow-spell table."""
    return Spells(
        table["mmsi"].to_numpy().astype(np.int64),
        table["start_time"].cast("int64").to_numpy(),
        table["end_time"].cast("int64").to_numpy(),
        table["lon"].to_numpy(),
        table["lat"].to_numpy(),
        table["spread_m"].to_numpy(),
        np.nan_to_num(table["median_speed_kn"].to_numpy(), nan=0.0),
    )
