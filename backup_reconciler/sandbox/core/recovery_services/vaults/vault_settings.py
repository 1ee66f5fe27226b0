"""What a vault may be set to: defaults of a new one, and the rules of every change.

The vault API of today (`properties` of the vault) and the two configuration resources write the same settings; the
rules stand here once, for both.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.wire.messages import Json, Refused, section

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Vault

REDUNDANCIES = ("GeoRedundant", "LocallyRedundant", "ZoneRedundant", "ReadAccessGeoZoneRedundant")
_SOFT_DELETE_STATES = {"enabled": "Enabled", "disabled": "Disabled", "alwayson": "AlwaysON"}
_READ_ONLY = {
    "provisioningState", "privateEndpointStateForBackup", "privateEndpointStateForSiteRecovery", "secureScore",
    "bcdrSecurityLevel", "backupStorageVersion", "privateEndpointConnections", "regionOfChoiceSettings",
    "upgradeDetails", "moveDetails", "moveState",
}  # fmt: skip
_IMMUTABILITY_STEPS = {("Disabled", "Unlocked"), ("Unlocked", "Disabled"), ("Unlocked", "Locked")}


def new_settings() -> Json:
    """A new vault, as read back when nothing was asked for (R26; redundancy varies by region, Geo is documented)."""
    return {
        "backupStorageVersion": "Unassigned",
        "securitySettings": {
            "softDeleteSettings": {
                "softDeleteRetentionPeriodInDays": 14,
                "softDeleteState": "Enabled",
                "enhancedSecurityState": "Enabled",
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


def change(vault: Vault, asked: Json, *, creating: bool = False) -> None:
    """Lay what a request asks for over what the vault has, after every rule has agreed."""
    asked = copy.deepcopy({key: value for key, value in asked.items() if key not in _READ_ONLY})
    security = section(asked, "securitySettings")
    security.pop("multiUserAuthorization", None)
    _check_redundancy(vault, section(asked, "redundancySettings"))
    _check_soft_delete(vault, section(security, "softDeleteSettings"))
    _check_immutability(vault, section(security, "immutabilitySettings"), creating=creating)
    merge(vault.properties, asked)


def merge(target: Json, patch: Json) -> None:
    """Lay one object over another, object by object; null leaves what is there."""
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value)
        elif value is not None:
            target[key] = value


def _check_redundancy(vault: Vault, asked: Json) -> None:
    now = redundancy(vault)
    kind = asked.get("standardTierStorageRedundancy") or now["standardTierStorageRedundancy"]
    cross_region = asked.get("crossRegionRestore") or now["crossRegionRestore"]
    if kind not in REDUNDANCIES or cross_region not in ("Enabled", "Disabled"):
        raise _invalid("redundancySettings")
    if kind != now["standardTierStorageRedundancy"] and vault.redundancy_locked:
        raise Refused(
            400,
            "StorageModelModifyError",
            "Storage Redundancy option is locked when the first machine is registered with the vault, and cannot be "
            "modified thereafter.",
        )
    # Cross-region restore: only on GeoRedundant, and for good (CLI, TF). The service's own code is in no source.
    if cross_region == "Enabled" and kind != "GeoRedundant":
        raise _invalid("redundancySettings.crossRegionRestore")
    if cross_region == "Disabled" and now["crossRegionRestore"] == "Enabled":
        raise _invalid("redundancySettings.crossRegionRestore")


def _check_soft_delete(vault: Vault, asked: Json) -> None:
    """Normalises the states in place: `AlwaysOn` is read back as `AlwaysON` (R26)."""
    now = soft_delete(vault)
    for name in ("softDeleteState", "enhancedSecurityState"):
        if asked.get(name) is not None:
            state = _SOFT_DELETE_STATES.get(str(asked[name]).lower())
            if state is None:
                raise _invalid(f"securitySettings.softDeleteSettings.{name}")
            asked[name] = state
    if now["softDeleteState"] == "AlwaysON" and asked.get("softDeleteState", "AlwaysON") != "AlwaysON":
        raise Refused(
            400,
            "BMSUserErrorDisablingSoftDeleteStateNotAllowed",
            "Soft delete is set to always-on for this vault and cannot be disabled.",
        )
    days: Any = asked.get("softDeleteRetentionPeriodInDays")
    if days is not None and not (isinstance(days, int) and 14 <= days <= 180):
        raise _invalid("securitySettings.softDeleteSettings.softDeleteRetentionPeriodInDays")


def _check_immutability(vault: Vault, asked: Json, *, creating: bool) -> None:
    """Disabled ↔ Unlocked → Locked, and never Locked at once (TF)."""
    wanted, now = str(asked.get("state") or immutability(vault)), immutability(vault)
    if wanted == now or ((now, wanted) in _IMMUTABILITY_STEPS and not (creating and wanted == "Locked")):
        return
    raise Refused(
        400,
        "UserErrorUnsupportedVaultImmutabilityStateChange",
        f"Changing the immutability state of the vault from {now} to {wanted} is not supported.",
    )


def _invalid(field: str) -> Refused:
    # InvalidRestApiParameter is what the vault API is known to say to a value it does not take (TF issue).
    return Refused(400, "InvalidRestApiParameter", f"The value of the parameter properties.{field} is not valid.")
