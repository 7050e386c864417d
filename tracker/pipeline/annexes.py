"""Annex tables of a case that events alone do not give: deliveries (T1), declared figures (T6) and goods (T7).

They are of the case's last run as a whole: filters choose events, and a delivery is no event between two ships. Figures
are those of ``tracker ledger`` without declared figures or prices of the user's own.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tracker.archive.case import Case
from tracker.cargo.annex import deliveries_table, uncounted_rows
from tracker.cargo.arrivals import arrivals_of
from tracker.cargo.commodities import goods_table
from tracker.cargo.ledger import LedgerParams, years_of
from tracker.cargo.prices import anchors
from tracker.exporters.annex import Sheet

WIDE = {"vessel_name": 22, "port": 18, "method": 34, "evidence": 40, "measure": 60, "counted": 40, "transfers": 30}
OF_ALL = (
    "made from the deliveries of the case's last run, whatever the filters; presence in port, not proof of discharge"
)


def annex_sheets(case: Case, /) -> list[Sheet]:
    """T1, T6 and T7 of the last run."""
    runs = case.runs()
    record: dict[str, Any] = runs[-1] if runs else {}
    searched = record.get("searched", {})
    first, last = (_moment(searched.get(f"{name}_time")) for name in ("first", "last"))
    params, prices = LedgerParams(), anchors()
    arrivals = arrivals_of(
        case.deliveries().to_pylist(),
        case.latest_events().to_pylist(),
        name=f"deliveries found in {case.path.name}",
        digest=str(record.get("run_id", "")),
        is_synthetic=bool(record.get("synthetic")),
        # no clock goes into an export: the data end on this day, and so do their deliveries
        today=date.max if last is None else (last.astimezone(UTC) + timedelta(days=1)).date(),
        data_from=first,
    )
    counted = [
        row for year in years_of(arrivals.counted.rows) for row in deliveries_table(year, params=params, prices=prices)
    ]
    others = uncounted_rows(arrivals.others, params=params, prices=prices)
    goods = goods_table(arrivals.counted.rows, prices=prices, factor_set=params.factor_set, premium=params.premium)
    return [
        _sheet("T1 deliveries", [*counted, *others], "No delivery to the DPRK was found in this case.", OF_ALL),
        _sheet(
            "T6 declared",
            [],
            "No declared figures are part of a case: tracker ledger CASE --declared FILE sets them beside the detected.",
            "declared against detected",
        ),
        _sheet(
            "T7 goods", goods, "No voyage with coal, sand or other goods of an HS code was found in this case.", OF_ALL
        ),
    ]


def _sheet(name: str, rows: Sequence[Mapping[str, Any]], nothing: str, about: str) -> Sheet:
    if not rows:
        return Sheet(name, [("note", 100)], [[nothing]], about)
    titles = list(dict.fromkeys(title for row in rows for title in row))
    return Sheet(
        name, [(title, WIDE.get(title, 12)) for title in titles], [[row.get(t) for t in titles] for row in rows], about
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
