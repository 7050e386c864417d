"""Commands about synthetic data: make it, and score events against its truth."""

from pathlib import Path

import click

from tracker.errors import StorageError, TargetExistsError, UsageError


@click.command()
@click.argument("scenario", required=False)
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--trial", type=int, help="No scenario: a fleet of `evaluate --sweep` by its seed (300, 301, …).")
@click.option("--reception", type=click.Choice(["shore", "space"]), help="Of a trial: who hears it.  [default: shore]")
@click.option("--every", type=float, help="Of a trial: seconds between reports.  [default: 60]")
@click.option("--seed", type=int, help="Another seed gives another fleet; the same gives the same bytes.  [default: 1]")
@click.option("--days", type=int, help="Length, days.  [default: 3]")
@click.option("--vessels", type=int, help="Size of the fleet.  [default: 300]")
@click.option("--force", is_flag=True, help="Overwrite a folder that exists.")
def simulate(
    scenario: str | None,
    folder: Path,
    trial: int | None,
    reception: str | None,
    every: float | None,
    seed: int | None,
    days: int | None,
    vessels: int | None,
    force: bool,
) -> None:
    """Make synthetic AIS with known truth: tracker simulate east-china-sea --to DIR."""
    if (scenario is None) == (trial is None):
        raise UsageError("Give either a scenario, such as east-china-sea, or --trial SEED.")
    if scenario is not None:
        from tracker.simulate.scenario import simulate as make

        if reception is not None or every is not None:
            raise UsageError("--reception and --every belong to --trial.")
        given = {"seed": seed, "days": days, "vessels": vessels}
        made = make(
            scenario, to=folder, force=force, **{name: value for name, value in given.items() if value is not None}
        )
    else:
        from tracker.simulate.trials.ears import Ears
        from tracker.simulate.trials.writing import write_trial

        assert trial is not None
        if (seed, days, vessels) != (None, None, None):
            raise UsageError("--seed, --days and --vessels belong to a scenario; a trial has its own.")
        ears = Ears(reception or "shore", 60.0 if every is None else every)
        made = write_trial(trial, to=folder, ears=ears, force=force)
    click.echo(f"SYNTHETIC data: {len(made.files)} files in {folder}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path), required=False)
@click.option("--truth", type=click.Path(path_type=Path), help="truth.csv of a scenario, or your own.")
@click.option(
    "--sweep", "sweeps", is_flag=True, help="No case: stage synthetic fleets, hear each in ten ways, score them all."
)
@click.option("--fleets", type=click.IntRange(1, 200), default=5, show_default=True, help="Fleets of a sweep.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="File for the table of a sweep (Markdown).")
@click.option("--force", is_flag=True, help="Overwrite that file.")
def evaluate(
    case: Path | None, truth: Path | None, sweeps: bool, fleets: int, target: Path | None, force: bool
) -> None:
    """Score the events of a case against a truth file, or detection itself on synthetic fleets (--sweep).

    The reference rule stands beside: 500 m, 2 h, median under 2 kn on a 10-minute grid, 10 km from ports.
    """
    if sweeps == (case is not None):
        raise UsageError("Give either a case with --truth FILE, or --sweep.")
    if case is None:
        _sweep(fleets, target, force)
        return
    if truth is None:
        raise UsageError("--truth FILE is needed: the truth.csv of a scenario, or your own.")
    _score_case(case, truth)


def _sweep(fleets: int, target: Path | None, force: bool) -> None:
    from tracker.cli.progress import Console
    from tracker.pipeline.params import RunParams
    from tracker.pipeline.proving import sweep
    from tracker.simulate.sweep_table import sweep_table, targets

    if target is not None and target.exists() and not force:
        raise TargetExistsError(f"{target} exists. Choose another name, or use --force.")
    with Console() as console:
        runs = list(sweep(fleets=fleets, params=RunParams(), progress=console))
    heard = [(run.ears.reception, run.ears.interval_s, run.ours, run.reference) for run in runs]
    table = sweep_table(
        heard, title=f"# Detection, as measured\n\nMade by `tracker evaluate --sweep --fleets {fleets}`."
    )
    if target is None:
        click.echo(table)
    else:
        try:
            target.write_text(table, encoding="utf-8")
        except OSError as error:
            raise StorageError(f"Cannot write {target}: {error.strerror}.") from error
    for name, value in targets(heard).items():
        click.echo(f"{name}: {'-' if value is None else f'{value:.3f}'}", err=True)


def _score_case(case: Path, truth: Path) -> None:
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
