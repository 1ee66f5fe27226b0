"""How far a run is, on a terminal: what has ended and how, and what was sent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from backup_reconciler.apply.executor import OnOutcome
from backup_reconciler.azure.sent import Sent
from backup_reconciler.plan.outcome import Outcome, Status
from backup_reconciler.plan.plan import Plan


class _Requests(ProgressColumn):
    """The requests of this run so far; while Azure works on what it has accepted nothing else moves."""

    def __init__(self, sent: Sent) -> None:
        super().__init__()
        self._sent = sent
        self._reads = sent.reads

    def render(self, _task: Task) -> Text:
        return Text(f"{self._sent.writes:,} writes, {self._sent.reads - self._reads:,} reads")


@contextmanager
def progress(plan: Plan, sent: Sent, console: Console) -> Iterator[OnOutcome]:
    """A bar on a terminal; nothing elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Requests(sent),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Applying", total=len(plan.actions))
        counts: Counter[Status] = Counter()

        def ended(outcome: Outcome) -> None:
            counts[outcome.status] += 1
            told = ", ".join(f"{counts[status]:,} {status.value}" for status in Status if counts[status])
            bar.update(task, advance=1, description=f"Applying: {told}")

        yield ended
