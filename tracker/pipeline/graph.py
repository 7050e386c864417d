"""Who met whom: the graph of meetings that are taken for transfers, and which of the ships are linked to the DPRK."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tracker.pipeline.rows import column, columns
from tracker.tables.listing import Hit

NEAR = timedelta(days=90)
LISTED_SURELY = {"confirmed", "probable"}


class Graph:
    """Who met whom in transfer-like meetings, and whether a partner was listed or flew the DPRK's flag."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], hits: Sequence[tuple[tuple[Hit, ...], tuple[Hit, ...]]]
    ) -> None:
        self._met: dict[int, list[tuple[int, datetime, int, bool]]] = {}
        self._unknown: set[int] = set()
        self._given: dict[int, list[tuple[datetime, int]]] = {}
        self._times = column(rows, "start_time")
        for place, (kind, verdict) in enumerate(columns(rows, "type", "verdict")):
            if kind not in {"encounter", "dark_encounter"} or verdict not in {"likely", "possible"}:
                continue
            row, found = rows[place], hits[place]
            if row["in_port"] or row["mmsi_2"] is None:
                continue
            # a candidate that was not heard met nobody for sure
            for n, other in ((1, 2), (2, 1)) if kind == "encounter" else ():
                link = (place, row["start_time"], row[f"mmsi_{other}"], is_linked(row, other, found[other - 1]))
                self._met.setdefault(row[f"mmsi_{n}"], []).append(link)
                if row[f"flag_{other}"] is None:
                    self._unknown.add(row[f"mmsi_{n}"])
            if row["donor_mmsi"] is not None and row["receiver_mmsi"] is not None:
                self._given.setdefault(row["donor_mmsi"], []).append((row["start_time"], row["receiver_mmsi"]))
        first = {mmsi for mmsi, met in self._met.items() if any(linked for *_, linked in met)}
        self._near_linked = first | {
            mmsi for mmsi, met in self._met.items() if any(partner in first for _, _, partner, _ in met)
        }

    def rules(self, mmsi: int, /) -> Iterator[str]:
        """Rules that may fire for whom a ship met: for others they answer as for a ship that met nobody."""
        if mmsi in self._near_linked:
            yield "R05"
        if len({ship for _, ship in self._given.get(mmsi, [])}) > 1:
            yield "R29"

    def links(self, mmsi: int, place: int, /) -> tuple[int, int]:
        """Other meetings within 90 days with a linked ship, and meetings with a ship that met one elsewhere."""
        when = self._times[place]
        near = [link for link in self._met.get(mmsi, []) if abs(link[1] - when) <= NEAR]
        first = sum(linked for other, _, _, linked in near if other != place)
        second = 0
        for other, _, partner, linked in near:
            if not linked:
                theirs = self._met.get(partner, [])
                second += any(
                    link[3] and link[2] != mmsi and link[0] != other and abs(link[1] - when) <= NEAR for link in theirs
                )
        return first, second

    def meets_linked(self, mmsi: int, place: int, /) -> bool:
        """Whether the partner at this very meeting is linked."""
        return any(linked for other, _, _, linked in self._met.get(mmsi, []) if other == place)

    def knows_partners(self, mmsi: int, /) -> bool:
        """Whether the flag of every partner is known: a partner of unknown flag may be of the DPRK."""
        return mmsi not in self._unknown

    @property
    def knows_givers(self) -> bool:
        """Whether any meeting tells donor from receiver."""
        return bool(self._given)

    def receivers(self, mmsi: int, when: datetime, /) -> int | None:
        """Different receivers of a donor within 30 days; None while no meeting tells donor from receiver."""
        if not self.knows_givers:
            return None
        return len({ship for time, ship in self._given.get(mmsi, []) if abs(time - when) <= timedelta(days=30)})


def is_linked(row: Mapping[str, Any], n: int, hits: tuple[Hit, ...], /) -> bool:
    """Whether a ship of an event is surely listed, or flies the flag of the DPRK."""
    surely = any(h.strength in LISTED_SURELY and h.entry.is_sanction and not h.later_designated for h in hits)
    return surely or row[f"flag_{n}"] == "PRK"
