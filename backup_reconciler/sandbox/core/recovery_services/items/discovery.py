"""Finding VMs that could be protected, and asking whether one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.recovery_services.items.item import protectable
from backup_reconciler.sandbox.core.recovery_services.jobs import operation
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.listing import filters, paged, same
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import FABRIC, RECOVERY_SERVICES, SUBSCRIPTION, VAULT, Route

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Operation, ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_REFRESH_SECONDS = 10
_STATUS_API = "2019-05-13-preview"
"""Hard-coded by the service into the status link of a refresh (R21 job.json)."""


def list_protectable(call: Call) -> Response:
    """The subscription's VMs in the vault's region that no vault holds."""
    vault = call.vault
    management = filters(call, {"backupmanagementtype": "management"}).get("management")
    region = normal_location(vault.location)
    vms = (
        vm
        for group in call.subscription.groups.values()
        for vm in reversed(group.virtual_machines.values())
        if same(management, "AzureIaasVM")
        and normal_location(vm.location) == region
        and fold(vm.id) not in call.estate.holders
    )
    return paged(call, vms, lambda vm: protectable(vm, call.backup_path))


def refresh(call: Call) -> Response:
    """Look for VMs anew. The service always knows them here, and takes its time all the same."""
    begun = operation.begin(call, call.vault, "refresh", _REFRESH_SECONDS, [], [], {})
    path = f"{call.backup_path}/backupFabrics/{call.names['fabric']}"
    return operation.accepted(
        call, f"{path}/operationsStatus/{begun.id}", f"{path}/operationResults/{begun.id}", _STATUS_API
    )


def finish_refresh(_estate: Estate, vault: Vault, done: Operation, now: datetime, _rng: Random) -> None:
    operation.conclude(vault, done, now)


def backup_status(call: Call) -> Response:
    """Whether some vault of the estate protects a VM; asked by VM, so it needs no vault (SPEC)."""
    body = call.body
    source = str(body.get("resourceId") or "")
    own = f"/subscriptions/{fold(call.subscription.id)}/"
    if body.get("resourceType") != "VM" or not fold(source).startswith(own):
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid.")
    vault = call.estate.vault(call.estate.holders.get(fold(source), ""))
    item = _item_of(vault, source) if vault else None
    if vault is None or item is None or item.deleted:
        status = "Protecting" if _being_protected(call, source) else "NotProtected"
        return Response(200, {"protectionStatus": status, "errorCode": "Success", "errorMessage": ""})
    return Response(200, _protected(vault, item))


def _protected(vault: Vault, item: ProtectedItem) -> Json:
    return {
        "protectionStatus": "Protected",
        "vaultId": vault.id,
        "fabricName": "Azure",
        "containerName": f"IaasVMContainer;{item.token}",
        "protectedItemName": f"VM;{item.token}",
        "policyName": item.policy_name,
        "errorCode": "Success",
        "errorMessage": "",
    }


def _item_of(vault: Vault, source: str) -> ProtectedItem | None:
    return next((item for item in vault.items.values() if fold(item.source) == fold(source)), None)


def _being_protected(call: Call, source: str) -> bool:
    return any(
        fold(str(running.intent.get("source", ""))) == fold(source)
        for vault in call.estate.vaults()
        for running in vault.operations.values()
        if running.status == "InProgress"
    )


ROUTES = (
    Route("GET", f"{VAULT}/backupProtectableItems", list_protectable),
    Route("POST", f"{FABRIC}/refreshContainers", refresh),
    Route("POST", f"{SUBSCRIPTION}/{RECOVERY_SERVICES}/locations/{{location}}/backupStatus", backup_status),
)
OPERATIONS = {"refresh": finish_refresh}
