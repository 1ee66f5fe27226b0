"""Virtual machines as Compute shows them: models, disks, what runs, extensions."""

from __future__ import annotations

import pytest

from backup_reconciler.sandbox.core.compute.difference import difference
from backup_reconciler.sandbox.core.compute.extension import install_snapshot, snapshot_failure

S = "11111111-1111-1111-1111-111111111111"
LISTED = f"/subscriptions/{S}/providers/Microsoft.Compute/virtualMachines"
BAD_EXTENSION = {"VMSnapshotLinux": {"state": "failed", "message": "Snapshot handler crashed."}}


@pytest.fixture
def with_vm(open_service, world):
    """A service in which the VM `a` is as told."""

    def opened(**vm):
        described = world()
        (subscription,) = described["subscriptions"].values()
        subscription["resourceGroups"]["rg"]["virtualMachines"]["a"] = {"location": "japaneast", **vm}
        return open_service(subscriptions=described["subscriptions"])

    return opened


def view(service, vm="a"):
    return service.get(f"{service.vm(vm)}/instanceView")


def power(service, vm="a"):
    return view(service, vm)["statuses"][1]["code"]


def test_disks_are_managed_or_not(with_vm):
    disks = [{"lun": 0, "sizeGB": 64}, {"lun": 3, "storage": "UltraSSD_LRS"}, {"lun": 4, "managed": False}]
    service = with_vm(disks=disks)
    storage = service.get(service.vm("a"))["properties"]["storageProfile"]
    assert "vhd" not in storage["osDisk"]
    first, ultra, blob = storage["dataDisks"]
    assert (first["lun"], first["diskSizeGB"], first["managedDisk"]["storageAccountType"]) == (0, 64, "Premium_LRS")
    assert first["managedDisk"]["id"].endswith("/resourceGroups/rg/providers/Microsoft.Compute/disks/a_DataDisk_0")
    assert ultra["managedDisk"]["storageAccountType"] == "UltraSSD_LRS"
    assert "managedDisk" not in blob
    assert blob["vhd"]["uri"].endswith("/vhds/a_DataDisk_4.vhd")
    assert [disk["name"] for disk in view(service)["disks"]][1:] == ["a_DataDisk_0", "a_DataDisk_3", "a_DataDisk_4"]
    unmanaged = with_vm(managed=False).get(service.vm("a"))["properties"]["storageProfile"]["osDisk"]
    assert "managedDisk" not in unmanaged
    assert unmanaged["vhd"]["uri"].startswith("https://")


def test_security_size_zones_and_identity(with_vm):
    service = with_vm(securityType="TrustedLaunch", size="Standard_D4s_v5", zones=["2"], identity="SystemAssigned")
    vm = service.get(service.vm("a"))
    assert vm["properties"]["securityProfile"]["securityType"] == "TrustedLaunch"
    assert vm["properties"]["hardwareProfile"] == {"vmSize": "Standard_D4s_v5"}
    assert vm["zones"] == ["2"]
    assert vm["identity"].keys() == {"type", "principalId", "tenantId"}
    assert view(service)["hyperVGeneration"] == "V2"
    confidential = with_vm(securityType="ConfidentialVM").get(service.vm("a"))["properties"]
    assert confidential["storageProfile"]["osDisk"]["managedDisk"]["securityProfile"]


def test_a_plain_vm_says_nothing_of_what_it_lacks(service):
    vm = service.get(service.vm("b"))
    assert vm.keys() == {"name", "id", "type", "location", "properties"}
    assert "securityProfile" not in vm["properties"]


def test_age_is_told_by_the_versions_that_know_it(service):
    assert "timeCreated" in service.get(service.vm("a"))["properties"]
    service.api = "2021-03-01"
    assert "timeCreated" not in service.get(service.vm("a"))["properties"]
    assert "timeCreated" not in service.get(LISTED)["value"][0]["properties"]


def test_a_list_is_not_expanded(service):
    response = service.ask("GET", LISTED, expand="instanceView")
    assert (response.status, response.body["error"]["code"]) == (400, "BadRequest")
    assert response.body["error"].keys() == {"code", "message"}
    assert response.headers["x-ms-failure-cause"] == "service"
    assert service.refused("GET", LISTED.replace(S, f"{S}/resourceGroups/rg"), expand="instanceView")[0] == 400


def test_the_instance_view_of_one_vm_is_the_expanded_one(service):
    assert view(service) == service.get(service.vm("a"), expand="instanceView")["properties"]["instanceView"]
    assert view(service)["computerName"] == "a"
    assert power(service, "c") == "PowerState/deallocated"
    assert "vmAgent" not in view(service, "c")
    assert service.refused("GET", f"{service.vm('nope')}/instanceView") == (404, "ResourceNotFound")


def test_power_takes_its_way(service):
    accepted = service.ask("POST", f"{service.vm('a')}/deallocate")
    assert (accepted.status, accepted.body) == (202, None)
    status, result = (
        accepted.headers[name].removeprefix("http://box") for name in ("Azure-AsyncOperation", "Location")
    )
    assert status.startswith(f"/subscriptions/{S}/providers/Microsoft.Compute/locations/japaneast/operations/")
    assert power(service) == "PowerState/deallocating"
    assert service.get(status)["status"] == "InProgress"
    assert service.ask("GET", result).status == 202
    service.later(40)
    assert power(service) == "PowerState/deallocated"
    done = service.get(status)
    assert done["status"] == "Succeeded"
    assert done["startTime"].endswith("+00:00")
    assert done["endTime"] > done["startTime"]
    assert service.ask("GET", result).status == 200
    service.ask("POST", f"{service.vm('a')}/start")
    assert power(service) == "PowerState/starting"
    service.later(30)
    assert power(service) == "PowerState/running"


def test_the_last_way_counts(service):
    service.ask("POST", f"{service.vm('a')}/deallocate")
    service.later(5)
    service.ask("POST", f"{service.vm('a')}/start")
    service.later(100)
    assert power(service) == "PowerState/running"
    service.ask("POST", f"{service.vm('a')}/start")  # it is there already
    assert power(service) == "PowerState/running"


def test_what_does_not_run_is_not_stopped(service):
    assert service.refused("POST", f"{service.vm('c')}/powerOff") == (409, "OperationNotAllowed")
    assert service.refused("POST", f"{service.vm('c')}/restart") == (409, "OperationNotAllowed")
    assert service.ask("POST", f"{service.vm('a')}/restart").status == 202
    assert service.ask("POST", f"{service.vm('a')}/powerOff").status == 202
    service.later(20)
    assert power(service) == "PowerState/stopped"


def test_tags_are_replaced_by_a_patch(service):
    changed = service.ask("PATCH", service.vm("a"), {"tags": {"env": "test", "owner": "me"}})
    assert changed.status == 200
    assert changed.body["tags"] == {"env": "test", "owner": "me"}
    assert changed.body["properties"]["provisioningState"] == "Updating"
    assert service.get(changed.headers["Azure-AsyncOperation"].removeprefix("http://box"))["status"] == "InProgress"
    service.later(2)
    assert service.get(service.vm("a"))["properties"]["provisioningState"] == "Succeeded"
    service.ask("PATCH", service.vm("a"), {"identity": {"type": "SystemAssigned"}})
    vm = service.get(service.vm("a"))
    assert vm["tags"] == {"env": "test", "owner": "me"}
    assert vm["identity"]["principalId"]
    service.ask("PATCH", service.vm("a"), {"identity": {"type": "None"}, "tags": {}})
    assert service.get(service.vm("a")).keys().isdisjoint({"identity", "tags"})


def test_nothing_else_of_a_vm_is_changed(service):
    hardware = {"properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}}}
    assert service.refused("PATCH", service.vm("a"), hardware) == (409, "PropertyChangeNotAllowed")
    assert service.refused("PATCH", service.vm("a"), {"tags": {"a": 1}}) == (400, "InvalidRequestContent")
    assert service.refused("PUT", service.vm("a"), {"location": "westeurope"}) == (409, "PropertyChangeNotAllowed")
    assert service.refused("PUT", service.vm("a"), {}) == (400, "LocationRequired")
    assert service.refused("PUT", service.vm("new"), {"location": "japaneast"}) == (409, "OperationNotAllowed")


def test_a_vm_can_be_written_back_with_other_tags(with_vm):
    service = with_vm(disks=[{"lun": 0}], identity="SystemAssigned", tags={"env": "prod"})
    read = service.get(service.vm("a"), expand="instanceView")
    written = service.put(service.vm("a"), {**read, "tags": {"env": "test"}, "location": "Japan East"}).body
    assert written["tags"] == {"env": "test"}
    assert written["identity"] == read["identity"]
    assert service.put(service.vm("a"), {"location": "japaneast"}).body.keys().isdisjoint({"tags"})
    read["properties"]["storageProfile"]["dataDisks"][0]["diskSizeGB"] = 64
    response = service.ask("PUT", service.vm("a"), read)
    message = "Changing property 'storageProfile.dataDisks.diskSizeGB' is not allowed."
    assert (response.status, response.body["error"]["message"]) == (409, message)


@pytest.mark.parametrize(
    ("stated", "where"),
    [
        ({}, None),
        ({"a": {"b": "X"}}, None),
        ({"a": None, "d": {}, "vmId": "other"}, None),
        ({"c": [1, {"e": True}]}, None),
        ({"a": {"b": "y"}}, "a.b"),
        ({"a": {"z": 1}}, "a.z"),
        ({"c": [1]}, "c"),
        ({"c": [1, {"e": False}]}, "c.e"),
        ({"c": [True, {"e": True}]}, "c"),
        ({"a": "x"}, "a"),
    ],
)
def test_what_differs_in_a_model_is_named(stated, where):
    assert difference(stated, {"a": {"b": "x"}, "c": [1, {"e": True}], "vmId": "one"}) == where


def test_a_deleted_vm_leaves_its_backups(service):
    service.protect("a")
    lock = f"{service.vm('a')}/providers/Microsoft.Authorization/locks/l"
    service.put(lock, {"properties": {"level": "NotSpecified"}}, 201)
    assert service.ask("DELETE", service.vm("a")).status == 202
    assert service.get(service.vm("a"))["properties"]["provisioningState"] == "Deleting"
    for method, path in (("POST", "/start"), ("PATCH", "")):
        assert service.refused(method, f"{service.vm('a')}{path}", {}) == (409, "OperationNotAllowed")
    service.later(45)
    assert service.refused("GET", service.vm("a")) == (404, "ResourceNotFound")
    assert service.ask("DELETE", service.vm("a")).status == 204
    assert service.properties("a")["protectionState"] == "IRPending"
    assert service.state.estate.access.locks == {}


def test_extensions_are_stated_by_the_world(with_vm):
    service = with_vm(extensions=BAD_EXTENSION)
    (listed,) = service.get(f"{service.vm('a')}/extensions")["value"]
    assert listed["properties"]["provisioningState"] == "Failed"
    assert listed["properties"]["publisher"] == "Microsoft.Azure.RecoveryServices"
    assert "instanceView" not in listed["properties"]
    one = service.get(f"{service.vm('a')}/extensions/vmsnapshotlinux", expand="instanceView")
    (status,) = one["properties"]["instanceView"]["statuses"]
    assert (status["code"], status["message"]) == ("ProvisioningState/failed", "Snapshot handler crashed.")
    assert view(service)["extensions"][0]["statuses"] == [status]
    assert service.get(service.vm("a"))["resources"] == [{"id": f"{service.vm('a')}/extensions/VMSnapshotLinux"}]
    assert service.get(f"{service.vm('b')}/extensions") == {"value": []}
    assert service.refused("GET", f"{service.vm('b')}/extensions/x") == (404, "ResourceNotFound")
    assert snapshot_failure(service.state.estate.virtual_machine(service.vm("a"))) == "Snapshot handler crashed."


@pytest.mark.parametrize(("vm", "name"), [("a", "VMSnapshotLinux"), ("c", "VMSnapshot")])
def test_the_first_backup_brings_its_extension(service, vm, name):
    machine = service.state.estate.virtual_machine(service.vm(vm))
    assert snapshot_failure(machine) is None
    install_snapshot(machine, service.now)
    install_snapshot(machine, service.now)
    assert service.names(f"{service.vm(vm)}/extensions") == [name]
    assert snapshot_failure(machine) is None


def test_an_unknown_operation_is_lost(service):
    path = f"/subscriptions/{S}/providers/Microsoft.Compute/locations/japaneast/operations/x"
    assert service.refused("GET", path) == (404, "NotFound")


def test_an_agent_that_begins_to_report(world, open_service):
    told = world()
    machines = next(iter(told["subscriptions"].values()))["resourceGroups"]["rg"]["virtualMachines"]
    machines["a"]["agent"] = {"version": "2.9.1", "since": "2026-11-23T08:01:00Z"}
    service = open_service(subscriptions=told["subscriptions"])
    path = f"{service.vm('a')}/instanceView"
    assert service.get(path)["vmAgent"]["vmAgentVersion"] == "Unknown"
    service.later(60)
    assert service.get(path)["vmAgent"]["vmAgentVersion"] == "2.9.1"
    service.later(60)
    assert service.ask("DELETE", service.vm("a")).status == 202


def test_an_agent_whose_vm_has_gone_reports_nothing(world, open_service):
    told = world()
    machines = next(iter(told["subscriptions"].values()))["resourceGroups"]["rg"]["virtualMachines"]
    machines["a"]["agent"] = {"since": "2026-11-23T09:00:00Z"}
    service = open_service(subscriptions=told["subscriptions"])
    assert service.ask("DELETE", service.vm("a")).status == 202
    service.later(7200)
    assert service.refused("GET", service.vm("a")) == (404, "ResourceNotFound")
