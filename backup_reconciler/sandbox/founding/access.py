"""The roles, locks and policies of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Access, AzurePolicy, Lock, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.world.access import AzurePolicyModel, LockModel
    from backup_reconciler.sandbox.world.world import ResourceGroupModel, World


def found_access(world: World) -> Access:
    roles = None
    if world.access is not None:
        roles = [Role(list(role.actions), list(role.not_actions), list(role.scopes)) for role in world.access]
    made = Access(roles, policies=[_policy(policy) for policy in world.azure_policies])
    for scope, locks in _locked(world):
        for name, lock in locks.items():
            made.add(Lock(name, scope, lock.level, lock.notes))
    return made


def _policy(policy: AzurePolicyModel) -> AzurePolicy:
    return AzurePolicy(**{**policy.model_dump(), "display_name": policy.display_name or policy.name})


def _locked(world: World) -> Iterator[tuple[str, dict[str, LockModel]]]:
    """Every place where a world states locks."""
    for subscription_id, subscription in world.subscriptions.items():
        scope = f"/subscriptions/{subscription_id}"
        yield scope, subscription.locks
        for name, group in subscription.resource_groups.items():
            yield from _locked_in(f"{scope}/resourceGroups/{name}", group)


def _locked_in(scope: str, group: ResourceGroupModel) -> Iterator[tuple[str, dict[str, LockModel]]]:
    yield scope, group.locks
    for name, vm in group.virtual_machines.items():
        yield f"{scope}/providers/Microsoft.Compute/virtualMachines/{name}", vm.locks
    for name, vault in group.vaults.items():
        yield f"{scope}/providers/Microsoft.RecoveryServices/vaults/{name}", vault.locks
