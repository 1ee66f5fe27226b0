"""Rows of Resource Graph, asked for with the columns that are needed and no others → vaults, policies, items, VMs.

A row's properties are those that a GET of the resource tells (Learn, "Azure Resource Graph overview": how it is kept
current), so the codecs of the resources read them. It has no rows of what belongs to a vault without being listed by
its provider: storage configuration and Resource Guard.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import policy, protection, vault, vm
from backup_reconciler.azure.codec.graph import query
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.vault import LiveVault
from backup_reconciler.state.vm import LiveVM

T = TypeVar("T")

_VAULTS = (
    "resources | where type =~ 'microsoft.recoveryservices/vaults'"
    " | project id, name, location, tags, identity, properties"
)
_POLICIES = (
    "recoveryservicesresources | where type =~ 'microsoft.recoveryservices/vaults/backuppolicies'"
    " | where tostring(properties.backupManagementType) =~ 'AzureIaasVM'"
    " | project id, name, properties"
)
_OF_AN_ITEM = (
    "sourceResourceId",
    "virtualMachineId",
    "protectionState",
    "policyId",
    "deferredDeleteTimeInUTC",
    "lastRecoveryPoint",
    "lastBackupStatus",
    "lastBackupTime",
    "extendedProperties",
    "kpisHealths",
    "healthDetails",
)
_DELETED = "isScheduledForDeferredDelete"
_ITEMS = (
    "recoveryservicesresources"
    " | where type =~ 'microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems'"
    " | where tostring(properties.protectedItemType) =~ 'Microsoft.Compute/virtualMachines'"
    f" | project id, {_DELETED} = tostring(properties.{_DELETED}), "
    + ", ".join(f"{name} = properties.{name}" for name in _OF_AN_ITEM)
)
_VMS = (
    "resources | where type =~ 'microsoft.compute/virtualmachines'"
    " | project id, location, tags, osDisk = properties.storageProfile.osDisk,"
    " dataDisks = properties.storageProfile.dataDisks, securityType = properties.securityProfile.securityType,"
    " timeCreated = properties.timeCreated"
)


async def vaults(arm: Arm, subscriptions: Sequence[str]) -> list[LiveVault]:
    """The vaults of these subscriptions, with their settings."""
    return await _rows(arm, _VAULTS, subscriptions, vault.decode)


async def policies(arm: Arm, subscriptions: Sequence[str]) -> list[LivePolicy]:
    """The policies for VMs of all vaults there."""
    return await _rows(arm, _POLICIES, subscriptions, policy.decode)


async def items(arm: Arm, subscriptions: Sequence[str]) -> list[LiveItem]:
    """The backups of VMs in all vaults there."""
    return await _rows(arm, _ITEMS, subscriptions, _item)


async def vms(arm: Arm, subscriptions: Sequence[str]) -> list[LiveVM]:
    """The VMs there."""
    return await _rows(arm, _VMS, subscriptions, _vm)


async def _rows(arm: Arm, text: str, subscriptions: Sequence[str], decode: Callable[[Mapping[str, Any]], T]) -> list[T]:
    return await query(arm, text, subscriptions, decode)


def _item(row: Mapping[str, Any]) -> LiveItem:
    properties = {name: row[name] for name in _OF_AN_ITEM if row.get(name) is not None}
    deleted = str(row.get(_DELETED)).casefold() == "true"
    return protection.decode({"id": row["id"], "properties": {**properties, _DELETED: deleted}})


def _vm(row: Mapping[str, Any]) -> LiveVM:
    properties = {
        "storageProfile": {"osDisk": row.get("osDisk"), "dataDisks": row.get("dataDisks")},
        "securityProfile": {"securityType": row.get("securityType")},
        "timeCreated": row.get("timeCreated"),
    }
    return vm.decode(
        {"id": row["id"], "location": row.get("location"), "tags": row.get("tags"), "properties": properties}
    )
