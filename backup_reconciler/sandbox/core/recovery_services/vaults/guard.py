"""Multi-user authorization: what a Resource Guard watches over is refused to whoever does not name it.

A write names its request of the guard in `properties.resourceGuardOperationRequests`. A deletion has no body, so it is
unlocked beforehand, for half an hour (R26 test_backup_rg_mapping).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import GuardProxy, Vault, fold
from backup_reconciler.sandbox.core.wire.messages import Refused

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_VAULTS = "Microsoft.RecoveryServices/vaults"
_ITEMS = f"{_VAULTS}/backupFabrics/protectionContainers/protectedItems"
_MAPPINGS = f"{_VAULTS}/backupCrossTenantVaultMappings"

DELETE_ITEM = "deleteProtectedItemRequests"
UPDATE_ITEM = "updateProtectedItemRequests"
UPDATE_POLICY = "updateProtectionPolicyRequests"
DELETE_PROXY = "deleteResourceGuardProxyRequests"
DISABLE_SOFT_DELETE = "disableSoftDeleteRequests"
MODIFY_ENCRYPTION = "modifyEncryptionSettings"
STOP_WITH_DATA = "stopProtectionWithRetainDataRequests"
REDUCE_IMMUTABILITY = "reduceImmutabilityStateRequests"

CRITICAL = {
    DELETE_ITEM: f"{_ITEMS}/delete",
    UPDATE_ITEM: f"{_ITEMS}/write",
    UPDATE_POLICY: f"{_VAULTS}/backupPolicies/write",
    DELETE_PROXY: f"{_VAULTS}/backupResourceGuardProxies/delete",
    "getBackupSecurityPINRequests": f"{_VAULTS}/backupSecurityPIN/action",
    DISABLE_SOFT_DELETE: f"{_VAULTS}/backupconfig/write",
    MODIFY_ENCRYPTION: f"{_VAULTS}/write#modifyEncryptionSettings",
    STOP_WITH_DATA: f"{_ITEMS}/write#stopProtectionWithRetainData",
    REDUCE_IMMUTABILITY: f"{_VAULTS}/write#reduceImmutabilityState",
    "modifyImmutabilityDurationRequests": f"{_VAULTS}/write#modifyImmutabilityDuration",
    "deleteMABIdentityRequests": f"{_VAULTS}/registeredIdentities/delete",
    "configureCrossTenantVaultMappingRequests": f"{_MAPPINGS}/write",
    "deleteCrossTenantVaultMappingRequests": f"{_MAPPINGS}/remove/action",
    "crossTenantTriggerRestoreRequests": (
        f"{_MAPPINGS}/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action"
    ),
}
"""What a guard can watch over, and the operation that each kind of request stands for (R26, in its order)."""

ALWAYS = (DELETE_PROXY, DISABLE_SOFT_DELETE)
"""Kinds that no guard can leave out (Learn: multi-user-authorization-concept)."""


def request_id(proxy: GuardProxy, kind: str) -> str:
    """The request that stands for a kind of operation; the guard's id is printed in ARM's older spelling (R26)."""
    return f"{proxy.guard.replace('/resourceGroups/', '/resourcegroups/', 1)}/{kind}/default"


def require(call: Call, vault: Vault, kind: str) -> None:
    """Refuse a write that is critical, unless it names the guard's request and the caller may use it."""
    proxy = vault.guard
    if proxy is None or kind not in proxy.protects:
        return
    if kind not in named(proxy, call.properties.get("resourceGuardOperationRequests")):
        raise _unnamed(proxy, kind)
    may_use(call, proxy, kind)


def require_unlocked(call: Call, vault: Vault, kind: str, name: str) -> None:
    """Refuse a deletion that is critical, unless what it deletes was unlocked and still is."""
    proxy = vault.guard
    if proxy is None or kind not in proxy.protects:
        return
    until = proxy.unlocked.get(fold(name))
    if until is None or until <= call.now:
        raise _unnamed(proxy, kind)


def named(proxy: GuardProxy, requests: Any) -> list[str]:
    """The kinds of request of this guard that a list of ids names."""
    ids = {fold(each) for each in requests if isinstance(each, str)} if isinstance(requests, list) else set()
    return [kind for kind in CRITICAL if fold(request_id(proxy, kind)) in ids]


def may_use(call: Call, proxy: GuardProxy, kind: str) -> None:
    """ARM's linked access check: is the caller allowed on the guard too, and known in its tenant?"""
    if proxy.other_tenant and not call.request.headers.get("x-ms-authorization-auxiliary"):
        subscription = proxy.guard.split("/")[2]
        raise _linked(call, f"the current tenant is not authorized to access linked subscription '{subscription}'.")
    if not proxy.approves:
        raise _linked(
            call,
            "it does not have permission to perform action(s) "
            f"'Microsoft.DataProtection/resourceGuards/{kind}/read' on the linked scope(s) "
            f"'{request_id(proxy, kind)}' or the linked scope(s) are invalid.",
        )


def _linked(call: Call, reason: str) -> Refused:
    return Refused(
        403,
        "LinkedAuthorizationFailed",
        f"The client has permission to perform action '{call.route.action}' on scope '{call.request.path}', however "
        f"{reason}",
        of_gateway=True,
    )


def _unnamed(proxy: GuardProxy, kind: str) -> Refused:
    # Neither the service's code nor its words are in any source.
    return Refused(
        403,
        "UserErrorResourceGuardOperationRequestRequired",
        f"The operation {CRITICAL[kind]} is protected by the Resource Guard {proxy.guard}. Name its request "
        f"{request_id(proxy, kind)} in resourceGuardOperationRequests, or unlock the deletion with it.",
    )
