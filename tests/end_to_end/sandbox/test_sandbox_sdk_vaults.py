"""The vault clients, unmodified: guards, deleted vaults, identities."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient

from backup_reconciler.sandbox import open_box

if TYPE_CHECKING:
    from collections.abc import Callable

    Work = Callable[[RecoveryServicesClient, RecoveryServicesBackupClient], None]

S = "11111111-1111-1111-1111-111111111111"
GUARD = "/subscriptions/g/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"
WORLD = f"""
kind: World
subscriptions:
  {S}:
    resourceGroups:
      rg-web:
        virtualMachines:
          web-01: {{location: japaneast}}
        vaults:
          rsv-old: {{location: japaneast, protectedItems: [{{vm: rg-web/web-01, state: SoftDeleted}}]}}
          rsv-guarded: {{location: japaneast, resourceGuard: {{id: {GUARD}}}}}
"""
LOCAL = {"enforce_https": False}
POLL = {"polling_interval": 0.02}
IDENTITY = f"/subscriptions/{S}/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me"


@pytest.fixture
def in_box(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Runs work with the clients in a thread, against a box that runs 600 times faster than the world."""
    world_file = tmp_path / "vaults.world.yaml"
    world_file.write_text(WORLD)

    async def run(work: Work) -> None:
        async with open_box(world_file, pace=600) as box:
            for name, value in box.environment().items():
                monkeypatch.setenv(name, value)
            cloud = {"base_url": box.endpoint, "credential_scopes": ["https://management.azure.com/.default"]}
            with (
                DefaultAzureCredential() as credential,
                RecoveryServicesClient(credential, S, **cloud) as vaults,
                RecoveryServicesBackupClient(credential, S, **cloud, retry_total=0) as backup,
            ):
                await asyncio.to_thread(work, vaults, backup)

    return lambda work: asyncio.run(run(work))


def test_a_vault_is_deleted_and_undeleted(in_box):
    def work(vaults: RecoveryServicesClient, backup: RecoveryServicesBackupClient) -> None:
        vaults.vaults.begin_delete("rg-web", "rsv-old", **POLL, **LOCAL).result()
        (gone,) = vaults.deleted_vaults.list_by_subscription_id("japaneast", **LOCAL)
        assert gone.properties.vault_id.endswith("/vaults/rsv-old")
        assert gone.properties.purge_at > gone.properties.vault_deletion_time
        back = {"properties": {"recoveryResourceGroupId": f"/subscriptions/{S}/resourceGroups/rg-web"}}
        vaults.deleted_vaults.begin_undelete("japaneast", gone.name, back, **POLL, **LOCAL).result()
        assert list(vaults.deleted_vaults.list_by_subscription_id("japaneast", **LOCAL)) == []
        (item,) = backup.backup_protected_items.list("rsv-old", "rg-web", **LOCAL)
        assert item.properties.is_scheduled_for_deferred_delete

    in_box(work)


def test_an_identity_is_given_by_a_poller(in_box):
    def work(vaults: RecoveryServicesClient, _backup: RecoveryServicesBackupClient) -> None:
        body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}}
        vault = vaults.vaults.begin_update("rg-web", "rsv-old", body, **POLL, **LOCAL).result()
        assert vault.identity.user_assigned_identities[IDENTITY].client_id
        assert [usage.name.value for usage in vaults.usages.list_by_vaults("rg-web", "rsv-old", **LOCAL)]

    in_box(work)


def test_a_vault_is_freed_from_its_guard(in_box):
    def work(vaults: RecoveryServicesClient, backup: RecoveryServicesBackupClient) -> None:
        at = ("rsv-guarded", "rg-web", "VaultProxy")
        (proxy,) = backup.resource_guard_proxies.get("rsv-guarded", "rg-web", **LOCAL)
        requests = [
            detail.default_resource_request
            for detail in proxy.properties.resource_guard_operation_details
            if detail.vault_critical_operation.endswith("/backupResourceGuardProxies/delete")
        ]
        with pytest.raises(HttpResponseError) as refused:
            backup.resource_guard_proxy.delete(*at, **LOCAL)
        assert refused.value.status_code == 403
        unlocked = backup.resource_guard_proxy.unlock_delete(*at, {"resourceGuardOperationRequests": requests}, **LOCAL)
        assert unlocked.unlock_delete_expiry_time
        backup.resource_guard_proxy.delete(*at, **LOCAL)
        vault = vaults.vaults.get("rg-web", "rsv-guarded", **LOCAL)
        assert vault.properties.security_settings.multi_user_authorization == "Disabled"

    in_box(work)
