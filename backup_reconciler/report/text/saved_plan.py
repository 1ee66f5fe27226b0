"""What becomes of a saved plan, as text: what is refused, with the difference; what is left; what needs no doing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console

from backup_reconciler.plan.saved.difference import FieldDifference
from backup_reconciler.plan.saved.verdict import Refused, Settled, Verdict, Waiting
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.plan import write_actions
from backup_reconciler.report.verbs import word_for
from backup_reconciler.report.words import counted, moved, shown, some_of


def write_refused(verdict: Verdict, console: Console) -> None:
    """Each approved action that is not what was approved, with what there is now in its place."""
    page = Page(console)
    for one in verdict.refused:
        _write_refused(one, page)


def write_left(verdict: Verdict, console: Console) -> None:
    """What is not carried out beside what is approved, and why not."""
    page = Page(console)
    _write_settled(verdict.settled, page)
    if verdict.leaves_something:
        page.line("What the saved plan does not have is left; to approve it, save a new plan:", "bold")
        page.line()
        write_actions(verdict.new, page)
        _write_waiting(verdict.waiting, page)
        page.line(_count(verdict), "bold")


def _write_waiting(waiting: Iterable[Waiting], page: Page) -> None:
    for for_, group in groupby(sorted(waiting, key=lambda one: one.for_), key=lambda one: one.for_):
        names = [f"{word_for(one.action.verb)} {one.action.label}" for one in group]
        page.heading("left", counted(len(names), "approved action"))
        page.note(some_of(names))
        page.note(f"it needs {for_}, which is left")
        page.line()


def _write_settled(settled: Sequence[Settled], page: Page) -> None:
    for is_so, reason in ((True, "Azure has it so already"), (False, "nothing calls for it any more")):
        names = [f"{word_for(one.approved.verb)} {one.approved.label}" for one in settled if one.is_so is is_so]
        if names:
            page.heading("settled", counted(len(names), "approved action"))
            page.note(some_of(names))
            page.note(reason)
            page.line()


def _write_refused(one: Refused, page: Page) -> None:
    place = one.instead[0].place if one.instead else None
    page.heading("refused", f"{word_for(one.approved.verb)} {one.approved.label}", place)
    page.note(one.why)
    differences = one.differences
    if differences:
        page.rows(row for difference in differences for row in _rows(difference))
    page.line()
    if not differences:
        write_actions(one.instead, page)


def _rows(difference: FieldDifference) -> Iterator[tuple[str, str]]:
    yield difference.path, f"approved: {_told(difference.approved)}"
    yield "", f"now: {_told(difference.now)}"


def _told(value: object) -> str:
    """A change's two sides with an arrow between them, any other value as it is."""
    return moved(*value) if isinstance(value, tuple) else shown(value)


def _count(verdict: Verdict) -> str:
    new = counted(len(verdict.new), "action")
    waiting = counted(len(verdict.waiting), "approved action")
    return f"Left: {new} not approved{f', and {waiting} waiting for them' if verdict.waiting else ''}."
