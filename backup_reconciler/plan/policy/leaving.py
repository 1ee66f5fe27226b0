"""VMs that leave a policy leave before it is changed, where they would lose something by that.

Where it comes to keep less, points that they may keep would be gone. Where it comes to keep more, and their vault is
immutable, they could not go any more to a policy that keeps less than that (Learn, "Immutable vault for Azure Backup").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from backup_reconciler.plan.action import BindAction, Risk, UpdatePolicy, VMAction
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.policy.effect import effect_of
from backup_reconciler.plan.vaults_after import is_immutable
from backup_reconciler.spec.arm_id import ArmId

Ways = Mapping[ArmId, Set[ArmId]]


def let_vms_leave_first(draft: Draft) -> None:
    """Put each update that costs who leaves its policy something behind those VMs, where they waited for it."""
    updates = {
        action.id: action
        for action in draft.actions.values()
        if isinstance(action, UpdatePolicy) and _costs_who_leaves(action, draft) and not action.guard
    }
    moves = [
        (action, id_)
        for action in draft.actions.values()
        if isinstance(action, VMAction) and not action.guard
        for id_ in action.depends_on
        if id_ in updates and _is_bound_to(updates[id_].policy, action)
    ]
    ways = _ways(moves, updates)
    leaving: dict[str, list[VMAction]] = defaultdict(list)
    for action, id_ in moves:
        if not _leads_back(updates[id_].policy, action, ways):
            leaving[id_].append(action)
    for id_, actions in leaving.items():
        for first in actions:
            waiting = draft.actions[first.id]
            others = tuple(one for one in waiting.depends_on if one != id_)
            draft.actions[first.id] = replace(waiting, depends_on=others)
        draft.actions[id_] = _behind(updates[id_], actions)


def _costs_who_leaves(update: UpdatePolicy, draft: Draft) -> bool:
    return Risk.DESTRUCTIVE in update.risks or is_immutable(draft.vaults_after[update.vault])


def _ways(moves: Iterable[tuple[VMAction, str]], updates: Mapping[str, UpdatePolicy]) -> Ways:
    """From which of these policies VMs go to which."""
    ways: dict[ArmId, set[ArmId]] = defaultdict(set)
    for action, id_ in moves:
        if isinstance(action, BindAction):
            ways[updates[id_].policy].add(action.policy)
    return ways


def _leads_back(left: ArmId, action: VMAction, ways: Ways) -> bool:
    """Whether VMs go from the policy that this one joins to the one that it leaves, by others perhaps.

    Each of those policies would wait for the next: so none of them does.
    """
    seen: set[ArmId] = set()
    coming = {action.policy} if isinstance(action, BindAction) else set()
    while coming:
        seen |= coming
        coming = {there for policy in coming for there in ways.get(policy, ())} - seen
    return left in seen


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
