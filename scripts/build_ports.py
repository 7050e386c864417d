"""Build ``tracker/data/zones/ports.csv`` from our own list, PyPI searoute and npm sea-ports.

Run by hand: ``python scripts/build_ports.py``. A port of a later list within 5 km of one of an earlier list
or with its UN/LOCODE is the same port. What is mended, and what is left out, by rule:

* searoute writes some positions as degrees and minutes with a point between (33.48 for 33 deg 48 min), beside
  true decimals. Of its 818 rows with at most two decimals 757 have both fractions below .60; chance would give
  295. Such a row is read anew by `mended`. sea-ports shows no such habit (234 of 691, by chance 249).
* Where searoute and sea-ports give one UN/LOCODE two places more than 10 nm apart, the one farther from the coast
  of its state by 3 nm or more is left out; without such a gap the one of the later list
  is, unless another row of searoute with that code agrees with it.
* A place more than 3 nm at sea is left out unless its name is that of an offshore terminal or anchorage: no quay
  stands there. So is a place farther from its state's coast than `MISPLACED_M`, and one of a state without a coast.
* Rows of `LEFT_OUT` stand at a place that is not theirs and that no rule tells.
* A UN/LOCODE that one list gives to places more than 10 nm apart is right for at most one of them: the places
  stay, the code goes.
"""

import csv
import json
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from registry_packages import find, unpacked

from tracker.zones.earth import arc_nm, fast_tree, to_ecef
from tracker.zones.index import read_index

HERE = Path(__file__).resolve().parent.parent / "tracker" / "data" / "zones"
SAME_PORT_M = 5_000.0
MISPLACED_M = 200_000.0
CLEAR_NM = 3.0
"""One place is clearly nearer the coast than another by this much."""
AT_SEA_NM = 3.0
DISAGREE_NM = 10.0
OFFSHORE = ("terminal", "abu al bukhoosh", "cayo arcas", "taboneo")
"""Parts of names of oil terminals, and of the coal anchorage off Banjarmasin, that do lie at sea."""
LEFT_OUT = {
    "USELC": "El Capitan, on the coast of Santa Barbara, stands on San Clemente Island, 90 nm away",
    "SEVBY": "Visby, on Gotland, stands on the west coast of Sweden",
}
ANSWERED_BY = {"HKG": "CHN", "MAC": "CHN", "ALA": "FIN"}
Port = dict[str, str | float]


def own() -> list[Port]:
    """Our own facts."""
    with (HERE / "ports_own.csv").open(newline="", encoding="utf-8") as file:
        return [
            {**row, "lon": float(row["lon"]), "lat": float(row["lat"]), "source": "own"} for row in csv.DictReader(file)
        ]


def searoute(home: Path, iso: dict[str, str]) -> list[Port]:
    """Ports of searoute, with their UN/LOCODE."""
    out: list[Port] = []
    for feature in json.loads(find(home, "ports.geojson").read_text("utf-8"))["features"]:
        code = feature["properties"]["port"] or ""
        lon, lat = feature["geometry"]["coordinates"]
        out.append(port(feature["properties"]["name"], code, lon, lat, iso=iso, source="searoute 1.6.0"))
    return out


def sea_ports(home: Path, iso: dict[str, str]) -> list[Port]:
    """Ports of sea-ports that have a position."""
    out: list[Port] = []
    for code, entry in json.loads(find(home, "ports.json").read_text("utf-8")).items():
        if entry.get("coordinates"):
            lon, lat = entry["coordinates"]
            out.append(port(entry["name"], code, lon, lat, iso=iso, source="sea-ports 0.0.9"))
    return out


def port(name: str, code: str, lon: float, lat: float, *, iso: dict[str, str], source: str) -> Port:
    """One row."""
    state = iso.get(code[:2].upper(), "")
    return {
        "name": " ".join(name.split()),
        "state": ANSWERED_BY.get(state, state),
        "locode": code.upper(),
        "lon": round(float(lon), 5),
        "lat": round(float(lat), 5),
        "kind": "terminal" if any(word in name.lower() for word in OFFSHORE) else "port",
        "source": source,
    }


def is_in_minutes(value: float) -> bool:
    """At most two decimals, and those below .60: may be degrees and minutes."""
    hundredths = round(abs(value) * 100)
    return abs(abs(value) * 100 - hundredths) < 1e-6 and hundredths % 100 < 60


def from_minutes(value: float) -> float:
    """33.48 as 33 degrees 48 minutes."""
    degrees, minutes = divmod(round(abs(value) * 100), 100)
    return round(float(np.copysign(degrees + minutes / 60, value)), 5)


def mended(p: Port, others: dict[str, Port]) -> Port:
    """The likelier reading of a row that may be in degrees and minutes.

    The reading within 10 nm of the other list decides, the nearer of the two; else the one nearer the coast of its
    state by 3 nm. Else the habit of the source: degrees and minutes, unless both numbers are multiples of .05, which
    is what its other habit, positions to the whole minute written as decimals, gives for minutes divisible by three.
    """
    lon, lat = float(p["lon"]), float(p["lat"])
    if not (is_in_minutes(lon) and is_in_minutes(lat)):
        return p
    source = f"{p['source']}, read as degrees and minutes"
    minutes: Port = {**p, "lon": from_minutes(lon), "lat": from_minutes(lat), "source": source}
    other = others.get(str(p["locode"]))
    if other:
        apart = apart_nm(p, other), apart_nm(minutes, other)
        if min(apart) <= DISAGREE_NM:
            return p if apart[0] <= apart[1] else minutes
    coast = own_coast_nm(p), own_coast_nm(minutes)
    if np.isfinite(coast).all() and abs(coast[0] - coast[1]) >= CLEAR_NM:
        return p if coast[0] < coast[1] else minutes
    is_decimal = all(round(abs(v) * 100) % 5 == 0 for v in (lon, lat))
    return p if is_decimal else minutes


@cache
def coast_tree(state: str) -> Any:
    """The coast of one state, without its declared lines."""
    index = read_index()
    if state not in index.states:
        return None
    own_points = index.shore.labelled(index.state_of_label == index.states.index(state))
    return fast_tree(own_points) if len(own_points) else None


def own_coast_nm(p: Port) -> float:
    """Distance to the coast of the port's own state, infinite where it has none."""
    tree = coast_tree(str(p["state"]))
    if tree is None or not (abs(float(p["lat"])) <= 90 and abs(float(p["lon"])) <= 180):
        return float("inf")
    return float(arc_nm(tree.query(xyz([p]))[0])[0])


def apart_nm(one: Port, other: Port) -> float:
    """Distance between two places."""
    return float(arc_nm(np.linalg.norm(xyz([one]) - xyz([other]), axis=1))[0])


def is_placed(p: Port) -> bool:
    """Near a coast of its own state, and not at sea unless it is a terminal there."""
    if p["locode"] in LEFT_OUT and str(p["source"]).startswith("searoute"):
        return False
    if own_coast_nm(p) > MISPLACED_M / 1852:
        return False
    index = read_index()
    lon, lat = (np.array([float(p[key])]) for key in ("lon", "lat"))
    at_sea = not index.is_on_land(lon, lat)[0] and index.nearest(to_ecef(lon, lat)).coast_nm[0] > AT_SEA_NM
    return not at_sea or any(word in str(p["name"]).lower() for word in OFFSHORE)


def without_disagreement(first: list[Port], second: list[Port]) -> tuple[list[Port], list[Port]]:
    """Both lists without the worse of two places that share a UN/LOCODE and are more than 10 nm apart."""
    others = {str(p["locode"]): p for p in second}
    agreed = {str(p["locode"]) for p in first if p["locode"] in others}
    agreed = {c for c in agreed if any(p["locode"] == c and apart_nm(p, others[c]) <= DISAGREE_NM for p in first)}
    worse: list[int] = []
    for p in first:
        other = others.get(str(p["locode"]))
        if other is None or apart_nm(p, other) <= DISAGREE_NM:
            continue
        is_farther = own_coast_nm(p) - own_coast_nm(other) >= CLEAR_NM
        worse.append(id(p) if is_farther or p["locode"] in agreed else id(other))
    return [p for p in first if id(p) not in worse], [p for p in second if id(p) not in worse]


def without_double_codes(ports: list[Port]) -> list[Port]:
    """Codes given to places more than 10 nm apart are blanked."""
    places: defaultdict[str, list[Port]] = defaultdict(list)
    for p in ports:
        places[str(p["locode"])].append(p)
    double = {c for c, ps in places.items() if c and any(apart_nm(ps[0], p) > DISAGREE_NM for p in ps[1:])}
    return [{**p, "locode": ""} if p["locode"] in double else p for p in ports]


def main() -> None:
    """Fetch, merge, check and write."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        codes = json.loads(find(unpacked("i18n-iso-countries", work=work), "codes.json").read_text())
        iso = {alpha2: alpha3 for alpha2, alpha3, *_ in codes}
        first = searoute(unpacked("searoute", work=work), iso)
        second = sea_ports(unpacked("sea-ports", work=work), iso)
    counts = {"own": len(own()), first[0]["source"]: len(first), second[0]["source"]: len(second)}
    others = {str(p["locode"]): p for p in second}
    as_read = first
    first = [mended(p, others) for p in as_read]
    print(f"read as degrees and minutes: {sum(a is not b for a, b in zip(as_read, first, strict=True))}")
    before = len(first), len(second)
    first, second = ([p for p in ports if is_placed(p)] for ports in (first, second))
    print(f"misplaced or at sea: {before[0] - len(first)} and {before[1] - len(second)}")
    before = len(first), len(second)
    first, second = without_disagreement(first, second)
    print(f"the worse of two places: {before[0] - len(first)} and {before[1] - len(second)}")
    lists = [own(), without_double_codes(first), without_double_codes(second)]
    print(f"codes of two places blanked: {sum(not p['locode'] for p in lists[1] + lists[2])}")
    kept: list[Port] = []
    for placed in lists:
        if kept and placed:
            tree = fast_tree(xyz(kept))
            distance, _ = tree.query(xyz(placed))
            known = {p["locode"] for p in kept if p["locode"]}
            new = [p for p, d in zip(placed, distance, strict=True) if d > SAME_PORT_M and p["locode"] not in known]
        else:
            new = placed
        source = str(placed[-1]["source"]).partition(",")[0]
        print(f"{source}: {counts[source]} rows, {len(placed)} placed, {len(new)} new")
        kept += new
    kept.sort(key=lambda p: (str(p["state"]), str(p["name"]), str(p["locode"])))
    with (HERE / "ports.csv").open("w", newline="", encoding="utf-8") as file:
        names = ["name", "state", "locode", "lon", "lat", "kind", "radius_nm", "source"]
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    print(f"ports.csv: {len(kept)} ports")


def xyz(ports: list[Port]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Points in space."""
    return to_ecef([float(p["lon"]) for p in ports], [float(p["lat"]) for p in ports])


if __name__ == "__main__":
    main()
