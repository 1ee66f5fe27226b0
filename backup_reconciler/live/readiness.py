"""Reading what decides whether backups will succeed.

Requests: per subscription of the VMs three lists (their status, locks, resource groups, with their pages), and of Azure
Policy one question for each resource group of snapshots that is there, two for one that is still to be made; the
networks of subscriptions that are asked about; and a list of failed jobs per vault where items do not tell why. None
for a VM. What Azure would not tell is told as such and is no error: a plan can do without it.
"""

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import lock, policy_restrictions, resource_group, vm_status
from backup_reconciler.azure.reading import list_of, read
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.as_told import of_each, or_not_read
from backup_reconciler.live.last_errors import read_last_errors
from backup_reconciler.live.networks import read_networks
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.lock import Lock
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness, ReadinessScope
from backup_reconciler.state.snapshot_group import Denial, SnapshotGroup, SnapshotGroupNames
from backup_reconciler.state.vm_status import VMStatus


async def read_readiness(arm: Arm, scope: ReadinessScope) -> Readiness:
    """All that is in scope. Raises `AzureError` only where nobody answers, or something that is not Azure."""
    before = arm.sent.reads
    names = sorted(scope.subscriptions)
    async with together() as tasks:
        statuses = tasks.create_task(of_each(names, lambda name: _statuses(arm, name)))
        locks = tasks.create_task(of_each(names, lambda name: _locks(arm, name)))
        groups = tasks.create_task(of_each(names, lambda name: _groups(arm, name)))
        networks = tasks.create_task(read_networks(arm, scope.networks, tags_too=scope.service_tags))
        errors = tasks.create_task(of_each(sorted(scope.failures), lambda one: _last_errors(arm, one, scope)))
    there, (network, unread) = groups.result(), networks.result()
    wanted = sorted(scope.snapshot_groups)
    found = await gather(_snapshot_groups(arm, one, there[one.subscription]) for one in wanted)
    return Readiness(
        statuses=statuses.result(),
        locks=locks.result(),
        groups=there,
        snapshot_groups=dict(zip(wanted, found, strict=True)),
        network=network,
        unread_networks=unread,
        last_errors=errors.result(),
        requests=arm.sent.reads - before,
    )


async def _last_errors(arm: Arm, vault: ArmId, scope: ReadinessScope) -> dict[ArmId, str]:
    return await read_last_errors(arm, vault, scope.failures[vault])


# ---- subscriptions -------------------------------------------------------------------------------------------------


async def _statuses(arm: Arm, subscription: str) -> dict[ArmId, VMStatus]:
    request = vm_status.list_request(subscription)
    return dict(await list_of(arm, request, lambda one: (ArmId(one["id"]), vm_status.decode(one))))


async def _locks(arm: Arm, subscription: str) -> tuple[Lock, ...]:
    return tuple(await list_of(arm, lock.list_request(subscription), lock.decode))


async def _groups(arm: Arm, subscription: str) -> frozenset[ArmId]:
    return frozenset(await list_of(arm, resource_group.list_request(subscription), resource_group.decode))


# ---- the resource groups of snapshots ------------------------------------------------------------------------------


async def _snapshot_groups(
    arm: Arm, names: SnapshotGroupNames, there: frozenset[ArmId] | NotRead
) -> tuple[SnapshotGroup, ...]:
    """Those that are there; where there is none, the one that the service will make."""
    if isinstance(there, NotRead):
        return (await _asked_about(arm, names, names.first, exists=None),)
    found = sorted(filter(names.mean, there))
    if not found:
        return (await _asked_about(arm, names, names.first, exists=False),)
    return tuple(await gather(_asked_about(arm, names, one, exists=True) for one in found))


async def _asked_about(arm: Arm, names: SnapshotGroupNames, group: ArmId, *, exists: bool | None) -> SnapshotGroup:
    """A group with what Azure Policy says of it.

    What is to be made inside is asked about at the subscription while there is no group, and the group itself where it
    is certain that it has to be made.
    """
    scope = group.text if exists else f"/subscriptions/{group.subscription}"
    questions = [policy_restrictions.restore_points_request(scope, names.location)]
    if exists is False:
        questions.append(policy_restrictions.group_request(group, names.location))
    points, *itself = await gather(_denials(arm, one) for one in questions)
    return SnapshotGroup(group, exists, itself[0] if itself else (), points)


async def _denials(arm: Arm, request: ArmRequest) -> tuple[Denial, ...] | NotRead:
    async def ask() -> tuple[Denial, ...]:
        return tuple(read(policy_restrictions.decode, (await arm.send(request)).body))

    return await or_not_read(ask())
