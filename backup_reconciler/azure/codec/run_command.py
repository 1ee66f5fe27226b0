"""Codec of managed run commands: ARM JSON, and rows of Resource Graph → RunCommand."""

from collections.abc import Mapping, Sequence
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.run_command import RunCommand

_SECONDS = 600
"""How long a script may take; ours take a few seconds."""

_OF_OURS = (
    "resources"
    " | where type =~ 'microsoft.compute/virtualmachines/runcommands' and name startswith 'backup-reconciler-'"
    " | project id, location, script = tostring(properties.source.script),"
    " state = tostring(properties.provisioningState)"
)


def get_request(command: ArmId) -> ArmRequest:
    """With the instance view: without it nothing tells how the script ended."""
    return get(command.text, Api.COMPUTE, **{"$expand": "instanceView"})


def put_request(command: ArmId, location: str, script: str) -> ArmRequest:
    """Sends the script into the VM, and has its failure count as one of the resource.

    A command that is there already is replaced, and runs anew.
    """
    properties = {
        "source": {"script": script},
        "asyncExecution": False,
        "treatFailureAsDeploymentFailure": True,
        "timeoutInSeconds": _SECONDS,
    }
    return ArmRequest("PUT", command.text, Api.COMPUTE, body={"location": location, "properties": properties})


def delete_request(command: ArmId) -> ArmRequest:
    return ArmRequest("DELETE", command.text, Api.COMPUTE)


def decode(arm: Mapping[str, Any]) -> RunCommand:
    properties = arm.get("properties") or {}
    view = properties.get("instanceView") or {}
    return RunCommand(
        id=ArmId(arm["id"]),
        location=arm["location"],
        script=(properties.get("source") or {}).get("script"),
        provisioning_state=str(properties.get("provisioningState", "")),
        execution_state=view.get("executionState"),
        exit_code=view.get("exitCode"),
        message=str(view.get("executionMessage") or ""),
        error=str(view.get("error") or ""),
    )


async def listed(arm: Arm, subscriptions: Sequence[str]) -> list[RunCommand]:
    """Those in these subscriptions that bear a name of ours, by Resource Graph, which is minutes behind.

    It is the only list over many VMs that there is: Compute lists the run commands of one.
    """
    return await graph.query(arm, _OF_OURS, subscriptions, _decode_row)


def _decode_row(row: Mapping[str, Any]) -> RunCommand:
    return RunCommand(ArmId(row["id"]), row["location"], row["script"] or None, row["state"])
