"""Where output goes: reports to standard output, progress and logs to standard error."""

import logging
import sys
from typing import TextIO

from rich.console import Console

from backup_reconciler.report.words import visible

_PIPE_WIDTH = 100


def output() -> Console:
    """The console for reports. In a pipe or file it is 100 columns wide and without colour."""
    return _console(stderr=False)


def file_console(file: TextIO) -> Console:
    """The console for a report that goes to a file: as in a pipe."""
    return _Console(file=file, width=_PIPE_WIDTH, no_color=True, highlight=False, emoji=False, markup=False)


def progress_console() -> Console:
    """The console for progress; it says nothing unless it is a terminal."""
    return _console(stderr=True)


def set_up_logging(*, verbose: bool) -> None:
    """Our own log goes to standard error; the libraries' logs, which may hold headers, go nowhere."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Visible("%(asctime)s %(message)s", "%H:%M:%S"))
    # Without a handler of its own the root logger prints the libraries' warnings, paragraphs of advice among them.
    logging.getLogger().addHandler(logging.NullHandler())
    logger = logging.getLogger("backup_reconciler")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


class _Console(Console):
    """A console that lets a reader who has gone away be noticed, where rich's own would end the program."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class _Visible(logging.Formatter):
    """What Azure says may hold control characters; a terminal must not get them raw."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PIPE_WIDTH
    return _Console(stderr=stderr, width=width, highlight=False, emoji=False, markup=False)
