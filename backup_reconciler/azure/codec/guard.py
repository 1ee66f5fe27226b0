"""Codec of a vault's tie to a Resource Guard: ARM JSON → LiveGuard."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.guard import LiveGuard


def list_request(vault: ArmId) -> ArmRequest:
    """The ties of a vault; there is one at most."""
    return get(vault.child("backupResourceGuardProxies").text, Api.BACKUP)


def is_governed(vault: Mapping[str, Any]) -> bool:
    """Whether a vault's own answer tells that a guard watches over it (multi-user authorization)."""
    security = (vault.get("properties") or {}).get("securitySettings") or {}
    return str(security.get("multiUserAuthorization")).casefold() == "enabled"


def decode(arm: Mapping[str, Any]) -> LiveGuard:
    properties = arm["properties"]
    details = properties.get("resourceGuardOperationDetails") or ()
    return LiveGuard(
        id=str(properties["resourceGuardResourceId"]),
        operations=frozenset(str(detail.get("vaultCriticalOperation")).casefold() for detail in details),
    )
