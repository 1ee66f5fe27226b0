"""Codec of virtual machines with all that a copy needs: ARM JSON of the two lists → LiveMachine.

The list of models has no status, and the list of status has neither tags nor most of the model
(azure-sdk-for-go issue 18565), so both are read.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.machine import LiveAgent, LiveDisk, LiveMachine

_POWER: Mapping[str, Literal["running", "stopped", "deallocated"]] = {
    "running": "running",
    "starting": "running",
    "stopped": "stopped",
    "stopping": "stopped",
    "deallocated": "deallocated",
    "deallocating": "deallocated",
}
"""Power states by where they lead: a VM on its way is as good as there."""


def status_request(subscription: str) -> ArmRequest:
    """What runs of the VMs of a subscription: power and agent."""
    path = f"/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines"
    return get(path, Api.COMPUTE, statusOnly="true")


def decode(model: Mapping[str, Any], status: Mapping[str, Any]) -> LiveMachine:
    """A VM from its place in each list; the second is empty where that list does not have it."""
    properties = model.get("properties") or {}
    storage = properties.get("storageProfile") or {}
    os_disk = storage.get("osDisk") or {}
    view = (status.get("properties") or {}).get("instanceView") or {}
    os = os_disk.get("osType")
    return LiveMachine(
        id=ArmId(model["id"]),
        location=str(model.get("location", "")).replace(" ", "").lower(),
        os=os if os in ("Linux", "Windows") else None,
        tags=dict(model.get("tags") or {}),
        size=(properties.get("hardwareProfile") or {}).get("vmSize"),
        security_type=(properties.get("securityProfile") or {}).get("securityType"),
        managed=bool(os_disk.get("managedDisk")) or not os_disk.get("vhd"),
        disks=tuple(_disk(disk) for disk in storage.get("dataDisks") or []),
        zones=tuple(model.get("zones") or ()),
        has_identity="SystemAssigned" in str((model.get("identity") or {}).get("type")),
        power=_power(view.get("statuses") or []),
        agent=_agent(view.get("vmAgent")),
    )


def _disk(disk: Mapping[str, Any]) -> LiveDisk:
    managed = disk.get("managedDisk") or {}
    return LiveDisk(disk["lun"], disk.get("diskSizeGB"), managed.get("storageAccountType"), not disk.get("vhd"))


def _power(statuses: Sequence[Mapping[str, Any]]) -> Literal["running", "stopped", "deallocated"] | None:
    for status in statuses:
        kind, _, state = str(status.get("code", "")).partition("/")
        if kind == "PowerState":
            return _POWER.get(state.casefold())
    return None


def _agent(agent: Mapping[str, Any] | None) -> LiveAgent | None:
    """Of a machine that does not run nothing is told; one whose agent is silent has the version `Unknown`."""
    if not agent:
        return None
    version = agent.get("vmAgentVersion")
    return LiveAgent(None if version in (None, "", "Unknown") else version)
