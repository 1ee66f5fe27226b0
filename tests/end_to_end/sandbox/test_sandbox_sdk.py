"""Unmodified Azure clients and credentials against an open box, over HTTP."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient
from azure.mgmt.resourcegraph import ResourceGraphClient

from backup_reconciler.sandbox import Exchange, WorldError, open_box

if TYPE_CHECKING:
    from pathlib import Path

S = "11111111-1111-1111-1111-111111111111"
WORLD = f"""
kind: World
pageSize: 2
subscriptions:
  {S}:
    resourceGroups:
      rg-web:
        virtualMachines:
          Web-01: {{location: japaneast, tags: {{env: prod}}}}
          web-02: {{location: japaneast, os: Windows, power: deallocated}}
          web-03: {{location: japaneast, configureFails: {{code: UserErrorVmNotInDesirableState, message: No agent.}}}}
          old-01: {{location: japaneast}}
        vaults:
          rsv-old: {{location: japaneast, protectedItems: [{{vm: rg-web/old-01, policy: DefaultPolicy}}]}}
"""
LOCAL = {"enforce_https": False}
POLL = {"polling_interval": 0.02}
VM_TYPE = "Microsoft.Compute/virtualMachines"


class Clients:
    """The SDK as anybody uses it, but for the address."""

    def __init__(self, endpoint: str) -> None:
        self.credential = DefaultAzureCredential()
        cloud = {"base_url": endpoint, "credential_scopes": ["https://management.azure.com/.default"]}
        self.vaults = RecoveryServicesClient(self.credential, S, **cloud)
        self.backup = RecoveryServicesBackupClient(self.credential, S, **cloud, retry_total=0)
        self.compute = ComputeManagementClient(self.credential, S, **cloud)
        self.graph = ResourceGraphClient(self.credential, **cloud)

    def close(self) -> None:
        for client in (self.vaults, self.backup, self.compute, self.graph, self.credential):
            client.close()

    def protect(self, vm: str, policy: str, vault: str = "rsv-new") -> Any:
        name = f"iaasvmcontainerv2;rg-web;{vm}"
        body = {
            "properties": {
                "protectedItemType": VM_TYPE,
                "sourceResourceId": f"/subscriptions/{S}/resourceGroups/rg-web/providers/{VM_TYPE}/{vm}",
                "policyId": policy,
            }
        }
        poller = self.backup.protected_items.begin_create_or_update(
            vault, "rg-web", "Azure", f"IaasVMContainer;{name}", f"vm;{name}", body, **POLL, **LOCAL
        )
        return poller.result()

    def items(self, vault: str = "rsv-new") -> dict[str, Any]:
        condition = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"
        listed = self.backup.backup_protected_items.list(vault, "rg-web", filter=condition, **LOCAL)
        return {item.properties["friendlyName"]: item.properties for item in listed}


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    path = tmp_path / "sdk.world.yaml"
    path.write_text(WORLD)
    return path


def in_box(world_file: Path, monkeypatch: pytest.MonkeyPatch, work: Any, **options: Any) -> list[Exchange]:
    """Run `work(clients)` in a thread against a box that runs 600 times faster than the world."""

    async def run() -> list[Exchange]:
        async with open_box(world_file, pace=600, **options) as box:
            for name, value in box.environment().items():
                monkeypatch.setenv(name, value)
            clients = Clients(box.environment()["BACKUP_RECONCILER_ARM_ENDPOINT"])
            try:
                await asyncio.to_thread(work, clients)
            finally:
                clients.close()
            return box.exchanges

    return asyncio.run(run())


def test_from_an_empty_group_to_a_backup(world_file, monkeypatch):
    seen: list[Exchange] = []

    def work(azure: Clients) -> None:
        vault = {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {"publicNetworkAccess": "Enabled"}}
        made = azure.vaults.vaults.begin_create_or_update("rg-web", "rsv-new", vault, **POLL, **LOCAL).result()
        assert made.properties.provisioning_state == "Succeeded"
        assert {one.name for one in azure.vaults.vaults.list_by_subscription_id(**LOCAL)} == {"rsv-new", "rsv-old"}
        policies = {one.name: one for one in azure.backup.backup_policies.list("rsv-new", "rg-web", **LOCAL)}
        assert policies.keys() == {"DefaultPolicy", "EnhancedPolicy", "HourlyLogBackup"}
        item = azure.protect("Web-01", policies["DefaultPolicy"].id)
        assert item.properties["protectionState"] == "IRPending"
        with pytest.raises(HttpResponseError, match="No agent"):
            azure.protect("web-03", policies["DefaultPolicy"].id)
        assert azure.items().keys() == {"Web-01"}
        name = "iaasvmcontainerv2;rg-web;Web-01"
        place = ("rsv-new", "rg-web", "Azure", f"IaasVMContainer;{name}", f"VM;{name}")
        now = {"properties": {"objectType": "IaasVMBackupRequest"}}
        azure.backup.backups.trigger(*place, now, **LOCAL)
        jobs = [job.properties["operation"] for job in azure.backup.backup_jobs.list("rsv-new", "rg-web", **LOCAL)]
        assert jobs == ["Backup", "ConfigureBackup", "ConfigureBackup"]
        azure.backup.protected_items.delete(*place, **LOCAL)

    exchanges = in_box(world_file, monkeypatch, work, on_exchange=seen.append)
    assert seen == exchanges
    assert (exchanges[0].method, exchanges[0].status) == ("PUT", 201)
    assert exchanges[0].request["location"] == "japaneast"
    assert all("msi" not in exchange.path for exchange in exchanges)


def test_machines_and_graph(world_file, monkeypatch):
    def work(azure: Clients) -> None:
        machines = list(azure.compute.virtual_machines.list_all(**LOCAL))
        assert [machine.name for machine in machines] == ["Web-01", "web-02", "web-03", "old-01"]
        assert "/resourceGroups/RG-WEB/" in machines[0].id
        assert machines[0].tags == {"env": "prod"}
        states = {one.name: one for one in azure.compute.virtual_machines.list_all(status_only="true", **LOCAL)}
        assert states["Web-01"].tags is None
        assert states["web-02"].instance_view.statuses[1].code == "PowerState/deallocated"
        one = azure.compute.virtual_machines.get("rg-web", "web-01", expand="instanceView", **LOCAL)
        assert one.instance_view.vm_agent.vm_agent_version
        query = {
            "subscriptions": [S],
            "query": "recoveryservicesresources | where properties.protectionState == 'Protected'",
        }
        found = azure.graph.resources(query, **LOCAL)
        assert [row["properties"]["friendlyName"] for row in found.data] == ["old-01"]

    in_box(world_file, monkeypatch, work)


def test_a_policy_update_and_a_vault_deletion_are_polled(world_file, monkeypatch):
    def work(azure: Clients) -> None:
        policy = azure.backup.protection_policies.get("rsv-old", "rg-web", "DefaultPolicy", **LOCAL)
        policy["properties"]["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] = 60
        answer = azure.backup.protection_policies.create_or_update(
            "rsv-old",
            "rg-web",
            "DefaultPolicy",
            policy,
            cls=lambda response, *_: response.http_response.status_code,
            **LOCAL,
        )
        assert answer == 202
        azure.vaults.vaults.begin_create_or_update(
            "rg-web",
            "rsv-new",
            {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}},
            **POLL,
            **LOCAL,
        ).result()
        azure.vaults.vaults.begin_delete("rg-web", "rsv-new", **POLL, **LOCAL).result()
        with pytest.raises(HttpResponseError, match="ResourceNotFound"):
            azure.vaults.vaults.get("rg-web", "rsv-new", **LOCAL)

    in_box(world_file, monkeypatch, work)


def test_in_2021_too(world_file, monkeypatch):
    world_file.write_text(WORLD.replace("kind: World", "kind: World\nera: 2021"))

    def work(azure: Clients) -> None:
        vault = {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}}
        made = azure.vaults.vaults.begin_create_or_update("rg-web", "rsv-new", vault, **POLL, **LOCAL).result()
        item = azure.protect("Web-01", f"{made.id}/backupPolicies/DefaultPolicy")
        assert item.id.startswith("/Subscriptions/")
        assert azure.items()["Web-01"]["protectionState"] == "IRPending"

    in_box(world_file, monkeypatch, work)


def test_a_connection_breaks_before_or_after_the_effect(world_file, monkeypatch):
    faults = (
        "faults: [{method: PUT, path: '*;Web-01', cut: after, times: 1}, {method: PUT, path: '*;web-02', cut: before}]"
    )
    world_file.write_text(f"{WORLD}{faults}\n")

    def work(azure: Clients) -> None:
        policy = f"/subscriptions/{S}/resourceGroups/rg-web/providers/Microsoft.RecoveryServices/vaults/rsv-old"
        for vm in ("Web-01", "web-02"):
            with pytest.raises((ServiceResponseError, ServiceRequestError)):
                azure.protect(vm, f"{policy}/backupPolicies/DefaultPolicy", "rsv-old")
        jobs = azure.backup.backup_jobs.list("rsv-old", "rg-web", **LOCAL)
        assert [job.properties["entityFriendlyName"] for job in jobs] == ["Web-01"]

    exchanges = in_box(world_file, monkeypatch, work)
    assert [exchange.status for exchange in exchanges if exchange.method == "PUT"] == [0, 0]


def ask(url: str, *, body: bytes | None = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """A request without any Azure client."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=named), timeout=5) as answer:
            return answer.status, json.loads(answer.read() or "null"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or "null"), dict(error.headers)


def test_nobody_gets_in_without_the_box_s_own_token(world_file):
    async def run() -> None:
        async with open_box(world_file) as box:
            environment = box.environment()
            assert environment["AZURE_TOKEN_CREDENTIALS"] == "ManagedIdentityCredential"
            token_url = (
                f"{environment['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=https://management.azure.com"
            )
            right = {"X_IDENTITY_HEADER": environment["IDENTITY_HEADER"]}
            status, token, _ = await asyncio.to_thread(ask, token_url, **right)
            assert (status, token["token_type"]) == (200, "Bearer")
            assert (await asyncio.to_thread(ask, token_url, X_IDENTITY_HEADER="guess"))[0] == 401
            assert (await asyncio.to_thread(ask, environment["IDENTITY_ENDPOINT"], **right))[0] == 400
            url = f"{box.endpoint}/subscriptions/{S}/resourcegroups?api-version=2021-04-01"
            status, body, headers = await asyncio.to_thread(ask, url, Authorization="Bearer stolen")
            assert (status, body["error"]["code"]) == (401, "AuthenticationFailed")
            assert headers["WWW-Authenticate"].startswith("Bearer ")
            assert headers["x-ms-request-id"]
            bearer = {"Authorization": f"Bearer {token['access_token']}"}
            status, body, _ = await asyncio.to_thread(ask, url, **bearer)
            assert body["value"][0]["name"] == "rg-web"
            graph = f"{box.endpoint}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"
            status, body, _ = await asyncio.to_thread(ask, graph, body=b"{not json", **bearer)
            assert (status, body["error"]["code"]) == (400, "InvalidRequestContent")
            assert [exchange.status for exchange in box.exchanges] == [401, 200, 400]

    asyncio.run(run())


def test_a_box_goes_on_where_it_was_left(world_file):
    async def visit(**options: Any) -> tuple[str, dict[str, str]]:
        async with open_box(world_file, **options) as box:
            await box.sleep(3600)
            return box.now().isoformat(), box.environment()

    first = asyncio.run(visit())
    assert first[0] == "2026-11-23T09:00:00+00:00"
    second = asyncio.run(visit())
    assert second[0] == "2026-11-23T10:00:00+00:00"
    assert second[1]["IDENTITY_HEADER"] != first[1]["IDENTITY_HEADER"]
    assert asyncio.run(visit(fresh=True))[0] == "2026-11-23T09:00:00+00:00"
    world_file.write_text(f"{WORLD}seed: 9\n")
    with pytest.raises(WorldError, match="--fresh"):
        asyncio.run(visit())
    assert asyncio.run(visit(fresh=True))[0] == "2026-11-23T09:00:00+00:00"


@pytest.mark.parametrize("end", [ValueError, asyncio.CancelledError])
def test_state_is_kept_however_a_visit_ends(world_file, end):
    async def run(error: type[BaseException] | None) -> str:
        async with open_box(world_file) as box:
            await box.sleep(60)
            if error:
                raise error
            return box.now().isoformat()

    with pytest.raises(end):
        asyncio.run(run(end))
    assert asyncio.run(run(None)) == "2026-11-23T08:02:00+00:00"


def test_time_can_be_held(world_file):
    async def run() -> None:
        async with open_box(world_file) as box:
            began = box.now()
            sleeping = asyncio.create_task(box.sleep(60))
            with box.hold():
                await asyncio.sleep(0.05)
                assert box.now() == began
            await sleeping
            assert (box.now() - began).total_seconds() == 60

    asyncio.run(run())


def test_a_box_is_opened_by_one_at_a_time(world_file):
    async def run() -> None:
        async with open_box(world_file) as box:
            with pytest.raises(WorldError, match="another process has this sandbox open"):
                async with open_box(world_file):
                    pass
            taken = int(box.endpoint.rpartition(":")[2])
            other = world_file.with_name("other.world.yaml")
            other.write_text(WORLD)
            with pytest.raises(WorldError, match=f"port {taken} of 127.0.0.1 cannot be used"):
                async with open_box(other, port=taken):
                    pass

    asyncio.run(run())
