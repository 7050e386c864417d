"""Invented AIS of any size, the same for the same arguments: what the measurements run on. Synthetic, and named so.

Ships belong to seas of some 600, sail between the anchorages of their sea at 7 to 17 knots and lie there, or drift at
sea, for hours; they report every 15 s to 3 min by class, or by satellite every 12 min on average, with silences of
hours, a hundredth of repeated rows and a few bad places. Some pairs meet alongside. The sets differ in one thing each:

- ``plain``: anchorages where ships lie half a mile apart, 7,200 ships;
- ``port``: the same ships, 200 m apart while they lie: dozens are within a kilometre of each other for a day;
- ``sparse``: every ship is heard by satellite only;
- ``wide``: 40,000 ships.

    python -m benchmarks.fleet FOLDER [--rows 1e6] [--set plain]
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

START_S = 1_735_689_600
"""2025-01-01."""
MEAN_S = 116.0
"""Mean time between reports: 7,200 ships in ten days make 54 million rows."""
LEAST_DAYS = 1.0
CHUNK_S = 3 * 3600
KNOT = 1852 / 3600
METRES_A_DEGREE = 111_195.0
SHIPS_A_SEA = 600
PLACES_A_SEA = 8
REST_S = 180.0


@dataclass(frozen=True)
class Kind:
    """What makes a set: ships, metres between ships that lie, and the share heard by satellite only."""

    ships: int = 7200
    pitch_m: float = 900.0
    satellite: float = 0.12


KINDS = {
    "plain": Kind(),
    "port": Kind(pitch_m=200.0),
    "sparse": Kind(satellite=1.0),
    "wide": Kind(ships=40_000),
}


class Fleet:
    """Where every ship of a set is at any time, and when it reports."""

    def __init__(self, kind: Kind, /, *, hours: float, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.kind, self.seed, self.seconds = kind, seed, hours * 3600
        n = kind.ships
        self.mmsi = (201_000_000 + rng.permutation(570_000_000 // 1000)[:n] * 1000 + rng.integers(0, 1000, n)).astype(
            np.int32
        )
        self.tanker = rng.random(n) < 0.35
        self.length_m = np.where(self.tanker, rng.uniform(90, 330, n), rng.uniform(40, 300, n)).round()
        self.every_s = rng.choice([15.0, 30.0, 60.0, 120.0, 180.0], n, p=[0.04, 0.10, 0.34, 0.32, 0.20])
        self.is_satellite = rng.random(n) < kind.satellite
        self._sail(rng)
        self._meet(rng)

    def _sail(self, rng: np.random.Generator) -> None:
        """Corners of every ship's way: (ships, corners) seconds, longitude, latitude."""
        n = self.kind.ships
        seas = max(1, n // SHIPS_A_SEA)
        sea = rng.integers(0, seas, n)
        sea_lon, sea_lat = rng.uniform(-180, 180, seas), rng.uniform(-52, 62, seas)
        sea_lon[0], sea_lat[0] = 179.5, 52.0
        place_lon = sea_lon[:, None] + rng.uniform(-3, 3, (seas, PLACES_A_SEA)) / np.cos(np.radians(sea_lat))[:, None]
        place_lat = sea_lat[:, None] + rng.uniform(-2, 2, (seas, PLACES_A_SEA))
        taken = np.zeros((seas, PLACES_A_SEA), np.int64)
        width = 8
        berths = width * width * 2

        def stop() -> tuple[np.ndarray, np.ndarray]:
            at = rng.integers(0, PLACES_A_SEA, n)
            order = np.lexsort((at, sea))
            same = np.r_[False, (np.diff(sea[order]) == 0) & (np.diff(at[order]) == 0)]
            first = np.maximum.accumulate(np.where(same, 0, np.arange(n)))
            rank = np.empty(n, np.int64)
            rank[order] = np.arange(n) - first
            berth = (taken[sea, at] + rank) % berths
            np.add.at(taken, (sea, at), 1)
            at_sea = rng.random(n) < 0.25
            east = self.kind.pitch_m * (berth % width) + rng.uniform(-20, 20, n)
            north = self.kind.pitch_m * (berth // width) + rng.uniform(-20, 20, n)
            lat = place_lat[sea, at] + north / METRES_A_DEGREE
            lon = place_lon[sea, at] + east / METRES_A_DEGREE / np.cos(np.radians(lat))
            lat_free = sea_lat[sea] + rng.uniform(-2, 2, n)
            lon_free = sea_lon[sea] + rng.uniform(-3, 3, n) / np.cos(np.radians(lat_free))
            return np.where(at_sea, lon_free, lon), np.where(at_sea, lat_free, lat)

        lon, lat = stop()
        # the first corner lies before the data, so that half of the fleet is under way when it begins
        time_s = -rng.uniform(0, 30, n) * 3600
        corners = [(time_s, lon, lat)]
        while time_s.min() < self.seconds:
            time_s = time_s + rng.uniform(6, 30, n) * 3600
            corners.append((time_s, lon, lat))
            there = stop()
            way_m = METRES_A_DEGREE * np.hypot((there[0] - lon) * np.cos(np.radians(lat)), there[1] - lat)
            time_s = time_s + way_m / (rng.uniform(7, 17, n) * KNOT) + 60
            lon, lat = there
            corners.append((time_s, lon, lat))
        self.time_s, self.lon, self.lat = (np.stack(axis, axis=1) for axis in zip(*corners, strict=True))

    def _meet(self, rng: np.random.Generator) -> None:
        """Let one pair in a hundred ships drift alongside for some hours, from a random time on."""
        n, width = self.time_s.shape
        pairs = rng.permutation(n)[: 2 * (n // 100)].reshape(-1, 2)
        for one, two in pairs.tolist():
            hours = rng.uniform(2.5, 9)
            start = rng.uniform(0, max(self.seconds - hours * 3600, 1.0))
            k = int(np.searchsorted(self.time_s[one], start))
            if k + 1 >= width:
                continue
            lon, lat = self.lon[one, k - 1], self.lat[one, k - 1] + rng.uniform(0.5, 1.0)
            gap = rng.uniform(30, 80) / METRES_A_DEGREE
            drift = rng.uniform(-0.02, 0.02, 2)
            end = start + hours * 3600
            for ship, d_lat in ((one, 0.0), (two, gap)):
                corners = np.array(
                    [
                        (start - 36_000.0, lon + 1.0 - 2 * (ship == two), lat + d_lat + 0.8),
                        (start, lon, lat + d_lat),
                        (end, lon + drift[0], lat + d_lat + drift[1]),
                        (end + 36_000.0, lon - 1.0 + 2 * (ship == two), lat + d_lat - 0.8),
                    ]
                )
                rest = np.full((width, 3), corners[-1])
                rest[:, 0] += 1.0 + np.arange(width)
                rest[: len(corners)] = corners
                self.time_s[ship], self.lon[ship], self.lat[ship] = rest.T
                self.is_satellite[ship] = False

    def chunks(self) -> Iterator[dict[str, np.ndarray]]:
        """Rows in time order, some hours at a time: mmsi, time_ms, lon, lat, sog."""
        n, width = self.time_s.shape
        span = self.seconds + 1e7
        flat_s = (np.clip(self.time_s, -9e5, span - 1e6) + 1e6 + np.arange(n)[:, None] * 2 * span).ravel()
        legs = np.diff(self.time_s, axis=1)
        way_m = METRES_A_DEGREE * np.hypot(
            np.diff(self.lon, axis=1) * np.cos(np.radians(self.lat[:, :-1])), np.diff(self.lat, axis=1)
        )
        knots = np.minimum(way_m / np.maximum(legs, 1.0) / KNOT, 30.0)
        for begin in np.arange(0.0, self.seconds, CHUNK_S):
            rng = np.random.default_rng([self.seed, int(begin)])
            end = min(begin + CHUNK_S, self.seconds)
            middle = np.minimum((self.time_s < (begin + end) / 2).sum(axis=1) - 1, width - 2).clip(0)
            is_resting = knots[np.arange(n), middle] < 2.5
            every = np.where(self.is_satellite, 720.0, np.where(is_resting, REST_S, self.every_s))
            count = rng.poisson((end - begin) / every)
            # one hole of the whole chunk in forty: silences of three hours and more
            count[rng.random(n) < 0.025] = 0
            ship = np.repeat(np.arange(n, dtype=np.int32), count)
            time_s = np.floor(rng.uniform(begin, end, len(ship)))
            order = np.argsort(time_s, kind="stable")
            ship, time_s = ship[order], time_s[order]
            again = np.sort(rng.integers(0, max(len(ship), 1), len(ship) // 100))
            order = np.sort(np.concatenate([np.arange(len(ship)), again]))
            ship, time_s = ship[order], time_s[order]
            leg = np.searchsorted(flat_s, time_s + 1e6 + ship * 2 * span, side="right") - 1
            leg = np.clip(leg - ship * np.int64(width), 0, width - 2)
            share = np.clip((time_s - self.time_s[ship, leg]) / np.maximum(legs[ship, leg], 1.0), 0.0, 1.0)
            lat = self.lat[ship, leg] + share * (self.lat[ship, leg + 1] - self.lat[ship, leg])
            lon = self.lon[ship, leg] + share * (self.lon[ship, leg + 1] - self.lon[ship, leg])
            # the same row twice has the same error: it hangs on ship and second
            noise = np.random.default_rng([self.seed, 7]).normal(0, 5.0, 1 << 16)
            which = (ship * 40_503 + time_s.astype(np.int64) * 9_973) & 0xFFFF
            lat = lat + noise[which] / METRES_A_DEGREE
            lon = lon + noise[which ^ 0x5555] / METRES_A_DEGREE / np.cos(np.radians(lat))
            speed = np.maximum(0, knots[ship, leg] + noise[which ^ 0x3333] * 0.02)
            bad = (which & 0x7FF) == 77
            yield {
                "mmsi": self.mmsi[ship],
                "time_ms": (START_S + time_s.astype(np.int64)) * 1000,
                "lon": np.where(bad, 181.0, np.round((lon + 180) % 360 - 180, 5)),
                "lat": np.where(bad, 91.0, np.round(lat, 5)),
                "sog": np.round(speed, 1),
            }

    def identities(self) -> dict[str, object]:
        """Rows of a NOAA CSV with name, size and draught: each ship once at the beginning, tankers once more at the end."""
        n = len(self.mmsi)
        rng = np.random.default_rng([self.seed, 3])
        ship = np.concatenate([np.arange(n), np.flatnonzero(self.tanker)])
        time_s = np.where(np.arange(len(ship)) < n, 0.0, self.seconds)
        corner = np.clip([np.searchsorted(self.time_s[k], t) for k, t in zip(ship, time_s, strict=True)], 1, None) - 1
        corner = np.minimum(corner, self.time_s.shape[1] - 2)
        leg_s = self.time_s[ship, corner + 1] - self.time_s[ship, corner]
        share = np.clip((time_s - self.time_s[ship, corner]) / np.maximum(leg_s, 1.0), 0.0, 1.0)
        lon, lat = (a[ship, corner] + share * (a[ship, corner + 1] - a[ship, corner]) for a in (self.lon, self.lat))
        deep = self.length_m[ship] / 20.0 * rng.uniform(0.55, 1.0, len(ship))
        moment = (START_S + time_s.astype(np.int64)).astype("datetime64[s]")
        return {
            "MMSI": self.mmsi[ship],
            "BaseDateTime": np.datetime_as_string(moment, unit="s"),
            "LAT": np.round(lat, 5),
            "LON": np.round((lon + 180) % 360 - 180, 5),
            "SOG": np.zeros(len(ship)),
            "COG": np.zeros(len(ship)),
            "Heading": np.full(len(ship), 511),
            "VesselName": [f"SYNTHETIC {k:05d}" for k in ship.tolist()],
            "IMO": [""] * len(ship),
            "CallSign": [""] * len(ship),
            "VesselType": np.where(self.tanker, 80, 70)[ship],
            "Status": np.full(len(ship), 15),
            "Length": self.length_m[ship].astype(np.int64),
            "Width": (self.length_m[ship] / 6.2).round().astype(np.int64),
            "Draft": np.round(deep, 1),
            "Cargo": np.where(self.tanker, 80, 70)[ship],
            "TransceiverClass": ["A"] * len(ship),
        }


def mean_s_of(kind: Kind, /) -> float:
    """Mean time between reports of a ship, s."""
    return MEAN_S if kind.satellite < 1 else 720.0


def ships_of(name: str, rows: int, /) -> int:
    """Ships of a set: fewer where all of its ships would make the rows in less than `LEAST_DAYS`.

    Every ship at rest when the data begins is a port call: over some hours there would be hundreds of events a row too many.
    """
    kind = KINDS[name]
    most = round(rows * mean_s_of(kind) / (LEAST_DAYS * 86_400))
    return kind.ships if name == "wide" else max(100, min(kind.ships, most))


def make(folder: Path, /, *, rows: int, name: str, ships: int | None = None) -> int:
    """Write one Parquet file a day (float64, zstd, five columns) and the identities; returns the number of rows."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    kind = KINDS[name]
    mean_s = mean_s_of(kind)
    kind = Kind(ships or ships_of(name, rows), kind.pitch_m, kind.satellite)
    fleet = Fleet(kind, hours=rows * mean_s / kind.ships / 3600)
    folder.mkdir(parents=True)
    schema = pa.schema(
        [
            ("mmsi", pa.int32()),
            ("time", pa.timestamp("ms")),
            ("lon", pa.float64()),
            ("lat", pa.float64()),
            ("sog", pa.float64()),
        ]
    )
    done, day, writer = 0, None, None
    for chunk in fleet.chunks():
        columns = [
            chunk["mmsi"],
            pa.array(chunk["time_ms"]).cast(pa.timestamp("ms")),
            chunk["lon"],
            chunk["lat"],
            chunk["sog"],
        ]
        table = pa.table(columns, schema=schema)
        today = int(chunk["time_ms"][0] // 86_400_000)
        if today != day:
            if writer is not None:
                writer.close()
            day = today
            text = str(np.datetime64(day, "D"))
            writer = pq.ParquetWriter(folder / f"SYNTHETIC-{name}-{text}.parquet", schema, compression="zstd")
        assert writer is not None
        writer.write_table(table, row_group_size=1 << 20)
        done += table.num_rows
    if writer is not None:
        writer.close()
    pa_csv.write_csv(pa.table(fleet.identities()), folder / f"SYNTHETIC-{name}-ships.csv")
    return done


def main() -> None:
    """Make one set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--set", choices=KINDS, default="plain")
    parser.add_argument("--ships", type=int)
    args = parser.parse_args()
    print(f"{make(args.folder, rows=int(args.rows), name=args.set, ships=args.ships):,} rows")


if __name__ == "__main__":
    main()
