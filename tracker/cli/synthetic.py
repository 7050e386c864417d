"""Commands about synthetic data: make it, and score events against its truth."""

from pathlib import Path

import click


@click.command()
@click.argument("scenario")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--seed", type=int, default=None, help="Another seed gives another fleet; the same gives the same bytes.")
@click.option("--force", is_flag=True, help="Overwrite a folder that exists.")
def simulate(scenario: str, folder: Path, seed: int | None, force: bool) -> None:
    """Make synthetic AIS with known truth: tracker simulate east-china-sea --to DIR."""
    from tracker.simulate import simulate as make

    written = make(scenario, folder, seed=seed, force=force)
    click.echo(f"SYNTHETIC data: {len(written)} files in {folder}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--truth", required=True, type=click.Path(path_type=Path), help="truth.csv of a scenario, or your own.")
def evaluate(case: Path, truth: Path) -> None:
    """Score the events of a case against a truth file."""
    from tracker.api import open_case
    from tracker.simulate.evaluate import evaluate as score
    from tracker.simulate.evaluate import read_truth, summary_lines

    for line in summary_lines(score(open_case(case).events_table(in_port=True), read_truth(truth))):
        click.echo(line)
