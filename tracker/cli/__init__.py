"""The command line: one command per verb. Data goes to standard output, words to standard error.

Commands are imported when they are called, so that ``tracker --help`` answers at once. Exit codes: 0 done (no events
is 0), 1 failed, 2 wrong usage, 3 bad input, 130 interrupted.
"""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from tracker.errors import TrackerError
from tracker.sparing import SELDOM
from tracker.version import __version__

COMMANDS = {
    "run": (
        "tracker.cli.work:run",
        "The whole job: read AIS, find meetings, place and weigh them, write events and map.",
    ),
    "ingest": ("tracker.cli.work:ingest", "Read AIS into a case: positions only."),
    "detect": ("tracker.cli.work:detect", "Find events in a case again, with other parameters."),
    "events": ("tracker.cli.ask:events", "Query the events of a case; to standard output."),
    "export": ("tracker.cli.ask:export", "Write events to a file; the format follows the suffix."),
    "map": ("tracker.cli.ask:map_", "Write an HTML map of a case: one file, no network needed."),
    "dossier": ("tracker.cli.tell:dossier", "One event: everything an analyst needs to judge it."),
    "reach": ("tracker.cli.beyond:reach", "Where a silent ship could have been, and which port calls were feasible."),
    "report": ("tracker.cli.tell:report", "A region and a period: summary, chart, tables, method; HTML, XLSX or DOCX."),
    "scenes": (
        "tracker.cli.beyond:scenes",
        "Satellite check of one event: where to look, which scenes can show the ship.",
    ),
    "sql": ("tracker.cli.tell:sql", "Read-only SQL over documented views."),
    "vessel": ("tracker.cli.who:vessel", "Identity card and timeline of one vessel."),
    "vessels": ("tracker.cli.who:vessels", "Vessels ranked by risk, with what each score is made of."),
    "screen": ("tracker.cli.who:screen", "Any list of IMO, MMSI or names against watchlists and a case."),
    "lists": ("tracker.cli.who:lists", "Watchlists and registries loaded: edition, age, counts."),
    "note": ("tracker.cli.versions:note", "Mark an event, or write a note to it; notes survive later runs."),
    "notes": ("tracker.cli.versions:notes", "Notes of analysts, and how often events were right by them."),
    "diff": ("tracker.cli.versions:diff", "Events new, changed and retracted between two runs, with the reason."),
    "chain": ("tracker.cli.links:chain", "Who supplied whom, to which port: the chain of one ship."),
    "network": ("tracker.cli.links:network", "Who met whom, how often, where: repeat pairs, hotspots, GraphML."),
    "voyages": ("tracker.cli.links:voyages", "Voyages between port calls, round trips, and their counts by class."),
    "zone": ("tracker.cli.ask:zone", "Whose water is this? LAT LON, or a CSV of points."),
    "cargo": ("tracker.cli.quantities:cargo", "The reasoning behind the cargo of one event."),
    "ledger": ("tracker.cli.quantities:ledger", "Deliveries against the caps: tables, figures and a summary."),
    "simulate": ("tracker.cli.synthetic:simulate", "Make synthetic AIS with known truth."),
    "evaluate": ("tracker.cli.synthetic:evaluate", "Score the events of a case against a truth file."),
    "doctor": ("tracker.cli.doctor:doctor", "What is installed, what is missing, what to do."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when called; help texts stand in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; a misspelt one is answered with the nearest known."""
        if cmd_name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(cmd_name, COMMANDS, n=2)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"There is no command {cmd_name!r}.{hint} 'tracker --help' lists them.")
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def root(ctx: click.Context, /, *, debug: bool) -> None:
    """Find, place and weigh suspected ship-to-ship transfers in AIS, openly and offline.

    \b
    tracker run data/ais/ --case cases/mine          the whole job
    tracker events cases/mine --region "Yellow Sea"  ask
    tracker map cases/mine --to mine.html            show
    """
    ctx.obj = debug


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    # a thousand modules are loaded that stay: looking for garbage among them again and again takes a twentieth of a small run
    gc.set_threshold(*SELDOM)
    given = sys.argv[1:] if args is None else args
    if given[:1] and given[0] in SPARED and not any(word in one for one in given for word in ("parquet", "--runner")):
        _spare_pandas()
    sys.exit(call(given))


SPARED = ("run", "ingest", "detect", "events", "zone", "notes", "lists")
"""Commands that work on Arrow tables alone, but for polygons of a user that are read from Parquet, and engines of others."""


def _spare_pandas() -> None:
    """Let Arrow convert its first value, for which it looks for pandas."""
    from tracker.sparing import without_pandas

    with without_pandas():
        import_module("pyarrow").scalar(0)


def call(args: list[str], /) -> int:
    """Run the command line; every failure is one or two lines on standard error and an exit code."""
    debug = "--debug" in args
    with _interrupts() as interrupts:
        try:
            return _call([a for a in args if a != "--debug"])
        except (KeyboardInterrupt, click.exceptions.Abort):
            return _interrupted()
        except Exception as error:
            # a library may turn the interrupt into an error of its own: DuckDB raises RuntimeError
            if interrupts:
                return _interrupted()
            if debug:
                raise
            return _failed(error)


def _call(args: list[str]) -> int:
    try:
        result: Any = root.main(args=args, prog_name="tracker", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        words = error.format_message().rstrip(".")
        return _say(f"{words}.\nSee: {context.command_path if context else 'tracker'} --help", error.exit_code)
    except SystemExit:
        # click leaves by itself when the reader of our output has left, which is no failure: `tracker events … | head`
        _forget_output()
        return 0
    except BrokenPipeError:
        _forget_output()
        return 0
    return result if isinstance(result, int) else 0


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Note interrupts, which arrive as KeyboardInterrupt as ever; a thread that is not the main one gets none."""
    seen: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: Any) -> None:
        seen.append(number)
        signal.default_int_handler(number, frame)

    try:
        if before is signal.default_int_handler:
            signal.signal(signal.SIGINT, note)
    except ValueError:
        before = None
    try:
        yield seen
    finally:
        if signal.getsignal(signal.SIGINT) is note:
            signal.signal(signal.SIGINT, before)


def _forget_output() -> None:
    """Send what is still buffered for a reader that has left to nowhere, so that the exit is silent."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _interrupted() -> int:
    return _say("interrupted; a run that did not finish has left its case as it was", 130)


def _failed(error: Exception) -> int:
    if isinstance(error, TrackerError):
        return _say(str(error), error.exit_code)
    if isinstance(error, OSError):
        return _say(f"{error.strerror or error} ({error.filename or 'while writing the output'})", 1)
    return _say(f"unexpected {type(error).__name__}: {error}\nThis is a fault of tracker; --debug shows where.", 1)


def _say(text: str, code: int) -> int:
    from tracker.cli.output import printable

    click.echo(f"tracker: {printable(text)}", err=True)
    return code
