"""Azure Firewalls and firewall policies, written."""

from __future__ import annotations

import pytest

HERE = {"location": "japaneast"}
APPLICATION = {
    "ruleType": "ApplicationRule",
    "name": "backup",
    "sourceAddresses": ["10.0.0.0/24"],
    "fqdnTags": ["AzureBackup"],
    "protocols": [{"protocolType": "Https", "port": 443}],
    "somethingNew": {"kept": True},
}
COLLECTION = {
    "name": "collection",
    "priority": 300,
    "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
    "action": {"type": "Allow"},
    "rules": [APPLICATION],
}
CLASSIC = {"name": "c", "properties": {"priority": 300, "action": {"type": "Allow"}, "rules": [APPLICATION]}}


@pytest.fixture
def service(open_group):
    return open_group(
        firewallPolicies={"policy": {"ruleCollectionGroups": {"base": {"priority": 200}}}},
        azureFirewalls={
            "fw": {"privateIp": "10.0.1.4"},
            "ruled": {"privateIp": "10.0.2.4", "firewallPolicy": "policy"},
        },
    )


def group_path(service, name="new"):
    return service.network(f"firewallPolicies/policy/ruleCollectionGroups/{name}")


def group(priority=300, *collections):
    return {"properties": {"priority": priority, "ruleCollections": list(collections)}}


def test_a_group_of_rule_collections_comes_and_goes(service):
    made = service.put(group_path(service), group(300, COLLECTION), 201)
    assert made.body["properties"]["provisioningState"] == "Updating"
    assert "/operations/" in made.headers["Azure-AsyncOperation"]
    service.later(14)
    shown = service.get(group_path(service))
    assert shown["properties"]["ruleCollections"] == [COLLECTION]
    assert service.names(group_path(service, "")[:-1]) == ["base", "new"]
    assert service.put(group_path(service), shown, 200).status == 200
    service.later(14)
    assert service.ask("DELETE", group_path(service)).status == 202
    service.later(14)
    assert service.refused("GET", group_path(service)) == (404, "NotFound")
    assert service.ask("DELETE", group_path(service)).status == 204


def test_a_policy_takes_one_group_at_a_time(service):
    service.put(group_path(service), group(), 201)
    code = "FirewallPolicyUpdateNotAllowedWhenUpdatingOrDeleting"
    assert service.refused("PUT", group_path(service, "other"), group(400)) == (400, code)
    service.later(14)
    service.put(group_path(service, "other"), group(400), 201)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (group(99), "FirewallPolicyRuleCollectionGroupInvalidPriority"),
        (group(65001), "FirewallPolicyRuleCollectionGroupInvalidPriority"),
        (group(200), "FirewallPolicyRuleCollectionGroupPriorityConflict"),
        (group("300"), "InvalidRequestFormat"),
        (group(300, COLLECTION, {**COLLECTION, "name": "two"}), "FirewallPolicyRuleCollectionPriorityConflict"),
        (group(300, {**COLLECTION, "priority": 1}), "FirewallPolicyRuleCollectionInvalidPriority"),
        (group(300, {**COLLECTION, "ruleCollectionType": "x"}), "InvalidRequestFormat"),
        (group(300, {**COLLECTION, "action": {"type": "Maybe"}}), "InvalidRequestFormat"),
        (group(300, {**COLLECTION, "rules": [{**APPLICATION, "ruleType": "x"}]}), "InvalidRequestFormat"),
        (group(300, {**COLLECTION, "rules": [{**APPLICATION, "fqdnTags": ["x"]}]}), "AzureFirewallInvalidFqdnTag"),
        (group(300, {**COLLECTION, "rules": [{**APPLICATION, "targetFqdns": ["*"]}]}), "InvalidRequestFormat"),
        (group(300, {**COLLECTION, "rules": [{**APPLICATION, "name": None}]}), "InvalidRequestFormat"),
        (group(300, {**COLLECTION, "rules": [{"ruleType": "NetworkRule", "name": "x"}]}), "InvalidRequestFormat"),
    ],
)
def test_a_group_that_is_none_is_refused(service, body, code):
    assert service.refused("PUT", group_path(service), body) == (400, code)
    assert service.names(group_path(service, "")[:-1]) == ["base"]


def test_a_classic_firewall_is_read_changed_and_written_back(service):
    path = service.network("azureFirewalls/fw")
    body = service.get(path)
    body["properties"]["applicationRuleCollections"] = [CLASSIC]
    written = service.put(path, body, 200).body
    assert service.refused("PUT", path, body) == (400, "AzureFirewallUpdateNotAllowedWhenUpdatingOrDeleting")
    service.later(14)
    shown = service.get(path)["properties"]
    assert shown["applicationRuleCollections"] == [CLASSIC]
    assert shown["ipConfigurations"] == body["properties"]["ipConfigurations"]
    assert shown["resourceGuid"] == written["properties"]["resourceGuid"]


@pytest.mark.parametrize(
    ("name", "properties", "code"),
    [
        ("ruled", {"applicationRuleCollections": [CLASSIC]},
         "AzureFirewallRuleCollectionsNotAllowedWithFirewallPolicy"),
        ("fw", {"applicationRuleCollections": [CLASSIC, CLASSIC]}, "AzureFirewallRuleCollectionPriorityConflict"),
        ("fw", {"applicationRuleCollections": {}}, "InvalidRequestFormat"),
        ("fw", {"applicationRuleCollections": [{"name": "x"}]}, "InvalidRequestFormat"),
        ("fw", {"firewallPolicy": {"id": "/none"}}, "InvalidResourceReference"),
    ],
)  # fmt: skip
def test_a_firewall_that_does_not_fit_is_refused(service, name, properties, code):
    path = service.network(f"azureFirewalls/{name}")
    body = service.get(path)
    body["properties"] |= properties
    assert service.refused("PUT", path, body) == (400, code)


def test_a_new_firewall_is_created(service):
    path = service.network("azureFirewalls/second")
    assert service.put(path, {**HERE, "properties": {}}, 201).body["properties"]["networkRuleCollections"] == []
