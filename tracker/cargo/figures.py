"""The two figures of the Panel, drawn for reading: running totals against the cap, and months by flag.

Colours are those of Okabe and Ito, which colour-blind readers tell apart; every curve is labelled where it ends, and
every figure prints its factor set, its source and, for synthetic data, that it is synthetic.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker.cargo.caps import NOTICE_SHARES, refined_cap_bbl
from tracker.cargo.deliveries import FLAG_CLASSES, told_deliveries
from tracker.cargo.factors import UNSPECIFIED, barrels_per_tonne
from tracker.cargo.inset import draw_inset
from tracker.cargo.ledger import MEASURED, YearLedger
from tracker.drawing.canvas import Area, Dot, Point, Sheet, Stroke, Words

INK, SOFT, GRID = "#222222", "#5f5f5f", "#dddddd"
COLOURS = {"s90": "#d55e00", "s50": "#0072b2", "s33": "#009e73", MEASURED: "#666666"}
FLAG_COLOURS = {"foreign": "#56b4e9", "DPRK": "#d55e00", "unknown": "#b0b0b0"}
MEANINGS = {"s33": "33 % laden (low)", "s50": "50 % laden (middle)", "s90": "90 % laden (high)"}
FLAG_WORDS = {"foreign": "foreign flags", "DPRK": "DPRK flag", "unknown": "flag unknown"}
LEFT, RIGHT, TOP, BOTTOM = 66.0, 646.0, 118.0, 470.0
WIDTH, HEIGHT = 960.0, 560.0
ENLARGED_FROM, LEAST_MONTHS = 3.0, 5

Rows = Sequence[dict[str, Any]]


def draw_cumulative(
    ledger: YearLedger,
    rows: Rows,
    /,
    *,
    factor_set: str,
    crossings: dict[str, date | None],
    totals: Mapping[str, Sequence[tuple[date, float]]],
    declared_bbl: Sequence[tuple[date, float]],
    source: str,
    is_synthetic: bool,
) -> Sheet:
    """Figure 1: running totals of three scenarios and the measured range against the cap.

    Parameters
    ----------
    rows : of `tracker.cargo.ledger.cumulative`
    crossings : day on which each scenario passes the cap
    totals : for each scenario (day, running total) of the deliveries
    declared_bbl : (day, running total) of declared deliveries, a series of its own
    """
    curves = {name: [r for r in rows if r["scenario"] == name and r["factor_set"] == factor_set] for name in COLOURS}
    cap = refined_cap_bbl(ledger.year)
    highest = [r["p90_bbl"] or r["bbl_cum"] for name in curves for r in curves[name]]
    top = 1.08 * max([1.0, 1.1 * (cap or 0.0), *highest, *(total for _, total in declared_bbl)])
    sheet = _sheet(
        f"Deliveries of refined petroleum to the DPRK, {ledger.year}, running total",
        _units(factor_set, "barrels since 1 January, by day of arrival (UTC+9)"),
        source,
        is_synthetic,
        ledger,
    )
    _value_axis(sheet, top)
    _month_axis(sheet, ledger)
    band = curves[MEASURED]
    if band:
        lower = _steps(ledger, [r["p10_bbl"] for r in band], top)
        upper = _steps(ledger, [r["p90_bbl"] for r in band], top)
        sheet.add(Area([*lower, *reversed(upper)], COLOURS[MEASURED], 0.16))
    if cap is not None:
        cap_y = _y(cap, top)
        sheet.add(Stroke([(LEFT, cap_y), (RIGHT, cap_y)], INK, 1.8))
        for share in NOTICE_SHARES:
            y = _y(share * cap, top)
            sheet.add(Stroke([(LEFT, y), (RIGHT, y)], INK, 0.6, (2.0, 4.0)))
    labels: list[tuple[float, str, str, str]] = []
    for name in ("s90", "s50", "s33"):
        values = [r["bbl_cum"] for r in curves[name]]
        if not values:
            continue
        points = _stairs(ledger, totals.get(name, ()), top)
        sheet.add(Stroke(points, COLOURS[name], 2.6), Dot(points[-1], 4.0, COLOURS[name]))
        crossing = crossings.get(name)
        said = f"passes the cap on {_day(crossing)}" if crossing else "stays below the cap"
        head = f"{MEANINGS[name]}: {_millions(values[-1])}"
        more = "no cap in barrels held in that year" if cap is None else f"{values[-1] / cap:.1f} x the cap; {said}"
        labels.append((points[-1][1], COLOURS[name], head, more))
    if band:
        p10, p90 = band[-1]["p10_bbl"], band[-1]["p90_bbl"]
        head = f"P10 to P90: {_millions(p10)} to {_millions(p90)}"
        labels.append((_y(0.5 * (p10 + p90), top), SOFT, head, "laden fraction uncertain, errors in common"))
    if declared_bbl:
        points = _stairs(ledger, declared_bbl, top)
        sheet.add(Stroke(points, "#cc79a7", 2.0, (5.0, 3.0)))
        head = f"declared: {_millions(declared_bbl[-1][1])}"
        labels.append((points[-1][1], "#a8477f", head, "each figure once, at its period's end; 8.33"))
    if cap is not None:
        labels.append((_y(cap, top), INK, f"cap: {cap:,.0f} bbl a year", "dotted: notices at 75, 90 and 95 %"))
        # the upper left corner is empty, because totals only grow; a cap that fills the sheet needs no enlarging
        if highest and max(highest) > ENLARGED_FROM * cap and len(ledger.month_ends) >= LEAST_MONTHS:
            draw_inset(
                sheet,
                (LEFT + 12, TOP + 118),
                year=ledger.year,
                cap_bbl=cap,
                totals=totals,
                crossings=crossings,
                colours=COLOURS,
                around=_stairs(ledger, totals.get("s90", ()), top),
            )
    _label_ends(sheet, labels)
    return sheet


def draw_months(
    ledger: YearLedger, rows: Rows, /, *, factor_set: str, scenario: str, source: str, is_synthetic: bool
) -> Sheet:
    """Figure 2: barrels of each month, stacked by class of flag, in one scenario; shares of the DPRK flag above."""
    chosen = [r for r in rows if r["scenario"] == scenario and r["factor_set"] == factor_set]
    months = [f"{end:%Y-%m}" for end in ledger.month_ends]
    sums = {
        (m, c): sum(r["bbl"] for r in chosen if (r["month"], r["flag_class"]) == (m, c))
        for m in months
        for c in FLAG_CLASSES
    }
    totals = {m: sum(sums[m, c] for c in FLAG_CLASSES) for m in months}
    top = 1.15 * max([1.0, *totals.values()])
    sheet = _sheet(
        f"Deliveries of refined petroleum to the DPRK, {ledger.year}, by flag of the ship",
        _units(factor_set, f"barrels a month (UTC+9), {MEANINGS[scenario]}; flag on the day of arrival"),
        source,
        is_synthetic,
        ledger,
    )
    _value_axis(sheet, top)
    _month_axis(sheet, ledger)
    step = (RIGHT - LEFT) / max(1, len(months))
    ends: dict[str, float] = {}
    for i, month in enumerate(months):
        x, base = LEFT + (i + 0.5) * step, 0.0
        for name in ("foreign", "DPRK", "unknown"):
            value = sums[month, name]
            if value <= 0:
                continue
            y0, y1 = _y(base, top), _y(base + value, top)
            half = 0.36 * step
            sheet.add(Area([(x - half, y0), (x + half, y0), (x + half, y1), (x - half, y1)], FLAG_COLOURS[name]))
            sheet.add(Stroke([(x - half, y1), (x + half, y1)], "#ffffff", 1.0))
            base += value
            ends[name] = 0.5 * (y0 + y1)
        if totals[month] > 0:
            share = 100.0 * sums[month, "DPRK"] / totals[month]
            sheet.add(Words((x, _y(base, top) - 7), f"{share:.0f} %", 12, FLAG_COLOURS["DPRK"], "middle", True))
    labels = []
    for name, y in ends.items():
        n = sum(d.flag_class == name for d in ledger.rows)
        barrels = sum(sums[m, name] for m in months)
        colour = {"foreign": "#0b6fa4", "DPRK": FLAG_COLOURS["DPRK"], "unknown": SOFT}[name]
        labels.append((y, colour, f"{FLAG_WORDS[name]}: {_millions(barrels)}", told_deliveries(n)))
    _label_ends(sheet, labels)
    sheet.add(Words((RIGHT + 14, TOP + 4), "above the bars: share of the DPRK flag", 11.5, SOFT))
    return sheet


def _sheet(title: str, subtitle: str, source: str, is_synthetic: bool, ledger: YearLedger) -> Sheet:
    mark = "SYNTHETIC TEST DATA: " if is_synthetic else ""
    lost = sum(d.dwt_t is None for d in ledger.rows)
    note = f" {lost:,} without deadweight give no barrels here." if lost else ""
    sheet = Sheet(WIDTH, HEIGHT, mark + title, f"{subtitle}. {source}")
    sheet.add(Words((24, 38), title, 21, INK, bold=True), Words((24, 62), subtitle, 13.5, SOFT))
    if is_synthetic:
        sheet.add(Area([(24, 74), (330, 74), (330, 96), (24, 96)], "#fff0c2"))
        sheet.add(Words((32, 90), "SYNTHETIC TEST DATA, not evidence", 13, "#7a4b00", bold=True))
    n = (
        f"{told_deliveries(len(ledger.rows))}, {ledger.dwt_sum_t:,.0f} t deadweight, January to {ledger.month_ends[-1]:%B}."
        if ledger.month_ends
        else "No deliveries."
    )
    sheet.add(Words((24, HEIGHT - 36), n + note, 12, SOFT), Words((24, HEIGHT - 16), source, 12, SOFT))
    return sheet


def _units(factor_set: str, what: str) -> str:
    factor = barrels_per_tonne(factor_set, UNSPECIFIED)
    return f"{what[0].upper()}{what[1:]}; factor set “{factor_set}” ({factor:g} bbl/t unspecified)"


def _y(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def _value_axis(sheet: Sheet, top: float) -> None:
    step = next(s for s in _nice_steps() if top / s <= 6.5)
    ticks = [i * step for i in range(int(top / step) + 1)]
    for tick in ticks:
        y = _y(tick, top)
        sheet.add(Stroke([(LEFT, y), (RIGHT, y)], INK if tick == 0 else GRID, 1.0))
        sheet.add(Words((LEFT - 8, y + 4), "0" if tick == 0 else _short(tick), 12, SOFT, "end"))


def _nice_steps() -> list[float]:
    return [m * 10.0**e for e in range(13) for m in (1.0, 2.0, 5.0)]


def _month_axis(sheet: Sheet, ledger: YearLedger) -> None:
    step = (RIGHT - LEFT) / max(1, len(ledger.month_ends))
    for i, end in enumerate(ledger.month_ends):
        sheet.add(Words((LEFT + (i + 0.5) * step, BOTTOM + 19), f"{end:%b}", 12, SOFT, "middle"))


def _steps(ledger: YearLedger, values: Sequence[float], top: float) -> list[Point]:
    """A total that is known at month ends, drawn straight between them from zero on 1 January."""
    step = (RIGHT - LEFT) / max(1, len(ledger.month_ends))
    return [(LEFT, _y(0.0, top)), *((LEFT + (i + 1) * step, _y(v, top)) for i, v in enumerate(values))]


def _stairs(ledger: YearLedger, totals: Sequence[tuple[date, float]], top: float) -> list[Point]:
    """A total that steps on given days."""
    span = (RIGHT - LEFT) / max(1, len(ledger.month_ends))
    points: list[Point] = [(LEFT, _y(0.0, top))]
    for day, total in totals:
        x = min(RIGHT, LEFT + span * (day.month - 1 + day.day / monthrange(day.year, day.month)[1]))
        points += [(x, points[-1][1]), (x, _y(total, top))]
    return [*points, (RIGHT, points[-1][1])]


def _label_ends(sheet: Sheet, labels: list[tuple[float, str, str, str]]) -> None:
    """Labels at the right, each near its line and none upon another."""
    gap, last = 38.0, TOP - 38.0 + 16.0
    ordered, places = sorted(labels), []
    for y, *_ in ordered:
        last = max(y, last + gap)
        places.append(last)
    limit = BOTTOM + 12.0
    for i in reversed(range(len(places))):
        places[i] = min(places[i], limit)
        limit = places[i] - gap
    for place, (y, colour, head, more) in zip(places, ordered, strict=True):
        sheet.add(Stroke([(RIGHT + 3, y), (RIGHT + 11, place - 3)], colour, 0.8))
        sheet.add(Words((RIGHT + 14, place), head, 13, colour, bold=True))
        sheet.add(Words((RIGHT + 14, place + 15), more, 11.5, SOFT))


def _millions(barrels: float) -> str:
    return f"{barrels / 1e6:.2f} M bbl" if barrels >= 1e6 else f"{barrels:,.0f} bbl"


def _short(value: float) -> str:
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B}"
