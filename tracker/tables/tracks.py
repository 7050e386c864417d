"""Fixes of many vessels held together, so that one compiled look serves all of them; asked for by MMSI like a dictionary."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.tables.fixes import Fixes, concat_fixes, fixes_of
from tracker.tables.positions import POSITIONS


class Tracks(Mapping[int, Fixes]):
    """Fixes of many vessels, held together: by MMSI the fixes of each, in time order.

    Parameters
    ----------
    fixes : those of one vessel after those of another
    vessels : MMSIs, in the order of their fixes
    starts : (vessels + 1,) where the fixes of each begin, and the end of all
    """

    def __init__(self, fixes: Fixes, vessels: npt.NDArray[np.int32], starts: npt.NDArray[np.int64], /) -> None:
        self.fixes, self.starts = fixes, starts
        self.place = {mmsi: place for place, mmsi in enumerate(vessels.tolist())}
        """Of each vessel in `starts`."""

    @classmethod
    def of(cls, tracks: Mapping[int, Fixes], /) -> "Tracks":
        """From fixes by MMSI."""
        if isinstance(tracks, Tracks):
            return tracks
        fixes = concat_fixes(list(tracks.values())) if tracks else fixes_of(POSITIONS.empty())
        sizes = np.array([len(track) for track in tracks.values()], np.int64)
        return cls(fixes, np.array(list(tracks), np.int32), np.append(0, np.cumsum(sizes)))

    def keep(self, chosen: npt.NDArray[np.bool_], /) -> "Tracks":
        """Chosen rows of all fixes; a vessel may be left with none."""
        left_out = np.flatnonzero(~chosen)
        if not len(left_out):
            return self
        starts = self.starts - np.searchsorted(left_out, self.starts)
        return Tracks(self.fixes.take(chosen), np.fromiter(self.place, np.int32, len(self)), starts)

    def heard(self) -> "Tracks":
        """Without vessels that have no fix."""
        is_heard = np.diff(self.starts) > 0
        vessels = np.fromiter(self.place, np.int32, len(self))[is_heard]
        return Tracks(self.fixes, vessels, np.append(self.starts[:-1][is_heard], self.starts[-1]))

    def in_parts(self, most: int, /) -> Iterator["Tracks"]:
        """Successive vessels with at most so many fixes together, or one; nothing is copied."""
        vessels, begin = np.fromiter(self.place, np.int32, len(self)), 0
        while begin < len(vessels):
            first = int(self.starts[begin])
            stop = max(int(np.searchsorted(self.starts, first + most, side="right")) - 1, begin + 1)
            rows = slice(first, int(self.starts[stop]))
            yield Tracks(self.fixes.take(rows), vessels[begin:stop], self.starts[begin : stop + 1] - first)
            begin = stop

    def rows_of(self, mmsi: int, /) -> slice:
        """Which of all fixes are those of a vessel."""
        place = self.place[mmsi]
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def __getitem__(self, mmsi: int, /) -> Fixes:
        return self.fixes.take(self.rows_of(mmsi))

    def __contains__(self, mmsi: object, /) -> bool:
        return mmsi in self.place

    def __iter__(self) -> Iterator[int]:
        return iter(self.place)

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class HullTracks(Mapping[int, Sequence[Fixes]]):
    """The reports of each hull of many MMSIs, by MMSI and then in order of the hulls."""

    single: Tracks
    """Of MMSIs that are one hull; nothing is left here of those that are not."""
    split: dict[int, list[Fixes]]
    """Of these."""

    def __getitem__(self, mmsi: int, /) -> Sequence[Fixes]:
        return self.split[mmsi] if mmsi in self.split else (self.single[mmsi],)

    def __iter__(self) -> Iterator[int]:
        return iter(self.single)

    def __len__(self) -> int:
        return len(self.single)
