"""Protecting a VM and what follows: change of policy, stop, resume, undelete, delete.

All but the last are a PUT on the item, told apart by what its body says. The service takes each on (202, empty body)
and carries it out later; a job tells how it went.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure, ProtectedItem, fold
from backup_reconciler.sandbox.core.recovery_services.backups import points, scheduled
from backup_reconciler.sandbox.core.recovery_services.backups.obstacles import VM_NOT_FOUND
from backup_reconciler.sandbox.core.recovery_services.items import item as items
from backup_reconciler.sandbox.core.recovery_services.items import policy_choice, refusals
from backup_reconciler.sandbox.core.recovery_services.jobs import job, operation
from backup_reconciler.sandbox.core.recovery_services.vaults import guard
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import immutability, soft_delete_on
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Response, section
from backup_reconciler.sandbox.core.wire.router import ITEM, Route

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Operation, Vault, VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call

HELD_ELSEWHERE = Failure(
    # The text is seen (azapi issue 398), the code is not: sources give it only in part.
    "UserErrorVMAlreadyProtected",
    "Virtual machine is already registered\\registering with another recovery services vault.",
)
_PURGED = Failure("BMSUserErrorDataSourceObjectNotFound", "The time of the deleted item ran out.")
STOPPED = ("ProtectionStopped", "BackupsSuspended")
"""What `protectionState` asks for in a PUT that stops backups; with any other, or none, it asks for them."""
_VM_TYPES = {"microsoft.compute/virtualmachines"}


def put_item(call: Call) -> Response:
    """What a PUT means is in its body."""
    vault, key = call.vault, items.key_in_path(call)
    if key is None or fold(str(call.field("protectedItemType") or "")) not in _VM_TYPES:
        raise refusals.invalid()
    operation.refuse_conflict(vault, [key])
    item = vault.items.get(key)
    if call.field("isRehydrate"):
        begun = _undelete(call, vault, item)
    elif call.field("protectionState") in STOPPED:
        begun = _stop(call, vault, item, str(call.field("protectionState")))
    else:
        begun = _configure(call, vault, item)
    return operation.accepted_under(call, call.request.path, begun)


def _configure(call: Call, vault: Vault, item: ProtectedItem | None) -> Operation:
    """Protect, resume, or change the policy: three cases of one request."""
    source, policy_id = str(call.field("sourceResourceId") or ""), str(call.field("policyId") or "")
    policy_choice.check(call, vault, item, _source(call, vault, source), policy_id)
    if item and item.deleted:
        # Undelete comes first (INFERRED). The service's code for this is in no source.
        raise refusals.invalid()
    if item is None:
        _refuse_when_full(call, vault)
    subject = item or _named_by_caller(call, source)
    running = job.start(call, vault, "ConfigureBackup", subject, {"Policy Name": policy_id.rpartition("/")[2]})
    intent: Json = {
        "source": source,
        "policyId": policy_id,
        "group": subject.group,
        "vm": subject.vm,
        "extended": section(call.properties, "extendedProperties") or None,
    }
    return operation.begin(call, vault, "protect", call.settings.durations.protect, [subject.key], [running], intent)


def _source(call: Call, vault: Vault, source: str) -> VirtualMachine:
    """A VM that exists, that the path names too, in the vault's region."""
    vm = call.estate.virtual_machine(source)
    token = fold(call.names["item"]).partition(";")[2]
    if vm is None or fold(f"iaasvmcontainerv2;{vm.group};{vm.name}") != token:
        raise refusals.invalid()
    if normal_location(vm.location) != normal_location(vault.location):
        raise refusals.invalid()
    return vm


def _refuse_when_full(call: Call, vault: Vault) -> None:
    """VMs that are on their way into the vault have their place already."""
    most = call.settings.limits.vms_per_vault
    coming = {
        running.items[0]
        for running in vault.operations.values()
        if running.status == "InProgress" and running.verb == "protect"
    }
    if len(vault.items.keys() | coming) >= most:
        raise refusals.vault_is_full(most)


def _named_by_caller(call: Call, source: str) -> ProtectedItem:
    """An item that is not there yet, named in the caller's casing, which the service echoes."""
    _, _, group, vm = call.names["item"].split(";")
    return ProtectedItem(group, vm, source, "", "IRPending")


def _stop(call: Call, vault: Vault, item: ProtectedItem | None, state: str) -> Operation:
    if item is None or item.deleted:
        raise items.not_found()
    if state == "BackupsSuspended" and immutability(vault) == "Disabled":
        # The service says so of a vault that is not immutable at all (specs issue 32688).
        raise refusals.denied_by_immutability()
    guard.require(call, vault, guard.STOP_WITH_DATA)
    running = job.start(call, vault, "DisableBackup", item, {"Policy Name": ""})
    seconds = call.settings.durations.stop
    return operation.begin(call, vault, "stop", seconds, [item.key], [running], {"state": state})


def _undelete(call: Call, vault: Vault, item: ProtectedItem | None) -> Operation:
    if item is None or not item.deleted:
        raise items.not_found()
    running = job.start(call, vault, "Undelete", item, {})
    return operation.begin(call, vault, "undelete", call.settings.durations.undelete, [item.key], [running], {})


def delete_item(call: Call) -> Response:
    """Delete the backups. 204 where there is nothing to delete (REST reference); polled under the vault (R21)."""
    vault, key = call.vault, items.key_in_path(call) or ""
    operation.refuse_conflict(vault, [key])
    item = vault.items.get(key)
    if item is None or (item.deleted and soft_delete_on(vault)):
        # A soft-deleted item is gone already as far as a DELETE is concerned (INFERRED).
        return Response(204)
    if immutability(vault) != "Disabled":
        raise refusals.denied_by_immutability()
    guard.require_unlocked(call, vault, guard.DELETE_ITEM, f"vm;{key}")
    counted = {"Number of Recovery Points": str(len(points.held(item, call.now)))}
    running = job.start(call, vault, "DeleteBackupData", item, counted)
    begun = operation.begin(call, vault, "delete", call.settings.durations.delete, [item.key], [running], {})
    return operation.accepted_under_vault(call, begun)


def finish_configure(estate: Estate, vault: Vault, done: Operation, now: datetime, rng: Random) -> None:
    """The VM is registered and its item is there, or the job says why not and nothing is."""
    intent = done.intent
    error = _why_not(estate, vault, intent["source"])
    if error is None:
        item = vault.items.get(done.items[0])
        if item is None:
            item = ProtectedItem(intent["group"], intent["vm"], intent["source"], str(rng.getrandbits(61)), "IRPending")
            register(estate, vault, item)
        points.drop_expired(item, now)
        item.state = "Protected" if item.recovery_points else "IRPending"
        item.policy_id = intent["policyId"]
        item.extended = intent["extended"] or item.extended
        _follow(estate, vault, item, now)
    operation.conclude(vault, done, now, error)


def _follow(estate: Estate, vault: Vault, item: ProtectedItem, now: datetime) -> None:
    """The item's policy takes it in: its schedule, and its retention for the points that are there."""
    policy = vault.policies[fold(item.policy_name)]
    points.apply(item, policy.properties, now)
    scheduled.arm(estate, vault, policy, now)


def _why_not(estate: Estate, vault: Vault, source: str) -> Failure | None:
    if estate.holders.get(fold(source), vault.key) != vault.key:
        return HELD_ELSEWHERE
    vm = estate.virtual_machine(source)
    return vm.configure_fails if vm else VM_NOT_FOUND


def register(estate: Estate, vault: Vault, item: ProtectedItem) -> None:
    """The VM belongs to this vault now, and the vault's redundancy can no longer change (SDKB)."""
    vault.items[item.key] = item
    vault.redundancy_locked = True
    estate.holders[fold(item.source)] = vault.key


def finish_stop(_estate: Estate, vault: Vault, done: Operation, now: datetime, _rng: Random) -> None:
    """Stopping empties the policy of the item, and the policy's count with it (R21)."""
    item = vault.items[done.items[0]]
    points.drop_expired(item, now)
    item.state = done.intent["state"]
    _let_go(item)
    operation.conclude(vault, done, now)


def _let_go(item: ProtectedItem) -> None:
    """Empty its policy; one that is stopped, and then stopped otherwise or deleted, had its last policy before."""
    item.policy_before, item.policy_id = item.policy_id or item.policy_before, ""


def finish_undelete(_estate: Estate, vault: Vault, done: Operation, now: datetime, _rng: Random) -> None:
    """Too late for an item whose time ran out meanwhile."""
    item = vault.items.get(done.items[0])
    if item:
        item.state, item.deleted = "ProtectionStopped", None
    operation.conclude(vault, done, now, None if item else _PURGED)


def finish_delete(estate: Estate, vault: Vault, done: Operation, now: datetime, _rng: Random) -> None:
    """With soft delete on the item stays, marked, and goes for good when its time is over (R21 softdelete)."""
    item = vault.items.get(done.items[0])
    if item and soft_delete_on(vault) and not item.deleted:
        soft_delete_item(estate, vault, item, now)
    elif item:  # else its time ran out meanwhile
        _forget(estate, vault, item, now)
    operation.conclude(vault, done, now)


def soft_delete_item(estate: Estate, vault: Vault, item: ProtectedItem, now: datetime) -> None:
    points.drop_expired(item, now)
    job.cancel_backups(vault, item, now)
    item.state, item.deleted = "ProtectionStopped", now
    _let_go(item)
    look_for_purge(estate, vault, item, now)


def purge(estate: Estate, vault: Vault, key: str, now: datetime, _rng: Random) -> None:
    """A soft-deleted item's time is over, unless it was undeleted meanwhile."""
    item = vault.items.get(key)
    if item is None or item.deleted is None:
        return
    if items.deletion_ends(vault, item.deleted) <= now:
        _forget(estate, vault, item, now)
    else:
        look_for_purge(estate, vault, item, now)


def look_for_purge(estate: Estate, vault: Vault, item: ProtectedItem, now: datetime) -> None:
    """Once a day, because a vault may come to keep deleted items for a shorter time than it did, or a longer one."""
    assert item.deleted is not None
    ends = items.deletion_ends(vault, item.deleted)
    estate.schedule(min(ends, now + timedelta(days=1)), "purge", vault, item.key)


def _forget(estate: Estate, vault: Vault, item: ProtectedItem, now: datetime) -> None:
    job.cancel_backups(vault, item, now)
    del vault.items[item.key]
    if estate.holders.get(fold(item.source)) == vault.key:
        del estate.holders[fold(item.source)]


ROUTES = (
    Route("PUT", ITEM, put_item),
    Route("DELETE", ITEM, delete_item),
)
OPERATIONS = {
    "protect": finish_configure,
    "stop": finish_stop,
    "undelete": finish_undelete,
    "delete": finish_delete,
}
EFFECTS = {"purge": purge}
