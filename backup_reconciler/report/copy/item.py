"""A protected item in a copy: the VM's place, the state, the policy and what is known of its past."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from backup_reconciler.manifest.writing import OnOneLine
from backup_reconciler.report.copy.moment import past
from backup_reconciler.report.copy.names import Names
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.disks import ALL
from backup_reconciler.state.protection import ItemState, LiveItem

_BY_POLICY = ("Protected", "IRPending", "ProtectionError")
_STATES = {
    state.casefold(): state for state in (*_BY_POLICY, "ProtectionStopped", "ProtectionPaused", "BackupsSuspended")
}


def state_of(item: LiveItem) -> str | None:
    """The state in the words of a world; None where those have no word for it."""
    return "SoftDeleted" if item.state is ItemState.SOFT_DELETED else _STATES.get(item.wire_state.casefold())


def why_not(item: LiveItem, told_policies: Collection[ArmId]) -> str:
    """Why an item cannot be told; empty where it can."""
    state = state_of(item)
    if state is None:
        return f"its protection is {item.state.value} ({item.wire_state})"
    if state in _BY_POLICY and item.policy not in told_policies:
        return f"its policy {item.policy.name if item.policy else 'is not told and'} is left out"
    return ""


def copy_item(item: LiveItem, vault: ArmId, names: Names, at: datetime, *, gone: bool) -> OnOneLine:
    """An item that can be told, as the entry of its vault. `gone`: its VM was deleted since."""
    entry = OnOneLine(vm=reference(item.vm, vault, names))
    state = state_of(item)
    if gone:
        entry["vmGone"] = True
    if item.policy and state in _BY_POLICY:
        entry["policy"] = names.policy(item.policy.name)
    if state != "Protected":
        entry["state"] = state
    return OnOneLine(entry | _its_past(item, state, at) | _its_disks(item))


def reference(vm: ArmId, vault: ArmId, names: Names) -> str:
    """`group/name` for a VM of the vault's own subscription, else the whole id."""
    short = f"{names.group(vm.resource_group)}/{names.machine(vm.name)}"
    if vm.subscription.casefold() == vault.subscription.casefold():
        return short
    group, _, name = short.partition("/")
    subscription = names.subscription(vm.subscription)
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"


def _its_past(item: LiveItem, state: str | None, at: datetime) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if state == "SoftDeleted":
        known["deletedAt"] = past(item.deleted_at, at)
    if state != "IRPending":
        known["lastBackup"] = past(item.last_backup, at)
        known["recoveryPoints"] = None if item.has_points else {"count": 0}
    return {name: value for name, value in known.items() if value is not None}


def _its_disks(item: LiveItem) -> dict[str, Any]:
    if item.disks == ALL:
        return {}
    exclusion: dict[str, Any] = {"luns": sorted(item.disks.luns)}
    if item.disks.included:
        exclusion["include"] = True
    return {"diskExclusion": exclusion}
