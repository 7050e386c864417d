"""States and their codes: ISO 3166-1 alpha-2, alpha-3 and names in, alpha-3 out."""

import csv
from functools import cache
from importlib.resources import files

ALIASES = {
    "NORTH KOREA": "PRK",
    "DPRK": "PRK",
    "DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA": "PRK",
    "SOUTH KOREA": "KOR",
    "REPUBLIC OF KOREA": "KOR",
    "ROK": "KOR",
    "RUSSIA": "RUS",
    "TAIWAN": "TWN",
    "VIETNAM": "VNM",
    "UK": "GBR",
    "UNITED KINGDOM": "GBR",
    "USA": "USA",
    "UNITED STATES": "USA",
    "IRAN": "IRN",
    "SYRIA": "SYR",
    "TANZANIA": "TZA",
    "MACAU": "MAC",
}
"""Names in common use that are not those of the standard."""


@cache
def names_by_code() -> dict[str, str]:
    """Alpha-3 code to name."""
    return {row["alpha3"]: row["name"] for row in _rows()}


def alpha3(text: str, /) -> str | None:
    """Read a state from a code or a name, whatever its case; None when it is not one."""
    return _codes().get(text.strip().upper())


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


def _rows() -> list[dict[str, str]]:
    text = files("tracker").joinpath("data/identity/states.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
