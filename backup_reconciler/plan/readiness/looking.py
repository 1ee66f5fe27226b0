"""Looking at all that decides whether backups will succeed, and gathering what is the matter by its cause."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from backup_reconciler.plan.address import vault_address
from backup_reconciler.plan.finding import Severity, in_order
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Cause, Said, by_cause, worst_first
from backup_reconciler.plan.readiness.need import needs_network, tells_no_error
from backup_reconciler.plan.readiness.network import said_of_networks
from backup_reconciler.plan.readiness.not_known import not_known
from backup_reconciler.plan.readiness.reach import Reach, Surroundings, reaches
from backup_reconciler.plan.readiness.snapshot_group import said_around
from backup_reconciler.plan.readiness.vm import said_of_vm
from backup_reconciler.spec.rules.network import NSG_CANNOT_HELP, VM_NETWORK_UNKNOWN
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness

if TYPE_CHECKING:
    from backup_reconciler.state.snapshot_group import SnapshotGroupNames

_OF_WAYS_OUT = frozenset({NSG_CANNOT_HELP, VM_NETWORK_UNKNOWN})


def causes_of(candidates: Sequence[Candidate], readiness: Readiness, looked_at: Iterable[Reach] = ()) -> list[Cause]:
    """What may keep the backups of these VMs from succeeding, the worst first.

    `looked_at` is what those of them reach whose networks matter.
    """
    told = chain(
        _inside(candidates, readiness),
        _around(candidates, readiness),
        _of_failures(candidates, readiness),
        said_of_networks(looked_at, readiness.unread_networks),
    )
    return worst_first(by_cause(told))


def with_readiness(plan: Plan, candidates: Sequence[Candidate], readiness: Readiness, around: Surroundings) -> Plan:
    """The plan with what may keep the backups that it begins from succeeding.

    What is merely good to know is left to `check`; of a way out that the plan opens nothing needs to be said, and what
    outbound access cannot help is said of that already.
    """
    spoken_of = {vm for finding in plan.findings if finding.rule in _OF_WAYS_OUT for vm in finding.resources}
    reached = reaches((one for one in candidates if needs_network(one) and one.vm.id not in spoken_of), around)
    told = causes_of(candidates, readiness, [one.after() for one in reached])
    causes = [cause for cause in told if cause.said.severity is not Severity.INFO]
    findings = [finding for cause in causes for finding in cause.findings()]
    return replace(plan, findings=in_order([*plan.findings, *findings]), reads=plan.reads + readiness.requests)


def _inside(candidates: Sequence[Candidate], readiness: Readiness) -> Iterator[tuple[Said, Sequence[Candidate]]]:
    """What is said of each VM itself."""
    for candidate in candidates:
        statuses = readiness.statuses[candidate.subscription]
        if not isinstance(statuses, NotRead):
            for said in said_of_vm(candidate, statuses.get(candidate.vm.id)):
                yield said, [candidate]


def _of_failures(candidates: Sequence[Candidate], readiness: Readiness) -> Iterator[tuple[Said, Sequence[Candidate]]]:
    """What is said where the jobs could not be read that would tell why last backups failed."""
    for vault, found in readiness.last_errors.items():
        if isinstance(found, NotRead):
            said = not_known("why last backups failed", found, vault_address(vault), f"vault {vault.name}")
            yield said, [one for one in candidates if one.vault == vault and tells_no_error(one)]


def _around(candidates: Sequence[Candidate], readiness: Readiness) -> Iterator[tuple[Said, Sequence[Candidate]]]:
    """What is said of what VMs share: their subscription, and the resource groups of their snapshots."""
    sharing: dict[SnapshotGroupNames, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        sharing[candidate.snapshot_groups].append(candidate)
    for names, members in sharing.items():
        for said in said_around(names, readiness):
            yield said, members
