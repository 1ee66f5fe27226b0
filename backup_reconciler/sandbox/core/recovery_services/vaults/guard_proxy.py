"""The tie between a vault and a Resource Guard: `backupResourceGuardProxies/VaultProxy`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import GuardProxy, Vault, fold
from backup_reconciler.sandbox.core.recovery_services.vaults import guard
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_rules import invalid
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route
from backup_reconciler.sandbox.core.wire.times import stamp

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_PROXIES = f"{VAULT}/backupResourceGuardProxies"
_PROXY = f"{_PROXIES}/{{proxy}}"
_NAME = "VaultProxy"
"""The only name there is (CLI, TF)."""
_GUARD = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.dataprotection/resourceguards/[^/]+", re.IGNORECASE
)
_UNLOCKED_FOR = timedelta(minutes=30)
"""R26."""


def tie(vault: Vault, proxy: GuardProxy | None) -> None:
    """Put a vault under a guard, or free it; the vault says which it is."""
    vault.guard = proxy
    vault.properties["securitySettings"]["multiUserAuthorization"] = "Enabled" if proxy else "Disabled"


def list_proxies(call: Call) -> Response:
    """Not paged (R26)."""
    proxy = call.vault.guard
    return Response(200, {"value": [_show(call, proxy)] if proxy else []})


def get_proxy(call: Call) -> Response:
    return Response(200, _show(call, _find(call)))


def put_proxy(call: Call) -> Response:
    """A guard is not asked when a vault comes under it; moving to another one is a deletion of the first tie."""
    vault, guard_id = call.vault, call.field("resourceGuardResourceId")
    if fold(call.names["proxy"]) != fold(_NAME) or not isinstance(guard_id, str) or not _GUARD.fullmatch(guard_id):
        raise invalid("resourceGuardResourceId")
    if vault.guard and fold(vault.guard.guard) != fold(guard_id):
        guard.require_unlocked(call, vault, guard.DELETE_PROXY, _NAME)
    if vault.guard is None or fold(vault.guard.guard) != fold(guard_id):
        tie(vault, GuardProxy(guard_id, call.now, list(guard.CRITICAL)))
    return get_proxy(call)


def delete_proxy(call: Call) -> Response:
    """200 with an empty object (R26), 204 where there is none (SDKB)."""
    vault = call.vault
    if vault.guard is None or fold(call.names["proxy"]) != fold(_NAME):
        return Response(204)
    guard.require_unlocked(call, vault, guard.DELETE_PROXY, _NAME)
    tie(vault, None)
    return Response(200, {})


def unlock_delete(call: Call) -> Response:
    """For what the body names; without a name, for the tie itself (R26)."""
    proxy = _find(call)
    kinds = guard.named(proxy, call.body.get("resourceGuardOperationRequests"))
    resource = call.body.get("resourceToBeDeleted")
    wanted = guard.DELETE_ITEM if resource else guard.DELETE_PROXY
    if wanted not in kinds or not isinstance(resource, str | None):
        raise invalid("resourceGuardOperationRequests")
    guard.may_use(call, proxy, wanted)
    until = call.now + _UNLOCKED_FOR
    name = fold(resource).rstrip("/").rpartition("/")[2] if resource else fold(_NAME)
    proxy.unlocked[name] = until
    return Response(200, {"unlockDeleteExpiryTime": stamp(until)})


def _find(call: Call) -> GuardProxy:
    proxy = call.vault.guard
    if proxy is None or fold(call.names["proxy"]) != fold(_NAME):
        # The service's own code for a tie that is not there is in no source; this is its code for other lost objects.
        raise Refused(404, "BMSUserErrorDataSourceObjectNotFound", "Resource Guard proxy not found.")
    return proxy


def _show(call: Call, proxy: GuardProxy) -> Json:
    """R26 test_backup_rg_mapping."""
    return {
        "id": f"{call.vault_path}/backupResourceGuardProxies/{_NAME}",
        "name": _NAME,
        "type": "Microsoft.RecoveryServices/vaults/backupResourceGuardProxies",
        "properties": {
            "resourceGuardResourceId": proxy.guard.replace("/resourceGroups/", "/resourcegroups/", 1),
            "resourceGuardOperationDetails": [
                {
                    "vaultCriticalOperation": guard.CRITICAL[kind],
                    "defaultResourceRequest": guard.request_id(proxy, kind),
                }
                for kind in guard.CRITICAL
                if kind in proxy.protects
            ],
            "lastUpdatedTime": stamp(proxy.linked),
            "description": proxy.description,
        },
    }


ROUTES = (
    Route("GET", _PROXIES, list_proxies),
    Route("GET", _PROXY, get_proxy),
    Route("PUT", _PROXY, put_proxy),
    Route("DELETE", _PROXY, delete_proxy),
    Route("POST", f"{_PROXY}/unlockDelete", unlock_delete),
)
