"""Looking at all that decides whether backups will succeed, and gathering what is the matter by its cause."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Cause, Said, by_cause, worst_first
from backup_reconciler.plan.readiness.snapshot_group import said_around
from backup_reconciler.plan.readiness.vm import said_of_vm
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness

if TYPE_CHECKING:
    from backup_reconciler.state.snapshot_group import SnapshotGroupNames


def causes_of(candidates: Sequence[Candidate], readiness: Readiness) -> list[Cause]:
    """What may keep the backups of these VMs from succeeding, the worst first."""
    return worst_first(by_cause((*_inside(candidates, readiness), *_around(candidates, readiness))))


def with_readiness(plan: Plan, candidates: Sequence[Candidate], readiness: Readiness) -> Plan:
    """The plan with what may keep the backups that it begins from succeeding.

    What is merely good to know is left to `check`.
    """
    causes = [cause for cause in causes_of(candidates, readiness) if cause.said.severity is not Severity.INFO]
    findings = [finding for cause in causes for finding in cause.findings()]
    return replace(plan, findings=(*plan.findings, *findings), reads=plan.reads + readiness.requests)


def _inside(candidates: Sequence[Candidate], readiness: Readiness) -> Iterator[tuple[Said, Sequence[Candidate]]]:
    """What is said of each VM itself."""
    for candidate in candidates:
        statuses = readiness.statuses[candidate.subscription]
        if not isinstance(statuses, NotRead):
            for said in said_of_vm(candidate, statuses.get(candidate.vm.id)):
                yield said, [candidate]


def _around(candidates: Sequence[Candidate], readiness: Readiness) -> Iterator[tuple[Said, Sequence[Candidate]]]:
    """What is said of what VMs share: their subscription, and the resource groups of their snapshots."""
    sharing: dict[SnapshotGroupNames, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        sharing[candidate.snapshot_groups].append(candidate)
    for names, members in sharing.items():
        for said in said_around(names, readiness):
            yield said, members
