"""Whose is a change of draught? A ship says her new draught once, and may have met several since she said the old one.

A change speaks for the contact that is most surely a transfer without it, and for those at the same time with the same
ship (a raft); for others before and after, in which it could as well have come about, it says nothing.
"""

from collections.abc import Sequence

from tracker.detectors.found import Found
from tracker.detectors.judge import Judgement
from tracker.detectors.readings import Draughts


def changes_of_their_own(
    found: Sequence[Found], judged: Sequence[Judgement], draughts: Sequence[Draughts], /
) -> list[Draughts]:
    """Draughts of each contact, without the changes that speak for another one.

    Parameters
    ----------
    judged : judgements without regard to draughts
    """
    sharers: dict[tuple[int, int], list[int]] = {}
    for i, (f, said) in enumerate(zip(found, draughts, strict=True)):
        for mmsi, time_ms in ((f.mmsi_1, said.said_1_ms), (f.mmsi_2, said.said_2_ms)):
            if time_ms is not None:
                sharers.setdefault((mmsi, time_ms), []).append(i)
    entitled: dict[tuple[int, int], set[int]] = {}
    for key, contacts in sharers.items():
        best = max(contacts, key=lambda i: (judged[i].confidence, found[i].duration_h, -found[i].contact.start_s))
        entitled[key] = {
            i for i in contacts if i == best or (judged[i].verdict != "unlikely" and _meet(found[i], found[best]))
        }
    return [
        said.without(
            first=said.said_1_ms is not None and i not in entitled[(f.mmsi_1, said.said_1_ms)],
            second=said.said_2_ms is not None and i not in entitled[(f.mmsi_2, said.said_2_ms)],
        )
        for i, (f, said) in enumerate(zip(found, draughts, strict=True))
    ]


def _meet(one: Found, two: Found) -> bool:
    return one.contact.start_s < two.contact.end_s and two.contact.start_s < one.contact.end_s
