"""The priorities of rule collections: before what denies, free, and the same from run to run."""

from typing import Any

import pytest

from backup_reconciler.state.network.firewall import RuleCollection
from tests.unit.plan.firewalls import ALL, CLASSIC, after, collection, network_with, outbound, planned


def numbers(*collections: RuleCollection, **firewall: Any) -> dict[str, int]:
    """What a document gets beside these, in a rule collection group."""
    return planned(network_with(groups={"rcg": (300, collections)}), outbound("a", **firewall)).numbers


@pytest.mark.parametrize(
    ("others", "chosen"),
    [
        ([], 1000),
        ([collection("no", 64000)], 1000),
        ([collection("no", 500)], 499),
        ([collection("no", 500), collection("nor", 400)], 399),
        ([collection("no", 500), collection("yes", 499, "network", allows=True, protocols=("UDP",))], 498),
        ([collection(f"yes-{number}", number, "nat") for number in range(100, 1001)], 1001),
    ],
    ids=["nothing", "far behind", "a deny", "two", "taken by another kind", "all taken up to the usual one"],
)
def test_a_chosen_priority_is_free_and_before_what_denies(others: list[RuleCollection], chosen: int) -> None:
    assert numbers(*others) == {"a-application": chosen}


@pytest.mark.parametrize(
    "rule",
    [
        {"sources": ("10.1.1.7",)},
        {"sources": (), "source_ip_groups": ("/ipGroups/some",)},
        {"fqdns": ("*.windows.net",)},
        {"fqdns": ("eu.blob.core.windows.net",)},
        {"fqdns": (), "fqdn_tags": ("AzureBackup",)},
        {"fqdns": (), "urls": ("*.microsoft.com/downloads",)},
        {"fqdns": (), "web_categories": ("business",)},
    ],
)
def test_an_application_rule_that_denies_may_be_about_backups(rule: dict[str, Any]) -> None:
    assert numbers(collection("no", 200, **rule)) == {"a-application": 199}


@pytest.mark.parametrize(
    "rule",
    [
        {"sources": ("10.1.2.0/24",)},
        {"fqdns": ("*.example.com", "windows.net.example.com")},
        {"fqdns": (), "fqdn_tags": ("WindowsUpdate",)},
        {"protocols": ("http:80",)},
        {"protocols": ("https:8443",)},
    ],
)
def test_an_application_rule_that_is_not_about_backups_is_no_limit(rule: dict[str, Any]) -> None:
    assert numbers(collection("no", 200, **rule)) == {"a-application": 1000}


STORAGE = {"networkRule": {"destinations": ["Storage.japaneast"], "port": 8443}}


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        ({"destinations": ("storage.JapanEast",)}, 199),
        ({"destinations": ("Storage",)}, 199),
        ({"destinations": ("198.18.1.7",)}, 199),
        ({"destinations": ("198.18.0.0-198.18.9.255",)}, 199),
        ({"destinations": ("Unheard",)}, 199),
        ({"destinations": (), "fqdns": ("x.blob.core.windows.net",)}, 199),
        ({"destinations": (), "destination_ip_groups": ("/ipGroups/some",)}, 199),
        ({"ports": ("8000-9000",)}, 199),
        ({"protocols": ("Any",)}, 199),
        ({"destinations": ("Sql", "198.18.2.0/24")}, 999),
        ({"destinations": (), "fqdns": ("example.com",)}, 999),
        ({"ports": ("80", "443")}, 999),
        ({"protocols": ("UDP", "ICMP")}, 999),
    ],
)
def test_a_network_rule_is_a_limit_to_network_rules_where_it_denies_the_same(rule: dict[str, Any], chosen: int) -> None:
    assert numbers(collection("no", 200, "network", **rule), **STORAGE)["a-network"] == chosen


def test_kinds_of_a_classic_firewall_are_counted_apart() -> None:
    others = [collection("yes", 1000, "network", allows=True, protocols=("UDP",)), collection("no", 300, "network")]
    told = planned(network_with(others), outbound("a", networkRule={"destinations": list(ALL)}, **CLASSIC))
    assert told.numbers == {"a-application": 1000, "a-network": 299}


@pytest.mark.parametrize(("deny", "chosen"), [(1001, []), (900, [899])])
def test_a_priority_stays_while_it_is_before_what_denies(deny: int, chosen: list[int]) -> None:
    (ours,) = planned(network_with(), outbound("a")).action.written
    told = planned(network_with(groups={"rcg": (300, [ours, collection("no", deny)])}), outbound("a"))
    assert [one.priority for action in told.actions for one in action.written] == chosen


def test_a_new_document_takes_no_priority_that_another_has() -> None:
    network = network_with()
    there = after(network, planned(network, outbound("b")))
    assert planned(there, outbound("a"), outbound("b")).numbers == {"a-application": 999}


def test_stated_priorities_follow_each_other_and_the_chosen_make_room() -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a"), outbound("b")))
    stated = outbound("c", priority=999, networkRule={"destinations": list(ALL)})
    told = planned(there, outbound("a"), outbound("b"), stated)
    assert told.numbers == {"a-application": 998, "b-application": 997, "c-application": 999, "c-network": 1000}


# ---- where there is none -------------------------------------------------------------------------------------------


def test_a_stated_priority_of_somebody_else_blocks_and_names_whose_it_is() -> None:
    other = collection("theirs", 300, "nat")
    told = planned(network_with(groups={"rcg": (300, [other])}), outbound("a", priority=300), outbound("b"))
    message = (
        "backup-reconciler-a-application is to have priority 300 in rule collection group rcg of fwp, which theirs has"
    )
    assert told.findings == [("firewall-priority-unfit", "blocked", message)]
    assert told.numbers == {"b-application": 1000}


def test_a_stated_priority_behind_what_denies_blocks_and_names_it() -> None:
    network = network_with([collection("no", 200), collection("nor", 250)])
    told = planned(network, outbound("a", priority=250, **CLASSIC))
    message = (
        "backup-reconciler-a-application is to have priority 250 in Azure Firewall fw, and its traffic is denied by no "
        "(200), nor (250)"
    )
    assert (told.findings, told.actions) == ([("firewall-priority-unfit", "blocked", message)], [])


def test_two_documents_with_one_priority_are_both_named() -> None:
    told = planned(network_with(), outbound("a", priority=300), outbound("b", priority=300))
    assert told.finding("firewall-priority-unfit").message == (
        "backup-reconciler-b-application is to have priority 300 in rule collection group rcg of fwp, which "
        "backup-reconciler-a-application has"
    )
    assert told.numbers == {"a-application": 300}


def test_what_is_there_for_a_refused_document_stays_where_it_is() -> None:
    network = network_with(groups={"rcg": (300, [collection("theirs", 200, "nat")])})
    there = after(network, planned(network, outbound("b", priority=300)))
    told = planned(there, outbound("a", priority=300), outbound("b", priority=200))
    assert {finding[0] for finding in told.findings} == {"firewall-priority-unfit"}
    assert [finding.address for finding in told.draft.findings] == ["OutboundAccess/a", "OutboundAccess/b"]
    assert told.actions == []


def test_no_room_before_what_denies_blocks_and_names_what_is_in_the_way() -> None:
    others = [collection("no", 102), *(collection(f"yes-{number}", number, "nat") for number in (100, 101))]
    told = planned(network_with(groups={"rcg": (300, others)}), outbound("a"))
    message = (
        "in rule collection group rcg of fwp, no denies this traffic at priority 102, and the priorities before it are "
        "taken by yes-100, yes-101"
    )
    assert told.findings == [("firewall-no-room", "blocked", message)]


def test_no_room_before_the_first_priority_of_all() -> None:
    told = planned(network_with([collection("no", 100)]), outbound("a", **CLASSIC))
    message = "in Azure Firewall fw, no denies this traffic at priority 100"
    assert told.findings == [("firewall-no-room", "blocked", message)]
