"""Legal rules that a ledger can answer: the caps L2, L3 and that on coal of 2017, and L8, the missing declaration.

Each figure is asked by itself, so that a reader sees by which reading a limit is passed and by which it is not. A rule
is asked of a period only from its day of effect. What is said is no more than the figures say: deliveries are arrivals
of ships, quantities are estimates, and a declaration that is not in the user's table may exist.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tracker.cargo.caps import CRUDE_CAP_BBL, REFINED_CAP_BBL, crude_period
from tracker.cargo.declared import Declared, DeclaredTable
from tracker.cargo.deliveries import Delivery
from tracker.cargo.ledger import LedgerParams
from tracker.risk.legal import (
    COAL_T,
    DECLARE_CRUDE_DAYS,
    DECLARE_REFINED_DAYS,
    LedgerFacts,
    SupplyFacts,
    ledger_answers,
    legal_rules,
    supply_answer,
)
from tracker.risk.outcome import Fired, Missing, Outcome

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]
Judge = Callable[[Mapping[str, Any], Tables, Sequence[Delivery]], list[Row]]
OVER, NOT_OVER, UNKNOWN = "over the limit", "not over by this figure", "not known"
NO_MATCH, TIME_LEFT = "no matching declaration found", "its time is not over"
COAL_CAP_ENDS = date(2017, 8, 4)
FINDING = "A question for a lawyer, no finding."


def judge_of(declared: DeclaredTable | None, /, *, params: LedgerParams, today: date) -> Judge:
    """A function from a ledger's summary, tables and deliveries to the rows of its table ``legal``."""

    def judge(summary: Mapping[str, Any], tables: Tables, deliveries: Sequence[Delivery]) -> list[Row]:
        years = summary["years"]
        rows = [row for year in years for row in _refined(year, params, today)]
        rows += _crude(tables["crude"], [year["year"] for year in years], today)
        rows += _coal(tables["goods"])
        return rows + _supplies(deliveries, declared, today)

    return judge


def legal_lines(rows: Sequence[Mapping[str, Any]], /) -> list[tuple[str, ...]]:
    """The rows for a terminal: rule, period, what was asked, figure and answer; deliveries under L8 by their number."""
    lines: list[tuple[str, ...]] = [
        (
            row["rule_id"],
            row["period"],
            row["asked"],
            "" if row["value"] is None else f"{row['value']:,.0f} {row['unit']} against {row['limit']:,.0f}",
            row["answer"],
        )
        for row in rows
        if row["rule_id"] != "L8"
    ]
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["rule_id"] == "L8":
            key = (row["period"][:4], row["answer"])
            counted[key] = counted.get(key, 0) + 1
    lines += [("L8", year, f"{n:,} deliveries", "", answer) for (year, answer), n in sorted(counted.items())]
    return lines


def authorities(rows: Sequence[Mapping[str, Any]], /) -> list[str]:
    """The rules of the rows, each with its authority and day of effect."""
    return list(
        dict.fromkeys(
            f"{row['rule_id']}: {row['authority']}, in force {_span(row['effective_from'], row['effective_to'])}"
            for row in rows
        )
    )


def _refined(year: Mapping[str, Any], params: LedgerParams, today: date) -> list[Row]:
    """L2 by each reading of a calendar year."""
    number, name = year["year"], params.factor_set
    measured = year["measured_bbl"].get(name, {}) if year["n_deliveries"] > year["n_without_dwt"] else {}
    declared = year["declared"]["bbl_finest_periods"] if year["declared"]["figures"] else None
    low = "; a lower bound: some have no deadweight" if year["n_without_dwt"] else ""
    detected = f"{year['n_deliveries']} deliveries, {year['months_covered']}, factor set {name}{low}"
    asked = [(f"detected, {label}", measured.get(key), detected) for key, label in _SPAN]
    asked.append(("declared", declared, f"{year['declared']['figures']} declared figures, finest periods"))
    both = None if declared is None or not measured else measured["p50"] + declared
    asked.append(("detected P50 and declared together", both, "if no detected delivery was among the declared"))
    rows = []
    for subject, value, source in asked:
        facts = LedgerFacts(min(date(number, 12, 31), today), refined_bbl_in_year=value)
        outcome = ledger_answers(facts).get("L2")
        if outcome is not None:
            rows.append(_row("L2", str(number), subject, value, "bbl", REFINED_CAP_BBL, outcome, source))
    return rows


_SPAN = (("p10", "P10"), ("p50", "P50"), ("p90", "P90"))


def _crude(table: Sequence[Mapping[str, Any]], years: Sequence[int], today: date) -> list[Row]:
    """L3 for each twelve months of the ledger: both limbs, by all figures of the period."""
    last = {row["period_start"]: row for row in table}
    starts = sorted({*last, *(crude_period(date(year, 1, 1))[0].isoformat() for year in years)})
    rows = []
    for start in starts:
        first, after = crude_period(date.fromisoformat(start))
        row = last.get(start)
        bbl, tonnes = (None, None) if row is None else (row["barrels"], row["tonnes"])
        facts = LedgerFacts(
            min(after - timedelta(days=1), today), crude_bbl_in_12_months=bbl, crude_t_in_12_months=tonnes
        )
        outcome = ledger_answers(facts).get("L3")
        if outcome is None or first > today:
            continue
        parts = [r for r in table if r["period_start"] == start and r["kind"] != "all of these"]
        told = "; ".join(f"{r['kind']}: {r['tonnes']:,.0f} t ({r['sources'] or 'no source given'})" for r in parts)
        period = f"{first} to {after - timedelta(days=1)}"
        rows.append(_row("L3", period, "crude, all figures", bbl, "bbl", CRUDE_CAP_BBL, outcome, told or "no figure"))
    return rows


def _coal(goods: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The coal cap of 2017, which held until the ban of August; only for a ledger with coal of those months."""
    rule = legal_rules()["L4C"]
    mine = [r for r in goods if r["product"] == "coal" and rule.in_force(date.fromisoformat(r["date"]))]
    if not mine:
        return []
    tonnes = [r["best_t"] for r in mine]
    usd = [r["usd"] for r in mine]
    facts = LedgerFacts(
        COAL_CAP_ENDS,
        coal_t_in_year=None if None in tonnes else sum(tonnes),
        coal_usd_in_year=None if None in usd else sum(usd),
    )
    outcome = ledger_answers(facts)["L4C"]
    told = f"{len(mine)} voyages with coal, as given or at 50 % of the deadweight"
    return [_row("L4C", "2017-01-01 to 2017-08-04", "coal", facts.coal_t_in_year, "t", COAL_T, outcome, told)]


def _supplies(deliveries: Sequence[Delivery], declared: DeclaredTable | None, today: date) -> list[Row]:
    """L8: one row for each delivery of oil."""
    rows = []
    for one in deliveries:
        is_crude = one.product == "crude"
        if not is_crude and not one.is_refined:
            continue
        about = [] if declared is None else [f for f in declared.rows if _covers(f, one, is_crude=is_crude)]
        known = False if declared is not None and not about else None
        outcome = supply_answer(SupplyFacts(one.day, today, is_crude, known))
        if outcome is None:
            continue
        days = DECLARE_CRUDE_DAYS if is_crude else DECLARE_REFINED_DAYS
        source = one.source or "deliveries"
        if about:
            suppliers = ", ".join(sorted({f.supplier for f in about}))
            source += f"; a declared figure of {suppliers} covers the day: whether she is in it is not known"
        elif declared is not None:
            source += f"; nothing in {declared.name} covers the day; {days} days are given"
        ship = " ".join(filter(None, (one.vessel_name or one.ship or "a ship without name", one.port)))
        rows.append(_row("L8", one.day.isoformat(), ship, None, "", None, outcome, source))
        if is_crude:
            rows[-1]["authority"] = rows[-1]["authority"].replace("op 5", "op 4")
    return rows


def _covers(figure: Declared, delivery: Delivery, *, is_crude: bool) -> bool:
    is_same = (figure.product == "crude") == is_crude and figure.kind == "declared"
    return is_same and figure.start <= delivery.day <= figure.end


def _row(
    rule_id: str,
    period: str,
    asked: str,
    value: float | None,
    unit: str,
    limit: float | None,
    outcome: Outcome,
    source: str,
) -> Row:
    rule = legal_rules()[rule_id]
    if isinstance(outcome, Fired):
        answer, told = (NO_MATCH if rule_id == "L8" else OVER), f"{outcome.reason}. {FINDING}"
    elif isinstance(outcome, Missing):
        answer, told = UNKNOWN, f"needs {outcome.needs}"
    else:
        answer, told = (TIME_LEFT if rule_id == "L8" else NOT_OVER), "what was not seen is not in it"
    return {
        "rule_id": rule_id,
        "authority": rule.authority,
        "effective_from": rule.effective_from.isoformat(),
        "effective_to": None if rule.effective_to is None else rule.effective_to.isoformat(),
        "period": period,
        "asked": asked,
        "value": None if value is None else round(value, 1),
        "unit": unit,
        "limit": limit,
        "answer": answer,
        "told": told,
        "source": source,
    }


def _span(first: str, last: str | None) -> str:
    return f"since {first}" if last is None else f"{first} to {last}"
