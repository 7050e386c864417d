"""Make the SYNTHETIC watchlist and registry that belong to the bundled scenario.

::

    python scripts/build_synthetic_lists.py data/ais/east-china-sea data/lists

Nothing in them is about a real ship, company or list. Ships are those that the scenario says to have met, taken in the
order of its truth; what is written of them is made up so that every step of matching is shown: equal IMO number, equal
MMSI, name with flag and type, a later designation, an entry that accuses nobody, a number that another hull bears, a
look-alike that must not be hit, and ships that were never heard. The same scenario gives the same bytes.
"""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc

from tracker.identity.mmsi import flag_of

WATCHLIST, REGISTRY = "SYNTHETIC_watchlist_2020-01-15.csv", "SYNTHETIC_registry_2020-01-15.csv"
MEETINGS = {"transfer", "raft", "underway", "dark"}
LIST_COLUMNS = (
    "id", "name", "aliases", "imo", "mmsi", "flag", "type", "length", "programme", "date_of_designation", "remarks",
)  # fmt: skip
REGISTRY_COLUMNS = (
    "imo", "name", "flag_history", "type", "length", "beam", "dwt", "built", "owner", "owner_since", "manager",
    "owner_address", "owner_parent", "status",
)  # fmt: skip
NOTE = "SYNTHETIC: made up, about no real ship"


def ships_of(scenario: Path) -> list[dict[str, Any]]:
    """Ships of the staged meetings in the order of the truth, each with what she says of herself."""
    tables = [
        pc.read_csv(
            pa.input_stream(str(path), compression="zstd"),
            convert_options=pc.ConvertOptions(column_types={"IMO": pa.string(), "CallSign": pa.string()}),
        )
        for path in sorted(scenario.glob("SYNTHETIC_*.csv.zst"))
    ]
    said: dict[int, dict[str, Any]] = {}
    for table in tables:
        columns = ("MMSI", "VesselName", "IMO", "VesselType", "Length", "Width")
        for mmsi, name, imo, kind, length, beam in zip(*(table[c].to_pylist() for c in columns), strict=True):
            if name and mmsi not in said:
                said[mmsi] = {"mmsi": mmsi, "name": name, "imo": imo, "kind": kind, "length": length, "beam": beam}
    with (scenario / "truth.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["class"] in MEETINGS]
    order = dict.fromkeys(int(row[key]) for row in rows for key in ("mmsi_1", "mmsi_2") if row[key])
    return [said[mmsi] for mmsi in order if mmsi in said and said[mmsi]["imo"]]


def watchlist(ships: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of the watchlist."""
    dprk = [s for s in ships if str(s["mmsi"]).startswith("445")]
    foreign = [s for s in ships if not str(s["mmsi"]).startswith("445")]

    def entry(ship: dict[str, Any], n: int, **more: Any) -> dict[str, Any]:
        sanctioned = {"programme": "SYNTHETIC 1718", "date_of_designation": "2018-03-30"}
        return {
            "id": f"SYN-{n}",
            "name": ship["name"],
            "imo": ship["imo"],
            "flag": "",
            "type": "oil tanker",
            "length": ship["length"],
            "remarks": NOTE,
        } | sanctioned | more  # fmt: skip

    unheard = {"name": "SYN GHOST 1", "imo": "IMO3009992", "length": 96}
    lookalike = dict(dprk[1], name="SYN HAE 98", imo="IMO3009978")
    return [
        entry(dprk[0], 1, flag="PRK", aliases="SYN OLD HAE"),
        entry(dprk[1], 2, imo="", mmsi=dprk[1]["mmsi"], flag="PRK"),
        entry(dprk[3], 3, imo="", flag="PRK", length=""),
        entry(foreign[0], 4, date_of_designation="2020-03-30", remarks=f"{NOTE}; designated after the scenario"),
        entry(foreign[1], 5, programme="", date_of_designation="", remarks=f"{NOTE}; of interest, no sanction"),
        entry(foreign[2], 6, name="SYN GRAND", length=183, remarks=f"{NOTE}; another hull bears its number"),
        entry(unheard, 7),
        entry(lookalike, 8, flag="PRK", remarks=f"{NOTE}; a look-alike: other numeral, other number"),
        entry(dprk[2], 9, flag="PRK", remarks=f"{NOTE}; silent at her meeting"),
    ]


def registry(ships: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of the registry: particulars of eight ships, two companies that share an address, a false flag."""
    owners = (
        ("SYN BLUE SHIPPING CO", "1 SYNTHETIC ROAD, SYNPORT", "SYN HOLDING LTD"),
        ("SYN GREEN MARINE LTD", "1 SYNTHETIC ROAD, SYNPORT", ""),
        ("SYN RED TANKERS SA", "7 NOWHERE STREET, SYNPORT", "SYN HOLDING LTD"),
    )
    rows = []
    for n, ship in enumerate(ships[:8]):
        owner, address, parent = owners[n % 3]
        state = flag_of(ship["mmsi"])
        history = f"PAN 2012-01-01 - 2019-06-30; {state} 2019-07-01"
        if n == 3:
            history = f"PAN 2012-01-01 - 2019-06-30; {state} (false) 2019-07-01"
        draught = 0.0584 * ship["length"] + 1.5377
        rows.append(
            {
                "imo": ship["imo"],
                "name": ship["name"],
                "flag_history": history,
                "type": "oil tanker",
                "length": ship["length"],
                "beam": ship["beam"],
                "dwt": round(0.51 * ship["length"] * ship["beam"] * draught / 10) * 10,
                "built": 1992 + 3 * n,
                "owner": owner,
                "owner_since": "2019-12-01" if n in {0, 4} else "2015-05-01",
                "manager": "SYN CREW MANAGEMENT",
                "owner_address": address,
                "owner_parent": parent,
                "status": "scrapped 2018" if n == 6 else "in service",
            }
        )
    return rows


def text_of(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
    """Rows as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def main(scenario: str, target: str) -> None:
    """Write both files."""
    ships = ships_of(Path(scenario))
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WATCHLIST).write_text(text_of(watchlist(ships), LIST_COLUMNS), encoding="utf-8")
    (folder / REGISTRY).write_text(text_of(registry(ships), REGISTRY_COLUMNS), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
