"""Codec of what runs of virtual machines: ARM JSON of the status list → VMStatus."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.state.vm_status import FailedExtension, LiveAgent, Power, VMStatus

_POWER: Mapping[str, Power] = {
    "running": "running",
    "starting": "running",
    "stopped": "stopped",
    "stopping": "stopped",
    "deallocated": "deallocated",
    "deallocating": "deallocated",
}
"""Power states by where they lead: a VM on its way is as good as there."""

_SNAPSHOT_EXTENSIONS = frozenset(
    f"microsoft.azure.recoveryservices.{kind}" for kind in ("vmsnapshot", "vmsnapshotlinux")
)
"""By publisher and type, as an instance view names them (Azure Backup: troubleshoot VM backups)."""


def list_request(subscription: str) -> ArmRequest:
    """What runs of the VMs of a subscription: a list beside that of their models, with neither tags nor disks."""
    path = f"/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines"
    return get(path, Api.COMPUTE, statusOnly="true")


def decode(arm: Mapping[str, Any]) -> VMStatus:
    properties = arm.get("properties") or {}
    view = properties.get("instanceView") or {}
    return VMStatus(
        power=_power(view.get("statuses") or ()),
        agent=_agent(view.get("vmAgent")),
        provisioning_failure=_provisioning_failure(properties, view),
        snapshot_extension=next(_failed_snapshot_extensions(view), None),
    )


def _power(statuses: Sequence[Mapping[str, Any]]) -> Power | None:
    for status in statuses:
        kind, _, state = _code(status).partition("/")
        if kind == "powerstate":
            return _POWER.get(state)
    return None


def _agent(agent: Mapping[str, Any] | None) -> LiveAgent | None:
    """Of a machine that does not run nothing is told; one whose agent is silent has the version `Unknown`."""
    if not agent:
        return None
    silent = any(_code(status) == "provisioningstate/unavailable" for status in agent.get("statuses") or ())
    version = agent.get("vmAgentVersion")
    return LiveAgent(None if silent or version in (None, "", "Unknown") else version)


def _provisioning_failure(properties: Mapping[str, Any], view: Mapping[str, Any]) -> str | None:
    """The instance view says why; where it does not, the state alone says that."""
    told = _failure(view.get("statuses") or ())
    if told is not None:
        return told
    return "" if str(properties.get("provisioningState", "")).casefold() == "failed" else None


def _failed_snapshot_extensions(view: Mapping[str, Any]) -> Iterator[FailedExtension]:
    for extension in view.get("extensions") or ():
        if str(extension.get("type", "")).casefold() in _SNAPSHOT_EXTENSIONS:
            message = _failure(extension.get("statuses") or ())
            if message is not None:
                yield FailedExtension(str(extension.get("name", "")), message)


def _failure(statuses: Sequence[Mapping[str, Any]]) -> str | None:
    """The message of the failed provisioning among some statuses: `ProvisioningState/failed`, or with its error."""
    for status in statuses:
        if _code(status).startswith("provisioningstate/failed"):
            return " ".join(str(status.get("message") or "").split())
    return None


def _code(status: Mapping[str, Any]) -> str:
    return str(status.get("code", "")).casefold()
