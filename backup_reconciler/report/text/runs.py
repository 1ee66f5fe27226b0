"""The next runs of a policy as text."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from backup_reconciler.plan.runs import Account, NextRuns, Reading
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted

_UNVERIFIED = (
    "unverified: what the service does when clocks change is its own affair; documented is that it does not move the "
    "hour, and users reported that it does"
)
_SAID = {Account.CERTAIN: "", Account.DOCUMENTED: "as documented", Account.REPORTED: "as reported"}


def write_runs(runs: NextRuns, page: Page, *, same_as: str | None = None) -> None:
    """The next runs in local time and UTC, those around the next clock change, and what is not known about it.

    Where they are the `same_as` something else's of the report, they are not told again.
    """
    if same_as:
        page.rows([("runs", f"those of {same_as}")])
        return
    page.rows([(label, _local(moment), f"{_utc(moment)}  {remark}".rstrip()) for label, moment, remark in _told(runs)])
    if runs.keeps_local_hour:
        kept = f"keeps the hour of {runs.time_zone}: written in {runs.written_in}, whose clocks never change"
        page.note(f"{kept}; the first plan after the others change brings the update", "dim")
    elif runs.clock_change:
        page.note(_UNVERIFIED, "dim")


def _told(runs: NextRuns) -> Iterator[tuple[str, datetime, str]]:
    """Rows of a label, a moment and a remark."""
    yield from _labelled(f"runs from {runs.since}", runs.readings, lambda reading: reading.runs)
    if runs.clock_change:
        yield "clock change", runs.clock_change.at, _moved(runs.clock_change.by)
    yield from _labelled("last before", runs.readings, lambda reading: filter(None, [reading.before]))
    yield from _labelled("first after", runs.readings, lambda reading: filter(None, [reading.after]))


def _labelled(
    label: str, readings: tuple[Reading, ...], moments: Callable[[Reading], Iterable[datetime]]
) -> Iterator[tuple[str, datetime, str]]:
    """The moments of all readings, once where they agree."""
    by_account = {_SAID[reading.account]: [*moments(reading)] for reading in readings}
    if len({tuple(map(_utc, told)) for told in by_account.values()}) == 1:
        by_account = {"": next(iter(by_account.values()))}
    for remark, told in by_account.items():
        for moment in told:
            yield label, moment, remark
            label = ""


def _local(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M} {moment.isoformat()[-6:]}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _moved(by: timedelta) -> str:
    """ "1 hour ahead", "30 minutes back"."""
    minutes = abs(by) // timedelta(minutes=1)
    far = counted(minutes // 60, "hour") if minutes % 60 == 0 else counted(minutes, "minute")
    return f"{far} {'ahead' if by > timedelta(0) else 'back'}"
