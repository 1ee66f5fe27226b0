"""A vault's settings in a copy, and those that no world can state."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from backup_reconciler.report.copy.names import Names
from backup_reconciler.spec.values import Redundancy
from backup_reconciler.state.vault import LiveVault

_SOFT_DELETE = {"enabled": "Enabled", "disabled": "Disabled", "alwayson": "AlwaysON"}
_SHORTEST, _LONGEST = 14, 180
"""Days that a vault keeps what was deleted (SDKB)."""


def copy_settings(vault: LiveVault, names: Names) -> dict[str, Any]:
    """What is read of a vault itself."""
    properties = _object(vault.raw, "properties")
    security, redundancy = _object(properties, "securitySettings"), _object(properties, "redundancySettings")
    entry: dict[str, Any] = {"location": vault.settings.location}
    if vault.settings.redundancy:
        entry["redundancy"] = vault.settings.redundancy
    if vault.settings.redundancy == "GeoRedundant" and redundancy.get("crossRegionRestore") == "Enabled":
        entry["crossRegionRestore"] = True
    if soft_delete := _soft_delete(_object(security, "softDeleteSettings")):
        entry["softDelete"] = soft_delete
    if (immutability := _object(security, "immutabilitySettings").get("state")) in ("Unlocked", "Locked"):
        entry["immutability"] = immutability
    tags = {name: value for name, value in (vault.settings.tags or {}).items() if value is not None}
    if tags:
        entry["tags"] = names.tags(tags)
    return entry


def unsaid(vault: LiveVault) -> list[str]:
    """What a vault has and no world can state."""
    properties = _object(vault.raw, "properties")
    return [what for what, has in _UNSAID if has(vault.raw, properties)]


_UNSAID: Sequence[tuple[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]]] = (
    ("its redundancy, which no world can state, so it is GeoRedundant", lambda _, its: _odd_redundancy(its)),
    ("its identity", lambda vault, _: _object(vault, "identity").get("type") not in (None, "None")),
    ("its key for encryption", lambda _, its: bool(_object(_object(its, "encryption"), "keyVaultProperties"))),
    ("its private endpoints", lambda _, its: bool(its.get("privateEndpointConnections"))),
    ("that the public network may not reach it", lambda _, its: its.get("publicNetworkAccess") == "Disabled"),
    (
        "its Resource Guard",
        lambda _, its: _object(its, "securitySettings").get("multiUserAuthorization") == "Enabled",
    ),
)


def _odd_redundancy(properties: Mapping[str, Any]) -> bool:
    redundancy = _object(properties, "redundancySettings").get("standardTierStorageRedundancy")
    return redundancy not in (None, "Invalid", *get_args(Redundancy))


def _soft_delete(stated: Mapping[str, Any]) -> dict[str, Any]:
    state, days = _SOFT_DELETE.get(str(stated.get("softDeleteState")).casefold()), None
    if isinstance(stated.get("softDeleteRetentionPeriodInDays"), int):
        days = stated["softDeleteRetentionPeriodInDays"]
    entry: dict[str, Any] = {"state": state} if state else {}
    return entry | ({"retentionDays": days} if days and _SHORTEST <= days <= _LONGEST else {})


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, Mapping) else {}
