"""Instant-restore snapshots: the restore points of a VM, and the resource group that the service makes for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.locks import locked
from backup_reconciler.sandbox.core.estate import ResourceGroup, fold
from backup_reconciler.sandbox.core.wire.call import normal_location

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, ProtectedItem, VirtualMachine
    from backup_reconciler.sandbox.core.wire.messages import Json

_MOST = 18
"""Restore points that a collection takes when nobody can remove the old ones (Learn: backup-azure-vm-backup-faq)."""
_SHORTEST = 2
"""Days that a snapshot is kept when the item was stopped while it was taken: those of the default policy."""


def group_of(estate: Estate, item: ProtectedItem, vm: VirtualMachine) -> str:
    """`AzureBackupRG_{region}_1`, unless the policy names it (Learn: backup-during-vm-creation)."""
    details = _policy_of(estate, item).get("instantRPDetails") or {}
    prefix = details.get("azureBackupRGNamePrefix") or f"AzureBackupRG_{normal_location(vm.location)}_"
    return f"{prefix}1{details.get('azureBackupRGNameSuffix') or ''}"


def full(estate: Estate, item: ProtectedItem, vm: VirtualMachine) -> bool:
    """Whether there is no room for another restore point, nor can it be made."""
    return len(item.snapshots) >= _MOST and _locked(estate, vm, group_of(estate, item, vm))


def note(estate: Estate, item: ProtectedItem, vm: VirtualMachine, taken: datetime) -> None:
    """A snapshot was taken: those that are over go, if no lock holds them, and a missing group is made."""
    name = group_of(estate, item, vm)
    if not _locked(estate, vm, name):
        days = _policy_of(estate, item).get("instantRpRetentionRangeInDays", _SHORTEST)
        item.snapshots = [one for one in item.snapshots if one > taken - timedelta(days=days)]
    item.snapshots.append(taken)
    groups = estate.subscriptions[fold(vm.subscription)].groups
    groups.setdefault(fold(name), ResourceGroup(vm.subscription, name, normal_location(vm.location)))


def _locked(estate: Estate, vm: VirtualMachine, group: str) -> bool:
    return locked(estate, f"/subscriptions/{vm.subscription}/resourceGroups/{group}") is not None


def _policy_of(estate: Estate, item: ProtectedItem) -> Json:
    """What the item's policy says; nothing when it was stopped while its snapshot was taken."""
    vault = estate.vault(estate.holders.get(fold(item.source), ""))
    policy = vault.policies.get(fold(item.policy_name)) if vault else None
    return policy.properties if policy else {}
