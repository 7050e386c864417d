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
@click.option("--force", is_flag=True, help="Overwrite a folder that exists.")
def simulate(scenario: str, folder: Path, seed: int, force: bool) -> None:
    """Make synthetic AIS with known truth: tracker simulate east-china-sea --to DIR."""
    from tracker.simulate.scenario import simulate as make

    made = make(scenario, to=folder, seed=seed, force=force)
    click.echo(f"SYNTHETIC data: {len(made.files)} files in {folder}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--truth", required=True, type=click.Path(path_type=Path), help="truth.csv of a scenario, or your own.")
def evaluate(case: Path, truth: Path) -> None:
    """Score the events of a case against a truth file."""
    from tracker.api import open_case
    from tracker.simulate.evaluate import count_vessel_days
    from tracker.simulate.evaluate import evaluate as score
    from tracker.simulate.reference import reference_rule
    from tracker.simulate.summary import summary_lines
    from tracker.simulate.truth import read_truth
    from tracker.tables.fixes import concat_fixes

    opened = open_case(case)
    known = read_truth(truth)
    fixes = concat_fixes(list(opened.archive.store().batches()))
    days = count_vessel_days(fixes)
    scores = {
        "tracker": score(opened.events_table(in_port=True), known, vessel_days=days),
        "reference": score(reference_rule(fixes), known, vessel_days=days),
    }
    for line in summary_lines(scores):
        click.echo(line)
