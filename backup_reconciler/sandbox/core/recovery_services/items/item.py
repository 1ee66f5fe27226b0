"""Protected items as they are read: one, listed, and the containers they live in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.recovery_services import api_versions
from backup_reconciler.sandbox.core.recovery_services.items.health import health
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import soft_delete
from backup_reconciler.sandbox.core.wire.listing import filters, paged, same
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import ITEM, VAULT, Route
from backup_reconciler.sandbox.core.wire.times import NEVER, stamp, time_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from backup_reconciler.sandbox.core.estate import ProtectedItem, Vault, VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call

_CONTAINER_FIRST = {"iaasvmcontainer"}
_ITEM_FIRST = {"vm"}
_KINDS = {"iaasvmcontainerv2"}


def key_in_path(call: Call) -> str | None:
    """The key of the item that the path names; None where container and item do not name one VM.

    Containers may begin `IaasVMContainer;` or `iaasvmcontainer;`, items `VM;` or `vm;` (R21, TF).
    """
    first, _, container = fold(call.names["container"]).partition(";")
    item_first, _, item = fold(call.names["item"]).partition(";")
    kind, _, rest = item.partition(";")
    well_formed = first in _CONTAINER_FIRST and item_first in _ITEM_FIRST and kind in _KINDS and rest.count(";") == 1
    return item if well_formed and container == item else None


def not_found() -> Refused:
    return Refused(
        404,
        "BMSUserErrorDataSourceObjectNotFound",
        "Item not found.\r\nSelected item might have been deleted. Please check if item is registered to the vault.",
    )


def find(call: Call) -> ProtectedItem:
    item = call.vault.items.get(key_in_path(call) or "")
    if item is None:
        raise not_found()
    return item


def show(path: str, vault: Vault, item: ProtectedItem, now: datetime, version: str | None = None) -> Json:
    """An item as it is read, under capital prefixes whatever was PUT (R21 item.json). `path` is the vault's."""
    token, policy_name = item.token, item.policy_name
    properties: Json = {
        **health(item),
        "friendlyName": item.vm,
        "virtualMachineId": item.source,
        "protectionState": item.state,
        "lastBackupStatus": item.last_backup_status,
        "lastBackupTime": stamp(item.last_backup_time) if item.last_backup_time else NEVER,
        "protectedItemDataId": item.data_id,
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "backupManagementType": "AzureIaasVM",
        "workloadType": "VM",
        "containerName": token,
        "sourceResourceId": item.source,
        "policyId": item.policy_id,
        "policyName": policy_name,
        "isArchiveEnabled": False,
    }
    if item.recovery_points:  # the latest is kept, whatever expires
        properties["lastRecoveryPoint"] = stamp(item.recovery_points[-1].time)
    if item.extended:
        properties["extendedProperties"] = item.extended
    if item.deleted:
        properties |= _deferred(item.deleted, deletion_ends(vault, item.deleted) - now)
    properties |= api_versions.known(_of_today(vault, policy_name), api_versions.ITEM, version)
    return {
        "id": f"{container_id(path, token)}/protectedItems/VM;{token}",
        "name": f"VM;{token}",
        "type": "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems",
        "properties": properties,
    }


def deletion_ends(vault: Vault, deleted: datetime) -> datetime:
    """When a soft-deleted item goes for good."""
    return deleted + timedelta(days=soft_delete(vault)["softDeleteRetentionPeriodInDays"])


def _deferred(deleted: datetime, remaining: timedelta) -> Json:
    """`deferredDeleteTimeInUTC` is the time of the deletion, not of its end (R21 softdelete)."""
    return {
        "isScheduledForDeferredDelete": True,
        "deferredDeleteTimeInUTC": stamp(deleted),
        "deferredDeleteTimeRemaining": time_span(remaining),
    }


def _of_today(vault: Vault, policy_name: str) -> Json:
    """What 2026 adds: `vaultId` is a full address, and the retention field is not the one of the model (R26)."""
    added: Json = {"vaultId": f"https://management.azure.com{vault.id}", "softDeleteRetentionPeriod": 0}
    policy = vault.policies.get(fold(policy_name))
    if policy:
        added["policyType"] = policy.properties.get("policyType", "V1")
    return added


def container_id(path: str, token: str) -> str:
    return f"{path}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{token}"


def show_in(call: Call, vault: Vault, item: ProtectedItem) -> Json:
    return show(call.backup_path, vault, item, call.now, call.api_version)


def get_item(call: Call) -> Response:
    return Response(200, show_in(call, call.vault, find(call)))


_FILTERED: dict[str, Callable[[ProtectedItem], str]] = {
    "policyName": lambda item: item.policy_name,
    "friendlyName": lambda item: item.vm,
    "containerName": lambda item: item.token,
}


def list_items(call: Call) -> Response:
    """All of them, soft-deleted ones too (R21)."""
    vault = call.vault
    known = ("backupManagementType", "itemType", *_FILTERED)
    conditions = filters(call, {name.lower(): name for name in known})
    if not (same(conditions.get("backupManagementType"), "AzureIaasVM") and same(conditions.get("itemType"), "VM")):
        return paged(call, [], lambda item: item)
    stated = [(read, fold(conditions[name])) for name, read in _FILTERED.items() if name in conditions]
    items = (
        item for item in reversed(vault.items.values()) if all(fold(read(item)) == value for read, value in stated)
    )
    return paged(call, items, lambda item: show_in(call, vault, item))


def list_containers(call: Call) -> Response:
    """A container per VM; the clients ask for registered ones only, and those are all there are (R21 policy.json)."""
    conditions = filters(call, {name.lower(): name for name in ("backupManagementType", "status", "friendlyName")})
    wanted = same(conditions.get("backupManagementType"), "AzureIaasVM") and same(
        conditions.get("status"), "Registered"
    )
    items = [
        item for item in reversed(call.vault.items.values()) if wanted and same(conditions.get("friendlyName"), item.vm)
    ]
    return paged(call, items, lambda item: _container(call.backup_path, item))


def list_deleted_containers(call: Call) -> Response:
    """Those whose item is soft-deleted (INFERRED: for VMs no source shows the list other than empty)."""
    conditions = filters(call, {"backupmanagementtype": "management"})
    wanted = same(conditions.get("management"), "AzureIaasVM")
    gone = [item for item in call.vault.items.values() if wanted and item.deleted]
    return paged(call, gone, lambda item: _container(call.backup_path, item))


def _container(path: str, item: ProtectedItem) -> Json:
    return {
        "id": container_id(path, item.token),
        "name": f"IaasVMContainer;{item.token}",
        "type": "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers",
        "properties": {
            "virtualMachineId": item.source,
            "virtualMachineVersion": "Compute",
            "resourceGroup": item.group,
            "friendlyName": item.vm,
            "backupManagementType": "AzureIaasVM",
            "registrationStatus": "Registered",
            "healthStatus": "Healthy",
            "containerType": "Microsoft.Compute/virtualMachines",
            "protectableObjectType": "Microsoft.Compute/virtualMachines",
        },
    }


def protectable(vm: VirtualMachine, path: str) -> Json:
    """A VM that could be protected. Its id ends `vm;…`, its name lacks that, both are in small letters (R21)."""
    token = fold(f"iaasvmcontainerv2;{vm.group};{vm.name}")
    return {
        "id": f"{path}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{token}/protectableItems/vm;{token}",
        "name": token,
        "type": "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectableItems",
        "properties": {
            "virtualMachineId": vm.id,
            "virtualMachineVersion": "Compute",
            "resourceGroup": vm.group,
            "backupManagementType": "AzureIaasVM",
            "protectableItemType": "Microsoft.Compute/virtualMachines",
            "friendlyName": vm.name,
            "protectionState": "NotProtected",
        },
    }


ROUTES = (
    Route("GET", ITEM, get_item),
    Route("GET", f"{VAULT}/backupProtectedItems", list_items),
    Route("GET", f"{VAULT}/backupProtectionContainers", list_containers),
    Route("GET", f"{VAULT}/backupDeletedProtectionContainers", list_deleted_containers),
)
