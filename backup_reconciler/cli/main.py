"""The command itself: its verbs, and how whatever ends them is told."""

import io
import os
import sys
from collections.abc import Sequence

import typer

from backup_reconciler.cli.apply import apply
from backup_reconciler.cli.check import check
from backup_reconciler.cli.drift import drift
from backup_reconciler.cli.endings import told_in_help
from backup_reconciler.cli.errors import UserInterrupted, told_to_users
from backup_reconciler.cli.export import export
from backup_reconciler.cli.fmt import fmt
from backup_reconciler.cli.jobs import jobs
from backup_reconciler.cli.logs import LogFormat, set_up_logging, tell_error
from backup_reconciler.cli.new import new
from backup_reconciler.cli.permissions import permissions
from backup_reconciler.cli.plan import plan
from backup_reconciler.cli.report import report
from backup_reconciler.cli.sandbox import sandbox
from backup_reconciler.cli.schema import schema
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.unlock import unlock
from backup_reconciler.cli.validate import validate

app = typer.Typer(
    name="backup-reconciler",
    help="Declared Azure VM backups: manifests in git, Azure converged to them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (new, validate, fmt, plan, apply, drift, check, jobs, report, export, permissions, unlock, schema, sandbox):
    app.command(epilog=told_in_help(verb.__name__))(verb)


def run() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status. An error is one message, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show must not end a report
            stream.reconfigure(errors="backslashreplace")
    set_up_logging(LogFormat.TEXT, verbose=False)
    command = typer.main.get_command(app)
    try:
        status = command.main(args=list(arguments) or ["--help"], prog_name="backup-reconciler", standalone_mode=False)
    except (UserInterrupted, KeyboardInterrupt, typer.Abort):
        tell_error("interrupted", ExitStatus.INTERRUPTED)
        return ExitStatus.INTERRUPTED
    except typer.TyperException as error:  # its own exit status for wrong usage, 2, means differences here
        tell_error(f"error: {error.format_message()} Try 'backup-reconciler --help'.", ExitStatus.ERROR)
        return ExitStatus.ERROR
    except BrokenPipeError:  # a reader such as `head` has seen enough
        status = ExitStatus.ERROR
    except Exception as error:
        if os.environ.get("BACKUP_RECONCILER_TRACEBACK"):
            raise
        tell_error(told_to_users(error), ExitStatus.ERROR)
        return ExitStatus.ERROR
    _flush()
    return status if isinstance(status, int) else ExitStatus.FINE


def _flush() -> None:
    """Write out what is left; to a reader who has gone away, nothing, and without a word of Python's own."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
