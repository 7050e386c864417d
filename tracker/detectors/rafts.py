"""Contacts that belong together: three or more ships in a raft, or the same pair again within a day."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import product

from tracker.detectors.found import Found
from tracker.detectors.judge import Judgement
from tracker.tables.ship import Ship

SAME_PAIR_S = 24 * 3600.0
"""Contacts of the same pair this near in time are linked: an approach and the transfer, or a transfer in two parts."""


def groups_of(found: Sequence[Found], judged: Sequence[Judgement], /) -> list[str | None]:
    """Group id of each contact; None for a contact that stands alone, lies in port, or is unlikely a transfer.

    Contacts join when they share a ship and overlap in time, or are the same pair within a day.
    """
    parent = list(range(len(found)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    by_ship: dict[int, list[int]] = {}
    for i, (f, j) in enumerate(zip(found, judged, strict=True)):
        if not j.in_port and (j.verdict != "unlikely" or f.duration_h >= 1.0 / 3.0):
            by_ship.setdefault(f.mmsi_1, []).append(i)
            by_ship.setdefault(f.mmsi_2, []).append(i)
    for members in by_ship.values():
        members.sort(key=lambda i: found[i].contact.start_s)
        for place, i in enumerate(members):
            for k in members[place + 1 :]:
                if found[k].contact.start_s > found[i].contact.end_s + SAME_PAIR_S:
                    break
                if _belong(found[i], found[k], judged[i], judged[k]):
                    parent[root(k)] = root(i)
    sizes: dict[int, list[int]] = {}
    for i in range(len(found)):
        sizes.setdefault(root(i), []).append(i)
    names = {r: _name([found[i] for i in members]) for r, members in sizes.items() if len(members) > 1}
    return [names.get(root(i)) for i in range(len(found))]


def sheltered_by(found: Sequence[Found], judged: Sequence[Judgement], /) -> list[str | None]:
    """For each contact, the name of the ship that lies between the two, when all three are one raft; else None."""
    by_ship: dict[int, list[Found]] = {}
    for f, j in zip(found, judged, strict=True):
        if j.verdict != "unlikely" and not j.in_port:
            by_ship.setdefault(f.mmsi_1, []).append(f)
            by_ship.setdefault(f.mmsi_2, []).append(f)
    return [
        None if j.in_port or j.verdict == "unlikely" else _sheltered_by(f, by_ship)
        for f, j in zip(found, judged, strict=True)
    ]


def _sheltered_by(me: Found, by_ship: Mapping[int, Sequence[Found]]) -> str | None:
    sides: dict[int, dict[int, list[Found]]] = {}
    for own in (me.mmsi_1, me.mmsi_2):
        for other in by_ship[own]:
            third = other.mmsi_2 if other.mmsi_1 == own else other.mmsi_1
            if third not in {me.mmsi_1, me.mmsi_2} and _overlap(me, other):
                sides.setdefault(third, {}).setdefault(own, []).append(other)
    for third, by_side in sorted(sides.items()):
        if len(by_side) < 2:
            continue
        for one, two in product(*by_side.values()):
            ship = one.ship_1 if one.mmsi_1 == third else one.ship_2
            if _overlap(one, two) and _are_nearer((one, two), me) and _has_room(me, ship):
                return ship.label
    return None


def _are_nearer(others: Sequence[Found], me: Found) -> bool:
    """Whether the two of each other contact lay nearer: by hull gaps where all are known, else by antennas.

    Gaps of hulls that touch are equal: there antennas decide.
    """
    gaps = [f.evidence.hull_gap_m for f in (me, *others)]
    by_gap = None not in gaps
    near = [
        ((gap or 0.0) if by_gap else 0.0, f.evidence.median_distance_m)
        for gap, f in zip(gaps, (me, *others), strict=True)
    ]
    return max(near[1:]) < near[0]


def _has_room(me: Found, ship: Ship) -> bool:
    """Whether a ship fits between the hulls of a contact; position error may hide half of her beam."""
    gap = me.evidence.hull_gap_m
    return gap is None or ship.beam_m is None or gap >= 0.5 * ship.beam_m


def _overlap(one: Found, two: Found) -> bool:
    return one.contact.start_s < two.contact.end_s and two.contact.start_s < one.contact.end_s


def _belong(one: Found, two: Found, verdict_1: Judgement, verdict_2: Judgement) -> bool:
    if (one.mmsi_1, one.mmsi_2) == (two.mmsi_1, two.mmsi_2):
        return True
    return verdict_1.verdict != "unlikely" and verdict_2.verdict != "unlikely" and _overlap(one, two)


def _name(members: list[Found]) -> str:
    keys = sorted(f"{m.mmsi_1}|{m.mmsi_2}|{round(m.contact.start_s) // 60}" for m in members)
    return sha256(";".join(keys).encode()).hexdigest()[:12]
