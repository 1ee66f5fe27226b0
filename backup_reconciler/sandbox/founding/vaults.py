"""Vaults of a world, with their policies and protected items."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Estate, GuardProxy, Policy, ProtectedItem, RecoveryPoint, Vault, fold
from backup_reconciler.sandbox.core.recovery_services.backups import scheduled
from backup_reconciler.sandbox.core.recovery_services.items import protection
from backup_reconciler.sandbox.core.recovery_services.policies import policy_rules, retention
from backup_reconciler.sandbox.core.recovery_services.vaults import guard
from backup_reconciler.sandbox.core.recovery_services.vaults.guard_proxy import tie
from backup_reconciler.sandbox.core.recovery_services.vaults.vault import default_hour, new_vault
from backup_reconciler.sandbox.world.ranges import names_in

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.world.vault import (
        ProtectedItemModel,
        RecoveryPointsModel,
        ResourceGuardModel,
        VaultModel,
    )
    from backup_reconciler.sandbox.world.world import World

_LAST_BACKUP = timedelta(hours=9)
"""How long before the world's clock starts the last backup of a protected item began."""


def found_vault(world: World, estate: Estate, at: tuple[str, str, str], vault: VaultModel, rng: Random) -> None:
    subscription, group, name = at
    born = world.clock - timedelta(days=30)
    hour = default_hour(rng.randrange(48)) if world.era == 2021 else "00:00"
    made = new_vault(estate, group, subscription, name, born, hour)
    made.location, made.tags = vault.location, vault.tags
    _settle_in(made, vault, born)
    if not vault.default_policies:
        made.policies.clear()
    for policy_name, properties in (vault.policies | vault.legacy_policies).items():
        kept = policy_rules.normalise(properties, legacy=policy_name in vault.legacy_policies)
        if world.era == 2026:
            kept.setdefault("policyType", "V1")
        made.policies[fold(policy_name)] = Policy(policy_name, kept)
    estate.subscriptions[fold(subscription)].groups[fold(group)].vaults[fold(name)] = made
    for item in vault.protected_items:
        for source in vm_ids(item.vm, subscription, group):
            _item(world, estate, made, item, source, rng)
    for policy in made.policies.values():
        scheduled.arm(estate, made, policy, world.clock)


def _settle_in(made: Vault, vault: VaultModel, born: datetime) -> None:
    """The settings that a world states, as the vault shows them."""
    redundancy, security = made.properties["redundancySettings"], made.properties["securitySettings"]
    redundancy["standardTierStorageRedundancy"] = vault.redundancy
    redundancy["crossRegionRestore"] = "Enabled" if vault.cross_region_restore else "Disabled"
    security["softDeleteSettings"]["softDeleteState"] = vault.soft_delete.state
    security["softDeleteSettings"]["softDeleteRetentionPeriodInDays"] = vault.soft_delete.retention_days
    if vault.immutability != "Disabled":
        security["immutabilitySettings"] = {"state": vault.immutability}
    made.private_endpoints = list(vault.private_endpoints)
    made.classic_alerts_stay = vault.classic_alerts_stay
    if vault.resource_guard:
        tie(made, _guard(vault.resource_guard, born))


def _guard(stated: ResourceGuardModel, born: datetime) -> GuardProxy:
    protects = list(guard.CRITICAL) if stated.protects is None else [*guard.ALWAYS, *stated.protects]
    return GuardProxy(stated.id, born, protects, other_tenant=stated.other_tenant, approves=stated.approves)


def _item(world: World, estate: Estate, vault: Vault, item: ProtectedItemModel, source: str, rng: Random) -> None:
    vm = estate.virtual_machine(source)
    assert vm or item.vm_gone, "a world is checked before an estate is made of it"
    _, _, _, _, group, *_, name = fold(source).split("/")
    state = "ProtectionStopped" if item.state == "SoftDeleted" else item.state
    made = ProtectedItem(group, name, vm.id if vm else source, str(rng.getrandbits(61)), state)
    if item.policy:
        made.policy_id = _policy_id(world, vault, item.policy)
    if item.state != "IRPending" and not _never_backed_up(item):
        last = item.last_backup or (item.deleted_at or world.clock) - _LAST_BACKUP
        made.last_backup_status, made.last_backup_time = "Completed", last
        made.recovery_points = _points(vault, made, last, item.recovery_points)
    if item.disk_exclusion:
        luns, include = item.disk_exclusion.luns, item.disk_exclusion.include
        made.extended = {"diskExclusionProperties": {"diskLunList": list(luns), "isInclusionList": include}}
    protection.register(estate, vault, made)
    if item.state == "SoftDeleted":
        protection.soft_delete_item(estate, vault, made, item.deleted_at or world.clock)


def _never_backed_up(item: ProtectedItemModel) -> bool:
    """Whether it says that it has no points, and of no backup."""
    return item.recovery_points is not None and not item.recovery_points.count and item.last_backup is None


def _points(
    vault: Vault, item: ProtectedItem, last: datetime, stated: RecoveryPointsModel | None
) -> list[RecoveryPoint]:
    """One a day, oldest first, as they came."""
    days = [timedelta(days=back) for back in reversed(range(stated.count if stated else 1))]
    if stated and stated.until:
        return [RecoveryPoint(last - back, stated.until - back) for back in days]
    return [_point(vault, item, last - back) for back in days]


def _point(vault: Vault, item: ProtectedItem, time: datetime) -> RecoveryPoint:
    """A recovery point of an item that was there before, a scheduled one where it has a policy."""
    policy = vault.policies.get(fold(item.policy_name))
    if policy is None:
        return RecoveryPoint(time, time + timedelta(days=30))
    levels = "w" if policy_rules.frequency(policy.properties) == "Weekly" else "d"
    return RecoveryPoint(time, retention.expiry(policy.properties, levels, time), levels)


def _policy_id(world: World, vault: Vault, policy: str) -> str:
    """As a client of the era wrote it: in 2021 with a capital `/Subscriptions/` (R21 protection.json)."""
    start = "/Subscriptions/" if world.era == 2021 else "/subscriptions/"
    vault_id = vault.id.removeprefix("/subscriptions/")
    return f"{start}{vault_id}/backupPolicies/{vault.policies[fold(policy)].name}"


def vm_ids(reference: str, subscription: str, group: str) -> list[str]:
    """The VMs that a vault's item names, many where there is a range: `name` in the vault's own group, `group/name` in
    its own subscription, or a whole id.
    """
    if not reference.startswith("/"):
        named, _, name = reference.rpartition("/")
        reference = vm_id(subscription, named or group, name)
    return list(names_in(reference))


def vm_id(subscription: str, group: str, name: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"
