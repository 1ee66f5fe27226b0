"""What documents of method firewall come to: rule collections, one action for a place, and what is said beside."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.plan.outbound.firewall.collection import mark_of
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection
from backup_reconciler.state.network.network import Network
from tests.unit.plan.firewalls import (
    CLASSIC,
    FIREWALL,
    IN_POLICY,
    NETWORK_RULE,
    POLICY,
    VMS,
    after,
    collection,
    network_with,
    outbound,
    planned,
    subnet_id,
)


def rules_of(collections: tuple[RuleCollection, ...]) -> list[FirewallRule]:
    """The rules without their marks."""
    return [replace(rule, description="") for one in collections for rule in one.rules]


# ---- what is wanted ------------------------------------------------------------------------------------------------


def test_the_fqdn_tag_is_allowed_for_the_ipv4_prefixes_of_the_subnets() -> None:
    told = planned(network_with(), outbound("out", "web", "app"))
    sources = ("10.0.9.0/24", "10.1.0.128/25", "10.1.1.0/24")
    assert rules_of(told.action.written) == [
        FirewallRule("AzureBackup", sources=sources, protocols=("https:443",), fqdn_tags=("AzureBackup",))
    ]
    assert str(mark_of(told.action.written[0])).startswith("backup-reconciler out ")
    assert [name for name, _ in told.opened] == [vm.id for vm in (*VMS["app"], *VMS["web"])]
    assert {id_ for _, id_ in told.opened} == {told.action.id}


def test_a_network_rule_has_the_region_of_the_subnets_in_the_place_of_its_placeholder() -> None:
    destinations = ["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]
    told = planned(network_with(), outbound("out", networkRule={"destinations": destinations}))
    assert rules_of(told.action.written[1:]) == [
        FirewallRule(
            "japaneast-443",
            sources=("10.1.1.0/24",),
            destinations=("AzureBackup", "Storage.japaneast", "AzureActiveDirectory"),
            ports=("443",),
            protocols=("TCP",),
        )
    ]


def test_a_port_by_disk_kind_is_opened_for_the_subnets_that_have_such_disks() -> None:
    rule = {"destinations": ["Storage"], "port": "byDiskKind"}
    told = planned(network_with(), outbound("out", "web", "app", networkRule=rule))
    assert {one.name: one.sources for one in rules_of(told.action.written[1:])} == {
        "port-80": ("10.1.1.0/24",),
        "port-443": ("10.1.1.0/24",),
        "port-8443": ("10.0.9.0/24", "10.1.0.128/25", "10.1.1.0/24"),
    }


def test_who_means_nobody_wants_nothing() -> None:
    told = planned(network_with(), outbound("out", "elsewhere"))
    assert told.actions == []
    assert told.findings == [("outbound-target-missing", "blocked", f"{subnet_id('elsewhere')} is not there")]
    assert told.reasons == {"OutboundAccess/out": "it means no VM that is there, and no subnet"}


# ---- one action for a place ----------------------------------------------------------------------------------------


def test_documents_of_one_place_are_one_action_with_a_change_for_each_collection() -> None:
    told = planned(network_with(), outbound("b", "app"), outbound("a", "web", networkRule=NETWORK_RULE))
    assert told.action.label == "rule collection group rcg of fwp"
    found = [(change.path, change.found, change.declared["priority"]) for change in told.action.changes]
    assert found == [("a.applicationRule", None, 1000), ("a.networkRule", None, 999), ("b.applicationRule", None, 998)]
    assert [change.place.file for change in told.action.changes] == ["a.yaml", "a.yaml", "b.yaml"]
    assert told.action.place.file == "a.yaml"


def test_a_document_that_is_blocked_leaves_the_others_of_its_place_alone() -> None:
    network = network_with(groups={"rcg": (300, [collection("backup-reconciler-a-application", 500)])})
    told = planned(network, outbound("a"), outbound("b"))
    message = "backup-reconciler-a-application is in rule collection group rcg of fwp already, and bears no mark"
    assert ("owned-name-taken", "blocked", message) in told.findings
    assert [one.name for one in told.action.written] == ["backup-reconciler-b-application"]


@pytest.mark.parametrize("where", [CLASSIC, IN_POLICY], ids=["classic", "policy"])
def test_what_was_carried_out_is_as_declared(where: dict[str, Any]) -> None:
    documents = outbound("a", networkRule=NETWORK_RULE, **where), outbound("b", "app", **where)
    network = network_with()
    told = planned(after(network, planned(network, *documents)), *documents)
    assert (told.actions, told.opened) == ([], [])
    assert told.reasons == {"OutboundAccess/a": "it is as declared", "OutboundAccess/b": "it is as declared"}


def test_what_azure_writes_otherwise_and_means_the_same_is_as_declared() -> None:
    network = network_with()
    document = outbound("a", "web", "app", networkRule=NETWORK_RULE)
    (application, other) = planned(network, document).action.written
    (rule,) = other.rules
    turned = replace(rule, destinations=tuple(name.upper() for name in reversed(rule.destinations)), protocols=("tcp",))
    found = replace(other, name=other.name.upper(), rules=(turned,))
    told = planned(network_with(groups={"rcg": (300, [application, found])}), document)
    assert told.actions == []


def test_what_somebody_changed_is_put_right_and_told_field_by_field() -> None:
    network = network_with()
    written = planned(network, outbound("a")).action.written[0]
    (rule,) = written.rules
    wider = replace(written, allows=False, rules=(replace(rule, sources=("*",)),))
    told = planned(network_with(groups={"rcg": (300, [wider])}), outbound("a"))
    assert [(change.path, change.found, change.declared) for change in told.action.changes] == [
        ("a.applicationRule.action", "Deny", "Allow"),
        ("a.applicationRule.rules.AzureBackup.sources", ["*"], ["10.1.1.0/24"]),
    ]
    assert told.action.written == (written,)


def test_a_mark_that_does_not_fit_is_written_anew() -> None:
    written = planned(network_with(), outbound("a")).action.written[0]
    forged = replace(written, rules=(replace(written.rules[0], description=f"backup-reconciler a {'0' * 16}"),))
    told = planned(network_with(groups={"rcg": (300, [forged])}), outbound("a"))
    assert [change.path for change in told.action.changes] == ["a.applicationRule.mark"]


# ---- where nothing can be written ----------------------------------------------------------------------------------


def without(network: Network, **fields: Any) -> Network:
    return replace(network, **fields)


@pytest.mark.parametrize(
    ("network", "where", "message"),
    [
        (without(network_with(), firewalls={}), CLASSIC, f"there is no Azure Firewall {FIREWALL}"),
        (without(network_with(), firewall_policies={}), IN_POLICY, f"there is no firewall policy {POLICY}"),
        (
            network_with(),
            IN_POLICY | {"ruleCollectionGroup": "none"},
            "the firewall policy fwp has no rule collection group none",
        ),
    ],
)
def test_what_is_missing_is_not_made(network: Network, where: dict[str, Any], message: str) -> None:
    told = planned(network, outbound("a", **where))
    assert (told.findings, told.actions) == ([("firewall-missing", "blocked", message)], [])
    gone = planned(network, outbound("a", state="absent", **where))
    assert (gone.findings, gone.reasons) == ([], {"OutboundAccess/a": "nothing of it is there"})


def test_a_missing_group_comes_with_the_command_that_makes_it() -> None:
    told = planned(network_with(), outbound("a", **IN_POLICY | {"ruleCollectionGroup": "none"}))
    assert (
        "az network firewall policy rule-collection-group create --subscription 11111111-1111-1111-1111-111111111111 "
        "--resource-group rg --policy-name fwp --name none --priority NUMBER"
    ) in told.finding("firewall-missing").remedy


def test_a_firewall_with_a_policy_takes_no_rules_of_its_own() -> None:
    told = planned(network_with(), outbound("a", azureFirewall=f"{FIREWALL}-ruled"))
    message = "fw-ruled takes its rules from the firewall policy fwp, and can have none of its own"
    assert told.findings == [("firewall-has-policy", "blocked", message)]
    assert told.finding("firewall-has-policy").remedy == (
        f"in place of azureFirewall, state firewallPolicy: {POLICY} and ruleCollectionGroup"
    )


# ---- what cannot be carried out whole ------------------------------------------------------------------------------


def test_a_vm_of_whose_network_nothing_is_known_is_named() -> None:
    network = network_with()
    lost = VMS["web"][1].id
    interfaces = {vm: one for vm, one in network.interfaces.items() if vm != lost}
    told = planned(replace(network, interfaces=interfaces), outbound("a"))
    message = "no interface with an IPv4 address in a subnet that is read was found for web-2"
    assert told.findings == [("vm-network-unknown", "warning", message)]
    assert [vm.name for vm, _ in told.opened] == ["web-1"]


def test_storage_of_another_region_is_not_opened_and_named() -> None:
    tags = ["AzureBackup", "Storage.japanwest", "AzureActiveDirectory"]
    told = planned(network_with(), outbound("a", networkRule={"destinations": tags}))
    message = "Storage.japanwest is not of japaneast, where web is"
    assert told.findings == [("service-tag-region", "blocked", message)]
    assert rules_of(told.action.written[1:])[0].destinations == ("AzureBackup", "AzureActiveDirectory")


def test_a_subnet_without_vms_is_opened_for_the_disks_that_vms_have_today() -> None:
    network = replace(network_with(), interfaces={})
    rule = {"destinations": ["Storage.japaneast"], "port": "byDiskKind"}
    told = planned(network, outbound("a", networkRule=rule))
    assert [one.name for one in rules_of(told.action.written[1:])] == ["japaneast-8443"]
