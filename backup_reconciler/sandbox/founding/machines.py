"""Virtual machines of a world."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure, ResourceGroup, VirtualMachine
from backup_reconciler.sandbox.core.wire.call import guid

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.world.machine import VirtualMachineModel
    from backup_reconciler.sandbox.world.world import World


def found_machine(
    world: World, group: ResourceGroup, name: str, vm: VirtualMachineModel, rng: Random
) -> VirtualMachine:
    failure = Failure(**vm.configure_fails.model_dump()) if vm.configure_fails else None
    return VirtualMachine(
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
