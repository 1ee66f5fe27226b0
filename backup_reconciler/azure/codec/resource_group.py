"""Codec of resource groups, of which only the names are asked for."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId


def list_request(subscription: str) -> ArmRequest:
    return get(f"/subscriptions/{subscription}/resourceGroups", Api.RESOURCES)


def decode(arm: Mapping[str, Any]) -> ArmId:
    return ArmId(arm["id"])
