"""The two configuration resources of a vault: `backupconfig/vaultconfig` and `backupstorageconfig/vaultstorageconfig`.

Both are older views of settings that live in the vault itself today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.recovery_services import api_versions
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_rules import change
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import redundancy, soft_delete
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_SECURITY = "backupconfig/vaultconfig"
_STORAGE = "backupstorageconfig/vaultstorageconfig"


def _shown(call: Call, path: str, properties: Json) -> Response:
    kind, name = path.split("/")
    return Response(
        200,
        {
            "id": f"{call.vault_path}/{path}",
            "name": name,
            "type": f"Microsoft.RecoveryServices/vaults/{kind}",
            "properties": properties,
        },
    )


def get_security(call: Call) -> Response:
    settings = soft_delete(call.vault)
    properties: Json = {
        "enhancedSecurityState": settings["enhancedSecurityState"],
        "softDeleteFeatureState": settings["softDeleteState"],
        "isSoftDeleteFeatureStateEditable": settings["softDeleteState"] != "AlwaysON",
        "softDeleteRetentionPeriodInDays": settings["softDeleteRetentionPeriodInDays"],
    }
    return _shown(call, _SECURITY, api_versions.known(properties, api_versions.VAULT_CONFIG, call.api_version))


def put_security(call: Call) -> Response:
    vault = call.vault
    stated = api_versions.known(call.properties, api_versions.VAULT_CONFIG, call.api_version)
    asked = {
        "softDeleteState": stated.get("softDeleteFeatureState"),
        "enhancedSecurityState": stated.get("enhancedSecurityState"),
        "softDeleteRetentionPeriodInDays": stated.get("softDeleteRetentionPeriodInDays"),
    }
    if vault.soft_delete_by_vault_api and not _says_the_same(soft_delete(vault), asked):
        # Seen in public clients of 2026; its words are not in any source.
        raise Refused(
            400,
            "BMSUserErrorSoftDeleteUseVaultApi",
            "Soft delete settings for this vault cannot be modified using this API. Since the Vault API was previously "
            "used to update the soft delete settings for this vault, you must use the Vault API again.",
        )
    change(call, vault, {"securitySettings": {"softDeleteSettings": asked}})
    return get_security(call)


def _says_the_same(now: Json, asked: Json) -> bool:
    """Whether a request changes nothing; the case of states is ignored, as `AlwaysOn` is `AlwaysON` (R26)."""
    return all(value is None or fold(str(value)) == fold(str(now[name])) for name, value in asked.items())


def get_storage(call: Call) -> Response:
    vault = call.vault
    settings = redundancy(vault)
    kind = settings["standardTierStorageRedundancy"]
    properties: Json = {
        "storageModelType": kind,
        "storageType": kind,
        "dedupState": "Disabled",
        "xcoolState": "Disabled",
        "storageTypeState": "Locked" if vault.redundancy_locked else "Unlocked",
        "crossRegionRestoreFlag": settings["crossRegionRestore"] == "Enabled",
    }
    return _shown(call, _STORAGE, properties)


def _change_storage(call: Call) -> None:
    vault = call.vault
    if vault.redundancy_by_vault_api:
        # Seen in May 2025 (AVM issue 5156); its words in public repositories of 2026.
        raise Refused(
            400,
            "BMSUserErrorRedundancySettingsUseVaultApi",
            "Redundancy settings for this vault cannot be modified using this API. Since the Vault API was previously "
            "used to update the redundancy settings for this vault, you must again use the Vault API to make any "
            "further changes to this property.",
        )
    asked: Json = {"standardTierStorageRedundancy": call.field("storageModelType") or call.field("storageType")}
    flag = call.field("crossRegionRestoreFlag")
    if flag is not None:
        asked["crossRegionRestore"] = "Enabled" if flag else "Disabled"
    change(call, vault, {"redundancySettings": asked})


def put_storage(call: Call) -> Response:
    _change_storage(call)
    return get_storage(call)


def patch_storage(call: Call) -> Response:
    """204, where PUT answers with the body (SDKB)."""
    _change_storage(call)
    return Response(204)


ROUTES = (
    Route("GET", f"{VAULT}/{_SECURITY}", get_security),
    Route("PUT", f"{VAULT}/{_SECURITY}", put_security),
    Route("PATCH", f"{VAULT}/{_SECURITY}", put_security),
    Route("GET", f"{VAULT}/{_STORAGE}", get_storage),
    Route("PUT", f"{VAULT}/{_STORAGE}", put_storage),
    Route("PATCH", f"{VAULT}/{_STORAGE}", patch_storage),
)
