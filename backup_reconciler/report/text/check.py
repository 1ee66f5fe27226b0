"""A check as text: one table, what is the matter first and the worst of it first of all, and last what is ready."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.network.verdict import Verdict as Reached
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Cause
from backup_reconciler.plan.readiness.check import Check, Verdict
from backup_reconciler.plan.readiness.consistency import Consistency
from backup_reconciler.plan.readiness.network import destinations
from backup_reconciler.report.data.changes import source
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted, listed, some_of
from backup_reconciler.spec.rules.readiness import NETWORK_BLOCKED, NETWORK_NOT_KNOWN, NO_WAY_OUT
from backup_reconciler.state.snapshot_group import SnapshotGroup

_NAMES_SHOWN = 6
_WIDEST_COLUMN = 30
_Row = tuple[list[str], list[str], list[str]]
"""How it is, of which VMs, and what there is to say."""


def write_check(check: Check, console: Console, *, verbose: bool = False) -> None:
    """The whole check; `verbose` names every VM."""
    page, most = Page(console), sys.maxsize if verbose else _NAMES_SHOWN
    verdicts = check.verdicts()
    ready = [one for one in check.candidates if verdicts[one.vm.id] is Verdict.READY]
    rows = [_row(cause, most) for cause in check.causes]
    page.table([*rows, *([_ready(check, ready, most)] if ready else [])], _WIDEST_COLUMN)
    if any(cause.said.rule in _OF_THE_NETWORK for cause in check.causes):
        page.line(_WHO_NEEDS_IT)
        page.line()
    if verbose:
        _write_reaches(check, page)
    _write_groups(list(check.snapshot_groups()), page, most)
    page.line(summary(check, Counter(verdicts.values())), "bold")


def summary(check: Check, verdicts: Counter[Verdict]) -> str:
    """One line with the counts."""
    told = listed([f"{verdicts[verdict]:,} {verdict.value}" for verdict in Verdict if verdicts[verdict]])
    number = counted(len(check.candidates), "VM")
    return (
        f"Check: {number} to back up{f', {told}' if told else ''}. Azure was read in {counted(check.reads, 'request')}."
    )


def _row(cause: Cause, most: int) -> _Row:
    said = cause.said
    named_already = not said.address or said.label in said.message
    what = said.message if named_already else f"{said.label}: {said.message}"
    remedy = said.remedy if said.severity is Severity.INFO else f"fix: {said.remedy}"
    told = [f"{what} [{said.rule.id}]", remedy, *_selected_at(cause.candidates)]
    return [said.severity.value], _vms(cause.candidates, most), told


def _vms(candidates: Sequence[Candidate], most: int) -> list[str]:
    if len(candidates) < 2:
        return [one.label for one in candidates] or ["no VM"]
    return [counted(len(candidates), "VM"), some_of([one.name for one in candidates], most)]


def _selected_at(candidates: Sequence[Candidate]) -> list[str]:
    """The manifest's line, where it is one."""
    places = {source(one.place) for one in candidates}
    return [f"at: {places.pop()}"] if len(places) == 1 else []


def _ready(check: Check, ready: Sequence[Candidate], most: int) -> _Row:
    """The last row: the VMs that are ready, and what recovery points they will have."""
    found = Counter(check.consistency(one) for one in ready)
    told = [f"{one.value} of {counted(found[one], 'VM')}{_REMARKS[one]}" for one in Consistency if found[one]]
    return ["ready"], _vms(ready, most), [f"recovery points to expect: {listed(told) or 'not known'}"]


def _write_reaches(check: Check, page: Page) -> None:
    """What VMs reach over their own networks; those together that reach the same in the same way."""
    alike: dict[tuple[Reached, ...], list[str]] = defaultdict(list)
    for candidate in check.candidates:
        reach = check.reaches.get(candidate.vm.id)
        if reach and reach.verdicts:
            alike[reach.verdicts].append(candidate.name)
    for verdicts, names in alike.items():
        page.line(f"Over the network of {listed(names)}:")
        page.rows(_reached(verdicts))
        page.line()


def _reached(verdicts: Iterable[Reached]) -> Iterator[tuple[str, str]]:
    """Whether something is reached, and how or why not; destinations of which the same is so together."""
    alike: dict[tuple[str, str], list[Reached]] = defaultdict(list)
    for one in verdicts:
        how = "; ".join(barrier.words for barrier in one.barriers) or one.way
        alike[one.access.value, how].append(one)
    for (access, how), same in alike.items():
        yield access, f"{destinations(same)}: {how}"


def _write_groups(groups: Sequence[SnapshotGroup], page: Page, most: int) -> None:
    if groups:
        page.line("Snapshots go to:")
        page.rows((one.id.name, f"in {one.id.subscription}", _EXISTS[one.exists]) for one in groups[:most])
        if len(groups) > most:
            page.note(f"and {len(groups) - most:,} more")
        page.line()


_OF_THE_NETWORK = frozenset({NETWORK_BLOCKED, NETWORK_NOT_KNOWN, NO_WAY_OUT})
_WHO_NEEDS_IT = (
    "A VM with managed disks usually needs no way out for its backups: the platform takes their snapshots. What is "
    "said of networks is a warning where a VM is known to need one, and else good to know (docs/check.md)."
)
_REMARKS = {
    Consistency.APPLICATION: "",
    Consistency.FILE_SYSTEM: " (application-consistent with pre- and post-scripts)",
    Consistency.CRASH: "",
}
_EXISTS = {True: "exists", False: "still to be made", None: "not known if it is"}
