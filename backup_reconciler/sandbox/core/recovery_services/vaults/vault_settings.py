"""What a vault is set to: the defaults of a new one, and how its settings are read and laid over each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.wire.messages import Json, section

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Vault


def new_settings(soft_delete_state: str = "Enabled") -> Json:
    """A new vault, as read back when nothing was asked for (R26; redundancy varies by region, Geo is documented)."""
    return {
        "backupStorageVersion": "Unassigned",
        "securitySettings": {
            "softDeleteSettings": {
                "softDeleteRetentionPeriodInDays": 14,
                "softDeleteState": soft_delete_state,
                "enhancedSecurityState": soft_delete_state,
            },
            "multiUserAuthorization": "Disabled",
            "sourceScanConfiguration": {"state": "Disabled"},
        },
        "redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant", "crossRegionRestore": "Disabled"},
        "regionOfChoiceSettings": {"status": "Disabled"},
        "secureScore": "Adequate",
        "bcdrSecurityLevel": "Good",
        "publicNetworkAccess": "Enabled",
        "restoreSettings": {"crossSubscriptionRestoreSettings": {"crossSubscriptionRestoreState": "Enabled"}},
    }


def redundancy(vault: Vault) -> Json:
    found: Json = vault.properties["redundancySettings"]
    return found


def soft_delete(vault: Vault) -> Json:
    found: Json = vault.properties["securitySettings"]["softDeleteSettings"]
    return found


def soft_delete_on(vault: Vault) -> bool:
    return bool(soft_delete(vault)["softDeleteState"] != "Disabled")


def immutability(vault: Vault) -> str:
    """Disabled where it was never set: null means Disabled (TF)."""
    settings = section(vault.properties["securitySettings"], "immutabilitySettings")
    return str(settings.get("state") or "Disabled")


def merge(target: Json, patch: Json) -> None:
    """Lay one object over another, object by object; null leaves what is there."""
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value)
        elif value is not None:
            target[key] = value
