"""What in a world does not fit together, and no field alone can tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.recovery_services.policies.default_policies import default_policies
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.founding.network_mistakes import network_mistakes
from backup_reconciler.sandbox.founding.policies import why_no_policy
from backup_reconciler.sandbox.founding.size import size_mistakes
from backup_reconciler.sandbox.founding.vaults import vm_id, vm_ids
from backup_reconciler.sandbox.world.network import GroupNetworkModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backup_reconciler.sandbox.world.base import Trail
    from backup_reconciler.sandbox.world.machine import VirtualMachineModel
    from backup_reconciler.sandbox.world.vault import ProtectedItemModel, VaultModel
    from backup_reconciler.sandbox.world.world import ResourceGroupModel, World

Problem = tuple["Trail", str]

_VM_ID = re.compile(r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.compute/virtualmachines/[^/]+")


def mistakes(world: World) -> list[Problem]:
    """What each field alone cannot tell: references to nothing, one VM in two vaults, policies the service refuses."""
    if problems := size_mistakes(world):
        return problems
    problems = _same_name(("subscriptions",), world.subscriptions)
    problems += _lock_mistakes(world)
    problems += _scope_mistakes(world)
    if world.secure_by_default and world.era == 2021:
        problems.append((("secureByDefault",), "did not exist in 2021; leave it out, or set era: 2026"))
    machines: dict[str, str] = {}
    coming: set[str] = set()
    for at, group in _groups(world):
        problems += _same_name((*at, "virtualMachines"), group.virtual_machines)
        problems += _same_name((*at, "vaults"), group.vaults)
        problems += _same_names_of_network(at, group)
        for name, vm in group.virtual_machines.items():
            problems += _machine_mistakes((*at, "virtualMachines", name), vm)
            key = fold(vm_id(str(at[1]), str(at[3]), name))
            machines[key] = normal_location(vm.location)
            if vm.created_at and vm.created_at > world.clock:
                coming.add(key)
    for subscription_id, subscription in world.subscriptions.items():
        problems += _same_name(("subscriptions", subscription_id, "resourceGroups"), subscription.resource_groups)
    held: dict[str, str] = {}
    for at, group in _groups(world):
        for name, vault in group.vaults.items():
            problems += _policy_mistakes((*at, "vaults", name), vault)
            problems += _item_mistakes(world, (*at, "vaults", name), vault, machines, held)
            problems += _too_early((*at, "vaults", name), vault, coming)
    return problems + network_mistakes(world)


def _same_names_of_network(at: Trail, group: ResourceGroupModel) -> list[Problem]:
    problems: list[Problem] = []
    for field, info in GroupNetworkModel.model_fields.items():
        kind = str(info.alias)
        for name, told in getattr(group, field).items():
            for children in (getattr(told, collection, {}) for collection in ("subnets", "rules", "routes")):
                problems += _same_name((*at, kind, name), children)
        problems += _same_name((*at, kind), getattr(group, field))
    return problems


def _lock_mistakes(world: World) -> list[Problem]:
    """Two locks of one name at one place."""
    problems: list[Problem] = []
    for subscription_id, subscription in world.subscriptions.items():
        problems += _same_name(("subscriptions", subscription_id, "locks"), subscription.locks)
    for at, group in _groups(world):
        problems += _same_name((*at, "locks"), group.locks)
        for name, vm in group.virtual_machines.items():
            problems += _same_name((*at, "virtualMachines", name, "locks"), vm.locks)
        for name, vault in group.vaults.items():
            problems += _same_name((*at, "vaults", name, "locks"), vault.locks)
    return problems


def _scope_mistakes(world: World) -> list[Problem]:
    """Roles and policies that reach into no subscription of the world."""
    stated: list[tuple[Trail, str]] = [
        (("access", number, "scopes", index), scope)
        for number, role in enumerate(world.access or [])
        for index, scope in enumerate(role.scopes)
    ]
    stated += [
        (("azurePolicies", number, "scope"), policy.scope)
        for number, policy in enumerate(world.azure_policies)
        if policy.scope
    ]
    known = {f"/subscriptions/{fold(subscription)}" for subscription in world.subscriptions} | {"/"}
    return [
        (at, f"'{scope}' is in no subscription of this world; name one that is")
        for at, scope in stated
        if "/".join(fold(scope).split("/")[:3]) not in known
    ]


def _machine_mistakes(at: Trail, vm: VirtualMachineModel) -> list[Problem]:
    problems = _same_name((*at, "extensions"), vm.extensions)
    seen: set[int] = set()
    for index, disk in enumerate(vm.disks):
        if disk.lun in seen:
            problems.append(((*at, "disks", index, "lun"), f"{disk.lun} is taken by another disk; give each its own"))
        seen.add(disk.lun)
    return problems


def _groups(world: World) -> list[tuple[Trail, ResourceGroupModel]]:
    return [
        (("subscriptions", subscription_id, "resourceGroups", name), group)
        for subscription_id, subscription in world.subscriptions.items()
        for name, group in subscription.resource_groups.items()
    ]


def _same_name(at: Trail, names: Iterable[str]) -> list[Problem]:
    """Azure ignores case in names: two that differ in nothing else are one."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for name in names:
        if fold(name) in seen:
            problems.append(((*at, name), f"is the same name as '{seen[fold(name)]}' to Azure; rename one of them"))
        seen[fold(name)] = name
    return problems


def _policy_mistakes(at: Trail, vault: VaultModel) -> list[Problem]:
    problems = _same_name((*at, "policies"), vault.policies)
    problems += _same_name((*at, "legacyPolicies"), vault.legacy_policies)
    twice = {fold(name) for name in vault.policies}
    for field, policies in (("policies", vault.policies), ("legacyPolicies", vault.legacy_policies)):
        for name, properties in policies.items():
            if field == "legacyPolicies" and fold(name) in twice:
                problems.append(((*at, field, name), "stands in 'policies' too; a policy is one or the other"))
            if why := why_no_policy(properties, legacy=field == "legacyPolicies"):
                problems.append(((*at, field, name), f"the service would refuse this policy; {why}"))
    return problems


def _moment_mistakes(world: World, at: Trail, item: ProtectedItemModel) -> list[Problem]:
    """What an item says of its past lies before the world's clock starts."""
    moments = {"lastBackup": item.last_backup, "deletedAt": item.deleted_at}
    return [
        ((*at, field), "is after the world's 'clock'; the past of an item lies before it")
        for field, moment in moments.items()
        if moment and moment > world.clock
    ]


def _too_early(at: Trail, vault: VaultModel, coming: set[str]) -> list[Problem]:
    return [
        ((*at, "protectedItems", index, "vm"), f"'{item.vm}' does not exist yet when the clock starts")
        for index, item in enumerate(vault.protected_items)
        if any(fold(source) in coming for source in vm_ids(item.vm, str(at[1]), str(at[3])))
    ]


def _gone_mistakes(vm: str, shown: str, *, there: bool) -> Iterator[tuple[str, str]]:
    """A VM that was deleted is named like any other, and is not there; each mistake with its field."""
    if there:
        yield "vmGone", f"{shown} is in this world; leave 'vmGone' out"
    if not _VM_ID.fullmatch(vm):
        yield "vm", f"{shown} names no VM; name it as group/name or by its id"


def _policies_of(world: World, vault: VaultModel) -> set[str]:
    """The names of the policies that a VM of a vault can be bound to."""
    known = {fold(name) for name in (*vault.policies, *vault.legacy_policies)}
    its_first = default_policies(world.era, world.clock, "00:00") if vault.default_policies else []
    return known | {
        fold(policy.name) for policy in its_first if policy.properties["backupManagementType"] == "AzureIaasVM"
    }


def _item_mistakes(
    world: World, at: Trail, vault: VaultModel, machines: dict[str, str], held: dict[str, str]
) -> list[Problem]:
    problems: list[Problem] = []
    known = _policies_of(world, vault)
    for index, item in enumerate(vault.protected_items):
        here = (*at, "protectedItems", index)
        problems += _vm_mistakes(here, item, vault, machines, held)
        problems += _moment_mistakes(world, here, item)
        if item.policy and fold(item.policy) not in known:
            problems.append(((*here, "policy"), f"'{item.policy}' is not a policy of this vault; add it to 'policies'"))
    return problems


def _vm_mistakes(
    at: Trail, item: ProtectedItemModel, vault: VaultModel, machines: dict[str, str], held: dict[str, str]
) -> list[Problem]:
    """What is wrong with the VMs that an item names; where it names many, with the first of them for each reason."""
    told: dict[str, Problem] = {}
    for source in vm_ids(item.vm, str(at[1]), str(at[3])):
        vm, shown = fold(source), f"'{item.vm}'" if "[" not in item.vm else f"'{source.rpartition('/')[2]}'"
        if item.vm_gone:
            for field, problem in _gone_mistakes(vm, shown, there=vm in machines):
                told.setdefault(field, ((*at, field), problem))
        elif vm not in machines:
            problem = f"{shown} is not in this world; name a VM as group/name or by its id"
            told.setdefault("unknown", ((*at, "vm"), problem))
        elif machines[vm] != normal_location(vault.location):
            problem = f"{shown} is in {machines[vm]}; a vault takes VMs of its own region"
            told.setdefault("region", ((*at, "vm"), problem))
        if vm in held:
            problem = f"{shown} is in vault {held[vm]} already; a VM is in one vault only"
            told.setdefault("held", ((*at, "vm"), problem))
        held[vm] = str(at[5])
    return list(told.values())
