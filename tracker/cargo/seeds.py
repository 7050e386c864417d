"""The Panel's own figures for January to September 2020 beside ours, with the differences explained.

The published figures contradict themselves: three multiples of the cap need 10.3 to 11.3 barrels a tonne, the barrels
beside them 11.5 to 11.7, and declared oil in the same text 8.33. So both values are printed, and why.
"""

from typing import Any

from tracker.cargo.caps import REFINED_CAP_BBL, check_citation
from tracker.cargo.factors import UNSPECIFIED, barrels_per_tonne
from tracker.cargo.ledger import YearLedger
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.reference import reference_rows

PUBLISHED = {
    "s33": ("A02", "146,000 t", "1.7 M bbl", "over 3 x"),
    "s50": ("A03", "221,000 t", "2.6 M bbl", "nearly 5 x"),
    "s90": ("A04", "almost 400,000 t", "4.6 M bbl", "more than 8 x"),
}
SETS = ("panel_lpg", "committee", "floor")
REPORTED = ("A16", "A17", "A18", "A19", "B01", "A23")
"""Rows that are carried as reported: AIS cannot give them, or not in this ledger."""
EXPLAINED = (
    "Both cannot hold: 'nearly 5 x' of 221,000 t needs less than 11.31 bbl/t, the 2.6 M bbl beside it at least 11.54.",
    "'more than 8 x' stands beside 4.6 M bbl, which is 9.2 x; the three multiples together fit 10.27 to 11.31 bbl/t.",
    "The Panel converts undeclared oil at about 11.6 (all of it liquefied gas), the Committee declared oil at 8.33.",
    "0.33 is the fraction used: a third of 442,000 t is 147,333 t, which does not round to 146,000 t.",
    "The sum is of nine months and is set against a cap of twelve; it is not scaled up.",
)


def seed(row_id: str, /) -> dict[str, str]:
    """One row of ``data/cargo/seed_reproduction.csv``."""
    return next(row for row in reference_rows("seed_reproduction") if row["id"] == row_id)


def reported_rows() -> list[dict[str, str]]:
    """Published values that are carried with their source and not computed."""
    return [
        {key: seed(row_id)[key] for key in ("id", "item", "value", "unit", "note", "source")} for row_id in REPORTED
    ]


def panel_table(ledger: YearLedger, /) -> list[dict[str, Any]]:
    """The Panel's scenarios as published, and ours by three factor sets."""
    rows = []
    for name, fraction in SCENARIOS.items():
        seed_id, tonnes, barrels, multiple = PUBLISHED[name]
        ours = ledger.dwt_sum_t * fraction
        row: dict[str, Any] = {
            "seed": seed_id,
            "scenario": name,
            "panel_tonnes": tonnes,
            "panel_barrels": barrels,
            "panel_multiple": multiple,
            "tonnes": round(ours, 1),
        }
        for factor_set in SETS:
            bbl = ours * barrels_per_tonne(factor_set, UNSPECIFIED)
            row |= {f"bbl_{factor_set}": round(bbl), f"ratio_{factor_set}": round(bbl / REFINED_CAP_BBL, 2)}
        rows.append(row)
    return rows


def panel_lines(ledger: YearLedger, /, *, is_synthetic: bool) -> list[str]:
    """The table and what differs, for a terminal."""
    mark = "  [SYNTHETIC]" if is_synthetic else ""
    lines = [
        f"UN Panel of Experts, 2020: 121 deliveries from January to September. Ours: {len(ledger.rows):,} in "
        f"{ledger.year}, {ledger.dwt_sum_t:,.0f} t deadweight{mark}.",
        f"{'':<9}{'Panel: tonnes':<18}{'barrels':<12}{'of the cap':<15}{'ours: t':>9}"
        f"{'bbl at 11.6':>15}{'x cap':>7}{'at 8.33':>12}{'x cap':>7}{'at 6.35':>12}{'x cap':>7}",
    ]
    for row in panel_table(ledger):
        numbers = "".join(
            f"{row[f'bbl_{s}']:>{15 if s == 'panel_lpg' else 12},}{row[f'ratio_{s}']:>7.2f}" for s in SETS
        )
        lines.append(
            f"{SCENARIOS[row['scenario']]:<9.0%}{row['panel_tonnes']:<18}{row['panel_barrels']:<12}"
            f"{row['panel_multiple']:<15}{row['tonnes']:>9,.0f}{numbers}"
        )
    lines += [f"- {text}" for text in EXPLAINED]
    wrong = check_citation("2597", 2017)
    lines.append(f"- The text cites resolution 2597 (2017): {wrong}. The duty to notify is 2397 (2017), paragraph 5.")
    lines.append("Reported by others, carried with their source, not computed here:")
    lines += [
        f"  {r['id']} {r['item']}: {r['value']} {r['unit']}" if r["value"] else f"  {r['id']} {r['item']}: {r['note']}"
        for r in reported_rows()
    ]
    return lines
