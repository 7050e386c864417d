"""One hull under several identities: the id that outlives a change of MMSI or name.

The IMO number stays with a hull for life, so it is the id where one was given: ``IMO9187629``. Without one the MMSI
serves: ``MMSI412345678``. Where several MMSIs bear one IMO number *at the same time* with hulls of different size, one
of them has borrowed it: each keeps the number with its MMSI, ``IMO9187629-MMSI412345678``, so that they never melt
into one. Of several hulls that bear one MMSI at once each has a number of its own: ``MMSI412345678-HULL1``. Ids come from content alone: reading files in another order changes none.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

SIZE_CONTRADICTION = 0.15
"""Lengths further apart than this are two hulls (cargo-and-law.md 5.5, step 1)."""


TWIN = "-HULL"


def twin_id(mmsi: int, number: int, /) -> str:
    """Hull id of one of several hulls that bear an MMSI at once: its number is that in the table ``segments``."""
    return f"MMSI{mmsi:09d}{TWIN}{number}"


def is_twin(hull_id: str, /) -> bool:
    """Whether an id is of one hull among several under a number."""
    return TWIN in hull_id


@dataclass(frozen=True)
class Bearer:
    """An MMSI that bore an IMO number: first and last time (ms) and the length it gave most often."""

    mmsi: int
    first_ms: int
    last_ms: int
    length_m: float | None


class HullIds:
    """Hull ids from static reports (`tracker.tables.statics.STATICS`)."""

    def __init__(self, statics: Any, /) -> None:
        said = statics.filter(pc.is_valid(statics["imo"]))
        times = said.group_by(["imo", "mmsi"], use_threads=False).aggregate([("time", "min"), ("last_time", "max")])
        lengths = _lengths(said)
        self.bearers: dict[int, list[Bearer]] = {}
        self._imos: dict[int, set[int]] = {}
        columns = (
            times["imo"],
            times["mmsi"],
            times["time_min"].cast(pa.int64()),
            times["last_time_max"].cast(pa.int64()),
        )
        for imo, mmsi, first, last in sorted(zip(*(column.to_pylist() for column in columns), strict=True)):
            self.bearers.setdefault(imo, []).append(Bearer(mmsi, first, last, lengths.get((imo, mmsi))))
            self._imos.setdefault(mmsi, set()).add(imo)
        self.contested = {imo for imo, bearers in self.bearers.items() if _is_contested(bearers)}

    def hull_of(self, mmsi: int, imo: int | None, /) -> str:
        """Hull id of an MMSI that gave an IMO number at that time, or none."""
        if imo is None:
            known = self._imos.get(mmsi, set())
            # an MMSI that only ever gave one number is that hull also in reports without it
            imo = next(iter(known)) if len(known) == 1 else None
        if imo is None:
            return f"MMSI{mmsi:09d}"
        return f"IMO{imo}-MMSI{mmsi:09d}" if imo in self.contested else f"IMO{imo}"

    def mmsis_of(self, imo: int, /) -> list[int]:
        """MMSIs that bore an IMO number, sorted."""
        return sorted({bearer.mmsi for bearer in self.bearers.get(imo, [])})

    def imos_of(self, mmsi: int, /) -> list[int]:
        """IMO numbers that an MMSI gave, sorted."""
        return sorted(self._imos.get(mmsi, set()))


def _lengths(said: Any) -> dict[tuple[int, int], float]:
    """Length said most often by each bearer; the shorter one at a tie."""
    sized = said.filter(pc.is_valid(said["length_m"]))
    votes = sized.group_by(["imo", "mmsi", "length_m"], use_threads=False).aggregate([("reports", "sum")])
    best: dict[tuple[int, int], tuple[int, float]] = {}
    for row in votes.to_pylist():
        key, vote = (row["imo"], row["mmsi"]), (row["reports_sum"], -float(row["length_m"]))
        best[key] = max(best.get(key, vote), vote)
    return {key: -length for key, (_, length) in best.items()}


def _is_contested(bearers: list[Bearer]) -> bool:
    return any(
        one.first_ms <= other.last_ms
        and other.first_ms <= one.last_ms
        and one.length_m is not None
        and other.length_m is not None
        and abs(one.length_m - other.length_m) > SIZE_CONTRADICTION * max(one.length_m, other.length_m)
        for i, one in enumerate(bearers)
        for other in bearers[i + 1 :]
    )
