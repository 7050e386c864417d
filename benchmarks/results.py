"""What was measured, as ``RESULTS.md`` and ``scaling.svg``: written anew after every measurement."""

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, SLICE_ROWS
from benchmarks.figure import bars
from benchmarks.fleet import KINDS, mean_s_of, ships_of

Measures = dict[str, Any]
PACKAGES = ("numpy", "numba", "pyarrow", "duckdb", "scipy", "geopandas", "movingpandas")
SCALED = ("decode", "scan", "detect")


def per_row(rounds: Sequence[Measures], what: str = "cpu_s") -> list[float]:
    """Microseconds a row in each round."""
    return [one[what] / one["rows"] * 1e6 for one in rounds]


class Results:
    """Measures of all rounds; writes itself whenever something is added."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder, self._rows = folder, rows
        self._found: dict[str, list[Measures]] = {}
        self._scaling: dict[tuple[str, int, int], dict[str, list[Measures]]] = {}
        self._load = [os.getloadavg()[0]]
        self._failed: list[str] = []
        self.left_out: list[str] = []
        self.is_whole = False

    def add(self, name: str, measures: Measures) -> None:
        """One measurement of a contender."""
        if measures:
            self._found.setdefault(name, []).append(measures)
            self.write()
        else:
            self._failed.append(name)

    def add_scaling(self, name: str, rows: int, ships: int, contender: str, measures: Measures) -> None:
        """One measurement over another set."""
        if measures:
            self._scaling.setdefault((name, rows, ships), {}).setdefault(contender, []).append(measures)
            self.write()

    def lacks(self, name: str, rows: int, contender: str) -> bool:
        """Whether a contender was not measured over a set."""
        return not any(key[:2] == (name, rows) and contender in one for key, one in self._scaling.items())

    def note_load(self, load: float) -> None:
        """Load average after a round."""
        self._load.append(load)

    def wall_s(self, name: str) -> float:
        """Wall time of the last measurement of a contender."""
        return float(self._found[name][-1]["wall_s"]) if self._found.get(name) else 0.0

    def write(self) -> None:
        """Write the tables and the figure, whole or not at all."""
        if not self._found:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join(self._lines()) + "\n"
        aside = self._folder / "RESULTS.md.new"
        aside.write_text(text, encoding="utf-8")
        aside.replace(self._folder / "RESULTS.md")
        sets = {self._label(key): one for key, one in self._sets().items() if all(n in one for n in SCALED[:2])}
        if sets:
            costs = {
                label: [statistics.median(per_row(one[name])) if name in one else 0.0 for name in SCALED]
                for label, one in sets.items()
            }
            (self._folder / "scaling.svg").write_text(bars(costs, SCALED), encoding="utf-8")

    def _sets(self) -> dict[tuple[str, int, int], dict[str, list[Measures]]]:
        """All sets that were scanned, the largest plain one among them."""
        main = {name: self._found[name] for name in SCALED if name in self._found}
        sets = {**self._scaling, **({("plain", self._rows, ships_of("plain", self._rows)): main} if main else {})}
        return dict(sorted(sets.items(), key=lambda item: (item[0][0] != "plain", item[0])))

    @staticmethod
    def _label(key: tuple[str, int, int]) -> str:
        return f"{key[0]}, {key[2]:,} ships, {key[1] / 1e6:g} M rows"

    def _lines(self) -> list[str]:
        lines = [
            "# Measured",
            "",
            "Written by `python3 dev.py bench`; the data is synthetic (`benchmarks/fleet.py`). Compiled code and libraries are",
            "loaded before the clock starts. Ratios are of time a row against only decoding the same rows (float64, zstd,",
            "pyarrow `iter_batches`, five columns), in rounds that are interleaved.",
            "",
            f"- {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {platform.system()} "
            f"{platform.release()}, Python {platform.python_version()}",
            "- " + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
            f"- load average before and after each round: {', '.join(f'{one:.1f}' for one in self._load)} "
            "(above the number of cores, other work shared the machine)",
        ]
        if not self.is_whole:
            lines.append("- **This run did not reach its end; what it had measured stands here.**")
        if self.left_out:
            lines.append(f"- left out for want of time: {'; '.join(self.left_out)}")
        if self._failed:
            lines.append(f"- failed: {', '.join(sorted(set(self._failed)))}")
        if "decode" in self._found:
            lines += ["", *self._contenders()]
        return [*lines, "", *self._targets(), "", *self._scaling_lines()]

    def _contenders(self) -> list[str]:
        lines = [
            "| what | rows | rounds | CPU µs a row, min / median | CPU against decoding, min / median "
            "| wall against decoding, min / median | M rows a CPU second | wall s | peak MB |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        base = {what: per_row(self._found["decode"], what) for what in ("cpu_s", "wall_s")}
        for name, rounds in self._found.items():
            text = (CONTENDERS[name].__doc__ or name).splitlines()[0].rstrip(".")
            cpu = per_row(rounds)
            ratios = []
            for what in ("cpu_s", "wall_s"):
                own = [one / other for one, other in zip(per_row(rounds, what), base[what], strict=False)]
                ratios.append(f"{min(own):.1f} / {statistics.median(own):.1f}")
            rows = f"{rounds[0]['rows']:,}" + (" (a slice)" if name in SLICE_ROWS else "")
            lines.append(
                f"| {text} | {rows} | {len(rounds)} | {min(cpu):.3f} / {statistics.median(cpu):.3f} | {ratios[0]} "
                f"| {ratios[1]} | {1 / statistics.median(cpu):.3f} | {statistics.median(m['wall_s'] for m in rounds):.2f} "
                f"| {max(m['peak_mb'] for m in rounds):.0f} |"
            )
        return [
            *lines,
            "",
            "A slice is the first rows of the set; its cost a row stands for all, and would be more for all.",
        ]

    def _ratio(self, one: str, other: str, what: str = "cpu_s") -> str:
        if one not in self._found or other not in self._found:
            return "not measured"
        pairs = zip(per_row(self._found[one], what), per_row(self._found[other], what), strict=False)
        ratios = [a / b for a, b in pairs]
        return f"{statistics.median(ratios):.3g} (min {min(ratios):.3g})"

    def _against_plain(self, name: str) -> str:
        """Cost a row of the pass over another set against the plain set of the same size, or the next larger."""
        sets = self._sets()
        own = [(key, one) for key, one in sets.items() if key[0] == name and "scan" in one]
        texts = []
        for key, one in own:
            plain = [(k[1], o) for k, o in sets.items() if k[0] == "plain" and k[1] >= key[1] and "scan" in o]
            if plain:
                rows, other = min(plain, key=lambda pair: pair[0])
                ratio = min(per_row(one["scan"])) / min(per_row(other["scan"]))
                texts.append(f"{ratio:.2f} ({key[1] / 1e6:g} M rows against {rows / 1e6:g} M plain)")
        return "; ".join(texts) or "not measured"

    def _peak(self, name: str) -> str:
        sets = {k: o for k, o in self._sets().items() if k[0] == "plain" and name in o}
        return (
            ", ".join(f"{max(m['peak_mb'] for m in o[name]):.0f} at {k[1] / 1e6:g} M" for k, o in sets.items())
            or "not measured"
        )

    def _targets(self) -> list[str]:
        nmea = self._found.get("ingest_nmea")
        pace = "not measured" if not nmea else f"{max(m['rows'] / m['wall_s'] for m in nmea):,.0f} at best"
        rows = [
            ("the pass with candidates against decoding, CPU", "≤ 2.5", self._ratio("scan", "decode")),
            ("the same, wall time", "≤ 2.5", self._ratio("scan", "decode", "wall_s")),
            ("the pass against decoding the case's own layout, CPU", "reported", self._ratio("scan", "decode_hot")),
            ("the whole detect against decoding, CPU", "≤ 6", self._ratio("detect", "decode")),
            ("the same, wall time", "≤ 6", self._ratio("detect", "decode", "wall_s")),
            ("peak memory of the pass, MB", "≤ 1,000", self._peak("scan")),
            ("peak memory of the whole, MB", "≤ 1,500", self._peak("detect")),
            ("the pass over the port-like set against plain, a row", "≤ 2", self._against_plain("port")),
            ("the pass over 40,000 ships against plain, a row", "≤ 2", self._against_plain("wide")),
            (
                "DuckDB SQL that finds the same candidates against the pass, CPU a row",
                "≥ 10",
                self._ratio("duckdb_sql", "scan"),
            ),
            ("the same, wall time", "≥ 10", self._ratio("duckdb_sql", "scan", "wall_s")),
            (
                "DuckDB SQL of a lesser question against the pass, CPU a row",
                "reported",
                self._ratio("duckdb_cells", "scan"),
            ),
            ("plain Python against the pass, CPU a row", "≥ 500", self._ratio("python_rule", "scan")),
            ("ingest of CSV against DuckDB's bare copy, CPU", "≤ 2.5", self._ratio("ingest_csv", "copy_csv")),
            ("the same, wall time", "≤ 2.5", self._ratio("ingest_csv", "copy_csv", "wall_s")),
            ("NMEA messages a second, wall time", "≥ 150,000", pace),
        ]
        lines = ["## Against the targets", "", "| what | target | measured, median (min) |", "|---|---|---|"]
        return lines + [f"| {what} | {target} | {measured} |" for what, target, measured in rows]

    def _scaling_lines(self) -> list[str]:
        lines = [
            "## Scaling",
            "",
            "| set | rows | candidates, events | events in 1,000 ship-days | pass, CPU µs a row | whole detect, CPU µs a row "
            "| pass / decoding | detect / decoding | peak MB: pass, detect |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for key, one in self._sets().items():
            if "scan" not in one or "decode" not in one:
                continue
            cost = {name: min(per_row(rounds)) for name, rounds in one.items()}
            scan, detect = one["scan"][0], one.get("detect", [{}])[0]
            days = key[1] * mean_s_of(KINDS[key[0]]) / 86_400
            events = f"{detect['found']:,}" if detect else "–"
            lines.append(
                f"| {self._label(key)} | {scan['rows']:,} | {scan['found']:,}, {events} "
                f"| {detect['found'] / days * 1000:.0f} "
                if detect
                else f"| {self._label(key)} | {scan['rows']:,} | {scan['found']:,}, {events} | – "
            )
            lines[-1] += (
                f"| {cost['scan']:.3f} | {cost['detect']:.3f} | {cost['scan'] / cost['decode']:.1f} "
                f"| {cost['detect'] / cost['decode']:.1f} | {_peak(one, 'scan')}, {_peak(one, 'detect')} |"
                if detect
                else f"| {cost['scan']:.3f} | – | {cost['scan'] / cost['decode']:.1f} | – | {_peak(one, 'scan')}, – |"
            )
        lines += [
            "",
            "Least of the rounds. The 54 hours of real AIS off California in the tests (reports thinned to some minutes)",
            "holds about 2,400 events in 1,000 ship-days and 9 in 1,000 rows, nearly all of them in port; the plain set holds",
            "fewer in both, so that the cost of events a row is understated for such a file.",
            "",
            "![cost a row of each set](scaling.svg)",
        ]
        return lines


def _peak(one: dict[str, list[Measures]], name: str) -> str:
    return f"{max(m['peak_mb'] for m in one[name]):.0f}"
