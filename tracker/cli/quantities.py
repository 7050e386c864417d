"""Commands about quantities: the ledger of deliveries, and the reasoning behind one estimate."""

from pathlib import Path

import click


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
    panel: bool,
    folder: Path,
    force: bool,
) -> None:
    """Add deliveries up against the caps: tables, figures and a summary in a folder."""
    from datetime import UTC, datetime

    from tracker.cargo.declared import read_declared
    from tracker.cargo.deliveries import read_deliveries
    from tracker.cargo.factors import UNSPECIFIED, barrels_per_tonne
    from tracker.cargo.ledger import LedgerParams, years_of
    from tracker.cargo.publish import ledger_files
    from tracker.cargo.seeds import panel_lines
    from tracker.version import __version__

    if deliveries is None:
        raise click.UsageError(
            "Give --deliveries FILE.csv. Arrivals in ports are not found in a case yet, so a case has no deliveries."
            if case is not None
            else "Give --deliveries FILE.csv: tracker ledger --deliveries deliveries.csv --to ledger/"
        )
    if case is not None:
        raise click.UsageError("Give a case or --deliveries, not both: the two ledgers are never added.")
    asked = {"factor_set": factor_set, "correlation": correlation, "coverage": coverage, "seed": seed}
    params = LedgerParams.of({name: value for name, value in asked.items() if value is not None})
    barrels_per_tonne(params.factor_set, UNSPECIFIED)  # an unknown set is refused before anything is read
    found = read_deliveries(deliveries, today=datetime.now(UTC).date(), utc_offset_h=params.utc_offset_h)
    table = None if declared is None else read_declared(declared)
    files = ledger_files(found, table, year=year, params=params, version=__version__)
    _write(folder, files, force=force)
    for line in found.faults.lines():
        click.echo(f"{found.name}: {line}", err=True)
    if table is not None:
        for line in table.faults.lines():
            click.echo(f"{table.name}: {line}", err=True)
    years = years_of(found.rows, year)
    if found.is_synthetic:
        click.echo("SYNTHETIC data: not evidence.", err=True)
    for one in years:
        click.echo(
            f"{one.year}: {len(one.rows):,} deliveries, {one.dwt_sum_t:,.0f} t deadweight; files in {folder}", err=True
        )
        if not one.rows:
            click.echo(f"No delivery of refined product in {one.year}.", err=True)
        if panel:
            for line in panel_lines(one, is_synthetic=found.is_synthetic):
                click.echo(line)


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
