"""Jobs on the screen while they are watched; nothing elsewhere than on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.live import Live
from rich.text import Text

from backup_reconciler.cli.console import progress_console
from backup_reconciler.report.job_list import JobList
from backup_reconciler.report.text.jobs import write_jobs


@contextmanager
def drawing(first: str) -> Iterator[Callable[[JobList], None]]:
    """Draws each list of jobs over the one before it, beginning with some words; all is gone when the block ends."""
    console = progress_console()
    with Live(first, console=console, transient=True, auto_refresh=False) as live:
        yield lambda found: live.update(_drawn(found), refresh=True)


def _drawn(found: JobList) -> Text:
    console = progress_console()
    with console.capture() as captured:
        write_jobs(found, console)
    return Text.from_ansi(captured.get())
