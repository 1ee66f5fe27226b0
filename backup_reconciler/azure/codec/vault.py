"""Codec of vaults: ARM JSON ↔ VaultSettings, and the requests that read and write them."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import resource_tags, vault_encryption, vault_identity, vault_settings
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault

_SKU = {"name": "Standard"}


def list_request(subscription: str) -> ArmRequest:
    """The vaults of a subscription. The list omits their settings; only a GET of one vault has them."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults", Api.VAULTS)


def get_request(vault: ArmId) -> ArmRequest:
    return get(vault.text, Api.VAULTS)


def delete_request(vault: ArmId) -> ArmRequest:
    return ArmRequest("DELETE", vault.text, Api.VAULTS)


def create_request(vault: ArmId, settings: VaultSettings) -> ArmRequest:
    """PUT, for a vault that does not exist; an existing one is PATCHed, so that nothing unstated is reset."""
    body: dict[str, Any] = {"location": settings.location, "sku": _SKU, "properties": _properties(settings, {})}
    tags = {name: value for name, value in (settings.tags or {}).items() if value is not None}
    if tags:
        body["tags"] = tags
    if settings.identity is not None:
        body["identity"] = vault_identity.encode(settings.identity, None)
    return ArmRequest("PUT", vault.text, Api.VAULTS, body=body)


def update_request(vault: ArmId, changed: VaultSettings, live: Mapping[str, Any]) -> ArmRequest:
    """PATCH with the changed fields alone. Tags and identities go whole, because ARM takes each as one value."""
    body: dict[str, Any] = {}
    if changed.tags is not None:
        body["tags"] = _merged_tags(live.get("tags") or {}, changed.tags)
    if changed.identity is not None:
        body["identity"] = vault_identity.encode(changed.identity, live.get("identity"))
    if properties := _properties(changed, live.get("properties") or {}):
        body["properties"] = properties
    return ArmRequest("PATCH", vault.text, Api.VAULTS, body=body)


def written_whole(arm: Mapping[str, Any]) -> dict[str, Any]:
    """What of a vault is written as one value: a write of it would undo what somebody else changed in it meanwhile."""
    return {"tags": dict(arm.get("tags") or {}), "identities": vault_identity.decode(arm.get("identity"))}


def tells_redundancy(arm: Mapping[str, Any]) -> bool:
    """Whether a vault's answer tells its redundancy; those of old api-versions do not (azure-mgmt-recoveryservices)."""
    return "redundancy" in decode(arm).stated()


def decode(arm: Mapping[str, Any]) -> LiveVault:
    """A vault as ARM has it, in the words of a manifest. What is unknown is unstated."""
    properties = arm.get("properties") or {}
    stated, unsayable = vault_settings.decode(properties)
    stated["location"] = arm.get("location", "")
    stated["tags"] = resource_tags.decode(arm)
    settings = VaultSettings.model_validate(stated).model_copy(
        update={
            "identity": vault_identity.decode(arm.get("identity")),
            "encryption": vault_encryption.decode(properties.get("encryption")),
        }
    )
    return LiveVault(
        id=ArmId(arm["id"]),
        settings=settings,
        provisioning_state=str(properties.get("provisioningState") or "Succeeded"),
        raw=arm,
        unsayable=unsayable,
        private_endpoints=_private_endpoints(properties),
    )


def _properties(settings: VaultSettings, live: Mapping[str, Any]) -> dict[str, Any]:
    properties = vault_settings.encode(settings.stated(), live)
    if settings.encryption is not None:
        properties["encryption"] = vault_encryption.encode(settings.encryption)
    return properties


def _merged_tags(live: Mapping[str, str], wished: Mapping[str, str | None]) -> dict[str, str]:
    """Live tags with the wished ones over them; a tag's name ignores letter case, and null removes the tag."""
    names = {name.casefold() for name in wished}
    kept = {name: value for name, value in live.items() if name.casefold() not in names}
    return kept | {name: value for name, value in wished.items() if value is not None}


def _private_endpoints(properties: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_endpoint(connection) for connection in properties.get("privateEndpointConnections") or ())


def _endpoint(connection: Mapping[str, Any]) -> str:
    """The endpoint of a connection, or the connection itself where that does not tell it."""
    endpoint = (connection.get("properties") or {}).get("privateEndpoint") or {}
    return str(endpoint.get("id") or connection["id"])
