"""Lists with a header: OpenSanctions' two tables, the UN's 1718 vessels, and any CSV with names, IMOs or MMSIs.

Columns are found by name, never by place: OpenSanctions' header has grown before. `ALIASES` maps the headers in use
to our fields.
"""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date

from tracker.errors import CorruptInputError
from tracker.tables.imo import parse_imo
from tracker.tables.listing import ORGANISATION, VESSEL, Entry, FlagSpell, Tie
from tracker.watchlists.files import Document
from tracker.watchlists.text import clean, flags, is_yes, mmsis, moment, number, split

ALIASES = {
    "entry_id": ("id", "entryid", "entnum", "no", "number", "ref", "reference", "vesselid"),
    "name": ("name", "vesselname", "shipname", "ship", "vessel", "caption", "nameofvessel"),
    "aliases": ("aliases", "alias", "aka", "formername", "formernames", "previousnames", "exnames", "exname"),
    "imo": ("imo", "imonumber", "imono", "shipimo", "vesselimo"),
    "mmsi": ("mmsi", "mmsinumber"),
    "callsign": ("callsign", "radiocallsign"),
    "flag": ("flag", "flagstate", "flagatreport", "country", "currentflag", "flagcountry", "pastflags"),
    "flag_since": ("flagsince", "flagfrom", "from", "datefrom", "validfrom"),
    "flag_until": ("flaguntil", "flagto", "to", "dateto", "validto"),
    "flag_history": ("flaghistory", "flagshistory"),
    "ship_type": ("type", "shiptype", "vesseltype", "vesselclass"),
    "length_m": ("loa", "length", "lengthm", "loam", "lengthoverall"),
    "beam_m": ("beam", "beamm", "breadth", "width"),
    "dwt_t": ("dwt", "deadweight", "dwtt", "deadweighttonnage", "tonnage"),
    "gross_tonnage": ("gt", "grt", "grosstonnage", "grossregisteredtonnage"),
    "built": ("built", "yearbuilt", "builddate", "buildyear", "yearofbuild"),
    "owners": ("owner", "owners", "registeredowner", "designatedowner", "vesselowner"),
    "managers": ("manager", "managers", "operator", "shipmanager"),
    "owner_imo": ("ownerimo", "companyimo", "ownercompanynumber", "registeredownerimo"),
    "manager_imo": ("managerimo", "managercompanynumber", "shipmanagerimo"),
    "owner_address": ("owneraddress", "registeredowneraddress", "address"),
    "owner_parent": ("ownerparent", "parent", "parentcompany", "groupowner", "beneficialowner"),
    "managed_since": ("managersince", "managedsince"),
    "owned_since": ("ownersince", "ownedsince", "ownerfrom"),
    "programmes": ("programs", "programmes", "program", "programme", "programids", "datasets", "regime"),
    "listed_on": ("dateofdesignation", "listedon", "listingdate", "listed", "designationdate", "designatedon"),
    "status": ("status",),
    "remarks": ("remarks", "otherinformation", "notes", "note", "comment"),
}
_FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}

Row = Mapping[str, str]


def header_of(document: Document, /) -> list[str]:
    """The names in the first row."""
    return next(csv.reader(document.text[:20_000].splitlines(), delimiter=delimiter_of(document)), [])


def delimiter_of(document: Document, /) -> str:
    """Comma, semicolon or tab: what the first line has most of, outside quotes."""
    first = re.sub(r'"[^"]*"', "", document.text.partition("\n")[0])
    return max(",;\t", key=first.count)


def rows_of(document: Document, /) -> list[Row]:
    """Rows by the names of the header.

    Raises
    ------
    CorruptInputError
        When the file breaks off inside its last row.
    """
    reader = csv.DictReader(
        io.StringIO(document.text, newline=""), delimiter=delimiter_of(document), restval=None, restkey=""
    )
    rows = list(reader)
    if rows and document.text[-1] not in "\r\n" and _breaks_off(rows[-1], document.text):
        raise CorruptInputError(
            f"{document.path} breaks off in row {len(rows)}, which has fewer fields than the header or a quote that "
            "never closes. Download the list again."
        )
    return [{str(k): v for k, v in row.items() if k and isinstance(v, str)} for row in rows]


def _breaks_off(last: Mapping[str, object], text: str) -> bool:
    return any(value is None for value in last.values()) or text.count('"') % 2 == 1


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
                company_imo=_company_number(row.get("imo")) if kind == ORGANISATION else None,
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
    known = {name for name in (rows[0] if rows else {}) if _plain(name) in _FIELD_OF}
    known |= {name for name in (rows[0] if rows else {}) if _plain(name) in {"", "imageurl"}}
    entries = []
    for place, row in enumerate(rows, start=1):
        entry = entry_of(row, fallback_id=clean(row.get("#")) or str(place))
        measures = tuple(clean(name) for name, cell in row.items() if name not in known and is_yes(cell))
        entries.append(_with_programmes(entry, ("UN 1718", *measures)))
    return entries, max((e.listed_on for e in entries if e.listed_on), default=None)


def read_any(document: Document, /) -> tuple[list[Entry], date | None]:
    """Any table of ships: several rows of one IMO number with dates make its flag history.

    An entry counts as sanctioned when the table gives it a programme or a date of listing; else it is of interest.
    """
    merged: dict[str, Entry] = {}
    for place, row in enumerate(rows_of(document), start=1):
        entry = entry_of(row, fallback_id=str(place))
        if not (entry.name or entry.imo or entry.mmsis):
            continue
        key = f"imo{entry.imo}" if entry.imo else f"row{place}"
        before = merged.get(key)
        merged[key] = entry if before is None else _merged(before, entry)
        owners = _organisation_of(row)
        for key_, owner in owners.items():
            known = merged.get(key_)
            merged[key_] = owner if known is None else _merged(known, owner)
    return list(merged.values()), None


def _organisation_of(row: Row) -> dict[str, Entry]:
    """The owner in a row as an entry of its own, where the row gives its address or its parent."""
    cells = _cells(row)
    names, addresses = split(cells.get("owners")), split(cells.get("owner_address"), on=r"\|")
    parents = split(cells.get("owner_parent"))
    if len(names) != 1 or not (addresses or parents):
        # with several owners it is not said whose address it is
        return {}
    key = f"owner {names[0].upper()}"
    ties = (*(Tie("address", text) for text in addresses), *(Tie("parent", text) for text in parents))
    number_ = _company_number(cells.get("owner_imo"))
    return {key: Entry(key, names[0], ORGANISATION, company_imo=number_, ties=ties)}


def _ties(cells: Mapping[str, str]) -> tuple[Tie, ...]:
    """Owners and managers of a row, with the day since when and the company's number where it names one company."""
    found = []
    for role, names, since, company in (
        ("owner", "owners", "owned_since", "owner_imo"),
        ("manager", "managers", "managed_since", "manager_imo"),
    ):
        told = split(cells.get(names))
        number_ = _company_number(cells.get(company)) if len(told) == 1 else None
        found += [Tie(role, name, moment(cells.get(since)), company_imo=number_) for name in told]
    return tuple(found)


def _company_number(text: str | None) -> int | None:
    found = re.fullmatch(r"(?:IMO)?\s*(\d{7})(?:\.0+)?", clean(text).upper())
    return int(found.group(1)) if found else None


def names_ships(document: Document, /) -> bool:
    """Whether the header has a column of names, IMO numbers or MMSIs."""
    return bool({"name", "imo", "mmsi"} & {_FIELD_OF.get(_plain(name)) for name in header_of(document)})


def entry_of(row: Row, /, *, fallback_id: str) -> Entry:
    """An entry from a row, its columns found by `ALIASES`."""
    cells = _cells(row)
    names = split(cells.get("name"), on=r"\|")
    built = number((clean(cells.get("built")) or "")[:4])
    programmes, listed_on = split(cells.get("programmes")), moment(cells.get("listed_on"))
    return Entry(
        entry_id=clean(cells.get("entry_id")) or fallback_id,
        name=names[0] if names else "",
        aliases=(*names[1:], *split(cells.get("aliases"))),
        imo=_imo(cells.get("imo")),
        mmsis=mmsis(cells.get("mmsi")) or mmsis(" ".join(re.findall(r"MMSI \d{9}", cells.get("remarks") or ""))),
        callsigns=split(cells.get("callsign")),
        flags=_flags(cells),
        ship_type=clean(cells.get("ship_type")) or None,
        length_m=number(cells.get("length_m")),
        beam_m=number(cells.get("beam_m")),
        dwt_t=number(cells.get("dwt_t")),
        gross_tonnage=number(cells.get("gross_tonnage")),
        built=int(built) if built else None,
        owners=split(cells.get("owners")),
        managers=split(cells.get("managers")),
        owned_since=moment(cells.get("owned_since")),
        programmes=programmes,
        listed_on=listed_on,
        is_sanction=bool(programmes or listed_on),
        status=clean(cells.get("status")) or None,
        remarks=clean(cells.get("remarks")) or None,
        ties=_ties(cells),
    )


def _cells(row: Row) -> dict[str, str]:
    """Cells by our fields; of two columns for one field the first that says something."""
    cells: dict[str, str] = {}
    for name, cell in row.items():
        field = _FIELD_OF.get(_plain(name))
        if field is not None and not cells.get(field):
            cells[field] = cell
    return cells


def _imo(text: str | None) -> int | None:
    return next((imo for imo in map(parse_imo, split(text)) if imo is not None), None)


def _flags(cells: Mapping[str, str]) -> tuple[FlagSpell, ...]:
    history = flags(cells.get("flag_history"))
    current = flags(cells.get("flag"))
    since, until = moment(cells.get("flag_since")), moment(cells.get("flag_until"))
    if current and (since or until):
        current = tuple(FlagSpell(spell.state, since, until, spell.is_false) for spell in current)
    known = {spell.state for spell in history}
    return (*history, *(spell for spell in current if spell.state not in known))


def _merged(one: Entry, other: Entry) -> Entry:
    from dataclasses import fields, replace

    changes: dict[str, object] = {}
    for name in (field.name for field in fields(Entry)):
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, tuple):
            changes[name] = tuple(dict.fromkeys((*mine, *theirs)))
        elif mine in (None, ""):
            changes[name] = theirs
    if other.name and other.name != one.name:
        changes["aliases"] = tuple(dict.fromkeys((*one.aliases, other.name)))
    return replace(one, **changes)  # type: ignore[arg-type]


def _with_programmes(entry: Entry, programmes: tuple[str, ...]) -> Entry:
    from dataclasses import replace

    return replace(entry, programmes=programmes, is_sanction=True)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
