"""Reading all that a copy of an estate needs: three lists a subscription and three reads a vault, none for a VM."""

from collections.abc import Callable

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import machine, vm, vm_status
from backup_reconciler.azure.reading import read_all
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.vault import read_estate
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.estate_copy import EstateToCopy
from backup_reconciler.state.machine import LiveMachine


async def read_to_copy(arm: Arm, subscriptions: frozenset[str], wanted: Callable[[ArmId], bool]) -> EstateToCopy:
    """The wanted vaults of these subscriptions (ids in lower case) with what they hold, and every VM there."""
    async with together() as tasks:
        vaults = tasks.create_task(read_estate(arm, subscriptions, wanted))
        machines = tasks.create_task(gather(_machines(arm, one) for one in sorted(subscriptions)))
    found = [one for each in machines.result() for one in each]
    return EstateToCopy(arm.clock.now(), subscriptions, vaults.result(), sorted(found, key=lambda one: one.id))


async def _machines(arm: Arm, subscription: str) -> list[LiveMachine]:
    """The VMs of one subscription: two lists."""
    async with together() as tasks:
        models = tasks.create_task(arm.list(vm.list_request(subscription)))
        status = tasks.create_task(arm.list(vm_status.list_request(subscription)))
    by_id = dict(read_all(lambda one: (ArmId(one["id"]), one), status.result()))
    return read_all(lambda one: machine.decode(one, by_id.get(ArmId(one["id"]), {})), models.result())
