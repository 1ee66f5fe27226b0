"""Vaults after their deletion: listed by region, and undeleted while what they hold is not purged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import DeletedVault, Estate, Operation, Vault, fold
from backup_reconciler.sandbox.core.recovery_services.vaults import vault_operation as operations
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_rules import invalid
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import soft_delete
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response, gateway
from backup_reconciler.sandbox.core.wire.router import RECOVERY_SERVICES, SUBSCRIPTION, Route
from backup_reconciler.sandbox.core.wire.times import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.wire.call import Call

_DELETED = f"{SUBSCRIPTION}/{RECOVERY_SERVICES}/locations/{{location}}/deletedVaults"
_ONE = f"{_DELETED}/{{deletedVault}}"
_LISTED_FOR = timedelta(days=14)
"""At least so long after its deletion a vault is listed, purged or not (INFERRED from R26: three days are seen)."""
_RETRY_SECONDS = "30"
"""SPEC DeletedVaults_Undelete."""


def present(estate: Estate, now: datetime) -> list[DeletedVault]:
    """Those that are still listed, by name (R26)."""
    found = [each for each in estate.deleted_vaults.values() if now < max(each.purge_at, each.deleted + _LISTED_FOR)]
    return sorted(found, key=lambda each: fold(each.name))


def show(gone: DeletedVault) -> Json:
    """R26 test_vault_soft_delete_misc_operations."""
    return {
        "id": gone.id,
        "name": gone.name,
        "type": "Microsoft.RecoveryServices/locations/deletedVaults",
        "location": gone.location,
        "properties": {
            "vaultId": gone.vault.id,
            "vaultDeletionTime": stamp(gone.deleted),
            "purgeAt": stamp(gone.purge_at),
        },
    }


def list_deleted(call: Call) -> Response:
    """All of a region, on one page (R26: 190 of them)."""
    own, region = fold(call.subscription.id), normal_location(call.names["location"])
    found = [
        show(each)
        for each in present(call.estate, call.now)
        if fold(each.subscription) == own and normal_location(each.location) == region
    ]
    return Response(200, {"value": found})


def get_deleted(call: Call) -> Response:
    return Response(200, show(_find(call)))


def undelete(call: Call) -> Response:
    """The vault is back at once and being provisioned; its items stay soft-deleted (Learn: secure-by-default)."""
    gone, target = _find(call), call.field("recoveryResourceGroupId")
    words = fold(target).strip("/").split("/") if isinstance(target, str) else []
    groups = call.subscription.groups
    if len(words) != 4 or words[1] != fold(call.subscription.id) or words[3] not in groups:
        raise invalid("recoveryResourceGroupId")
    if gone.purge_at <= call.now:
        # The service's own answer for a vault that is purged is in no source.
        raise invalid("deletedVaultName")
    group = groups[words[3]]
    if gone.vault.provisioning == "Provisioning":
        raise gateway(409, "Conflict", f"The vault '{gone.vault.name}' is being undeleted.")
    if fold(gone.vault.name) in group.vaults:
        raise gateway(409, "Conflict", f"A vault named '{gone.vault.name}' exists in resource group '{group.name}'.")
    _put_back(call.estate, gone.vault, group.name)
    begun = operations.begin(call, gone.vault, operations.UNDELETE, "undeleteVault", {"name": gone.name})
    path = f"{call.request.path.removesuffix('/undelete')}/operations/{begun.id}"
    return Response(202, headers={"Azure-AsyncOperation": call.poll_link(path), "Retry-After": _RETRY_SECONDS})


def _put_back(estate: Estate, vault: Vault, group: str) -> None:
    """VMs that another vault has taken meanwhile stay with that one (INFERRED)."""
    vault.group, vault.provisioning = group, "Provisioning"
    estate.subscriptions[fold(vault.subscription)].groups[fold(group)].vaults[fold(vault.name)] = vault
    kept = timedelta(days=soft_delete(vault)["softDeleteRetentionPeriodInDays"])
    for item in vault.items.values():
        estate.holders.setdefault(fold(item.source), vault.key)
        if item.deleted:
            estate.schedule(item.deleted + kept, "purge", vault, item.key)


def finish_undelete(estate: Estate, vault: Vault, done: Operation, now: datetime) -> None:
    vault.provisioning, vault.changed = "Succeeded", now
    estate.deleted_vaults.pop(fold(done.intent["name"]), None)


def operation_status(call: Call) -> Response:
    """SPEC DeletedVaults_GetOperationStatus."""
    name = call.names["operation"]
    operation = call.estate.vault_operations.get(name)
    if operation is None:
        raise Refused(404, "OperationNotFound", f"Operation {name} was not found.")
    body: Json = {
        "id": call.request.path,
        "name": name,
        "status": operation.status,
        "startTime": stamp(operation.started),
    }
    if operation.status != "InProgress":
        body["endTime"] = stamp(operation.started + timedelta(seconds=call.settings.durations.vault))
    if operation.error:
        body["error"] = {"code": operation.error.code, "message": operation.error.message}
    return Response(200, body)


def _find(call: Call) -> DeletedVault:
    gone = call.estate.deleted_vaults.get(fold(call.names["deletedVault"]))
    region = normal_location(call.names["location"])
    if (
        gone is None
        or gone not in present(call.estate, call.now)
        or fold(gone.subscription) != fold(call.subscription.id)
        or normal_location(gone.location) != region
    ):
        raise gateway(
            404,
            "ResourceNotFound",
            f"The Resource 'Microsoft.RecoveryServices/locations/{call.names['location']}/deletedVaults/"
            f"{call.names['deletedVault']}' was not found.",
        )
    return gone


ROUTES = (
    Route("GET", _DELETED, list_deleted),
    Route("GET", _ONE, get_deleted),
    Route("POST", f"{_ONE}/undelete", undelete),
    Route("GET", f"{_ONE}/operations/{{operation}}", operation_status),
)
