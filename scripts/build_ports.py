"""Build ``tracker/data/zones/ports.csv`` from our own list, PyPI searoute and npm sea-ports.

Run by hand: ``python scripts/build_ports.py``. A port of a later list within 5 km of one of an earlier list
or with its UN/LOCODE is the same port. Positions farther than 300 km from their state's coast are misplaced and left out.
"""

import csv
import json
import tempfile
from pathlib import Path

import numpy as np
from registry_packages import find, unpacked

from tracker.zones.earth import fast_tree, to_ecef
from tracker.zones.index import read_index

HERE = Path(__file__).resolve().parent.parent / "tracker" / "data" / "zones"
SAME_PORT_M = 5_000.0
MISPLACED_M = 300_000.0
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
        "source": source,
    }


def is_placed(p: Port) -> bool:
    """Near a coast of its own state (states without a coast, and unknown ones, are left out)."""
    index = read_index()
    if p["state"] not in index.states or not (abs(float(p["lat"])) <= 90 and abs(float(p["lon"])) <= 180):
        return False
    tree = index._state_tree(index.states.index(str(p["state"])))
    return bool(tree.query(to_ecef([float(p["lon"])], [float(p["lat"])]))[0][0] <= MISPLACED_M)


def main() -> None:
    """Fetch, merge, check and write."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        codes = json.loads(find(unpacked("i18n-iso-countries", work=work), "codes.json").read_text())
        iso = {alpha2: alpha3 for alpha2, alpha3, *_ in codes}
        lists = [
            own(),
            searoute(unpacked("searoute", work=work), iso),
            sea_ports(unpacked("sea-ports", work=work), iso),
        ]
    kept: list[Port] = []
    for ports in lists:
        placed = [p for p in ports if is_placed(p)]
        if kept and placed:
            tree = fast_tree(xyz(kept))
            distance, _ = tree.query(xyz(placed))
            known = {p["locode"] for p in kept if p["locode"]}
            new = [p for p, d in zip(placed, distance, strict=True) if d > SAME_PORT_M and p["locode"] not in known]
        else:
            new = placed
        print(f"{ports[0]['source']}: {len(ports)} rows, {len(ports) - len(placed)} misplaced, {len(new)} new")
        kept += new
    kept.sort(key=lambda p: (str(p["state"]), str(p["name"]), str(p["locode"])))
    with (HERE / "ports.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["name", "state", "locode", "lon", "lat", "source"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    print(f"ports.csv: {len(kept)} ports")


def xyz(ports: list[Port]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Points in space."""
    return to_ecef([float(p["lon"]) for p in ports], [float(p["lat"]) for p in ports])


if __name__ == "__main__":
    main()
