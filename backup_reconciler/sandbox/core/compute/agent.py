"""The agent inside a VM: it begins to report some time after the VM began to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, VirtualMachine


def await_agent(estate: Estate, vm: VirtualMachine, since: datetime) -> None:
    """Let the agent report from `since` on; until then the VM has none."""
    vm.agent_version, vm.agent_to_come = None, vm.agent_version
    estate.schedule_outside(since, "agentReports", vm.id)


def report(estate: Estate, vm_id: str, _now: datetime) -> None:
    """The agent reports, unless its VM has gone or was told of another agent."""
    vm = estate.virtual_machine(vm_id)
    if vm is not None and vm.agent_to_come is not None:
        vm.agent_version, vm.agent_to_come = vm.agent_to_come, None


OUTSIDE_EFFECTS = {"agentReports": report}
