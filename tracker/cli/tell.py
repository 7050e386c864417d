"""Commands that tell: dossier, report, sql."""

from pathlib import Path

import click

from tracker.cli.options import filters, filters_of


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("event_id")
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="HTML or PDF file; with --package a zip."
)
@click.option("--package", is_flag=True, help="A zip with page, data behind the figures, record and digests.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def dossier(case: Path, event_id: str, target: Path, package: bool, force: bool) -> None:
    """One event: everything an analyst needs to judge it. The beginning of an id is enough where it is the only one."""
    from tracker.archive.case import open_case
    from tracker.errors import TargetExistsError
    from tracker.exporters.exporter import open_target
    from tracker.pipeline.dossier import gather
    from tracker.pipeline.package import package_files, write_package
    from tracker.views.dossier import render_dossier
    from tracker.views.pdf import pdf_of

    accepted = (".zip",) if package else (".html", ".pdf")
    suffix = target.suffix.lower()
    if suffix not in accepted:
        raise click.UsageError(
            f"--to must end in {' or '.join(accepted)}{' with --package' if package else ''}: {target}"
        )
    if target.exists() and not force:
        raise TargetExistsError(f"{target} exists. Use --force to overwrite it, or another name.")
    opened = open_case(case)
    facts = gather(opened, event_id)
    page = render_dossier(facts)
    printed = pdf_of(page) if suffix == ".pdf" else b""
    with open_target(target) as stream:
        if printed:
            stream.write(printed)
        elif package:
            write_package(package_files(facts, page, opened.runs()[-1]), stream, facts=facts)
        else:
            stream.write(page.encode("utf-8"))
    click.echo(f"{facts.level.phrase}: {target}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@filters
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="HTML, PDF, XLSX or DOCX file.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@click.option("--public", is_flag=True, help="Mask the ships of events below likely.")
def report(case: Path, target: Path, force: bool, public: bool) -> None:
    """A region and a period: summary, chart, tables, monthly figures, method and limits."""
    from tracker.api import open_case

    ctx = click.get_current_context()
    opened = open_case(case)
    found = opened.select(filters_of(ctx))
    opened.report(target, events=found, asked=dict(ctx.meta.get("asked", {})), public=public, force=force)
    click.echo(f"{found.num_rows:,} events: {target}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("query", required=False)
@click.option("--as", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def sql(case: Path, query: str | None, form: str) -> None:
    """Read-only SQL over documented views. Without a QUERY the views are listed."""
    from tracker.archive.case import open_case
    from tracker.archive.sql import VIEWS, ask
    from tracker.cli.output import print_plain, write_plain

    if query is None:
        for name, (meaning, _) in VIEWS.items():
            click.echo(f"{name:15} {meaning}")
        return
    found = ask(open_case(case), query)
    if form == "table":
        print_plain(found)
    else:
        write_plain(found, form)
    click.echo(f"{found.num_rows:,} row(s).", err=True)
