"""Pages, Compute's lists, resource groups, and what the gateway says by itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from backup_reconciler.sandbox.core import Request, handle
from backup_reconciler.sandbox.core.wire.listing import skip_token


def walk(service: Any, path: str, **query: str) -> list[list[str]]:
    """The names on every page, following nextLink."""
    pages = []
    body = service.get(path, **query)
    while True:
        pages.append([one["name"] for one in body["value"]])
        if "nextLink" not in body:
            return pages
        link = urlsplit(body["nextLink"])
        assert f"{link.scheme}://{link.netloc}" == "http://box"
        asked = {name.lower(): value for name, value in parse_qsl(link.query)}
        response = handle(
            service.state.estate,
            Request("GET", link.path, asked, endpoint="http://box"),
            service.now,
            service.state.rng,
        )
        body = response.body


def test_lists_come_in_pages(open_service):
    service = open_service(pageSize=2)
    for vm in ("a", "b", "c"):
        service.protect(vm)
    prefix = "VM;iaasvmcontainerv2;rg;"
    path = f"{service.vault()}/backupProtectedItems"
    condition = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"
    assert walk(service, path, filter=condition) == [[f"{prefix}c", f"{prefix}b"], [f"{prefix}a"]]
    assert [len(page) for page in walk(service, f"{service.vault()}/backupJobs")] == [2, 1]
    assert [len(page) for page in walk(service, f"{service.vault()}/backupPolicies")] == [2, 1]
    machines = f"/subscriptions/{service.subscription}/providers/Microsoft.Compute/virtualMachines"
    assert [len(page) for page in walk(service, machines)] == [2, 2, 1]


@pytest.mark.parametrize("token", ["x", skip_token(-1), skip_token(10**40)])
def test_a_page_nobody_gave(service, token):
    path = f"{service.vault()}/backupJobs"
    assert service.refused("GET", path, skiptoken=token) == (400, "BMSUserErrorInvalidInput")


@pytest.mark.parametrize(
    ("condition", "vms"),
    [
        ("policyName eq 'EnhancedPolicy'", ["b"]),
        ("policyname eq 'enhancedpolicy'", ["b"]),
        ("friendlyName eq 'a'", ["a"]),
        ("containerName eq 'iaasvmcontainerv2;rg;a'", ["a"]),
        ("itemType eq 'AzureFileShare'", []),
    ],
)
def test_items_are_filtered(service, condition, vms):
    service.protect("a")
    service.protect("b", "EnhancedPolicy")
    found = service.get(f"{service.vault()}/backupProtectedItems", filter=condition)["value"]
    assert [item["properties"]["friendlyName"] for item in found] == vms


def test_containers_are_the_vms_of_the_items(service):
    service.protect("a")
    path = f"{service.vault()}/backupProtectionContainers"
    registered = "backupManagementType eq 'AzureIaasVM' and status eq 'Registered'"
    assert service.names(path, filter=registered) == ["IaasVMContainer;iaasvmcontainerv2;rg;a"]
    assert service.names(path, filter=f"{registered} and friendlyName eq 'b'") == []
    assert service.names(path, filter="status eq 'NotRegistered'") == []


def machine(service: Any, name: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(vm for vm in service.get(path)["value"] if vm["name"] == name)
    return found


def test_the_list_of_machines_prints_groups_in_capitals(service):
    everywhere = f"/subscriptions/{service.subscription}/providers/Microsoft.Compute/virtualMachines"
    vm = machine(service, "a", everywhere)
    assert "/resourceGroups/RG/" in vm["id"]
    assert vm["tags"] == {"env": "prod"}
    assert "instanceView" not in vm["properties"]
    here = machine(service, "a", f"{service.group}/providers/Microsoft.Compute/virtualMachines")
    assert here["id"] == service.vm("a")


def test_the_list_of_status_has_no_model(service):
    path = f"/subscriptions/{service.subscription}/providers/Microsoft.Compute/virtualMachines?statusOnly=true"
    asked = Request("GET", path.partition("?")[0], {"api-version": "2025-04-01", "statusonly": "true"})
    vms = {vm["name"]: vm for vm in handle(service.state.estate, asked, service.now, service.state.rng).body["value"]}
    assert "tags" not in vms["a"]
    assert vms["a"]["properties"].keys() == {"vmId", "provisioningState", "instanceView"}
    assert vms["a"]["properties"]["instanceView"]["vmAgent"]["statuses"][0]["displayStatus"] == "Ready"
    stopped = vms["c"]["properties"]["instanceView"]
    assert "vmAgent" not in stopped
    assert stopped["statuses"][1]["code"] == "PowerState/deallocated"


def test_one_machine(service):
    assert "instanceView" not in service.get(service.vm("a"))["properties"]
    whole = service.get(service.vm("c").upper(), expand="instanceView")
    assert whole["name"] == "c"
    assert whole["properties"]["storageProfile"]["osDisk"]["osType"] == "Windows"
    assert whole["properties"]["instanceView"]["hyperVGeneration"] == "V1"
    assert service.refused("GET", service.vm("x")) == (404, "ResourceNotFound")


def test_a_machine_without_an_agent(world, open_service):
    described = world()["subscriptions"]
    (group,) = next(iter(described.values()))["resourceGroups"].values()
    group["virtualMachines"]["a"] = {"location": "japaneast", "agent": None}
    service = open_service(subscriptions=described)
    agent = service.get(service.vm("a"), expand="instanceView")["properties"]["instanceView"]["vmAgent"]
    assert agent["vmAgentVersion"] == "Unknown"


def test_a_group_shows_its_tags(world, open_service):
    described = world()["subscriptions"]
    (group,) = next(iter(described.values()))["resourceGroups"].values()
    group["tags"] = {"owner": "me"}
    service = open_service(subscriptions=described)
    assert service.get(service.group)["tags"] == {"owner": "me"}


def test_groups_and_subscriptions(service):
    assert service.get(service.group)["properties"]["provisioningState"] == "Succeeded"
    assert service.names(f"/subscriptions/{service.subscription}/resourcegroups") == ["rg"]
    assert service.get("/subscriptions")["value"][0]["subscriptionId"] == service.subscription
    assert service.get(f"/subscriptions/{service.subscription}")["state"] == "Enabled"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/", (404, "MissingSubscription")),
        ("/subscriptions/s/nothing", (404, "MissingSubscription")),
        ("/subscriptions/nobody/resourceGroups/rg", (404, "SubscriptionNotFound")),
        ("/subscriptions/{s}/resourceGroups/nowhere", (404, "ResourceGroupNotFound")),
        ("{rg}/providers/Microsoft.RecoveryServices/vaults/none", (404, "ResourceNotFound")),
        ("{rg}/providers/Microsoft.RecoveryServices/vaults/none/backupPolicies", (404, "ResourceNotFound")),
        ("{rg}/providers/Microsoft.RecoveryServices/cellars/x", (404, "InvalidResourceType")),
        ("{rg}/providers/Microsoft.Basement/vaults/x", (404, "InvalidResourceNamespace")),
    ],
)
def test_what_is_not_there(service, path, error):
    path = path.format(s=service.subscription, rg=service.group)
    assert service.refused("GET", path) == error
    response = service.ask("GET", path)
    assert response.headers["x-ms-failure-cause"] == "gateway"
    assert response.body["error"].keys() == {"code", "message"}


def test_the_words_for_a_missing_vault(service):
    message = service.ask("GET", service.vault("none")).body["error"]["message"]
    assert message == (
        "The Resource 'Microsoft.RecoveryServices/vaults/none' under resource group 'rg' was not found. For more "
        "details please go to https://aka.ms/ARMResourceNotFoundFix"
    )


def test_the_method_and_the_version_are_looked_at(service):
    assert service.refused("DELETE", service.group) == (405, "HttpMethodNotSupported")
    service.api = ""
    assert service.refused("GET", service.vault()) == (400, "MissingApiVersionParameter")
    service.api = "latest"
    assert service.refused("GET", service.vault()) == (400, "InvalidApiVersionParameter")


def test_every_answer_has_the_usual_headers(service, open_service):
    for path in (service.vault(), service.vm("a"), service.vm("x"), "/nothing"):
        headers = service.ask("GET", path).headers
        assert {"x-ms-request-id", "x-ms-correlation-request-id"} <= headers.keys()
        assert any(name.startswith("x-ms-ratelimit-remaining-") for name in headers)
    old = open_service(era=2021)
    assert old.ask("PATCH", old.vault(), {}).headers["x-ms-ratelimit-remaining-subscription-writes"] == "1199"


def test_equal_runs_give_equal_answers(open_service):
    runs = []
    for _ in range(2):
        service = open_service()
        service.protect("a")
        runs.append([service.ask("GET", service.item("a")), service.ask("GET", f"{service.vault()}/backupJobs")])
    assert runs[0] == runs[1]
    assert runs[0][0].headers["x-ms-request-id"] != runs[0][1].headers["x-ms-request-id"]


FAULT = {"method": "GET", "path": "*/backupPolicies", "status": 503, "code": "ServiceUnavailable", "message": "Busy."}


def statuses(service: Any, count: int = 4) -> list[int]:
    return [service.ask("GET", f"{service.vault()}/backupPolicies").status for _ in range(count)]


def test_a_fault_gives_its_status(open_service):
    service = open_service(faults=[{**FAULT, "retryAfter": 5}])
    response = service.ask("GET", f"{service.vault()}/BACKUPPOLICIES")
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert response.body == {"error": {"code": "ServiceUnavailable", "message": "Busy."}}
    assert service.ask("GET", f"{service.vault()}/backupJobs").status == 200


def test_a_fault_strikes_so_often_and_begins_so_late(open_service):
    assert statuses(open_service(faults=[{**FAULT, "times": 2}])) == [503, 503, 200, 200]
    assert statuses(open_service(faults=[{**FAULT, "times": 1, "skip": 2}])) == [200, 200, 503, 200]
    second = {**FAULT, "status": 500, "times": 3}
    assert statuses(open_service(faults=[{**FAULT, "times": 1}, second])) == [503, 500, 500, 200]


@pytest.mark.parametrize(("cut", "done"), [("before", False), ("after", True)])
def test_a_cut_before_or_after_the_effect(open_service, cut, done):
    service = open_service(faults=[{"method": "PUT", "path": "*/protectedItems/*", "cut": cut, "times": 1}])
    assert service.ask("PUT", service.item("a"), service.configure("a")).cut
    service.later(32)
    assert (service.ask("GET", service.item("a")).status == 200) is done


def test_a_cut_request_after_the_effect_may_have_been_refused(open_service):
    service = open_service(faults=[{"path": "*/protectedItems/*", "cut": "after"}])
    assert service.ask("PUT", service.item("nowhere"), service.configure("nowhere")).cut
