"""Commands about synthetic data: make it, and score events against its truth."""

from pathlib import Path

import click


@click.command()
@click.argument("scenario")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Another seed gives another fleet; the same gives the same bytes.",
)
@click.option("--days", type=int, default=3, show_default=True, help="Length, days.")
@click.option("--vessels", type=int, default=300, show_default=True, help="Size of the fleet.")
@click.option("--force", is_flag=True, help="Overwrite a folder that exists.")
def simulate(scenario: str, folder: Path, seed: int, days: int, vessels: int, force: bool) -> None:
    """Make synthetic AIS with known truth: tracker simulate east-china-sea --to DIR."""
    from tracker.simulate.scenario import simulate as make

    made = make(scenario, to=folder, seed=seed, days=days, vessels=vessels, force=force)
    click.echo(f"SYNTHETIC data: {len(made.files)} files in {folder}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--truth", required=True, type=click.Path(path_type=Path), help="truth.csv of a scenario, or your own.")
def evaluate(case: Path, truth: Path) -> None:
    """Score the events of a case against a truth file."""
    from tracker.api import open_case
    from tracker.query import Filters
    from tracker.simulate.evaluate import count_vessel_days
    from tracker.simulate.evaluate import evaluate as score
    from tracker.simulate.reference import reference_rule
    from tracker.simulate.summary import summary_lines
    from tracker.simulate.truth import read_truth
    from tracker.tables.fixes import concat_fixes
    from tracker.zones.ports import read_ports

    opened = open_case(case)
    known = read_truth(truth)
    fixes = concat_fixes(list(opened.archive.store().batches()))
    days, ports = count_vessel_days(fixes), read_ports()
    scores = {
        "tracker": score(opened.select(Filters(in_port=True)), known, vessel_days=days),
        "reference": score(reference_rule(fixes, ports=(ports.lon, ports.lat)), known, vessel_days=days),
    }
    for line in summary_lines(scores):
        click.echo(line)
    click.echo("reference: 500 m, 2 h, under 2 kn on a 10-minute grid, 10 km or more from a port of the packaged list.")
