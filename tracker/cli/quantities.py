"""Commands about quantities: the ledger of deliveries, and the reasoning behind one estimate."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.output import aligned, printable

if TYPE_CHECKING:
    from tracker.cargo.deliveries import Deliveries


@click.command()
@click.argument("case", type=click.Path(path_type=Path), required=False)
@click.option("--deliveries", type=click.Path(path_type=Path), help="CSV: date, vessel_name, flag, dwt_t, ...")
@click.option(
    "--declared",
    type=click.Path(path_type=Path),
    help="CSV: supplier, period_start, period_end, tonnes, barrels, product.",
)
@click.option("--year", type=click.IntRange(1990, 2200), help="One calendar year only.")
@click.option("--factor-set", help="Set of the figures; the tables hold all. [default: committee]")
@click.option("--correlation", type=click.FloatRange(0, 1), help="Common error of laden fractions. [default: 0.5]")
@click.option("--coverage", type=click.FloatRange(0, 1, min_open=True), help="Share of deliveries seen. [default: off]")
@click.option("--seed", type=click.IntRange(0), help="Seed of the draws.")
@click.option("--prices", type=click.Path(path_type=Path), help="CSV: product, period, value, unit (USD/t), source.")
@click.option("--premium", type=click.FloatRange(0.1, 10), help="Price over the market's. [default: 1.0]")
@click.option("--panel", is_flag=True, help="Print the UN Panel's own table beside ours.")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--force", is_flag=True, help="Overwrite files that exist.")
def ledger(
    case: Path | None,
    deliveries: Path | None,
    declared: Path | None,
    year: int | None,
    factor_set: str | None,
    correlation: float | None,
    coverage: float | None,
    seed: int | None,
    prices: Path | None,
    premium: float | None,
    panel: bool,
    folder: Path,
    force: bool,
) -> None:
    """Add deliveries up against the caps: tables, figures and a summary in a folder.

    Deliveries are those that a case found, or those of a table. Transfers between ships stand in tables of their own
    and are never added to deliveries.
    """
    from datetime import UTC, datetime

    from tracker.cargo.counts import counts_lines
    from tracker.cargo.declared import read_declared
    from tracker.cargo.deliveries import read_deliveries
    from tracker.cargo.factors import UNSPECIFIED, barrels_per_tonne
    from tracker.cargo.goods import NOT_OIL
    from tracker.cargo.ledger import LedgerParams
    from tracker.cargo.prices import read_prices
    from tracker.cargo.publish import ledger_files
    from tracker.pipeline.legalities import judge_of
    from tracker.version import __version__

    if (case is None) == (deliveries is None):
        raise click.UsageError(
            "Give a case, or --deliveries FILE.csv, not both: what a case found is never mixed with a table.\n"
            "tracker ledger --deliveries deliveries.csv --to ledger/"
        )
    asked = {
        "factor_set": factor_set,
        "correlation": correlation,
        "coverage": coverage,
        "seed": seed,
        "premium": premium,
    }
    params = LedgerParams.of({name: value for name, value in asked.items() if value is not None})
    barrels_per_tonne(params.factor_set, UNSPECIFIED)  # an unknown set is refused before anything is read
    table = None if declared is None else read_declared(declared)
    worth = None if prices is None else read_prices(prices, known=NOT_OIL)
    today = datetime.now(UTC).date()
    counts: dict[str, Any] = {}
    if deliveries is not None:
        found = read_deliveries(deliveries, today=today, utc_offset_h=params.utc_offset_h)
        judge = judge_of(table, params=params, today=today)
        files = ledger_files(found, table, year=year, params=params, version=__version__, prices=worth, judge=judge)
    else:
        from tracker.api import open_case
        from tracker.pipeline.ledgers import ledgers_of

        assert case is not None
        both = ledgers_of(open_case(case).archive, declared=table, prices=worth, year=year, params=params, today=today)
        found, files, counts = both.arrivals.counted, both.files, both.counts
        likely = both.transfers["likely"]
        click.echo(
            f"Transfers (legs between ships, no imports): {likely['n']:,} likely, {likely['n_weighed']:,} weighed.",
            err=True,
        )
    _write(folder, files, force=force)
    for one in (found, table, worth):
        for line in one.faults.lines() if one is not None else ():
            click.echo(printable(f"{one.name if one is not None else ''}: {line}"), err=True)
    _told(found, year=year, panel=panel, folder=folder)
    _legal(files["summary.json"])
    for line in counts_lines(counts) if panel else ():
        click.echo(line)


def _told(found: "Deliveries", *, year: int | None, panel: bool, folder: Path) -> None:
    """Closing words: years, what is synthetic, and the Panel's table."""
    from tracker.cargo.deliveries import told_deliveries
    from tracker.cargo.ledger import years_of
    from tracker.cargo.seeds import panel_lines

    if found.is_synthetic:
        click.echo("SYNTHETIC data: not evidence.", err=True)
    years = years_of(found.rows, year)
    for one in years:
        click.echo(
            f"{one.year}: {told_deliveries(len(one.rows))}, {one.dwt_sum_t:,.0f} t deadweight; files in {folder}",
            err=True,
        )
        if not one.rows:
            click.echo(f"No delivery of refined product in {one.year}.", err=True)
        if panel:
            for line in panel_lines(one, is_synthetic=found.is_synthetic):
                click.echo(line)
    if not years and panel:
        click.echo("The Panel's table needs deliveries of refined product: there is none to set beside it.", err=True)
    if not years:
        click.echo(f"No delivery of refined product was found; files in {folder}", err=True)


def _legal(summary: bytes) -> None:
    """The answers of legal rules, under the ledger."""
    import json

    from tracker.pipeline.legalities import authorities, legal_lines

    rows = json.loads(summary)["legal"]
    if not rows:
        click.echo(
            "Legal rules of the ledger (L2, L3, L8): no delivery and no declared figure to ask them of.", err=True
        )
        return
    click.echo("Legal rules, figure by figure (legal.csv says what each rests on):")
    for line in aligned(legal_lines(rows)):
        click.echo(printable(f"  {line}"))
    for text in authorities(rows):
        click.echo(f"  {text}")
    click.echo("  A rule that is touched is a question for a lawyer, no finding: quantities are estimates.")


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("event_id")
def cargo(case: Path, event_id: str) -> None:
    """Print the reasoning behind the cargo of one event."""
    from tracker.api import open_case
    from tracker.errors import UnknownNameError
    from tracker.pipeline.given import cargo_inputs
    from tracker.pipeline.params import recorded_params
    from tracker.pipeline.weigh import Scales

    opened = open_case(case)
    rows = opened.archive.latest_events().to_pylist()
    named = [row for row in rows if event_id and row["event_id"].startswith(event_id)]
    if len(named) != 1:
        found = f"{len(named)} events begin so" if named else "no event of the last run has it"
        raise UnknownNameError(f"Event {event_id!r}: {found}. 'tracker events {case}' lists the ids.")
    (row,) = named
    record = opened.record()
    params = recorded_params(record["parameters"]).cargo
    given = cargo_inputs(opened.archive.user_tables(), opened.archive.lists())
    scales = Scales(rows, opened.archive.store().statics(), params=params, given=given)
    estimate = scales.explain(row["event_id"])
    for line in scales.faults.lines():
        click.echo(f"measurements: {line}", err=True)
    if record.get("synthetic"):
        click.echo("SYNTHETIC data: not evidence.", err=True)
    ships = " and ".join(str(row[f"name_{n}"] or row[f"mmsi_{n}"] or "a ship that was not heard") for n in (1, 2))
    click.echo(
        f"{row['event_id']}  {row['type']}, {row['verdict'] or 'no verdict'}: {ships}, "
        f"{row['start_time']:%Y-%m-%d %H:%MZ}, {row['duration_h']:.1f} h"
    )
    for line in [_no_estimate(row)] if estimate is None else estimate.reasoning:
        click.echo(line)


def _no_estimate(row: dict[str, Any]) -> str:
    """Why an event has no estimate."""
    if row["type"] != "encounter":
        return "No estimate: cargo is weighed for encounters, in which both ships were heard."
    if row["in_port"] or row["verdict"] == "unlikely":
        return "No estimate: a contact in port, or one that is not taken for a transfer, is not weighed."
    if row["dwt_t_1"] is None or row["dwt_t_2"] is None:
        return "No estimate: the hull of a ship is not known, or impossible, so there is no deadweight to start from."
    return "No estimate: a hull too small for cargo, or another leg of the same meeting carries it (see why)."


def _write(folder: Path, files: dict[str, bytes], *, force: bool) -> None:
    """Write files into a folder; each is whole or absent."""
    from tracker.errors import StorageError, TargetExistsError

    present = [name for name in files if (folder / name).exists()]
    if present and not force:
        raise TargetExistsError(
            f"{folder} holds {len(present)} of the files already, first: {present[0]}. Use --force, or another folder."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            aside = folder / f".{name}.tmp"
            aside.write_bytes(content)
            aside.replace(folder / name)
    except OSError as error:
        raise StorageError(f"Cannot write to {folder}: {error.strerror}.") from error
