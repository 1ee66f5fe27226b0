"""From which api-version on a field exists. Older versions neither show it nor take it: a request's is passed over.

The changelogs of the SDKs (SDKV, SDKB) give the order and the month; where they name no api-version, the version is
INFERRED as the newest stable one of that month. SEEN ones carry their source.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backup_reconciler.sandbox.core.wire.messages import Json

DELETED_VAULTS = "2025-08-01"
"""Since then there are deleted vaults (SDKV 4.0.0), so a vault may go that holds only soft-deleted items (INFERRED)."""
DELETED_IN_TIME = "2022-01-01"
"""Before it a vault's deletion was answered 200, later 204 or 202 (R21, R22; SDKV)."""

VAULT: Mapping[str, str] = {
    "encryption": "2020-10-01",  # SDKV 2.0.0
    "monitoringSettings": "2022-04-01",  # this and the next two: SDKV 2.1.0
    "redundancySettings": "2022-04-01",
    "backupStorageVersion": "2022-04-01",
    "securitySettings": "2022-08-01",  # SEEN: pandora 1749
    "publicNetworkAccess": "2022-10-01",  # SDKV 2.2.0
    "restoreSettings": "2023-02-01",  # SDKV 2.4.0
    "securitySettings.softDeleteSettings": "2023-04-01",  # this and the next two: SDKV 2.5.0
    "securitySettings.multiUserAuthorization": "2023-04-01",
    "secureScore": "2023-04-01",
    "securitySettings.softDeleteSettings.enhancedSecurityState": "2024-04-01",  # this and the next two: SDKV 3.0.0
    "resourceGuardOperationRequests": "2024-04-01",
    "bcdrSecurityLevel": "2024-04-01",
    "securitySettings.sourceScanConfiguration": "2025-02-01",  # SEEN: SPEC examples
    "costManagementSettings": "2026-01-01",  # SEEN: SPEC examples
    "securitySettings.immutabilitySettings.configuration": "2026-05-01",  # SDKV 4.1.0
    "regionOfChoiceSettings": "2026-05-01",  # SEEN: R26
}
POLICY: Mapping[str, str] = {
    "policyType": "2021-12-01",  # SDKB 4.1.0
    "tieringPolicy": "2022-03-01",  # SDKB 4.2.0
    "snapshotConsistencyType": "2024-04-01",  # SDKB 9.1.0
    "instantAccessSnapshotEnabled": "2026-10-01",  # this and the next: SDKB 11.2.0
    "instantAccessDurationMinutes": "2026-10-01",
}
ITEM: Mapping[str, str] = {
    "softDeleteRetentionPeriod": "2023-06-01",  # SDKB 7.0.0; shown under that name still (R26)
    "vaultId": "2024-01-01",  # SDKB 8.0.0
    "policyType": "2025-02-01",  # SEEN: R26
}
VAULT_CONFIG: Mapping[str, str] = {
    "softDeleteRetentionPeriodInDays": "2023-06-01",  # SDKB 7.0.0
}


def known(properties: Json, fields: Mapping[str, str], version: str | None) -> Json:
    """Properties without what came after `version`; None is whoever knows all, as Resource Graph does."""
    late = [path for path, first in fields.items() if version is not None and version < first]
    if not late:
        return properties
    kept = copy.deepcopy(properties)
    for path in late:
        _drop(kept, path.split("."))
    return kept


def _drop(parent: Any, path: list[str]) -> None:
    for step in path[:-1]:
        parent = parent.get(step) if isinstance(parent, dict) else None
    if isinstance(parent, dict):
        parent.pop(path[-1], None)
