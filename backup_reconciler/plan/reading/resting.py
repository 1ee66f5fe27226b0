"""What a plan rests on that Resource Graph alone tells."""

from collections.abc import Iterable, Iterator

from backup_reconciler.plan.action import AnyAction, VaultAction, VMAction
from backup_reconciler.plan.finding import Finding
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.shard import owner_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.reading import Resting
from backup_reconciler.state.snapshot import Snapshot


def resting_on_graph(plan: Plan, snapshot: Snapshot) -> Resting:
    """The vaults and VMs that some difference is about, and that no list has told of.

    Differences are the plan's actions, those that are held back, and what is found to differ and cannot be put right.
    What is as declared is not asked for again: nothing is done for its sake.
    """
    told = snapshot.reading.by_graph
    if not told:
        return told
    actions = [*plan.actions, *(held.action for held in plan.held_back)]
    vaults = {one.vault for one in actions if isinstance(one, VaultAction)}
    vaults |= set(_named_in_findings(plan.findings))
    vms = {vm for one in actions for vm in _vms_of(one)}.union(plan.doubtful)
    return Resting(told.vaults & vaults, told.vms & vms)


def _vms_of(action: AnyAction) -> Iterator[ArmId]:
    """The VMs that an action is about. A policy's own VMs are told by the vault."""
    if isinstance(action, VMAction):
        yield action.vm


def _named_in_findings(findings: Iterable[Finding]) -> Iterator[ArmId]:
    """The vaults of what differs and cannot be put right, and what stands in the way of it."""
    for finding in findings:
        if finding.drift is not None:
            if owner := owner_of(finding.address):
                yield owner
            yield from finding.resources
