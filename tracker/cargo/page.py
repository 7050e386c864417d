"""One HTML page of a ledger: the figures, the totals by scenario and set, and what was set aside. No network."""

from collections.abc import Sequence
from html import escape
from typing import Any

from tracker.cargo.deliveries import told_deliveries
from tracker.drawing.canvas import Sheet

STYLE = (
    "body{font:16px/1.5 'Source Sans 3','Helvetica Neue',Arial,sans-serif;color:#222;max-width:980px;margin:2rem auto;"
    "padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .8rem;text-align:right;"
    "border-bottom:1px solid #ddd}th:first-child,td:first-child{text-align:left}.mark{background:#fff0c2;"
    "color:#7a4b00;padding:.5rem .8rem;font-weight:700}.words td,.words th{text-align:left;vertical-align:top}figure{margin:1.5rem 0}svg{width:100%;height:auto}"
)


def page_of(sheets: Sequence[Sheet], summary: dict[str, Any], /) -> str:
    """The page; `summary` is what ``summary.json`` holds."""
    mark = '<p class="mark">SYNTHETIC TEST DATA, not evidence</p>' if summary["synthetic"] else ""
    title = ("SYNTHETIC: " if summary["synthetic"] else "") + "Ledger of deliveries"
    figures = "".join(f"<figure>{_unique(sheet.to_svg(), n)}</figure>" for n, sheet in enumerate(sheets))
    body = "".join(_year(year) for year in summary["years"])
    aside = "".join(
        f"<li>{escape(i['name'])}: {escape(line)}</li>" for i in summary["inputs"] for line in i["set_aside"]
    )
    legal = "".join(_legal(row) for row in _gathered(summary.get("legal", ())))
    legal = legal and (
        "<h2>Legal rules</h2><p>Each figure is asked by itself. Deliveries are arrivals, quantities are estimates: a rule "
        "that is touched is a question for a lawyer, no finding.</p><table class='words'><tr><th>rule</th><th>period</th>"
        f"<th>asked</th><th>figure</th><th>limit</th><th>answer</th><th>rests on</th></tr>{legal}</table>"
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in summary["notes"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{mark}{figures}{body}{legal}"
        f"<h2>Set aside or incomplete</h2><ul>{aside or '<li>nothing</li>'}</ul><h2>How to read it</h2>"
        f"<ul>{notes}</ul></body></html>\n"
    )


def _year(year: dict[str, Any]) -> str:
    scenarios = year["scenarios"]
    head = "".join(f"<th>{escape(name)}, bbl</th><th>x cap</th>" for name in scenarios)
    tonnes = "".join(f"<td>{scenario['tonnes']:,.0f} t</td><td></td>" for scenario in scenarios.values())
    rows = f"<tr><td>tonnes</td>{tonnes}</tr>"
    for factor_set in next(iter(scenarios.values()))["bbl"]:
        cells = "".join(
            f"<td>{scenario['bbl'][factor_set]:,.0f}</td><td>{_ratio(scenario['ratio_cap'][factor_set])}</td>"
            for scenario in scenarios.values()
        )
        rows += f"<tr><td>{escape(factor_set)}</td>{cells}</tr>"
    words = f"{told_deliveries(year['n_deliveries'])}, {year['dwt_sum_t']:,.0f} t deadweight, {year['months_covered']}"
    return f"<h2>{year['year']}: {escape(words)}</h2><table><tr><th>factor set</th>{head}</tr>{rows}</table>"


def _gathered(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows about single deliveries, which have no limit, as one for each year and answer."""
    singles: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["limit"] is None:
            singles.setdefault((row["rule_id"], row["period"][:4], row["answer"]), []).append(row)
    gathered = [
        found[0] | {"period": year, "asked": told_deliveries(len(found)), "source": "each stands in legal.csv"}
        for (_, year, _), found in singles.items()
    ]
    return [*(row for row in rows if row["limit"] is not None), *gathered]


def _legal(row: dict[str, Any]) -> str:
    """One row of the table of legal rules."""
    number = ["" if row[name] is None else f"{row[name]:,.0f} {row['unit']}" for name in ("value", "limit")]
    until = f" to {row['effective_to']}" if row["effective_to"] else ""
    rule = f"{row['rule_id']}: {row['authority']}, in force from {row['effective_from']}{until}"
    cells = [rule, row["period"], row["asked"], *number, row["answer"], f"{row['told'].rstrip('.')}; {row['source']}"]
    return "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells) + "</tr>"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _unique(svg: str, n: int) -> str:
    """Ids that are one page's own."""
    return svg.replace('id="t"', f'id="t{n}"').replace('id="d"', f'id="d{n}"').replace('"t d"', f'"t{n} d{n}"')
