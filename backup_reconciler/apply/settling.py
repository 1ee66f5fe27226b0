"""Waiting until a resource of the network, or of Compute, has settled after a write."""

from typing import Any

from backup_reconciler.apply.failure import Failure
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.request import ArmRequest

_LOOK = 5.0
"""Seconds between two looks."""
_LOOKS = 720
"""An hour: an Azure Firewall takes minutes, and a script as long as it is allowed to."""
_UNDER_WAY = frozenset({"creating", "updating", "deleting", "accepted", "running"})


async def settled(get: ArmRequest, arm: Arm) -> Any:
    """The resource once nothing of it is under way any more; None where it is not there.

    Raises `Failure` where that takes more than an hour. Whether it ended well is the caller's to tell, because some
    resources say what went wrong.
    """
    for _ in range(_LOOKS):
        answer = await arm.find(get)
        if answer is None or provisioning_state(answer.body).casefold() not in _UNDER_WAY:
            return answer.body if answer else None
        await arm.clock.sleep(_LOOK)
    raise Failure("Azure is still at it after an hour")


def provisioning_state(body: Any) -> str:
    """Azure's own word: Succeeded, Updating, Failed…"""
    return str((body.get("properties") or {}).get("provisioningState", ""))
