"""What people do in the portal meanwhile: each deed as the requests that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core import Request
from tests.conftest import daily_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.scenario import Hand

_VM = "Microsoft.Compute/virtualMachines"
_APIS = {"backup": "2026-10-01", "vaults": "2026-11-01", "compute": "2026-04-01"}


def request_of(hand: Hand) -> Request:
    """The request that a deed is."""
    method, path, body, api = _DEEDS[hand.deed](hand)
    return Request(method, path, {"api-version": _APIS[api]}, {}, body)


def item_path(vault: str, vm: str) -> str:
    """The path of a VM's protected item, from the ids of both."""
    name = f"iaasvmcontainerv2;{vm.split('/')[4]};{vm.rpartition('/')[2]}"
    return f"{vault}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{name}/protectedItems/VM;{name}"


_Parts = tuple[str, str, Any, str]


def _item(hand: Hand, **properties: Any) -> _Parts:
    body = {"properties": {"protectedItemType": _VM, "sourceResourceId": hand.vm, **properties}}
    return "PUT", item_path(hand.vault, hand.vm), body, "backup"


def _bind(hand: Hand) -> _Parts:
    return _item(hand, policyId=f"{hand.vault}/backupPolicies/{hand.value}")


def _stop(hand: Hand) -> _Parts:
    return _item(hand, policyId="", protectionState="ProtectionStopped")


def _undelete(hand: Hand) -> _Parts:
    return _item(hand, policyId="", protectionState="ProtectionStopped", isRehydrate=True)


def _delete_backups(hand: Hand) -> _Parts:
    return "DELETE", item_path(hand.vault, hand.vm), None, "backup"


def _back_up(hand: Hand) -> _Parts:
    body = {"properties": {"objectType": "IaasVMBackupRequest"}}
    return "POST", f"{item_path(hand.vault, hand.vm)}/backup", body, "backup"


def _delete_vm(hand: Hand) -> _Parts:
    return "DELETE", hand.vm, None, "compute"


def _tag_vm(hand: Hand) -> _Parts:
    return "PATCH", hand.vm, {"tags": hand.value}, "compute"


def _tag_vault(hand: Hand) -> _Parts:
    return "PATCH", hand.vault, {"tags": hand.value}, "vaults"


def _soft_delete(hand: Hand) -> _Parts:
    settings = {"softDeleteSettings": {"softDeleteState": "Enabled", "softDeleteRetentionPeriodInDays": hand.value}}
    return "PATCH", hand.vault, {"properties": {"securitySettings": settings}}, "vaults"


def _keep_for(hand: Hand) -> _Parts:
    name, days = hand.value
    return "PUT", f"{hand.vault}/backupPolicies/{name}", {"properties": daily_policy(days)}, "backup"


def _drop_policy(hand: Hand) -> _Parts:
    return "DELETE", f"{hand.vault}/backupPolicies/{hand.value}", None, "backup"


_DEEDS: dict[str, Callable[[Hand], _Parts]] = {
    "bind the VM": _bind,
    "stop its backups": _stop,
    "delete its backups": _delete_backups,
    "undelete its backups": _undelete,
    "back it up now": _back_up,
    "delete the VM": _delete_vm,
    "tag the VM": _tag_vm,
    "tag the vault": _tag_vault,
    "keep deleted backups for": _soft_delete,
    "change a policy": _keep_for,
    "delete a policy": _drop_policy,
}
DEEDS = tuple(_DEEDS)
