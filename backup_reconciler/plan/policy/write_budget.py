"""The writes of policies that a vault takes in a day, spent on what is most urgent."""

from collections import defaultdict
from collections.abc import Sequence

from backup_reconciler.plan.action import AnyAction, CreatePolicy, Protect, Resume, UpdatePolicy
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
    waiting = draft.waiting()
    later: dict[str, str] = {}
    for vault, actions in writes.items():
        urgency = {
            action.id: _urgency(action, [draft.actions[id_] for id_ in waiting[action.id]]) for action in actions
        }
        later |= dict.fromkeys(sorted(urgency, key=urgency.__getitem__)[WRITES_A_DAY:], vault)
    draft.postpone(later, WhyHeld.WRITE_BUDGET)


def _urgency(action: CreatePolicy | UpdatePolicy, waiting: Sequence[AnyAction]) -> tuple[int, int, str]:
    """The smallest is the most urgent: first what VMs without backups wait for, then what touches the most VMs."""
    unprotected = sum(isinstance(other, Protect | Resume) for other in waiting)
    bound = len(action.vms) if isinstance(action, UpdatePolicy) else 0
    return -unprotected, -(len({other.address for other in waiting}) + bound), action.address
