"""The writes of policies that a vault takes in a day, spent on what is most urgent."""

from collections import defaultdict

from backup_reconciler.plan.action import CreatePolicy, Protect, Resume, UpdatePolicy
from backup_reconciler.plan.address import vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.plan import WhyHeld

WRITES_A_DAY = 50
"""Policies created and changed in a vault within 24 hours (source: Azure Backup FAQ). What was written earlier today
Azure does not tell."""


def keep_within_budget(draft: Draft) -> None:
    """Postpone, vault by vault, the least urgent writes of policies that a day has no room for."""
    writes: dict[str, list[CreatePolicy | UpdatePolicy]] = defaultdict(list)
    for action in draft.actions.values():
        if isinstance(action, CreatePolicy | UpdatePolicy) and not action.guard:
            writes[vault_address(action.vault)].append(action)
    for vault, actions in writes.items():
        by_urgency = sorted(actions, key=lambda action: _urgency(action, draft))
        draft.postpone((action.id for action in by_urgency[WRITES_A_DAY:]), vault, WhyHeld.WRITE_BUDGET)


def _urgency(action: CreatePolicy | UpdatePolicy, draft: Draft) -> tuple[int, int, str]:
    """The smallest is the most urgent: first what VMs without backups wait for, then what touches the most VMs."""
    waiting = list(draft.waiting_for(action.id))
    unprotected = sum(isinstance(other, Protect | Resume) for other in waiting)
    bound = len(action.vms) if isinstance(action, UpdatePolicy) else 0
    return -unprotected, -(len(waiting) + bound), action.address
