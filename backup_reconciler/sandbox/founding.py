"""Makes the estate that a world file describes, and finds what in the file does not fit together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .core import estate as data
from .core import graph_index, policy_rules, protection
from .core.call import guid, normal_location
from .core.default_policies import default_policies
from .core.estate import Estate, fold
from .core.vault import default_hour, new_vault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from .world import FaultModel, ProtectedItemModel, ResourceGroupModel, Trail, VaultModel, VirtualMachineModel, World

Problem = tuple["Trail", str]

_LAST_BACKUP = timedelta(hours=9)
"""How long before the world's clock starts the last backup of a protected item began."""


def found_estate(world: World, rng: Random) -> Estate:
    """The estate as it is when the world's clock starts."""
    estate = Estate(settings=_settings(world), faults=[_fault(fault) for fault in world.faults])
    for subscription_id, subscription in world.subscriptions.items():
        made = data.Subscription(subscription_id)
        estate.subscriptions[fold(subscription_id)] = made
        for name, group in subscription.resource_groups.items():
            made.groups[fold(name)] = _group(world, subscription_id, name, group, rng)
    for subscription_id, subscription in world.subscriptions.items():
        for group_name, group in subscription.resource_groups.items():
            for name, vault in group.vaults.items():
                _vault(world, estate, (subscription_id, group_name, name), vault, rng)
    graph_index.begin(estate, world.clock)
    return estate


def _settings(world: World) -> data.Settings:
    return data.Settings(
        era=world.era,
        page_size=world.page_size,
        graph_page_size=world.graph_page_size,
        graph_lag_seconds=world.graph_lag_seconds,
        durations=data.Durations(**world.durations.model_dump()),
    )


def _fault(fault: FaultModel) -> data.Fault:
    return data.Fault(**fault.model_dump())


def _group(world: World, subscription: str, name: str, group: ResourceGroupModel, rng: Random) -> data.ResourceGroup:
    made = data.ResourceGroup(subscription, name, group.location, dict(group.tags))
    for vm_name, vm in group.virtual_machines.items():
        made.virtual_machines[fold(vm_name)] = _vm(world, made, vm_name, vm, rng)
    return made


def _vm(
    world: World, group: data.ResourceGroup, name: str, vm: VirtualMachineModel, rng: Random
) -> data.VirtualMachine:
    failure = data.Failure(**vm.configure_fails.model_dump()) if vm.configure_fails else None
    return data.VirtualMachine(
        group.subscription,
        group.name,
        name,
        vm.location,
        guid(rng),
        world.clock - timedelta(days=30),
        os=vm.os,
        tags=dict(vm.tags),
        power=vm.power,
        agent_version=vm.agent.version if vm.agent else None,
        configure_fails=failure,
    )


def _vault(world: World, estate: Estate, at: tuple[str, str, str], vault: VaultModel, rng: Random) -> None:
    subscription, group, name = at
    born = world.clock - timedelta(days=30)
    hour = default_hour(rng.randrange(48)) if world.era == 2021 else "00:00"
    made = new_vault(estate, group, subscription, name, born, hour)
    made.location, made.tags = vault.location, vault.tags
    made.properties["redundancySettings"]["standardTierStorageRedundancy"] = vault.redundancy
    soft_delete = made.properties["securitySettings"]["softDeleteSettings"]
    soft_delete["softDeleteState"] = vault.soft_delete.state
    soft_delete["softDeleteRetentionPeriodInDays"] = vault.soft_delete.retention_days
    for policy_name, properties in vault.policies.items():
        kept = policy_rules.normalise(properties)
        if world.era == 2026:
            kept.setdefault("policyType", "V1")
        made.policies[fold(policy_name)] = data.Policy(policy_name, kept)
    estate.subscriptions[fold(subscription)].groups[fold(group)].vaults[fold(name)] = made
    for item in vault.protected_items:
        _item(world, estate, made, item, rng)


def _item(world: World, estate: Estate, vault: data.Vault, item: ProtectedItemModel, rng: Random) -> None:
    vm = estate.virtual_machine(vm_id(item.vm, vault.subscription))
    assert vm is not None, "a world is checked before an estate is made of it"
    state = "ProtectionStopped" if item.state == "SoftDeleted" else item.state
    made = data.ProtectedItem(fold(vm.group), fold(vm.name), vm.id, str(rng.getrandbits(61)), state)
    if item.policy:
        made.policy_id = _policy_id(world, vault, item.policy)
    if item.state != "IRPending":
        made.last_backup_status, made.last_backup_time = "Completed", world.clock - _LAST_BACKUP
        made.recovery_points = [data.RecoveryPoint(made.last_backup_time, made.last_backup_time + timedelta(days=30))]
    protection.register(estate, vault, made)
    if item.state == "SoftDeleted":
        protection.soft_delete_item(estate, vault, made, world.clock)


def _policy_id(world: World, vault: data.Vault, policy: str) -> str:
    """As a client of the era wrote it: in 2021 with a capital `/Subscriptions/` (R21 protection.json)."""
    start = "/Subscriptions/" if world.era == 2021 else "/subscriptions/"
    vault_id = vault.id.removeprefix("/subscriptions/")
    return f"{start}{vault_id}/backupPolicies/{vault.policies[fold(policy)].name}"


def vm_id(reference: str, subscription: str) -> str:
    """`group/name` in the vault's own subscription, or a whole id."""
    if reference.startswith("/"):
        return reference
    group, _, name = reference.partition("/")
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"


def mistakes(world: World) -> list[Problem]:
    """What each field alone cannot tell: references to nothing, one VM in two vaults, policies the service refuses."""
    problems = _same_name(("subscriptions",), world.subscriptions)
    machines: dict[str, str] = {}
    for at, group in _groups(world):
        problems += _same_name((*at, "virtualMachines"), group.virtual_machines)
        problems += _same_name((*at, "vaults"), group.vaults)
        for name, vm in group.virtual_machines.items():
            machines[fold(vm_id(f"{at[3]}/{name}", str(at[1])))] = normal_location(vm.location)
    for subscription_id, subscription in world.subscriptions.items():
        problems += _same_name(("subscriptions", subscription_id, "resourceGroups"), subscription.resource_groups)
    held: dict[str, str] = {}
    for at, group in _groups(world):
        for name, vault in group.vaults.items():
            problems += _policy_mistakes((*at, "vaults", name), vault)
            problems += _item_mistakes(world, (*at, "vaults", name), vault, machines, held)
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
    for name, properties in vault.policies.items():
        try:
            policy_rules.normalise(properties)
        except policy_rules.BrokenRuleError as error:
            problems.append(((*at, "policies", name), f"the service would refuse this policy; {error}"))
    return problems


def _item_mistakes(
    world: World, at: Trail, vault: VaultModel, machines: dict[str, str], held: dict[str, str]
) -> list[Problem]:
    problems: list[Problem] = []
    known = {fold(name) for name in vault.policies}
    known |= {fold(policy.name) for policy in default_policies(world.era, world.clock, "00:00")}
    for index, item in enumerate(vault.protected_items):
        here = (*at, "protectedItems", index)
        vm = fold(vm_id(item.vm, str(at[1])))
        if vm not in machines:
            problems.append(((*here, "vm"), f"'{item.vm}' is not in this world; name a VM as group/name or by its id"))
        elif machines[vm] != normal_location(vault.location):
            problems.append(((*here, "vm"), f"'{item.vm}' is in {machines[vm]}; a vault takes VMs of its own region"))
        if vm in held:
            problems.append(((*here, "vm"), f"'{item.vm}' is in vault {held[vm]} already; a VM is in one vault only"))
        held[vm] = str(at[-1])
        if item.policy and fold(item.policy) not in known:
            problems.append(((*here, "policy"), f"'{item.policy}' is not a policy of this vault; add it to 'policies'"))
    return problems
