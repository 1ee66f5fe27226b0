"""Codec of vaults: ARM JSON ↔ VaultSettings, and the requests that read and write them."""

from collections.abc import Mapping
from typing import Any, get_args

from backup_reconciler.azure import vault_deletion
from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.values import Redundancy
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault

_SKU = {"name": "Standard"}


def list_request(subscription: str) -> ArmRequest:
    """The vaults of a subscription. The list omits their settings; only a GET of one vault has them."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults", Api.VAULTS)


def get_request(vault: ArmId) -> ArmRequest:
    return get(vault.text, Api.VAULTS)


def create_request(vault: ArmId, settings: VaultSettings) -> ArmRequest:
    """PUT, for a vault that does not exist; an existing one is PATCHed, so that nothing unstated is reset."""
    body: dict[str, Any] = {"location": settings.location, "sku": _SKU, "properties": _properties(settings)}
    tags = {name: value for name, value in (settings.tags or {}).items() if value is not None}
    if tags:
        body["tags"] = tags
    return ArmRequest("PUT", vault.text, Api.VAULTS, body=body)


def update_request(vault: ArmId, changed: VaultSettings, live: Mapping[str, Any]) -> ArmRequest:
    """PATCH with the changed fields alone. Tags go whole, because ARM replaces them as one value."""
    body: dict[str, Any] = {}
    if changed.tags is not None:
        body["tags"] = _merged_tags(live.get("tags") or {}, changed.tags)
    if properties := _properties(changed):
        body["properties"] = properties
    return ArmRequest("PATCH", vault.text, Api.VAULTS, body=body)


def decode(arm: Mapping[str, Any]) -> LiveVault:
    """A vault as ARM has it, in the words of a manifest. What is unknown is unstated."""
    properties = arm.get("properties") or {}
    redundancy = (properties.get("redundancySettings") or {}).get("standardTierStorageRedundancy")
    stated: dict[str, Any] = {"location": arm.get("location", "")}
    if redundancy in get_args(Redundancy):
        stated["redundancy"] = redundancy
    stated["tags"] = dict(arm.get("tags") or {})
    return LiveVault(
        id=ArmId(arm["id"]),
        settings=VaultSettings(**stated),
        provisioning_state=properties.get("provisioningState") or "Succeeded",
        raw=arm,
        immutability=vault_deletion.immutability(properties),
        deleted_kept_days=vault_deletion.deleted_kept_days(properties),
        private_endpoints=vault_deletion.private_endpoints(properties),
    )


def _properties(settings: VaultSettings) -> dict[str, Any]:
    if settings.redundancy is None:
        return {}
    return {"redundancySettings": {"standardTierStorageRedundancy": settings.redundancy}}


def _merged_tags(live: Mapping[str, str], wished: Mapping[str, str | None]) -> dict[str, str]:
    """Live tags with the wished ones over them; a tag's name ignores letter case, and null removes the tag."""
    names = {name.casefold() for name in wished}
    kept = {name: value for name, value in live.items() if name.casefold() not in names}
    return kept | {name: value for name, value in wished.items() if value is not None}
