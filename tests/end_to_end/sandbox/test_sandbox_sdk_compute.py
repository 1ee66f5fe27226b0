"""The Compute client, unmodified: power, tags, run commands, and refusals as it raises them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.core.rest import HttpRequest
from azure.identity import DefaultAzureCredential
from azure.mgmt.compute import ComputeManagementClient

from backup_reconciler.sandbox import open_box

if TYPE_CHECKING:
    from collections.abc import Callable

S = "11111111-1111-1111-1111-111111111111"
WORLD = f"""
kind: World
access:
  - actions: ["Microsoft.Compute/*", "Microsoft.Authorization/locks/*"]
    notActions: ["Microsoft.Compute/virtualMachines/restart/action"]
azurePolicies:
  - name: owner
    displayName: Every VM has an owner
    types: [Microsoft.Compute/virtualMachines]
    requiredTags: [owner]
subscriptions:
  {S}:
    resourceGroups:
      rg-web:
        virtualMachines:
          web-01:
            location: japaneast
            tags: {{owner: me}}
            disks: [{{lun: 0, sizeGB: 64, storage: PremiumV2_LRS}}]
            runCommands:
              - {{script: "*HttpProxy*", exitCode: 2, error: no such file, times: 1}}
              - {{script: "*HttpProxy*", output: done}}
"""
LOCAL = {"enforce_https": False}
POLL = {"polling_interval": 0.02}


@pytest.fixture
def in_box(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[ComputeManagementClient], None]], None]:
    """Runs work with a client in a thread, against a box that runs 600 times faster than the world."""
    world_file = tmp_path / "compute.world.yaml"
    world_file.write_text(WORLD)

    async def run(work: Callable[[ComputeManagementClient], None]) -> None:
        async with open_box(world_file, pace=600) as box:
            for name, value in box.environment().items():
                monkeypatch.setenv(name, value)
            with (
                DefaultAzureCredential() as credential,
                ComputeManagementClient(
                    credential,
                    S,
                    base_url=box.environment()["BACKUP_RECONCILER_ARM_ENDPOINT"],
                    credential_scopes=["https://management.azure.com/.default"],
                ) as client,
            ):
                await asyncio.to_thread(work, client)

    return lambda work: asyncio.run(run(work))


def test_a_script_is_sent_until_it_works(in_box):
    def work(client: ComputeManagementClient) -> None:
        commands = client.virtual_machine_run_commands
        body = {"location": "japaneast", "properties": {"source": {"script": "echo HttpProxy >> waagent.conf"}}}
        for code in (2, 0):
            made = commands.begin_create_or_update("rg-web", "web-01", "proxy", body, **POLL, **LOCAL).result()
            assert made.properties.provisioning_state == "Succeeded"
            shown = commands.get_by_virtual_machine("rg-web", "web-01", "proxy", expand="instanceView", **LOCAL)
            assert shown.properties.instance_view.exit_code == code
        assert shown.properties.instance_view.output == "done"
        assert shown.properties.instance_view.end_time > shown.properties.instance_view.start_time
        assert [one.name for one in commands.list_by_virtual_machine("rg-web", "web-01", **LOCAL)] == ["proxy"]
        commands.begin_delete("rg-web", "web-01", "proxy", **POLL, **LOCAL).result()
        with pytest.raises(ResourceNotFoundError):
            commands.get_by_virtual_machine("rg-web", "web-01", "proxy", **LOCAL)
        action = {"commandId": "RunShellScript", "script": ["grep HttpProxy waagent.conf"]}
        result = client.virtual_machines.begin_run_command("rg-web", "web-01", action, **POLL, **LOCAL).result()
        assert "done" in result.value[0].message

    in_box(work)


def test_a_vm_is_stopped_started_tagged_and_deleted(in_box):
    def work(client: ComputeManagementClient) -> None:
        vms = client.virtual_machines
        (disk,) = vms.get("rg-web", "web-01", **LOCAL).properties.storage_profile.data_disks
        assert (disk.lun, disk.managed_disk.storage_account_type) == (0, "PremiumV2_LRS")
        for begin, state in ((vms.begin_deallocate, "VM deallocated"), (vms.begin_start, "VM running")):
            begin("rg-web", "web-01", **POLL, **LOCAL).result()
            assert vms.instance_view("rg-web", "web-01", **LOCAL).statuses[1].display_status == state
        tagged = vms.begin_update("rg-web", "web-01", {"tags": {"owner": "you"}}, **POLL, **LOCAL).result()
        assert tagged.tags == {"owner": "you"}
        vms.begin_delete("rg-web", "web-01", **POLL, **LOCAL).result()
        assert list(vms.list_all(**LOCAL)) == []

    in_box(work)


def test_what_is_refused_is_raised(in_box):
    def work(client: ComputeManagementClient) -> None:
        vms = client.virtual_machines
        with pytest.raises(HttpResponseError, match="does not have authorization to perform action") as refused:
            vms.begin_restart("rg-web", "web-01", **LOCAL)
        assert refused.value.error.code == "AuthorizationFailed"
        with pytest.raises(HttpResponseError, match="disallowed by policy") as denied:
            vms.begin_update("rg-web", "web-01", {"tags": {}}, **LOCAL)
        (violation,) = denied.value.error.additional_info
        assert violation.info["policyAssignmentDisplayName"] == "Every VM has an owner"
        vm = f"/subscriptions/{S}/resourceGroups/rg-web/providers/Microsoft.Compute//virtualMachines/web-01"
        path = (
            f"{vm}/providers/Microsoft.Authorization/locks/keep"  # the doubled slash is what azure-mgmt-resource sends
        )
        request = HttpRequest("PUT", f"{path}?api-version=2020-05-01", json={"properties": {"level": "CanNotDelete"}})
        assert client.send_request(request, **LOCAL).status_code == 201
        with pytest.raises(ResourceExistsError, match=r"\(ScopeLocked\)"):
            vms.begin_delete("rg-web", "web-01", **LOCAL)

    in_box(work)
