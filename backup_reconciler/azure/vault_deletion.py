"""What a vault's own answer tells of deleting it and what it holds, and the request that does it."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import Immutability

_OFF = "disabled"


def delete_request(vault: ArmId) -> ArmRequest:
    return ArmRequest("DELETE", vault.text, Api.VAULTS)


def immutability(properties: Mapping[str, Any]) -> Immutability:
    """Whether recovery points are kept from being deleted; none told is Disabled (terraform-provider-azurerm)."""
    settings = _security(properties).get("immutabilitySettings") or {}
    state = settings.get("state")
    return cast("Immutability", state) if state in get_args(Immutability) else "Disabled"


def deleted_kept_days(properties: Mapping[str, Any]) -> int | None:
    """Days for which deleted backups can be brought back: 0 where soft delete is off, None where that is not told."""
    settings = _security(properties).get("softDeleteSettings") or {}
    if str(settings.get("softDeleteState")).casefold() == _OFF:
        return 0
    days = settings.get("softDeleteRetentionPeriodInDays")
    return None if days is None else int(days)


def private_endpoints(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """ARM ids of the private endpoints that are connected."""
    connections = properties.get("privateEndpointConnections") or ()
    return tuple(_endpoint(connection) for connection in connections)


def _endpoint(connection: Mapping[str, Any]) -> str:
    """The endpoint of a connection, or the connection itself where that does not tell it."""
    endpoint = (connection.get("properties") or {}).get("privateEndpoint") or {}
    return str(endpoint.get("id") or connection["id"])


def _security(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = properties.get("securitySettings") or {}
    return found
