"""What rule collections of others let through already, or deny before ours are asked."""

from dataclasses import replace
from datetime import date

import pytest

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.planning import plan_outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.network.firewall import RuleCollection
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.route_table import RouteTable
from backup_reconciler.state.snapshot import Snapshot
from tests.unit.plan import networks
from tests.unit.plan.firewalls import (
    ALL,
    CLASSIC,
    IN_POLICY,
    NETWORK_RULE,
    VMS,
    after,
    collection,
    network_with,
    outbound,
    planned,
    route,
    subnet_id,
)

STATES = ("present", "absent")


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


@pytest.mark.parametrize("target", [CLASSIC, IN_POLICY])
def test_what_a_firewall_will_let_through_is_in_nobodys_way(target: dict[str, str]) -> None:
    """Security rules do not help behind a firewall that denies, unless the same plan opens that."""
    routed = RouteTable(ArmId("/rt"), (route("10.1.2.4" if target is CLASSIC else "10.1.2.5"),))
    known = {vm.id: vm for vms in VMS.values() for vm in vms}
    network = replace(network_with(), vms=known, route_tables={routed.id: routed})
    rules = networks.outbound("rules", **{"for": {"subnets": [subnet_id("web").text]}})
    present, absent = (outbound("opened", networkRule=NETWORK_RULE, state=state, **target) for state in STATES)
    opened = after(network, planned(network, present))
    for found, documents, told in (
        (network, (rules,), {"nsg-cannot-help"}),
        (network, (rules, present), set()),
        (opened, (rules, present), set()),
        (opened, (rules, absent), {"nsg-cannot-help"}),
    ):
        draft = Draft(date.min)
        plan_outbound(Manifests(outbound=documents), Snapshot(network=found), draft)
        assert {finding.rule.id for finding in draft.findings} == told
