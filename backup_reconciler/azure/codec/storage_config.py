"""Codec of a vault's storage configuration, the older way to its redundancy.

A vault's own answer tells the redundancy today. Only this resource tells that it is locked, and where the vault's
answer is one of an older api-version, redundancy is read and written here alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.values import Redundancy
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault

USE_VAULT_API = "BMSUserErrorRedundancySettingsUseVaultApi"
"""The redundancy was set through the vault before, so it is written there (Azure/bicep-registry-modules 5156)."""


def get_request(vault: ArmId) -> ArmRequest:
    return get(_path(vault), Api.BACKUP)


def update_request(vault: ArmId, changed: VaultSettings) -> ArmRequest:
    """PATCH of redundancy and cross-region restore, as far as they change."""
    properties: dict[str, Any] = {}
    if changed.redundancy is not None:
        properties["storageModelType"] = changed.redundancy
    if changed.cross_region_restore is not None:
        properties["crossRegionRestoreFlag"] = changed.cross_region_restore == "Enabled"
    return ArmRequest("PATCH", _path(vault), Api.BACKUP, body={"properties": properties})


def completed(vault: LiveVault, arm: Mapping[str, Any]) -> LiveVault:
    """The vault with what its storage configuration tells beyond its own answer."""
    properties = arm["properties"]
    more: dict[str, Any] = {}
    if "redundancy" not in vault.stated():
        kind = properties.get("storageModelType") or properties.get("storageType")
        more = {"redundancy": kind} if kind in get_args(Redundancy) else {}
        more["cross_region_restore"] = "Enabled" if properties.get("crossRegionRestoreFlag") else "Disabled"
    return replace(
        vault,
        settings=vault.settings.model_copy(update=more),
        redundancy_locked=properties.get("storageTypeState") == "Locked",
        told_apart=frozenset({"redundancy", "crossRegionRestore"} if more else ()),
    )


def _path(vault: ArmId) -> str:
    return vault.child("backupstorageconfig", "vaultstorageconfig").text
