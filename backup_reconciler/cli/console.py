"""Where output goes: reports to standard output, progress to standard error."""

import os
import sys
from typing import Any, TextIO

from rich.console import Console

from backup_reconciler.cli.logs import is_json

_PIPE_WIDTH = 100


def output() -> Console:
    """The console for reports. In a pipe or file it is 100 columns wide and without colour."""
    return _console(stderr=False)


def file_console(file: TextIO) -> Console:
    """The console for a report that goes to a file: as in a pipe."""
    return _Console(file=file, width=_PIPE_WIDTH, color_system=None)


def progress_console() -> Console:
    """The console for progress; it says nothing unless it is a terminal, nor between the lines of a log in JSON."""
    return _console(stderr=True, quiet=is_json())


class _Console(Console):
    """A console that prints what it is given, and lets a reader who has gone away be noticed.

    Rich's own would read text as mark-up, and end the program. It colours a terminal, and with FORCE_COLOR a pipe;
    with NO_COLOR it leaves the colour out and keeps bold and dim: here no escape code is left (https://no-color.org).
    """

    def __init__(self, **options: Any) -> None:
        plain = {"color_system": None} if os.environ.get("NO_COLOR") else {}
        super().__init__(**{"highlight": False, "emoji": False, "markup": False, **options, **plain})

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _console(*, stderr: bool, quiet: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PIPE_WIDTH
    return _Console(stderr=stderr, quiet=quiet, width=width)
