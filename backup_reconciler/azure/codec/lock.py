"""Codec of management locks: ARM JSON → Lock."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.lock import Lock

_LOCKS = "/providers/microsoft.authorization/locks/"


def list_request(subscription: str) -> ArmRequest:
    """Every lock of a subscription, those on its resource groups and resources included: there are none above it."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.Authorization/locks", Api.LOCKS)


def decode(arm: Mapping[str, Any]) -> Lock:
    """A lock; its id begins with the scope that it is on."""
    id_ = str(arm["id"])
    scope = id_[: id_.casefold().rindex(_LOCKS)]
    return Lock(str(arm.get("name", "")), str(arm["properties"]["level"]), ArmId(scope))
