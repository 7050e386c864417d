"""Lists with a header: any CSV with names, IMO numbers or MMSIs.

Columns are found by name, never by place: OpenSanctions' header has grown before. `ALIASES` maps the headers in use
to our fields.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import lru_cache

from tracker.errors import CorruptInputError
from tracker.geo.states import alpha3
from tracker.tables.imo import parse_imo
from tracker.tables.listing import ORGANISATION, Entry, FlagSpell, Tie
from tracker.watchlists.files import Document
from tracker.watchlists.text import clean, flags, mmsis, moment, number, split

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
    "owner_state": ("ownercountry", "ownerstate", "ownerjurisdiction", "registeredownercountry", "countryofowner"),
    "owned_since": ("ownersince", "ownedsince", "ownerfrom"),
    "programmes": ("programs", "programmes", "program", "programme", "programids", "datasets", "regime"),
    "listed_on": ("dateofdesignation", "listedon", "listingdate", "listed", "designationdate", "designatedon"),
    "status": ("status",),
    "remarks": ("remarks", "otherinformation", "notes", "note", "comment"),
}
FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}

Row = Mapping[str, str]
LONGEST_CELL = 100_000_000
"""Remarks can be longer than the 131,072 characters of Python's default; `clean` keeps the beginning."""
DATES = ("listed_on", "owned_since", "managed_since", "flag_since", "flag_until", "flag_history")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


def header_of(document: Document, /) -> list[str]:
    """The names in the first row."""
    try:
        return next(csv.reader(document.text[:20_000].splitlines(), delimiter=delimiter_of(document)), [])
    except csv.Error:
        return []


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
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.DictReader(
        io.StringIO(document.text, newline=""), delimiter=delimiter_of(document), restval=None, restkey=""
    )
    try:
        rows = list(reader)
    except csv.Error as error:
        raise CorruptInputError(f"{document.path} is damaged ({error}). Download the list again.") from error
    # a quote that never closes takes the last line break into its cell
    is_open = bool(rows) and any(isinstance(v, str) and v.endswith(("\n", "\r")) for v in rows[-1].values())
    is_cut = document.text[-1] not in "\r\n" and bool(rows) and _breaks_off(rows[-1], document.text)
    if is_cut or (is_open and document.text.count('"') % 2 == 1):
        raise CorruptInputError(
            f"{document.path} breaks off in row {len(rows)}, which has fewer fields than the header or a quote that "
            "never closes. Download the list again."
        )
    return [{str(k): v for k, v in row.items() if k and isinstance(v, str)} for row in rows]


def _breaks_off(last: Mapping[str, object], text: str) -> bool:
    return any(value is None for value in last.values()) or text.count('"') % 2 == 1


def read_any(document: Document, /) -> tuple[list[Entry], list[str]]:
    """Any table of ships, and what was odd: several rows of one IMO number with dates make its flag history.

    An entry counts as sanctioned when the table gives it a programme or a date of listing; else it is of interest.
    """
    merged: dict[str, Entry] = {}
    rows, warnings = _dated(rows_of(document))
    for place, row in enumerate(rows, start=1):
        entry = entry_of(row, fallback_id=str(place))
        if not (entry.name or entry.imo or entry.mmsis or entry.doubts):
            continue
        key = f"imo{entry.imo}" if entry.imo else f"row{place}"
        before = merged.get(key)
        merged[key] = entry if before is None else _merged(before, entry)
        owners = _organisation_of(row)
        for key_, owner in owners.items():
            known = merged.get(key_)
            merged[key_] = owner if known is None else _merged(known, owner)
    return list(merged.values()), warnings


def _dated(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Rows whose dates are day first or ISO, and what is doubtful about their dates."""
    names = {name for name in (rows[0] if rows else ()) if _field_of(name) in DATES}
    slashed = [
        (int(found[1]), int(found[2]), found[0])
        for row in rows
        for name in names
        for found in _SLASHED.finditer(row.get(name) or "")
    ]
    day_first, month_first = any(one > 12 for one, _, _ in slashed), any(two > 12 for _, two, _ in slashed)
    warnings = []
    if month_first and not day_first:
        rows = [{n: _SLASHED.sub(r"\3-\1-\2", cell) if n in names else cell for n, cell in row.items()} for row in rows]
        rows = [{n: _padded(cell) if n in names else cell for n, cell in row.items()} for row in rows]
        warnings.append(
            f"{len(slashed)} date(s) such as {slashed[0][2]} are read month first, as some can only be that."
        )
    elif slashed and (month_first or not day_first):
        warnings.append(f"{len(slashed)} date(s) such as {slashed[0][2]} are read day first; better write 2018-03-30.")
    listing = [clean(row.get(n)) for row in rows for n in names if _field_of(n) == "listed_on"]
    unread = [cell for cell in listing if any(c.isdigit() for c in cell) and moment(cell) is None]
    if unread:
        told = unread[0][:LONGEST_SHOWN]
        warnings.append(
            f"{len(unread)} date(s) of listing not understood, first {told}: listed, but since when is not known."
        )
    return rows, warnings


def _padded(cell: str) -> str:
    """Dates with two digits for month and day, as ISO has them."""
    return re.sub(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}", cell)


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
    number_ = company_number(cells.get("owner_imo"))
    return {key: Entry(key, names[0], ORGANISATION, company_imo=number_, ties=ties)}


def _ties(cells: Mapping[str, str]) -> tuple[Tie, ...]:
    """Owners and managers of a row, with the day since when and the company's number where it names one company."""
    found = []
    for role, names, since, company in (
        ("owner", "owners", "owned_since", "owner_imo"),
        ("manager", "managers", "managed_since", "manager_imo"),
    ):
        told = split(cells.get(names))
        number_ = company_number(cells.get(company)) if len(told) == 1 else None
        found += [Tie(role, name, moment(cells.get(since)), company_imo=number_) for name in told]
    return tuple(found)


def company_number(text: str | None, /) -> int | None:
    """An IMO company number: seven digits, of another series than ships'."""
    found = re.fullmatch(r"(?:IMO)?\s*(\d{7})(?:\.0+)?", clean(text).upper())
    return int(found.group(1)) if found else None


def names_ships(document: Document, /) -> bool:
    """Whether the header has a column of names, IMO numbers or MMSIs."""
    return bool({"name", "imo", "mmsi"} & {FIELD_OF.get(plain(name)) for name in header_of(document)})


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
        owner_state=alpha3(cells.get("owner_state") or ""),
        programmes=programmes,
        listed_on=listed_on,
        is_sanction=bool(programmes or listed_on or any(c.isdigit() for c in cells.get("listed_on") or "")),
        status=clean(cells.get("status")) or None,
        remarks=clean(cells.get("remarks")) or None,
        ties=_ties(cells),
        doubts=tuple(_doubts(cells)),
    )


NO_NUMBER = {"0", "0000000", "000000000"}


def _doubts(cells: Mapping[str, str]) -> Iterator[str]:
    """Numbers that are none; a zero stands for nothing in many tables."""
    for text in split(cells.get("imo")):
        if parse_imo(text) is None and text not in NO_NUMBER:
            yield f"IMO {text[:LONGEST_SHOWN]} is no IMO number or has a wrong check digit"
    for text in split(cells.get("mmsi")):
        if not mmsis(text) and text not in NO_NUMBER:
            yield f"MMSI {text[:LONGEST_SHOWN]} is no MMSI of a ship"


LONGEST_SHOWN = 20


@lru_cache(maxsize=10_000)
def _field_of(name: str) -> str | None:
    return FIELD_OF.get(plain(name))


def _cells(row: Row) -> dict[str, str]:
    """Cells by our fields; of two columns for one field the first that says something."""
    cells: dict[str, str] = {}
    for name, cell in row.items():
        field = _field_of(name)
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
    changes: dict[str, object] = {}
    for name in _ENTRY_FIELDS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if theirs in (None, "", ()) or mine == theirs:
            continue
        if isinstance(mine, tuple):
            joined = tuple(dict.fromkeys((*mine, *theirs)))
            if joined != mine:
                changes[name] = joined
        elif mine in (None, ""):
            changes[name] = theirs
    if other.name and other.name != one.name and other.name not in one.aliases:
        changes["aliases"] = tuple(dict.fromkeys((*one.aliases, other.name)))
    return replace(one, **changes) if changes else one  # type: ignore[arg-type]


_ENTRY_FIELDS = tuple(one.name for one in fields(Entry))


def plain(name: str, /) -> str:
    """A header for comparison: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
