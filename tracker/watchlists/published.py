"""Tables whose publishers fix the header: OpenSanctions' two, and the UN's 1718 vessels as a CSV."""

import re
from dataclasses import replace
from datetime import date

from tracker.tables.imo import parse_imo
from tracker.tables.listing import ORGANISATION, VESSEL, Entry
from tracker.watchlists.files import Document
from tracker.watchlists.tables import FIELD_OF, company_number, entry_of, plain, rows_of
from tracker.watchlists.text import clean, flags, is_yes, mmsis, moment, split


def read_maritime(document: Document, /) -> tuple[list[Entry], date | None]:
    """OpenSanctions ``maritime.csv``: one row for each IMO number; only the risk ``sanction`` is a sanction."""
    entries = []
    for row in rows_of(document):
        kind = VESSEL if clean(row.get("type")).upper() == "VESSEL" else ORGANISATION
        entries.append(
            Entry(
                entry_id=clean(row.get("id")),
                name=clean(row.get("caption")),
                kind=kind,
                aliases=split(row.get("aliases")),
                # an organisation's number is a company number: not a ship's
                imo=parse_imo(clean(row.get("imo"))) if kind == VESSEL else None,
                company_imo=company_number(row.get("imo")) if kind == ORGANISATION else None,
                mmsis=mmsis(row.get("mmsi")),
                flags=flags(row.get("flag")),
                programmes=split(row.get("datasets")),
                is_sanction="sanction" in split(row.get("risk")),
                status=clean(row.get("risk")) or None,
            )
        )
    return entries, None


def read_simple(document: Document, /) -> tuple[list[Entry], date | None]:
    """OpenSanctions ``targets.simple.csv``: vessels only; identifiers mix IMO, MMSI and call sign.

    ``first_seen`` is when OpenSanctions saw the entry, not when it was listed: it is no listing date.
    """
    entries, seen = [], []
    for row in rows_of(document):
        seen.append(moment(row.get("last_seen")))
        if clean(row.get("schema")) != "Vessel":
            continue
        identifiers = split(row.get("identifiers"))
        imos = [imo for imo in map(parse_imo, identifiers) if imo is not None]
        entries.append(
            Entry(
                entry_id=clean(row.get("id")),
                name=clean(row.get("name")),
                aliases=split(row.get("aliases")),
                imo=imos[0] if imos else None,
                mmsis=mmsis(row.get("identifiers")),
                callsigns=tuple(i for i in identifiers if re.fullmatch(r"(?=.*[A-Z])[A-Z0-9]{3,7}", i)),
                flags=flags(row.get("countries")),
                programmes=split(row.get("program_ids")) or split(row.get("dataset")),
                is_sanction=bool(clean(row.get("sanctions"))),
                remarks=clean(row.get("sanctions")) or None,
            )
        )
    return entries, max(filter(None, seen), default=None)


def read_un_1718(document: Document, /) -> tuple[list[Entry], date | None]:
    """The UN's designated vessels as a CSV: marks in the programme columns name the measures."""
    rows = rows_of(document)
    known = {name for name in (rows[0] if rows else {}) if plain(name) in FIELD_OF}
    known |= {name for name in (rows[0] if rows else {}) if plain(name) in {"", "imageurl"}}
    entries = []
    for place, row in enumerate(rows, start=1):
        entry = entry_of(row, fallback_id=clean(row.get("#")) or str(place))
        measures = tuple(clean(name) for name, cell in row.items() if name not in known and is_yes(cell))
        entries.append(_with_programmes(entry, ("UN 1718", *measures)))
    return entries, max((e.listed_on for e in entries if e.listed_on), default=None)


def _with_programmes(entry: Entry, programmes: tuple[str, ...]) -> Entry:
    return replace(entry, programmes=programmes, is_sanction=True)
