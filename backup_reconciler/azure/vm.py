"""Codec of virtual machines: ARM JSON → LiveVM."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.vm import LiveVM


def list_request(subscription: str) -> ArmRequest:
    """The VMs of a subscription. Their ids print the resource group in capitals (recorded answers of Compute)."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines", Api.COMPUTE)


def decode(arm: Mapping[str, Any]) -> LiveVM:
    return LiveVM(
        id=ArmId(arm["id"]),
        location=str(arm.get("location", "")).replace(" ", "").lower(),
        tags={name.casefold(): value for name, value in (arm.get("tags") or {}).items()},
    )
