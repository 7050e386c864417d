"""The two ledgers of a case: deliveries against the caps and transfers between ships, joined by ships, never added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.archive.case import Case
from tracker.cargo.arrivals import Arrivals, arrivals_of
from tracker.cargo.counts import own_counts
from tracker.cargo.declared import DeclaredTable
from tracker.cargo.ledger import LedgerParams
from tracker.cargo.prices import Prices
from tracker.cargo.publish import FromCase, ledger_files
from tracker.cargo.ships import ships_of_events
from tracker.cargo.transfers import transfer_files
from tracker.pipeline.legalities import judge_of
from tracker.version import __version__


@dataclass(frozen=True)
class CaseLedger:
    """Files by name, and the deliveries behind them."""

    files: dict[str, bytes]
    arrivals: Arrivals
    transfers: dict[str, Any]
    counts: dict[str, dict[str, Any]]


def ledgers_of(
    case: Case,
    /,
    *,
    declared: DeclaredTable | None,
    prices: Prices | None,
    year: int | None,
    params: LedgerParams,
    today: date,
) -> CaseLedger:
    """All files of both ledgers of the last run.

    Parameters
    ----------
    today : a delivery after it is set aside
    """
    runs = case.runs()
    record: dict[str, Any] = runs[-1] if runs else {}
    events = case.latest_events().to_pylist()
    is_synthetic = bool(record.get("synthetic"))
    searched = record.get("searched", {})
    first = searched.get("first_time")
    arrivals = arrivals_of(
        case.deliveries().to_pylist(),
        events,
        name=f"deliveries found in {case.path.name}",
        digest=str(record.get("run_id", "")),
        is_synthetic=is_synthetic,
        today=today,
        data_from=None if first is None else datetime.fromisoformat(first),
    )
    inside = _of_year(events, year, params)
    files, transfers = transfer_files(inside, is_synthetic=is_synthetic, params=params)
    counts = own_counts(case.voyages().to_pylist())
    coverage = record.get("coverage")
    said = {
        "case": {"run_id": record.get("run_id"), "searched": searched},
        "coverage_statement": coverage.get("statement") if isinstance(coverage, dict) else None,
        "own_counts": counts,
        "transfers": transfers,
        "transfers_note": "Legs between ships: fuel passes several hulls before it arrives, so their sum is no import.",
    }
    files |= ledger_files(
        arrivals.counted,
        declared,
        year=year,
        params=params,
        version=__version__,
        prices=prices,
        case=FromCase(
            others=arrivals.others,
            legs=arrivals.legs,
            ships=ships_of_events(inside, arrivals.counted.rows, [d for d, _ in arrivals.others]),
            said=said,
        ),
        judge=judge_of(declared, params=params, today=today),
    )
    return CaseLedger(files, arrivals, transfers, counts)


def _of_year(events: Sequence[dict[str, Any]], year: int | None, params: LedgerParams) -> list[dict[str, Any]]:
    offset = timedelta(hours=params.utc_offset_h)
    return [e for e in events if year is None or (e["start_time"] + offset).year == year]
