"""What an Azure Firewall lets through, and what nobody can tell of it."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.plan.network.verdict import Access, Barrier, Verdicts
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import (
    AzureFirewall,
    FirewallPolicy,
    FirewallRule,
    RuleCollection,
    RuleCollectionGroup,
)
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.route_table import Route
from tests.unit.plan.network.networks import VM, id_, judged, network, path_in

ALLOWED, BLOCKED, PARTLY, UNKNOWN = Access.ALLOWED, Access.BLOCKED, Access.PARTLY, Access.UNKNOWN
FW, OWN, BASE = id_("azureFirewalls/fw"), id_("firewallPolicies/own"), id_("firewallPolicies/base")
TO_FIREWALL = Route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.9.4")
EVERYONE = ("*",)


def firewall(*collections: RuleCollection, policy: ArmId | None = None) -> AzureFirewall:
    return AzureFirewall(FW, "japaneast", frozenset({"10.0.9.4"}), policy, collections)


def behind(*firewalls: AzureFirewall, policies: dict[ArmId, FirewallPolicy] | None = None) -> Network:
    return network(
        routes=[TO_FIREWALL],
        firewalls={ArmId(f"{one.id}{place}"): one for place, one in enumerate(firewalls)},
        firewall_policies=policies or {},
    )


def allow(*rules: FirewallRule, priority: int = 200, kind: Any = "application", allows: bool = True) -> RuleCollection:
    return RuleCollection(f"c{priority}", kind, priority, allows, rules)


def deny(*rules: FirewallRule, priority: int = 200, kind: Any = "application") -> RuleCollection:
    return allow(*rules, priority=priority, kind=kind, allows=False)


def application(**told: Any) -> FirewallRule:
    return FirewallRule("app", **{"sources": EVERYONE, "protocols": ("https:443",), **told})


def to_tags(*destinations: str, **told: Any) -> FirewallRule:
    usual = {"sources": EVERYONE, "protocols": ("TCP",), "ports": ("443",), "destinations": destinations}
    return FirewallRule("net", **{**usual, **told})


TAGGED = application(fqdn_tags=("AzureBackup",))


def test_a_firewall_that_lets_nothing_through_is_named() -> None:
    words = "Azure Firewall fw does not let it through (route all of rt)"
    assert judged(behind(firewall())).barriers == (Barrier("firewall", FW, "", words),)
    assert judged(behind(firewall(allow(TAGGED)))).way == "Azure Firewall fw (route all of rt)"


@pytest.mark.parametrize(
    ("rule", "access"),
    [
        (TAGGED, ALLOWED),
        (replace(TAGGED, protocols=("https",)), ALLOWED),
        (replace(TAGGED, protocols=("http:443",)), BLOCKED),
        (replace(TAGGED, protocols=("https:8443",)), BLOCKED),
        (replace(TAGGED, sources=("10.0.1.0/24", "10.7.0.0/16")), ALLOWED),
        (replace(TAGGED, sources=("10.0.1.0-10.0.1.9",)), ALLOWED),
        (replace(TAGGED, sources=("10.7.0.0/16",)), BLOCKED),
        (replace(TAGGED, sources=(), source_ip_groups=(id_("ipGroups/g"),)), UNKNOWN),
        (replace(TAGGED, sources=("10.7.0.0/16",), source_ip_groups=(id_("ipGroups/g"),)), UNKNOWN),
        (replace(TAGGED, sources=()), UNKNOWN),
        (application(fqdn_tags=("WindowsUpdate",)), BLOCKED),
        (application(fqdns=("*",)), ALLOWED),
        (application(fqdns=("*.backup.windowsazure.com",)), UNKNOWN),
        (application(fqdns=("*.net",)), UNKNOWN),
        (application(fqdns=("*.ubuntu.com", "notwindows.net")), BLOCKED),
        (application(urls=("https://login.microsoftonline.com/common",)), UNKNOWN),
        (application(web_categories=("ComputersAndTechnology",)), UNKNOWN),
    ],
)
def test_an_application_rule_is_about_names(rule: FirewallRule, access: Access) -> None:
    for destination in ("AzureBackup", "Storage.japaneast", "AzureActiveDirectory"):
        assert judged(behind(firewall(allow(rule))), destination).access is access


def test_what_speaks_http_at_port_80_needs_a_rule_for_http() -> None:
    rule = application(fqdns=("*",), protocols=("http:80", "https:443"))
    assert judged(behind(firewall(allow(rule))), "Storage", 80).access is ALLOWED
    assert judged(behind(firewall(allow(replace(rule, protocols=("https:80",))))), "Storage", 80).access is BLOCKED
    tagged = replace(TAGGED, protocols=("http:80",))
    assert judged(behind(firewall(allow(tagged))), "Storage", 80).access is BLOCKED, "the tag is about https alone"


@pytest.mark.parametrize(
    ("rule", "access"),
    [
        (to_tags("AzureBackup"), ALLOWED),
        (to_tags("azurebackup", "Storage"), ALLOWED),
        (to_tags("20.0.0.0/25"), PARTLY),
        (to_tags("*", protocols=("Any",), ports=("400-500",)), ALLOWED),
        (to_tags("*", protocols=("UDP",)), BLOCKED),
        (to_tags("*", ports=("80", "8443")), BLOCKED),
        (to_tags("Storage"), BLOCKED),
        (to_tags("AzureUnheardOf"), UNKNOWN),
        (to_tags(destination_ip_groups=(id_("ipGroups/g"),)), UNKNOWN),
        (to_tags(fqdns=("x.blob.core.windows.net",)), UNKNOWN),
        (to_tags(fqdns=("ntp.ubuntu.com",)), BLOCKED),
    ],
)
def test_a_network_rule_is_about_addresses(rule: FirewallRule, access: Access) -> None:
    assert judged(behind(firewall(allow(rule, kind="network")))).access is access


@pytest.mark.parametrize(
    ("collections", "access"),
    [
        ((deny(to_tags("*"), kind="network", priority=300), allow(TAGGED, priority=200)), BLOCKED),
        ((allow(to_tags("*"), kind="network", priority=300), deny(TAGGED, priority=200)), ALLOWED),
        ((deny(to_tags("20.0.0.0/25"), kind="network"), allow(TAGGED, priority=300)), PARTLY),
        ((deny(TAGGED, priority=200), allow(TAGGED, priority=300)), BLOCKED),
        ((deny(application(fqdns=("*.ubuntu.com",))), allow(TAGGED, priority=300)), ALLOWED),
        ((deny(application(fqdns=("*.windows.net",))), allow(TAGGED, priority=300)), UNKNOWN),
        ((allow(application(fqdns=("*.windows.net",))), deny(TAGGED, priority=300)), UNKNOWN),
        ((allow(TAGGED, kind="nat"),), BLOCKED),
    ],
)
def test_network_rules_come_first_then_the_order_of_priorities(
    collections: tuple[RuleCollection, ...], access: Access
) -> None:
    assert judged(behind(firewall(*collections))).access is access


def policy(id_of: ArmId, *groups: tuple[int, RuleCollection], base: ArmId | None = None) -> FirewallPolicy:
    made = [
        RuleCollectionGroup(id_of.child("ruleCollectionGroups", str(priority)), priority, (collection,))
        for priority, collection in groups
    ]
    return FirewallPolicy(id_of, "japaneast", {group.id: group for group in made}, base)


def of_policies(*policies: FirewallPolicy) -> Access:
    return judged(behind(firewall(policy=OWN), policies={one.id: one for one in policies})).access


def test_the_groups_of_a_policy_are_asked_by_their_priorities() -> None:
    first, second = (100, deny(TAGGED, priority=900)), (200, allow(TAGGED, priority=100))
    assert of_policies(policy(OWN, second, first)) is BLOCKED
    assert of_policies(policy(OWN, (300, first[1]), second)) is ALLOWED


def test_the_policy_that_another_builds_on_comes_first() -> None:
    assert of_policies(policy(OWN, (100, allow(TAGGED)), base=BASE), policy(BASE, (900, deny(TAGGED)))) is BLOCKED
    network_rule = allow(to_tags("*"), kind="network")
    assert of_policies(policy(OWN, (900, network_rule), base=BASE), policy(BASE, (100, deny(TAGGED)))) is ALLOWED


def test_rules_that_were_not_read_leave_it_open() -> None:
    assert of_policies() is UNKNOWN
    assert of_policies(policy(OWN, (100, allow(TAGGED)), base=BASE)) is UNKNOWN
    assert of_policies(policy(OWN, base=BASE), policy(BASE, base=OWN)) is UNKNOWN, "in a circle"
    found = judged(behind(firewall(policy=OWN)))
    assert found.way == "Azure Firewall fw, of whose rules nobody can tell (route all of rt)"


def test_two_firewalls_at_one_address_are_none_that_is_known() -> None:
    assert judged(behind(firewall(), firewall())).access is UNKNOWN


def test_a_firewall_of_the_same_address_in_a_network_that_is_not_peered_is_another_one() -> None:
    here, peer, elsewhere = (
        replace(firewall(), virtual_network=id_(f"virtualNetworks/{name}")) for name in ("vnet", "peer", "other")
    )
    near = network(routes=[TO_FIREWALL], around={"peers": frozenset({id_("virtualNetworks/peer")})})
    for found, access in ((here, BLOCKED), (peer, BLOCKED), (elsewhere, UNKNOWN)):
        assert judged(replace(near, firewalls={FW: found})).access is access


def test_the_sources_of_a_firewalls_rules_tell_vms_apart() -> None:
    net = behind(firewall(allow(replace(TAGGED, sources=("10.0.1.4",)))))
    other = VM.parent(1).child("web-02")
    interface = net.interfaces[VM]
    (mine,) = interface.configurations
    second = replace(interface, vm=other, configurations=(replace(mine, address="10.0.1.5"),))
    net = replace(net, interfaces={VM: interface, other: second})
    verdicts = Verdicts(net)
    assert [verdicts.of(path_in(net, vm), "AzureBackup", 443).access for vm in (VM, other)] == [ALLOWED, BLOCKED]
    through_policy = policy(OWN, (100, allow(replace(TAGGED, sources=("10.0.1.5",)))))
    net = replace(net, firewalls={FW: firewall(policy=OWN)}, firewall_policies={OWN: through_policy})
    verdicts = Verdicts(net)
    assert [verdicts.of(path_in(net, vm), "AzureBackup", 443).access for vm in (VM, other)] == [BLOCKED, ALLOWED]
