"""The rows of Resource Graph, made from the estate as it is at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute import run_command_view, vm
from backup_reconciler.sandbox.core.estate import TENANT_ID, DeletedVault, Vault, VirtualMachine, fold
from backup_reconciler.sandbox.core.recovery_services.items import item
from backup_reconciler.sandbox.core.recovery_services.jobs import job
from backup_reconciler.sandbox.core.recovery_services.policies import policy
from backup_reconciler.sandbox.core.recovery_services.vaults import deleted_vaults, vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, Job, Policy, ProtectedItem
    from backup_reconciler.sandbox.core.wire.messages import Json

RESOURCES = "resources"
RECOVERY_SERVICES = "recoveryservicesresources"
_VAULT = "microsoft.recoveryservices/vaults"
_ITEM = f"{_VAULT}/backupfabrics/protectioncontainers/protecteditems"
_POLICY = f"{_VAULT}/backuppolicies"
_JOB = f"{_VAULT}/backupjobs"
_VM = "microsoft.compute/virtualmachines"
_RUN_COMMAND = f"{_VM}/runcommands"
_OF_VAULTS = frozenset({_VAULT, _ITEM, _POLICY, _JOB})
_OF_VMS = frozenset({_VM, _RUN_COMMAND})
KINDS = _OF_VAULTS | _OF_VMS
"""The types of all rows but those of deleted vaults, in small letters."""


def table_of(kind: str) -> str:
    """Vaults stand in `resources`; what they hold, and deleted vaults, in a table of their own (Learn)."""
    namespace, *types = kind.split("/")
    return RECOVERY_SERVICES if namespace == "microsoft.recoveryservices" and len(types) > 1 else RESOURCES


def owners(estate: Estate, kinds: Set[str] = KINDS) -> Iterator[Vault | VirtualMachine]:
    """All that has rows of these types."""
    if kinds & _OF_VAULTS:
        yield from estate.vaults()
    for group in estate.groups() if kinds & _OF_VMS else ():
        yield from group.virtual_machines.values()


def of(owner: Vault | VirtualMachine, now: datetime, kinds: Set[str] = KINDS) -> Iterator[Json]:
    """The rows of these types that an owner has."""
    if isinstance(owner, Vault):
        yield from _of_vault(owner, now, kinds)
        return
    if _VM in kinds:
        yield _row(vm.show(owner, owner.id), owner)
    for command in run_command_view.resources(owner, now) if _RUN_COMMAND in kinds else ():
        yield _row(command, owner)


def _of_vault(each: Vault, now: datetime, kinds: Set[str]) -> Iterator[Json]:
    if _VAULT in kinds:
        yield of_vault_itself(each)
    for held in each.items.values() if _ITEM in kinds else ():
        yield of_item(each, held, now)
    for one in each.policies.values() if _POLICY in kinds else ():
        yield of_policy(each, one)
    for run in each.jobs.values() if _JOB in kinds else ():
        yield of_job(each, run)


def of_vault_itself(each: Vault) -> Json:
    return _row(vault.show(each, each.id), each)


def of_item(each: Vault, held: ProtectedItem, now: datetime) -> Json:
    return _row(item.show(each.id, each, held, now), each)


def of_policy(each: Vault, one: Policy) -> Json:
    return _row(policy.show(each.id, one, len(policy.items_of(each, one))), each)


def of_job(each: Vault, run: Job) -> Json:
    return _row(job.show(each.id, run, run.ended or run.started, whole=True), each)


def of_deleted_vaults(estate: Estate, now: datetime) -> Iterator[Json]:
    for gone in deleted_vaults.present(estate, now):
        yield _row(deleted_vaults.show(gone), gone)


def _row(shown: Json, owner: Vault | DeletedVault | VirtualMachine) -> Json:
    """A resource as a row: its type and its group in small letters."""
    return {
        "id": shown["id"],
        "name": shown["name"],
        "type": fold(shown["type"]),
        "tenantId": TENANT_ID,
        "kind": "",
        "location": owner.location,
        "resourceGroup": fold(owner.group),
        "subscriptionId": owner.subscription,
        "managedBy": "",
        "sku": shown.get("sku"),
        "plan": None,
        "properties": shown["properties"],
        "tags": shown.get("tags"),
        "identity": shown.get("identity"),
        "zones": shown.get("zones"),
        "extendedLocation": None,
    }
