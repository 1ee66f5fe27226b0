"""Network security groups and subnets, written: codes, operations, etags, and what is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from backup_reconciler.sandbox.core import Request, handle

HERE = {"location": "japaneast"}
RULE = {
    "protocol": "Tcp",
    "access": "Allow",
    "direction": "Outbound",
    "priority": 100,
    "sourceAddressPrefix": "VirtualNetwork",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "AzureBackup",
    "destinationPortRange": "443",
}
DENY = {"priority": 1000, "direction": "Outbound", "access": "Deny"}


@pytest.fixture
def service(open_group):
    return open_group(
        networkSecurityGroups={"nsg": {"rules": {"Deny_All": DENY}}, "used": {}},
        applicationSecurityGroups={"asg": {}, "far": {"location": "westeurope"}},
        virtualNetworks={
            "net": {
                "subnets": {
                    "one": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": "used"},
                    "two": {"addressPrefix": "10.0.1.0/24"},
                }
            }
        },
        virtualMachines={"a": HERE},
    )


def rule_path(service, name="new"):
    return service.network(f"networkSecurityGroups/nsg/securityRules/{name}")


def told(**changes):
    """A rule to PUT; None takes a field out."""
    return {"properties": {key: value for key, value in {**RULE, **changes}.items() if value is not None}}


def follow(service, link):
    """What an address answers that the service gave."""
    return service.ask("GET", urlsplit(link).path)


def test_a_rule_is_created_and_settles(service):
    made = service.put(rule_path(service), told(), 201)
    assert made.body["properties"]["provisioningState"] == "Updating"
    link = made.headers["Azure-AsyncOperation"]
    assert "/providers/Microsoft.Network/locations/japaneast/operations/" in link
    pending = follow(service, link)
    assert (pending.body, pending.headers["Retry-After"]) == ({"status": "InProgress"}, "10")
    service.later(3)
    assert follow(service, link).body == {"status": "Succeeded"}
    rule = service.get(rule_path(service))
    assert rule["properties"] == {
        **RULE,
        "provisioningState": "Succeeded",
        "sourcePortRanges": [],
        "destinationPortRanges": [],
        "sourceAddressPrefixes": [],
        "destinationAddressPrefixes": [],
    }
    assert rule["etag"] != made.body["etag"]
    group = service.get(service.network("networkSecurityGroups/nsg"))
    assert group["etag"] == rule["etag"]
    assert [one["name"] for one in group["properties"]["securityRules"]] == ["Deny_All", "new"]


def test_a_rule_is_replaced_under_the_name_it_has(service):
    service.put(rule_path(service, "DENY_ALL"), told(priority=900), 200)
    service.later(3)
    (rule,) = service.get(service.network("networkSecurityGroups/nsg/securityRules"))["value"]
    assert (rule["name"], rule["properties"]["priority"]) == ("Deny_All", 900)


def test_a_rule_is_deleted_once(service):
    gone = service.ask("DELETE", rule_path(service, "Deny_All"))
    assert (gone.status, gone.body) == (202, None)
    assert follow(service, gone.headers["Location"]).status == 202
    service.later(3)
    assert follow(service, gone.headers["Location"]).status == 204
    assert service.refused("GET", rule_path(service, "Deny_All")) == (404, "NotFound")
    assert service.ask("DELETE", rule_path(service, "Deny_All")).status == 204


def test_one_write_at_a_time(service):
    service.put(rule_path(service), told(), 201)
    busy = service.ask("PUT", rule_path(service, "other"), told(priority=101))
    assert (busy.status, busy.body["error"]["code"]) == (429, "AnotherOperationInProgress")
    assert busy.headers["Retry-After"] == "10"
    link = busy.body["error"]["message"].rpartition("uri: ")[2].rstrip(".")
    assert follow(service, link).body == {"status": "InProgress"}
    assert service.ask("DELETE", rule_path(service)).status == 429
    service.later(3)
    service.put(rule_path(service, "other"), told(priority=101), 201)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"priority": 99}, "SecurityRuleInvalidPriority"),
        ({"priority": 4097}, "SecurityRuleInvalidPriority"),
        ({"priority": 1000}, "SecurityRuleConflict"),
        ({"priority": "100"}, "InvalidRequestFormat"),
        ({"priority": True}, "InvalidRequestFormat"),
        ({"protocol": "Tpc"}, "InvalidRequestFormat"),
        ({"access": None}, "InvalidRequestFormat"),
        ({"description": 1}, "InvalidRequestFormat"),
        ({"destinationPortRange": "443, 80"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "65536"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "90-80"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "٤٤٣"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": None}, "InvalidRequestFormat"),
        ({"destinationPortRanges": ["80"]}, "InvalidRequestFormat"),
        (
            {"destinationPortRange": None, "destinationPortRanges": ["*"]},
            "SecurityRuleParameterContainsInvalidPortRanges",
        ),
        ({"destinationAddressPrefix": "AzureBakcup"}, "SecurityRuleInvalidAddressPrefix"),
        ({"destinationAddressPrefix": "Storage.mars"}, "SecurityRuleInvalidAddressPrefix"),
        ({"destinationAddressPrefix": "10.0.0.1/24"}, "SecurityRuleInvalidAddressPrefix"),
        (
            {"destinationAddressPrefix": None, "destinationAddressPrefixes": ["10.0.0.0/8", "Storage"]},
            "SecurityRuleParameterContainsUnsupportedValue",
        ),
        ({"destinationAddressPrefix": None}, "InvalidRequestFormat"),
        ({"sourceApplicationSecurityGroups": [{"id": "/x"}]}, "InvalidRequestFormat"),
        ({"sourceAddressPrefix": None, "sourceApplicationSecurityGroups": [{}]}, "InvalidRequestFormat"),
        ({"sourceAddressPrefix": None, "sourceApplicationSecurityGroups": [{"id": "/x"}]}, "InvalidResourceReference"),
    ],
)
def test_a_rule_that_is_none_is_refused(service, changes, code):
    assert service.refused("PUT", rule_path(service), told(**changes)) == (400, code)
    assert service.names(service.network("networkSecurityGroups/nsg/securityRules")) == ["Deny_All"]


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": 1000, "direction": "Inbound"},
        {"destinationAddressPrefix": "storage.JapanEast"},
        {"destinationAddressPrefix": None, "destinationAddressPrefixes": ["10.0.0.0/8", "192.0.2.1"]},
        {"destinationPortRange": None, "destinationPortRanges": ["80", "443-445"]},
        {"destinationPortRange": "0-65535", "protocol": "tcp"},
        {"sourceAddressPrefixes": [], "sourcePortRanges": []},
    ],
)
def test_and_one_that_is_good_is_taken(service, changes):
    service.put(rule_path(service), told(**changes), 201)


def test_application_security_groups_are_of_the_same_region(service):
    group = [{"id": service.network("applicationSecurityGroups/asg")}]
    far = [{"id": service.network("applicationSecurityGroups/far")}]
    body = told(sourceAddressPrefix=None, sourceApplicationSecurityGroups=far)
    assert service.refused("PUT", rule_path(service), body) == (400, "InvalidResourceReference")
    body["properties"]["sourceApplicationSecurityGroups"] = group
    service.put(rule_path(service), body, 201)
    assert service.get(rule_path(service))["properties"]["sourceApplicationSecurityGroups"] == group


def test_a_name_must_be_one(service):
    assert service.refused("PUT", rule_path(service, "-no"), told()) == (400, "InvalidResourceName")
    assert service.refused("PUT", rule_path(service, "x" * 81), told()) == (400, "InvalidResourceName")


def test_a_security_group_is_made_read_back_and_deleted(service):
    path = service.network("networkSecurityGroups/fresh")
    body = {**HERE, "tags": {"a": "b"}, "properties": {"securityRules": [{"name": "one", **told()}]}}
    made = service.put(path, body, 201)
    service.later(3)
    shown = service.get(path)
    assert shown["properties"]["resourceGuid"] == made.body["properties"]["resourceGuid"]
    # What was read can be written as it is, default rules and all.
    assert service.put(path, shown, 200).body["properties"]["securityRules"][0]["name"] == "one"
    service.later(3)
    gone = service.ask("DELETE", path)
    assert gone.status == 202
    assert service.get(path)["properties"]["provisioningState"] == "Deleting"
    service.later(3)
    assert service.refused("GET", path) == (404, "ResourceNotFound")
    assert service.ask("DELETE", path).status == 204


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (400, "LocationRequired")),
        ({"location": "westeurope"}, (409, "InvalidResourceLocation")),
        ({**HERE, "tags": {"a": 1}}, (400, "InvalidRequestContent")),
        ({**HERE, "properties": {"securityRules": {}}}, (400, "InvalidRequestFormat")),
        ({**HERE, "properties": {"securityRules": [{"name": "x"}]}}, (400, "InvalidRequestFormat")),
        (
            {**HERE, "properties": {"securityRules": [{"name": "x", **told()}, {"name": "y", **told()}]}},
            (400, "SecurityRuleConflict"),
        ),
    ],
)
def test_a_security_group_that_is_none_is_refused(service, body, refusal):
    path = service.network("networkSecurityGroups/nsg")
    before = service.get(path)
    assert service.refused("PUT", path, body) == refusal
    assert service.get(path) == before


@pytest.mark.parametrize(("group", "user"), [("used", "/subnets/one"), ("aNSG", "/networkInterfaces/aVMNic")])
def test_a_security_group_in_use_cannot_be_deleted(service, group, user):
    response = service.ask("DELETE", service.network(f"networkSecurityGroups/{group}"))
    assert (response.status, response.body["error"]["code"]) == (400, "InUseNetworkSecurityGroupCannotBeDeleted")
    assert user in response.body["error"]["message"]


def test_a_stale_etag_is_refused(service):
    path = service.network("networkSecurityGroups/nsg")

    def put(etag):
        request = Request(
            "PUT", rule_path(service), {"api-version": service.api}, {"if-match": etag}, told(), "http://box"
        )
        return handle(service.state.estate, request, service.now, service.state.rng).status

    read = service.get(path)["etag"]
    assert put(read) == 201
    service.later(3)
    assert put(read) == 412
    assert put("*") == 200


def test_a_subnet_is_replaced(service):
    path = service.network("virtualNetworks/net/subnets/two")
    body = {"properties": {"addressPrefix": "10.0.1.0/24", "serviceEndpoints": [{"service": "Microsoft.Storage"}],
                           "networkSecurityGroup": {"id": service.network("networkSecurityGroups/nsg")}}}  # fmt: skip
    service.put(path, body, 200)
    service.later(3)
    assert service.get(path)["properties"]["serviceEndpoints"][0]["provisioningState"] == "Succeeded"
    group = service.get(service.network("networkSecurityGroups/nsg"))["properties"]
    assert group["subnets"] == [{"id": path}]
    service.put(path, {"properties": {"addressPrefix": "10.0.1.0/24"}}, 200)
    service.later(3)
    assert "networkSecurityGroup" not in service.get(path)["properties"]


@pytest.mark.parametrize(("api", "outbound"), [("2024-05-01", None), ("2025-07-01", False)])
def test_a_new_subnet_is_private_since_2025(service, api, outbound):
    service.api = api
    path = service.network("virtualNetworks/net/subnets/new")
    made = service.put(path, {"properties": {"addressPrefix": "10.0.9.0/24"}}, 201)
    assert made.body["properties"].get("defaultOutboundAccess") is outbound


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"addressPrefix": "10.0.1.0/33"}, "InvalidCIDRNotation"),
        ({"addressPrefix": "10.9.0.0/8"}, "InvalidCIDRNotation"),
        ({"addressPrefix": "192.168.0.0/24"}, "NetcfgSubnetRangeOutsideVnet"),
        ({"addressPrefix": "2001:db8::/64"}, "NetcfgSubnetRangeOutsideVnet"),
        ({"addressPrefix": "10.0.0.0/25"}, "NetcfgSubnetRangesOverlap"),
        ({}, "InvalidRequestFormat"),
        ({"addressPrefix": "10.0.1.0/24", "routeTable": {"id": "/none"}}, "InvalidResourceReference"),
        ({"addressPrefix": "10.0.1.0/24", "routeTable": {"id": 1}}, "InvalidResourceReference"),
        ({"addressPrefix": "10.0.1.0/24", "serviceEndpoints": ["x"]}, "InvalidRequestFormat"),
        ({"addressPrefix": "10.0.1.0/24", "defaultOutboundAccess": "no"}, "InvalidRequestFormat"),
    ],
)
def test_a_subnet_that_does_not_fit_is_refused(service, properties, code):
    path = service.network("virtualNetworks/net/subnets/two")
    assert service.refused("PUT", path, {"properties": properties}) == (400, code)


def test_an_operation_that_never_was_is_not_found(service):
    path = f"/subscriptions/{service.subscription}/providers/Microsoft.Network/locations/japaneast/operations/x"
    assert service.refused("GET", path) == (404, "OperationNotFound")
