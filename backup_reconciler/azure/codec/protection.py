"""Codec of protected items: ARM JSON → LiveItem, and one command body per verb.

A protected item is never written by echoing what was read: `ProtectionStopped` or a deferred-delete flag in a body is a
command, and would undo a resume.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.moment import utc
from backup_reconciler.azure.codes import backup
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.disks import ALL, Disks
from backup_reconciler.state.protection import ItemState, LiveItem

_TYPE = "Microsoft.Compute/virtualMachines"
_NEVER = "2001-01-01T00:00:00"
_EXCLUSION = "diskExclusionProperties"
_ERROR = "protectionerror"
_STATES: Mapping[str, ItemState] = {
    "irpending": ItemState.ACTIVE,
    "protected": ItemState.ACTIVE,
    _ERROR: ItemState.ACTIVE,
    "protectionstopped": ItemState.STOPPED,
    "backupssuspended": ItemState.SUSPENDED,
}


def list_request(vault: ArmId) -> ArmRequest:
    """The VMs a vault protects, soft-deleted ones among them."""
    return get(
        vault.child("backupProtectedItems").text,
        Api.BACKUP,
        **{"$filter": "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"},
    )


def get_request(item: ArmId) -> ArmRequest:
    return get(item.text, Api.BACKUP)


def item_id(vault: ArmId, vm: ArmId) -> ArmId:
    """The id of a VM's protected item, built from the ids of vault and VM.

    Building it spares the discovery of protectable VMs, which lags up to half an hour behind (azure-sdk-for-python
    issue 22232).
    """
    names = f"iaasvmcontainerv2;{vm.resource_group};{vm.name}"
    return vault.child(
        "backupFabrics", "Azure", "protectionContainers", f"IaasVMContainer;{names}", "protectedItems", f"vm;{names}"
    )


def bind_request(item: ArmId, vm: ArmId, policy: ArmId, disks: Disks | None = None) -> ArmRequest:
    """Bind a VM to a policy: protects it, resumes it, moves it to another policy, or changes which disks it backs up.

    Disks that are not spoken of stay as they are.
    """
    extended = {} if disks is None else {"extendedProperties": {_EXCLUSION: _exclusion(disks)}}
    return _put(item, vm, {"policyId": policy.text, **extended})


def stop_request(item: ArmId, vm: ArmId) -> ArmRequest:
    """Stop backups of a VM and keep every recovery point."""
    return _put(item, vm, {"policyId": "", "protectionState": "ProtectionStopped"})


def suspend_request(item: ArmId, vm: ArmId) -> ArmRequest:
    """Stop backups of a VM and let its recovery points expire as its policy says."""
    return _put(item, vm, {"policyId": "", "protectionState": "BackupsSuspended"})


def undelete_request(item: ArmId, vm: ArmId) -> ArmRequest:
    """Bring a soft-deleted backup back; it is stopped then, with its recovery points kept."""
    return _put(item, vm, {"policyId": "", "protectionState": "ProtectionStopped", "isRehydrate": True})


def delete_request(item: ArmId) -> ArmRequest:
    """Delete the backups of a VM; the id is the item's own, as listed."""
    return ArmRequest("DELETE", item.text, Api.BACKUP)


def decode(arm: Mapping[str, Any]) -> LiveItem:
    """A protected item as listed. The state of an item in its soft-delete period is that, whatever else it says."""
    properties = arm.get("properties") or {}
    wire_state = str(properties.get("protectionState") or "")
    policy = properties.get("policyId")
    deleted = bool(properties.get("isScheduledForDeferredDelete"))
    failed = wire_state.casefold() == _ERROR or properties.get("lastBackupStatus") == "Failed"
    return LiveItem(
        id=ArmId(arm["id"]),
        vm=ArmId(properties.get("sourceResourceId") or properties.get("virtualMachineId") or _vm_of(arm["id"])),
        state=item_state(wire_state, deleted=deleted),
        wire_state=intern(wire_state),
        policy=_policy(policy) if policy else None,
        has_points=bool(properties.get("lastRecoveryPoint")) or _was_backed_up(properties),
        disks=_disks(properties),
        last_backup=_last_backup(properties),
        last_backup_failed=failed,
        last_error=next(_known_errors(properties), "") if failed else "",
        deleted_at=_deleted_at(properties) if deleted else None,
    )


@lru_cache
def _policy(id_: str) -> ArmId:
    """The same for all items of a policy."""
    return ArmId(id_)


def _was_backed_up(properties: Mapping[str, Any]) -> bool:
    """Before the first backup the service writes a time of 2001 (recorded answers); none at all tells nothing."""
    last = properties.get("lastBackupTime")
    return last is None or not str(last).startswith(_NEVER)


def _last_backup(properties: Mapping[str, Any]) -> datetime | None:
    last = properties.get("lastBackupTime")
    return utc(last) if last and _was_backed_up(properties) else None


def _known_errors(properties: Mapping[str, Any]) -> Iterator[str]:
    """The codes of failed backups that an item's health speaks of; titles of other kinds stand there too."""
    indicators = (properties.get("kpisHealths") or {}).values()
    details = [*(properties.get("healthDetails") or ())]
    details += [detail for one in indicators for detail in one.get("resourceHealthDetails") or ()]
    for detail in details:
        if (title := str(detail.get("title") or "")) in backup.EXPLAINED:
            yield title


def _disks(properties: Mapping[str, Any]) -> Disks:
    """All of them, where nothing is said."""
    stated = (properties.get("extendedProperties") or {}).get(_EXCLUSION)
    if not stated:
        return ALL
    return Disks(frozenset(map(int, stated.get("diskLunList") or ())), included=bool(stated.get("isInclusionList")))


def _exclusion(disks: Disks) -> dict[str, Any]:
    """An empty list of disks to leave out is the service's word for all disks (azure-cli, resetexclusionsettings)."""
    return {"diskLunList": sorted(disks.luns), "isInclusionList": disks.included}


def _deleted_at(properties: Mapping[str, Any]) -> datetime | None:
    """`deferredDeleteTimeInUTC` is the time of the deletion, not of its end (recorded answers)."""
    time = properties.get("deferredDeleteTimeInUTC")
    return utc(str(time)) if time else None


def _vm_of(item: str) -> str:
    """The VM that an item's id names, for an item that does not tell it: `…;group;vm` at its end."""
    group, vm = item.split(";")[-2:]
    subscription = ArmId(item).subscription
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{_TYPE}/{vm}"


def is_vm(arm: Mapping[str, Any]) -> bool:
    """Whether a listed item is the backup of a VM of Resource Manager."""
    return str((arm.get("properties") or {}).get("protectedItemType", "")).casefold() == _TYPE.casefold()


def container_key(container_name: str) -> str:
    """The form in which jobs and items name a VM: `iaasvmcontainerv2;group;vm`, in lower case."""
    return container_name.casefold().removeprefix("iaasvmcontainer;")


def container_key_of(vm: ArmId) -> str:
    return f"iaasvmcontainerv2;{vm.resource_group};{vm.name}".casefold()


def item_state(wire_state: str, *, deleted: bool) -> ItemState:
    """What Azure's word (`protectionState`) means; an item in its soft-delete period is that, whatever else it says."""
    return ItemState.SOFT_DELETED if deleted else _STATES.get(wire_state.casefold(), ItemState.UNKNOWN)


def _put(item: ArmId, vm: ArmId, command: Mapping[str, Any]) -> ArmRequest:
    body = {"properties": {"protectedItemType": _TYPE, "sourceResourceId": vm.text, **command}}
    return ArmRequest("PUT", item.text, Api.BACKUP, body=body)
