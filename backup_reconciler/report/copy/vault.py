"""A vault's settings in a copy, and those that no world can state."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backup_reconciler.report.copy.names import Names
from backup_reconciler.spec.ranges import SOFT_DELETE_DAYS
from backup_reconciler.state.vault import LiveVault

_SOFT_DELETE = {"Enabled": "Enabled", "Disabled": "Disabled", "AlwaysOn": "AlwaysON"}


def copy_settings(vault: LiveVault, names: Names) -> dict[str, Any]:
    """What is read of a vault itself."""
    settings = vault.settings
    entry: dict[str, Any] = {"location": settings.location}
    if settings.redundancy:
        entry["redundancy"] = settings.redundancy
    if (settings.redundancy, settings.cross_region_restore) == ("GeoRedundant", "Enabled"):
        entry["crossRegionRestore"] = True
    if soft_delete := _soft_delete(vault.stated().get("softDelete", {})):
        entry["softDelete"] = soft_delete
    if settings.immutability in ("Unlocked", "Locked"):
        entry["immutability"] = settings.immutability
    tags = {name: value for name, value in (settings.tags or {}).items() if value is not None}
    if tags:
        entry["tags"] = names.tags(tags)
    return entry


def unsaid(vault: LiveVault) -> list[str]:
    """What a vault has and no world can state."""
    properties = vault.raw.get("properties") or {}
    return [what for what, has in _UNSAID if has(vault, properties)]


_UNSAID: Sequence[tuple[str, Callable[[LiveVault, Mapping[str, Any]], object]]] = (
    (
        "its redundancy, which no world can state, so it is GeoRedundant",
        lambda vault, _: "redundancy" in vault.unsayable,
    ),
    ("its identity", lambda vault, _: any(vault.stated()["identity"].values())),
    ("its key for encryption", lambda vault, _: vault.settings.encryption),
    ("its private endpoints", lambda _, its: its.get("privateEndpointConnections")),
    ("that the public network may not reach it", lambda vault, _: vault.settings.public_network_access == "Disabled"),
    (
        "its restores into other subscriptions",
        lambda vault, _: vault.settings.cross_subscription_restore not in (None, "Enabled"),
    ),
    ("its alerts", lambda vault, _: vault.settings.alerts),
    ("its Resource Guard", lambda _, its: _is_guarded(its)),
)


def _is_guarded(properties: Mapping[str, Any]) -> bool:
    return (properties.get("securitySettings") or {}).get("multiUserAuthorization") == "Enabled"


def _soft_delete(told: Mapping[str, Any]) -> dict[str, Any]:
    state, days = _SOFT_DELETE.get(told.get("state", "")), told.get("retentionDays")
    entry: dict[str, Any] = {"state": state} if state else {}
    return entry | ({"retentionDays": days} if days and days in SOFT_DELETE_DAYS else {})
