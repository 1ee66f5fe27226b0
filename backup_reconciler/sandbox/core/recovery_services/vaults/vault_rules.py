"""The rules of every change of a vault's settings.

The vault API of today (`properties` of the vault) and the two configuration resources write the same settings; the
rules stand here once, for both.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.recovery_services.vaults import guard
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import (
    immutability,
    merge,
    redundancy,
    soft_delete,
)
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, section

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Vault
    from backup_reconciler.sandbox.core.wire.call import Call

REDUNDANCIES = ("GeoRedundant", "LocallyRedundant", "ZoneRedundant", "ReadAccessGeoZoneRedundant")
_SOFT_DELETE_STATES = {"enabled": "Enabled", "disabled": "Disabled", "alwayson": "AlwaysON"}
_NOT_WRITTEN = {
    "provisioningState", "privateEndpointStateForBackup", "privateEndpointStateForSiteRecovery", "secureScore",
    "bcdrSecurityLevel", "backupStorageVersion", "privateEndpointConnections", "regionOfChoiceSettings",
    "upgradeDetails", "moveDetails", "moveState", "resourceGuardOperationRequests",
}  # fmt: skip
_IMMUTABILITY_STEPS = {("Disabled", "Unlocked"), ("Unlocked", "Disabled"), ("Unlocked", "Locked")}


def change(call: Call, vault: Vault, asked: Json, *, creating: bool = False) -> None:
    """Lay what a request asks for over what the vault has, after every rule has agreed."""
    asked = copy.deepcopy({key: value for key, value in asked.items() if key not in _NOT_WRITTEN})
    security = section(asked, "securitySettings")
    security.pop("multiUserAuthorization", None)
    _check_redundancy(vault, section(asked, "redundancySettings"))
    _check_soft_delete(call, vault, section(security, "softDeleteSettings"), creating=creating)
    _check_immutability(vault, section(security, "immutabilitySettings"), creating=creating)
    _check_restore(vault, section(asked, "restoreSettings"))
    _check_alerts(vault, section(asked, "monitoringSettings"))
    _check_encryption(vault, section(asked, "encryption"))
    if asked.get("publicNetworkAccess") not in (None, "Enabled", "Disabled"):
        raise invalid("publicNetworkAccess")
    if not creating:
        _ask_the_guard(call, vault, asked)
    merge(vault.properties, asked)


def invalid(field: str) -> Refused:
    """What the vault API says to a value it does not take (azure-sdk-for-net issue 3696, TF issue)."""
    return Refused(400, "InvalidRestApiParameter", f"{field} parameter is invalid.\r\nPlease provide a valid {field}")


def _check_redundancy(vault: Vault, asked: Json) -> None:
    now = redundancy(vault)
    kind = asked.get("standardTierStorageRedundancy") or now["standardTierStorageRedundancy"]
    cross_region = asked.get("crossRegionRestore") or now["crossRegionRestore"]
    if kind not in REDUNDANCIES or cross_region not in ("Enabled", "Disabled"):
        raise invalid("redundancySettings")
    if kind != now["standardTierStorageRedundancy"] and vault.redundancy_locked:
        raise Refused(
            400,
            "StorageModelModifyError",
            "Storage Redundancy option is locked when the first machine is registered with the vault, and cannot be "
            "modified thereafter.",
        )
    # Cross-region restore: only on GeoRedundant, and for good (CLI, TF). The service's own code is in no source.
    if cross_region == "Enabled" and kind != "GeoRedundant":
        raise invalid("redundancySettings.crossRegionRestore")
    if cross_region == "Disabled" and now["crossRegionRestore"] == "Enabled":
        raise invalid("redundancySettings.crossRegionRestore")


def _check_soft_delete(call: Call, vault: Vault, asked: Json, *, creating: bool) -> None:
    """Normalises the states in place: `AlwaysOn` is read back as `AlwaysON` (R26)."""
    now = soft_delete(vault)
    for name in ("softDeleteState", "enhancedSecurityState"):
        if asked.get(name) is None:
            continue
        state = _SOFT_DELETE_STATES.get(str(asked[name]).lower())
        if state is None:
            raise invalid(f"securitySettings.softDeleteSettings.{name}")
        if now[name] == "AlwaysON" and state != "AlwaysON":
            raise _off_at_birth() if creating and call.settings.secure_by_default else _off_later()
        asked[name] = state
    days: Any = asked.get("softDeleteRetentionPeriodInDays")
    if days is not None and not (isinstance(days, int) and 14 <= days <= 180):
        raise invalid("securitySettings.softDeleteSettings.softDeleteRetentionPeriodInDays")


def _off_at_birth() -> Refused:
    """A vault that is secure by default, created without it (seen in public repositories, 2026)."""
    return Refused(
        400,
        "BMSUserErrorSoftDeleteStateNotSetToAlwaysON",
        "Soft delete state and enhanced security state must be set to AlwaysON for this API version",
    )


def _off_later() -> Refused:
    """AlwaysON is for good (Learn: secure-by-default; the words seen in public repositories, 2026)."""
    return Refused(
        400,
        "BMSUserErrorDisablingSoftDeleteStateNotAllowed",
        "Disabling soft delete or enhanced security state is not allowed for this vault.",
    )


def _check_immutability(vault: Vault, asked: Json, *, creating: bool) -> None:
    """Disabled ↔ Unlocked → Locked, and never Locked at once (TF); one sentence for all (specs issue 26598)."""
    wanted, now = str(asked.get("state") or immutability(vault)), immutability(vault)
    if wanted == now or ((now, wanted) in _IMMUTABILITY_STEPS and not (creating and wanted == "Locked")):
        return
    raise Refused(
        400,
        "UserErrorUnsupportedVaultImmutabilityStateChange",
        "The immutable vault property for this vault is locked, hence, this setting cannot be disabled. The vault has "
        "its immutable vault property enabled and locked, and it can no longer be reverted to a non-immutable vault. "
        "Refer to the documentation to learn more: https://aka.ms/AB-ImmutableVaults-States ",
    )


def _check_restore(vault: Vault, asked: Json) -> None:
    """Restores into other subscriptions: what is disabled permanently stays so (Learn: restore)."""
    name = "crossSubscriptionRestoreState"
    state = section(asked, "crossSubscriptionRestoreSettings").get(name)
    now = vault.properties["restoreSettings"]["crossSubscriptionRestoreSettings"][name]
    if state is None or state == now:
        return
    if state not in ("Enabled", "Disabled", "PermanentlyDisabled") or now == "PermanentlyDisabled":
        raise invalid(f"restoreSettings.crossSubscriptionRestoreSettings.{name}")


def _check_alerts(vault: Vault, asked: Json) -> None:
    """Some vaults refuse to have classic alerts disabled (TF issue); a world says which."""
    section(asked, "azureMonitorAlertSettings")
    classic = section(asked, "classicAlertSettings")
    if vault.classic_alerts_stay and classic.get("alertsForCriticalOperations") == "Disabled":
        raise invalid("monitoringSettings")


def _check_encryption(vault: Vault, asked: Json) -> None:
    """A customer's key is for good, and so is the second layer under it (TF). No request can take either away.

    The first key comes before any machine was registered (Learn: encryption-at-rest-with-cmk). The service's own code
    is in no source.
    """
    now = section(vault.properties, "encryption")
    if asked and not now and vault.redundancy_locked:
        raise invalid("encryption")
    section(asked, "keyVaultProperties")
    section(asked, "kekIdentity")
    second = asked.get("infrastructureEncryption")
    if second not in (None, "Enabled", "Disabled"):
        raise invalid("encryption.infrastructureEncryption")
    if now and second is not None and second != now.get("infrastructureEncryption", "Disabled"):
        raise invalid("encryption.infrastructureEncryption")


def _ask_the_guard(call: Call, vault: Vault, asked: Json) -> None:
    """What weakens a vault is critical to a Resource Guard (CLI; Learn: multi-user-authorization-concept)."""
    security = section(asked, "securitySettings")
    wanted, now = section(security, "softDeleteSettings"), soft_delete(vault)
    days = wanted.get("softDeleteRetentionPeriodInDays")
    off = any(
        wanted.get(name) == "Disabled" and now[name] != "Disabled"
        for name in ("softDeleteState", "enhancedSecurityState")
    )
    if off or (days is not None and days < now["softDeleteRetentionPeriodInDays"]):
        guard.require(call, vault, guard.DISABLE_SOFT_DELETE)
    if section(security, "immutabilitySettings").get("state") == "Disabled" and immutability(vault) != "Disabled":
        guard.require(call, vault, guard.REDUCE_IMMUTABILITY)
    if asked.get("encryption") and asked["encryption"] != vault.properties.get("encryption"):
        guard.require(call, vault, guard.MODIFY_ENCRYPTION)
