"""Deleting a vault, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.locks import forget
from backup_reconciler.sandbox.core.estate import DeletedVault, Estate, Failure, Operation, Vault, fold
from backup_reconciler.sandbox.core.recovery_services import api_versions
from backup_reconciler.sandbox.core.recovery_services.jobs.job import cancel_backups
from backup_reconciler.sandbox.core.recovery_services.jobs.operation import conclude
from backup_reconciler.sandbox.core.recovery_services.vaults import vault_operation as operations
from backup_reconciler.sandbox.core.recovery_services.vaults.deleted_vaults import present
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import soft_delete
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.messages import Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.wire.call import Call

_GONE = Failure("ResourceNotFound", "The vault was deleted meanwhile.")


def delete_vault(call: Call) -> Response:
    vault = call.group.vaults.get(fold(call.names["vault"]))
    if vault is None:
        return Response(204)
    operations.refuse_while_updating(call, vault)
    _refuse_unless_empty(call, vault)
    if call.settings.era == 2021:
        _remove(call.estate, vault, call.now)
        return Response(200 if call.api_version < api_versions.DELETED_IN_TIME else 204)
    vault.provisioning = "Deleting"
    intent = {"name": f"{vault.group}_{guid(call.rng)}", "asked": call.now.isoformat()}
    return operations.accepted(call, operations.begin(call, vault, operations.DELETE, "deleteVault", intent))


def finish_delete(estate: Estate, vault: Vault, done: Operation, now: datetime) -> None:
    """It can be undeleted until its last item is purged; an empty one is purged at once (R26)."""
    _remove(estate, vault, now)
    kept = timedelta(days=soft_delete(vault)["softDeleteRetentionPeriodInDays"])
    ends = [item.deleted + kept for item in vault.items.values() if item.deleted]
    estate.deleted_vaults = {fold(each.name): each for each in present(estate, now)}
    gone = DeletedVault(done.intent["name"], vault, now, max(ends, default=done.started))
    estate.deleted_vaults[fold(gone.name)] = gone


def _remove(estate: Estate, vault: Vault, now: datetime) -> None:
    """Its VMs are free, and nothing more comes to pass in it: no policy runs until it protects something again."""
    del estate.subscriptions[fold(vault.subscription)].groups[fold(vault.group)].vaults[fold(vault.name)]
    estate.unschedule(vault)
    forget(estate, vault.id)
    _break_off(vault, now)
    for policy in vault.policies.values():
        policy.next_run = None
    for source in [source for source, holder in estate.holders.items() if holder == vault.key]:
        del estate.holders[source]


def _break_off(vault: Vault, now: datetime) -> None:
    """What was under way ends with the vault: one that is undeleted waits for nothing."""
    for running in vault.operations.values():
        if running.status == "InProgress":
            conclude(vault, running, now, _GONE)
    for item in vault.items.values():
        cancel_backups(vault, item, now)
    vault.runs.clear()


def _refuse_unless_empty(call: Call, vault: Vault) -> None:
    """Soft-deleted items go with a vault since there are deleted vaults; before they held it (Learn: delete-vault).

    R21 job.json has the words for soft-deleted items; Learn those for live ones.
    """
    coming = _being_registered(vault)
    live = bool(coming) or any(not item.deleted for item in vault.items.values())
    goes = call.settings.era != 2021 and call.api_version >= api_versions.DELETED_VAULTS
    if not vault.private_endpoints and not live and (goes or not vault.items):
        return
    names = ", ".join([item.vm for item in vault.items.values()] + coming)
    if live or vault.private_endpoints:
        reason = (
            "Vault cannot be deleted as there are existing resources within the vault. Please ensure there are no "
            "backup items, protected servers, or backup management servers associated with this vault."
        )
    else:
        days = soft_delete(vault)["softDeleteRetentionPeriodInDays"]
        reason = (
            "Recovery Services vault cannot be deleted as there are backup items in soft deleted state in the vault. "
            f"The soft deleted items are permanently deleted after {days} days of delete operation. Please try vault "
            "deletion after the backup items are permanently deleted and there is no item in soft deleted state left "
            "in the vault.For more information, refer https://aka.ms/SoftDeleteCloudWorkloads."
        )
    raise Refused(
        400,
        "ServiceResourceNotEmptyWithBackendMessage",
        f"{reason} The registered items are : {names}\nPlease ensure all containers have been unregistered from the "
        "vault and all private endpoints associated with the vault have been deleted, and retry operation. For more "
        "details, see https://aka.ms/AB-AA4ecq5",
    )


def _being_registered(vault: Vault) -> list[str]:
    """VMs that are being protected and are no items yet."""
    return [
        str(operation.intent["vm"])
        for operation in vault.operations.values()
        if operation.status == "InProgress" and operation.verb == "protect" and operation.items[0] not in vault.items
    ]


ROUTES = (Route("DELETE", VAULT, delete_vault),)
