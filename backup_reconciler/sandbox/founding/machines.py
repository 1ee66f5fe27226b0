"""Virtual machines of a world."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import (
    TENANT_ID,
    BackupFailure,
    DataDisk,
    Extension,
    Failure,
    Guest,
    Hardware,
    Json,
    ResourceGroup,
    ScriptOutcome,
    VirtualMachine,
    fold,
)
from backup_reconciler.sandbox.core.wire.call import guid

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.world.machine import BackupFailureModel, VirtualMachineModel
    from backup_reconciler.sandbox.world.world import World

_USUAL = Hardware()
"""One for all that say nothing of theirs: they are many."""

_LONG = timedelta(days=3652)
"""The age of a VM of which the world tells none: older than any backup that it tells."""


def found_machine(
    world: World, group: ResourceGroup, name: str, vm: VirtualMachineModel, rng: Random
) -> VirtualMachine:
    failure = Failure(**vm.configure_fails.model_dump()) if vm.configure_fails else None
    born = vm.created_at or world.clock - _LONG
    return VirtualMachine(
        group.subscription,
        group.name,
        name,
        vm.location,
        guid(rng),
        born,
        os=vm.os,
        tags=dict(vm.tags),
        power=vm.power,
        agent_version=vm.agent.version if vm.agent else None,
        configure_fails=failure,
        needs_network=vm.needs_network,
        backup_fails=_backup_fails(vm.backup_fails) if vm.backup_fails else None,
        hardware=_hardware(vm),
        identity=_identity(vm, rng),
        guest=_guest(vm, born),
    )


def _backup_fails(told: BackupFailureModel) -> BackupFailure:
    return BackupFailure(Failure(told.code, told.message, told.number), told.phase, told.times)


def _identity(vm: VirtualMachineModel, rng: Random) -> Json | None:
    return {"type": vm.identity, "principalId": guid(rng), "tenantId": TENANT_ID} if vm.identity else None


def _hardware(vm: VirtualMachineModel) -> Hardware:
    made = Hardware(
        vm.size,
        vm.security_type,
        vm.managed,
        tuple(DataDisk(**disk.model_dump()) for disk in vm.disks),
        tuple(vm.zones),
    )
    return _USUAL if made == _USUAL else made


def _guest(vm: VirtualMachineModel, born: datetime) -> Guest | None:
    if not (vm.extensions or vm.run_commands):
        return None
    return Guest(
        {
            fold(name): Extension(
                name,
                each.publisher,
                each.type or name,
                each.version,
                born,
                "Failed" if each.state == "failed" else "Succeeded",
                each.message,
            )
            for name, each in vm.extensions.items()
        },
        [ScriptOutcome(**script.model_dump()) for script in vm.run_commands],
    )
