"""Which hull the ships of events were, under which flag, on which lists, and what a reader must know of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.pipeline.known import Who
from tracker.pipeline.rows import Rows
from tracker.risk.legal import LegalRule
from tracker.risk.score import Score
from tracker.tables.listing import Hit

Hits = tuple[tuple[Hit, ...], tuple[Hit, ...]]
"""List hits of both ships of an event."""


def name_ships(rows: Rows, who: Who, /) -> None:
    """Fill hull ids, and flags of the day where a registry tells them."""
    for n in (1, 2):
        ships = list(rows.some(f"mmsi_{n}", f"imo_{n}"))
        ids = {ship: who.hulls.hull_of(*ship) for ship in set(ships) if ship[0] is not None}
        # a hull followed over a change of identity has its id already
        given = rows.column(f"hull_id_{n}")
        rows.fill(f"hull_id_{n}", [one or ids.get(ship, one) for one, ship in zip(given, ships, strict=True)])
        if who.registers:
            flags, bases = rows.column(f"flag_{n}"), rows.column(f"flag_basis_{n}")
            for place, row in enumerate(rows):
                _, spell = who.flag_spell(row, n)
                if spell is not None:
                    basis = "history" if spell.since is not None or spell.until is not None else "registry"
                    flags[place], bases[place] = spell.state, f"{basis}, false" if spell.is_false else basis


def hits_of(rows: Rows, who: Who, /) -> Sequence[Hits]:
    """List hits of the ships of each event."""
    if not who.has_watchlist:
        return [((), ())] * len(rows)
    return [(who.hits(row, 1), who.hits(row, 2)) for row in rows]


def is_nothing_known(who: Who, /) -> bool:
    """Whether nothing can be told of a ship that is not scored: there is no list."""
    return not (who.has_watchlist or who.registers or who.owners)


def sentences(
    row: Mapping[str, Any], hits: Hits, who: Who, score: Score | None, legal: Sequence[LegalRule], /
) -> Iterator[str]:
    """What is told of an event: registries, list hits, owners, its score and the legal rules that it touches."""
    for n in (1, 2):
        yield from who.registry_sentences(row, n)
    yield from (_told(hit, row, n) for n in (1, 2) for hit in hits[n - 1])
    if score is not None:
        yield from who.owner_sentences(row)
    yield from risk_sentences(score, legal)


def risk_sentences(score: Score | None, legal: Sequence[LegalRule], /) -> Iterator[str]:
    """The score of an event and the legal rules that it touches."""
    if score is not None:
        yield score.sentence
    for rule in legal:
        yield (
            f"{rule.rule_id}, {rule.authority}, in force since {rule.effective_from}: {rule.test}. "
            f"Touched because: {rule.because}. A question for a lawyer, no finding."
        )


def _told(hit: Hit, row: Mapping[str, Any], n: int) -> str:
    """A list hit in words, with what it rests on."""
    entry, ship = hit.entry, row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']:09d}"
    kind = "sanctions entry" if entry.is_sanction else "entry, not a sanction"
    since = f"listed {entry.listed_on}" if entry.listed_on else "the list gives no date"
    later = ", later designated: not on the list on the day" if hit.later_designated else ""
    programmes = f" ({', '.join(entry.programmes[:4])})" if entry.programmes else ""
    edition = f"edition {hit.edition}" if hit.edition else "edition not stated"
    return (
        f"{ship}: {hit.strength.replace('_', ' ')} match with {entry.name}{programmes} of {hit.list_name}, {edition}, "
        f"{kind}, by {', '.join(hit.matched)}; {since}{later}."
    )
