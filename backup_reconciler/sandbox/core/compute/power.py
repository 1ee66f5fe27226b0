"""Starting, stopping and deallocating VMs. Each takes its time, and the power state says so meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from backup_reconciler.sandbox.core.compute import operations
from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.compute.vm import VM, find_alive
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response

    Power = Literal["running", "stopped", "deallocated"]
    Turning = Literal["starting", "stopping", "deallocating"]

_WAYS: dict[Turning, tuple[Power, float]] = {
    "starting": ("running", 30.0),
    "stopping": ("stopped", 20.0),
    "deallocating": ("deallocated", 40.0),
}
"""Where each leads, and the seconds it takes; no source tells the latter."""


def _turn(way: Turning) -> Callable[[Call], Response]:
    target, seconds = _WAYS[way]

    def turn(call: Call) -> Response:
        vm = find_alive(call)
        if way == "stopping" and vm.power == "deallocated":
            raise refused(409, "OperationNotAllowed", "The operation requires the VM to be running (or set to run).")
        moves = vm.power != target or vm.turning not in {None, way}
        begun = operations.begin(call, seconds if moves else 0.0)
        if moves:
            vm.turning = way
            call.estate.schedule_outside(begun.ends, way, vm.id)
        return operations.accepted(call, vm.location, begun)

    return turn


def restart(call: Call) -> Response:
    """A running VM stays running all the way (as its power state tells)."""
    vm = find_alive(call)
    if vm.power != "running":
        raise refused(409, "OperationNotAllowed", "The operation requires the VM to be running (or set to run).")
    return operations.accepted(call, vm.location, operations.begin(call, _WAYS["starting"][1]))


def _arrive(way: Turning) -> Callable[[Estate, str, datetime], None]:
    def arrive(estate: Estate, vm_id: str, _now: datetime) -> None:
        """The way is done, unless the VM took another one meanwhile, or is gone."""
        vm: VirtualMachine | None = estate.virtual_machine(vm_id)
        if vm is not None and vm.turning == way:
            vm.power, vm.turning = _WAYS[way][0], None

    return arrive


ROUTES = (
    Route("POST", f"{VM}/start", _turn("starting")),
    Route("POST", f"{VM}/powerOff", _turn("stopping")),
    Route("POST", f"{VM}/deallocate", _turn("deallocating")),
    Route("POST", f"{VM}/restart", restart),
)
OUTSIDE_EFFECTS = {way: _arrive(way) for way in _WAYS}
