"""States and their codes: ISO 3166-1 alpha-2, alpha-3 and names in, alpha-3 out."""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

ALIASES = {
    "NORTH KOREA": "PRK",
    "DPRK": "PRK",
    "DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA": "PRK",
    "SOUTH KOREA": "KOR",
    "KOREA, NORTH": "PRK",
    "KOREA NORTH": "PRK",
    "KOREA (NORTH)": "PRK",
    "KOREA, SOUTH": "KOR",
    "KOREA SOUTH": "KOR",
    "KOREA (SOUTH)": "KOR",
    "REPUBLIC OF KOREA": "KOR",
    "ROK": "KOR",
    "RUSSIA": "RUS",
    "TAIWAN": "TWN",
    "VIETNAM": "VNM",
    "CHINESE TAIPEI": "TWN",
    "UK": "GBR",
    "GREAT BRITAIN": "GBR",
    "UNITED KINGDOM": "GBR",
    "USA": "USA",
    "UNITED STATES": "USA",
    "IRAN": "IRN",
    "SYRIA": "SYR",
    "TANZANIA": "TZA",
    "MACAU": "MAC",
    "TURKEY": "TUR",
    "NAURU": "NRU",
    "CZECH REPUBLIC": "CZE",
    "SLOVAK REPUBLIC": "SVK",
    "KYRGYZ REPUBLIC": "KGZ",
    "IVORY COAST": "CIV",
    "LAOS": "LAO",
    "BRUNEI": "BRN",
    "CAPE VERDE": "CPV",
    "SWAZILAND": "SWZ",
    "MACEDONIA": "MKD",
    "FORMER YUGOSLAV REPUBLIC OF MACEDONIA": "MKD",
    "PALESTINE": "PSE",
    "STATE OF PALESTINE": "PSE",
    "BURMA": "MMR",
    "EAST TIMOR": "TLS",
    "DR CONGO": "COD",
    "DEMOCRATIC REPUBLIC OF THE CONGO": "COD",
    "VATICAN": "VAT",
    "VATICAN CITY": "VAT",
    "VATICAN CITY STATE": "VAT",
    "UAE": "ARE",
    "PRC": "CHN",
    "ZANZIBAR": "TZA",
    "MADEIRA": "PRT",
    "AZORES": "PRT",
    "BRITISH VIRGIN ISLANDS": "VGB",
    "US VIRGIN ISLANDS": "VIR",
    "UNITED STATES VIRGIN ISLANDS": "VIR",
    "PITCAIRN ISLAND": "PCN",
    "WALLIS AND FUTUNA ISLANDS": "WLF",
    "SAINT HELENA": "SHN",
    "SAO TOME": "STP",
    "UNION OF COMOROS": "COM",
    "GABONESE REPUBLIC": "GAB",
    "TOGOLESE REPUBLIC": "TGO",
    "ARGENTINE REPUBLIC": "ARG",
}
"""Names in common use that are not those of the standard."""
_SMALL = re.compile(r"\bTHE\b|[.,'`]")
_PARENTHESIS = re.compile(r"\s*[(\[].*$")


@cache
def names_by_code() -> dict[str, str]:
    """Alpha-3 code to name."""
    return {row["alpha3"]: row["name"] for row in _rows()}


def alpha3(text: str, /) -> str | None:
    """Read a state from a code or a name; None when it is not one.

    Case, accents, ``&``, ``St.`` and what stands in parentheses do not matter: ``Venezuela`` is
    ``Venezuela (Bolivarian Republic of)``.
    """
    known = _codes().get(text.strip().upper())
    return known or _names().get(_plain(text)) or _names().get(_plain(_PARENTHESIS.sub("", text)))


def with_dependencies(code: str, /) -> tuple[str, ...]:
    """A state and the codes of its dependencies, itself first: ``USA`` is USA, ASM, GUM, MNP, PRI, UMI, VIR."""
    return (code, *_dependencies().get(code, ()))


def sovereign_of(code: str, /) -> str:
    """The state to which a dependency belongs; itself for a state."""
    return next((state for state, own in _dependencies().items() if code in own), code)


@cache
def _dependencies() -> dict[str, tuple[str, ...]]:
    text = files("tracker").joinpath("data/identity/dependencies.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {row["sovereign"]: tuple(r["alpha3"] for r in rows if r["sovereign"] == row["sovereign"]) for row in rows}


def alpha2(code: str, /) -> str | None:
    """Lower-case alpha-2 code of an alpha-3 code, as FollowTheMoney and the web use it; None when it is not one."""
    return _alpha2().get(code)


@cache
def _alpha2() -> dict[str, str]:
    return {row["alpha3"]: row["alpha2"].lower() for row in _rows()}


@cache
def _codes() -> dict[str, str]:
    codes = dict(ALIASES)
    for row in _rows():
        codes |= {row[key].upper(): row["alpha3"] for key in ("alpha2", "alpha3", "name")}
    return codes


@cache
def _names() -> dict[str, str]:
    """Names and aliases without what writers leave out; a short form that two states share names neither."""
    names = {_plain(name): code for name, code in ALIASES.items()}
    short: dict[str, set[str]] = {}
    for row in _rows():
        names[_plain(row["name"])] = row["alpha3"]
        short.setdefault(_plain(_PARENTHESIS.sub("", row["name"])), set()).add(row["alpha3"])
        short.setdefault(_plain(row["name"].split(",")[0]), set()).add(row["alpha3"])
    return {name: next(iter(codes)) for name, codes in short.items() if len(codes) == 1 and len(name) > 3} | names


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.upper())
    kept = "".join(c for c in letters if not unicodedata.combining(c)).replace("&", " AND ")
    return " ".join(re.sub(r"\bST\b", "SAINT", _SMALL.sub(" ", kept)).split())


def _rows() -> list[dict[str, str]]:
    text = files("tracker").joinpath("data/identity/states.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
