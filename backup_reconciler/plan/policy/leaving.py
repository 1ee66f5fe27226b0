"""VMs that leave a policy leave before it is changed, where they would lose something by that.

Where it comes to keep less, points that they may keep would be gone. Where it comes to keep more, and their vault is
immutable, they could not go any more to a policy that keeps less than that (Learn, "Immutable vault for Azure Backup").
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace

from backup_reconciler.plan.action import BindAction, Risk, UpdatePolicy, VMAction
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.policy.effect import effect_of
from backup_reconciler.plan.vaults_after import is_immutable
from backup_reconciler.spec.arm_id import ArmId


def let_vms_leave_first(draft: Draft) -> None:
    """Put each update that costs who leaves its policy something behind those VMs, where they waited for it."""
    updates = {
        action.id: action
        for action in draft.actions.values()
        if isinstance(action, UpdatePolicy) and _costs_who_leaves(action, draft) and not action.guard
    }
    policies = {update.policy for update in updates.values()}
    leaving: dict[str, list[VMAction]] = defaultdict(list)
    for action in draft.actions.values():
        if isinstance(action, VMAction) and not action.guard and not _joins_one_of(policies, action):
            for id_ in updates.keys() & set(action.depends_on):
                if _is_bound_to(updates[id_].policy, action):
                    leaving[id_].append(action)
    for id_, actions in leaving.items():
        for first in actions:
            waiting = draft.actions[first.id]
            others = tuple(one for one in waiting.depends_on if one != id_)
            draft.actions[first.id] = replace(waiting, depends_on=others)
        draft.actions[id_] = _behind(updates[id_], actions)


def _costs_who_leaves(update: UpdatePolicy, draft: Draft) -> bool:
    return Risk.DESTRUCTIVE in update.risks or is_immutable(draft.vaults_after[update.vault])


def _joins_one_of(policies: Set[ArmId], action: VMAction) -> bool:
    """Whether it comes to one of these policies itself: two that exchange VMs would wait for each other."""
    return isinstance(action, BindAction) and action.policy in policies


def _is_bound_to(policy: ArmId, action: VMAction) -> bool:
    """Whether its VM has the policy to leave; one that is brought back waits for the policy that it comes to."""
    return action.found is not None and action.found.policy == policy


def _behind(update: UpdatePolicy, leaving: Sequence[VMAction]) -> UpdatePolicy:
    """The update once these VMs have left, which loses them nothing; its effect is told for those that stay."""
    gone = {action.vm for action in leaving}
    staying = tuple(vm for vm in update.vms if vm not in gone)
    found = update.live.settings
    assert found is not None, "a policy that cannot be told is not changed"
    after = update.settings.over(found)
    told, now = (effect_of(found, after, len(vms)).words for vms in (update.vms, staying))
    words = f"{update.data_effect.replace(told, now)}; VMs that leave it ({len(gone)}) do so first"
    depends_on = (*update.depends_on, *(action.id for action in leaving))
    return replace(update, vms=staying, data_effect=words, depends_on=depends_on)
