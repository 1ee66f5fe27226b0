"""What documents of method firewall come to: rule collections, one action for a place, and what is said beside."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.plan.outbound.firewall.collection import mark_of
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection
from backup_reconciler.state.network.network import Network
from tests.unit.plan.firewalls import (
    ALL,
    CLASSIC,
    FIREWALL,
    IN_POLICY,
    POLICY,
    VMS,
    after,
    collection,
    network_with,
    outbound,
    planned,
    subnet_id,
)

NETWORK_RULE = {"destinations": list(ALL), "port": 443}


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
    assert (gone.findings, gone.reasons) == ([], {"OutboundAccess/a": "it is absent"})


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


# ---- what is let through, or denied, by others ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        collection("all", 100, allows=True),
        collection("all", 100, allows=True, fqdns=(), fqdn_tags=("azurebackup",), sources=("10.0.0.0/8",)),
        collection("all", 100, "network", allows=True),
        collection("all", 100, "network", allows=True, destinations=("198.18.0.0/15",), ports=("80", "400-500")),
        collection("all", 100, "network", allows=True, destinations=ALL, ports=("443",), protocols=("Any",)),
    ],
    ids=["every name", "the tag", "everything", "addresses", "service tags"],
)
def test_what_is_let_through_already_needs_no_rule(other: RuleCollection) -> None:
    told = planned(network_with(groups={"rcg": (300, [other])}), outbound("a"))
    reason = "all of rcg of fwp lets it through already"
    assert (told.actions, told.reasons) == ([], {"OutboundAccess/a": reason})


@pytest.mark.parametrize(
    "other",
    [
        collection("some", 100, allows=True, sources=("10.1.1.0/25",)),
        collection("some", 100, allows=True, fqdns=("*.windows.net",)),
        collection("some", 100, allows=True, protocols=("http:80",)),
        collection("some", 100, "network", allows=True, destinations=ALL[:2]),
        collection("some", 100, "network", allows=True, destinations=("Unheard",)),
        collection("some", 100, "network", allows=True, protocols=("UDP",)),
        collection("some", 100, "network", allows=True, ports=("80", "8000-9000")),
        collection("some", 100, "nat", allows=True),
    ],
    ids=["source", "name", "protocol", "destinations", "unknown", "udp", "ports", "nat"],
)
def test_what_lets_through_a_part_is_not_enough(other: RuleCollection) -> None:
    assert planned(network_with(groups={"rcg": (300, [other])}), outbound("a")).numbers == {"a-application": 1000}


def test_what_is_denied_before_it_is_let_through_needs_a_rule() -> None:
    others = [collection("no", 100, sources=("10.1.1.7",)), collection("all", 200, allows=True)]
    told = planned(network_with(groups={"early": (200, others[:1]), "rcg": (300, others[1:])}), outbound("a"))
    assert told.numbers == {"a-application": 1000}


def test_an_application_rule_lets_nothing_through_that_a_network_rule_denies() -> None:
    others = [collection("all", 100, allows=True), collection("no", 500, "network")]
    told = planned(network_with(groups={"rcg": (300, others)}), outbound("a"))
    assert told.numbers == {"a-application": 1000}
    assert told.finding("firewall-denies-first").message == f"{WARNED}no of rcg of fwp"


def test_a_collection_that_is_needed_no_longer_is_left_there() -> None:
    document = outbound("a")
    (ours,) = planned(network_with(), document).action.written
    network = network_with(groups={"rcg": (300, [ours, collection("all", 100, allows=True)])})
    told = planned(network, document)
    reason = "all of rcg of fwp lets it through already"
    assert (told.actions, told.findings, told.reasons) == ([], [], {"OutboundAccess/a": reason})


def test_what_one_document_lets_through_another_does_not_lean_on() -> None:
    network = network_with()
    both = after(network, planned(network, outbound("wide", "web", "app")))
    assert planned(both, outbound("narrow"), outbound("wide", "web", "app")).numbers == {"narrow-application": 999}


WARNED = "before backup-reconciler-a-application is asked, its traffic is denied, or may be, by "


@pytest.mark.parametrize(
    ("network", "by"),
    [
        (network_with(base=[collection("no", 100)]), "no of first of fwp-base"),
        (network_with(groups={"early": (200, [collection("no", 100)])}), "no of early of fwp"),
        (network_with(groups={"late": (400, [collection("no", 100, "network")])}), "no of late of fwp"),
        (
            network_with(groups={"rcg": (300, [collection("no", 5000, "network", ports=("443",))])}),
            "no of rcg of fwp",
        ),
    ],
    ids=["base policy", "earlier group", "network rule", "network rule beside it"],
)
def test_what_denies_it_first_is_named(network: Network, by: str) -> None:
    told = planned(network, outbound("a"))
    assert told.findings == [("firewall-denies-first", "warning", WARNED + by)]
    assert told.numbers == {"a-application": 1000}, "it is written all the same"


def test_a_network_rule_of_ours_comes_before_one_that_denies() -> None:
    network = network_with(groups={"rcg": (300, [collection("no", 500, "network")])})
    told = planned(network, outbound("a", networkRule=NETWORK_RULE))
    assert (told.numbers, told.findings) == ({"a-application": 1000, "a-network": 499}, [])


def test_who_has_no_route_to_the_firewall_is_told() -> None:
    told = planned(network_with(), outbound("a", "app", "web", **CLASSIC))
    assert told.findings == [("not-behind-firewall", "info", "no route leads to fw (10.1.2.4) from app")]


# ---- taking away ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [CLASSIC, IN_POLICY], ids=["classic", "policy"])
def test_an_absent_document_takes_away_what_was_written_for_it(where: dict[str, Any]) -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a", networkRule=NETWORK_RULE, **where), outbound("b", **where)))
    told = planned(there, outbound("a", state="absent", **where), outbound("b", **where))
    assert [one.name for one in told.action.removed] == [
        "backup-reconciler-a-application",
        "backup-reconciler-a-network",
    ]
    assert (told.action.written, told.opened) == ((), [])
    assert [(change.path, change.declared) for change in told.action.changes] == [
        ("a.applicationRule", None),
        ("a.networkRule", None),
    ]
    assert "backups that need what is taken away fail" in told.action.data_effect
    again = planned(after(there, told), outbound("a", state="absent", **where), outbound("b", **where))
    assert again.reasons == {"OutboundAccess/a": "it is absent", "OutboundAccess/b": "it is as declared"}


def test_a_priority_that_is_taken_away_can_be_had_in_the_same_write() -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a", priority=300)))
    told = planned(there, outbound("a", state="absent"), outbound("b", priority=300))
    assert (told.numbers, len(told.action.removed)) == ({"b-application": 300}, 1)


def test_what_somebody_changed_is_not_taken_away() -> None:
    (ours,) = planned(network_with(), outbound("a")).action.written
    network = network_with(groups={"rcg": (300, [replace(ours, rules=(replace(ours.rules[0], sources=("*",)),))])})
    told = planned(network, outbound("a", state="absent"))
    message = "backup-reconciler-a-application in rule collection group rcg of fwp is not as it was written, "
    assert (told.actions, told.findings) == ([], [("owned-changed", "warning", f"{message}and is left there")])


def test_what_bears_another_mark_is_not_taken_away() -> None:
    (ours,) = planned(network_with(), outbound("b")).action.written
    network = network_with(groups={"rcg": (300, [replace(ours, name="Backup-Reconciler-A-Application")])})
    told = planned(network, outbound("a", state="absent"))
    assert told.finding("owned-name-taken").message == (
        "Backup-Reconciler-A-Application is in rule collection group rcg of fwp already, and bears the mark of b"
    )
    assert told.actions == []


def test_what_somebody_moved_is_taken_away_all_the_same() -> None:
    (ours,) = planned(network_with(), outbound("a")).action.written
    network = network_with(groups={"rcg": (300, [replace(ours, priority=700)])})
    assert [one.name for one in planned(network, outbound("a", state="absent")).action.removed] == [ours.name]


def test_what_no_document_wants_any_more_is_told_and_left_there() -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a", networkRule=NETWORK_RULE), outbound("gone", **CLASSIC)))
    told = planned(there, outbound("a"))
    assert told.actions == []
    assert {finding[:2] for finding in told.findings} == {("owned-left", "info")}
    what = "nothing that is declared needs the rule collection backup-reconciler-"
    assert {one.address: one.message.removeprefix(what) for one in told.draft.findings} == {
        "OutboundAccess/gone": "gone-application of Azure Firewall fw",
        "OutboundAccess/a": "a-network of rule collection group rcg of fwp",
    }


# ---- what cannot be carried out whole ------------------------------------------------------------------------------


def test_a_vm_of_whose_network_nothing_is_known_is_named() -> None:
    network = network_with()
    lost = VMS["web"][1].id
    interfaces = {vm: one for vm, one in network.interfaces.items() if vm != lost}
    told = planned(replace(network, interfaces=interfaces), outbound("a"))
    message = "no interface with an IPv4 address in a subnet was found for web-2"
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
