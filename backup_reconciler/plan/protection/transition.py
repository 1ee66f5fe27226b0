"""From the state that a VM's backup is in to the one that is wished for: the steps, and what each does to its data."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backup_reconciler.plan.action import AnyVMAction, Change, ChangeDisks, Protect, Rebinding, Stop, Suspend, Undelete
from backup_reconciler.plan.protection.binding import FIRST_BY_SCHEDULE, Policies, effect_of_binding, verb_of_binding
from backup_reconciler.plan.protection.changes import common
from backup_reconciler.plan.protection.deletion import deletion_steps
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.plan.vaults_after import vault_after
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import VaultContents

_OTHER_DISKS = "those that are there keep the disks they were made of"
_NONE_TO_COME = "none yet, and none will be made"


def protect(wish: Wish, policy: ArmId) -> Protect:
    """The one step of a VM that no vault holds."""
    return Protect(**common(wish, None), policy=policy, disks=wish.settings.disks, data_effect=FIRST_BY_SCHEDULE)


def steps(wish: Wish, item: LiveItem, contents: VaultContents, policies: Policies) -> Iterator[AnyVMAction]:
    """What leads from an item to what is wished, each step from where the one before it leads to.

    Nothing here is refused any more: see `refusals`.
    """
    if item.state is not ItemState.SOFT_DELETED:
        yield from _from(wish, item, contents, policies)
        return
    yield _undelete(wish, item, contents)
    for step in _from(wish, item.stopped(), contents, policies):
        yield replace(step, is_next_step=True)


def _from(wish: Wish, item: LiveItem, contents: VaultContents, policies: Policies) -> Iterator[AnyVMAction]:
    """The steps from an item that is not deleted; none where it is as wished."""
    if item.meets(wish.settings):
        return
    match wish.settings.protection:
        case "active":
            yield _bind(wish, item, policies)
        case "stopped":
            yield stop(**common(wish, item))
        case "suspended":
            yield Suspend(
                **common(wish, item),
                data_effect=_effect_of_suspension(item),
                critical=frozenset({CriticalOperation.STOP_ITEM}),
            )
        case "deleted":
            place = wish.assignment.place_of("protection")
            vault = vault_after(contents.vault, policies.draft.vaults_after[wish.vault])
            yield from deletion_steps(common(wish, item), item, vault, policies.draft.as_of, place)


def stop(found: LiveItem, **fields: Any) -> Stop:
    """The end of a VM's backups; `fields` are those of the action, but for what it does to recovery points."""
    return Stop(
        **fields,
        found=found,
        data_effect=_effect_of_stop(found),
        critical=frozenset({CriticalOperation.STOP_ITEM}),
    )


def _undelete(wish: Wish, item: LiveItem, contents: VaultContents) -> Undelete:
    place = wish.assignment.place_of("protection")
    changes = (Change("protection", item.state.value, "stopped", place),)
    return Undelete(**common(wish, item) | {"changes": changes}, data_effect=_effect_of_undeletion(item, contents))


def _effect_of_undeletion(item: LiveItem, contents: VaultContents) -> str:
    if not item.has_points:
        return "there are none; the backup item itself is brought back"
    purged_on = contents.purged_on(item)
    otherwise = f" instead of being purged on {purged_on}" if purged_on else ""
    return f"all brought back{otherwise}, and kept without an end as long as it is stopped"


def _bind(wish: Wish, item: LiveItem, policies: Policies) -> Rebinding:
    """Disks alone are no matter of the policy: neither its retention nor its schedule is another one then."""
    policy, disks = wish.settings.policy, wish.settings.disks
    assert policy is not None, "an assignment with active protection has a policy"
    fields = common(wish, item) | {"policy": policy, "disks": disks}
    bind = verb_of_binding(item, policy, policies)
    if bind is ChangeDisks:
        return ChangeDisks(**fields, data_effect=_OTHER_DISKS if item.has_points else "none yet")
    effect = effect_of_binding(item, policy, policies)
    as_before = disks in (None, item.disks) or not item.has_points
    words = effect.words if as_before else f"{effect.words}; {_OTHER_DISKS}"
    kept = policies.retention_after(policy) if item.has_points else None
    return bind(**fields, retention=kept, data_effect=words, risks=effect.risks, critical=effect.critical)


def _effect_of_stop(item: LiveItem) -> str:
    if not item.has_points:
        return _NONE_TO_COME
    if item.state is ItemState.SUSPENDED:
        return "those that are left are kept from now on, without an end and at cost"
    return "all kept, without an end and at cost; no new ones are made"


def _effect_of_suspension(item: LiveItem) -> str:
    if not item.has_points:
        return _NONE_TO_COME
    policy = f"the policy {item.policy.name}" if item.policy else "its policy"
    return f"they expire as {policy} says, but for the latest, which is kept; no new ones are made"
