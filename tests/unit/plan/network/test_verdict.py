"""What a VM reaches over its own network, and what is told of it: security groups, paths, and many VMs at once."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.verdict import Access, Barrier, Verdict, Verdicts, verdict
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.route_table import Route
from backup_reconciler.state.network.security_group import RuleSide
from tests.unit.plan.network.networks import ADDRESS, DENY_ALL, POOL, VM, VNET, id_, judged, network, path_in, rule

ALLOWED, BLOCKED, PARTLY, UNKNOWN = Access.ALLOWED, Access.BLOCKED, Access.PARTLY, Access.UNKNOWN
PRIVATE = {"default_outbound": False}
NO_WAY = "subnet web is private, with neither NAT gateway, public IP, outbound rule, route to a firewall nor endpoint"


def to(hop: str, prefix: str = "0.0.0.0/0", address: str | None = None, name: str = "all") -> Route:
    return Route(name, prefix, hop, address)


# ---- security groups -----------------------------------------------------------------------------------------------


def test_a_rule_that_denies_is_named_with_its_priority_and_its_group() -> None:
    found = judged(network(outer=[DENY_ALL]))
    words = "rule Deny_All (priority 1000) of network security group outer"
    barrier = Barrier("security rule", id_("networkSecurityGroups/outer"), "Deny_All", words)
    assert found == Verdict("AzureBackup", 443, BLOCKED, (barrier,), "default outbound access of subnet web")


def test_both_groups_are_asked_the_interfaces_first_and_all_that_is_in_the_way_is_told() -> None:
    found = judged(network(outer=[DENY_ALL], inner=[rule(200, "Deny", "Internet", name="Mine")], subnet=PRIVATE))
    assert [barrier.rule for barrier in found.barriers] == ["Mine", "Deny_All", ""]
    assert (found.access, found.barriers[2].words, found.way) == (BLOCKED, NO_WAY, "")


@pytest.mark.parametrize(
    ("rules", "access"),
    [
        ([], ALLOWED),
        ([rule(100, "Allow", "Storage"), DENY_ALL], ALLOWED),
        ([rule(100, "Allow", "Storage.JapanEast"), DENY_ALL], PARTLY),
        ([rule(100, "Deny", "20.2.0.7")], PARTLY),
        ([rule(100, "Allow", "Storage", ports=("8443",)), DENY_ALL], BLOCKED),
        ([rule(100, "Deny", "*", source="10.0.1.0/30")], ALLOWED),
        ([rule(100, "Deny", "Sql")], UNKNOWN),
        ([rule(100, "Allow", "Sql"), DENY_ALL], UNKNOWN),
        ([rule(100, "Deny", "Sql"), DENY_ALL], BLOCKED),
    ],
)
def test_what_rules_let_out_of_storage(rules: list[Any], access: Access) -> None:
    """Sql is a tag that nobody listed."""
    assert judged(network(outer=rules), "Storage").access is access


def test_why_nobody_can_tell_is_said() -> None:
    found = judged(network(outer=[rule(100, "Deny", "Sql", name="no-sql")]))
    doubt = (
        "rule no-sql (priority 100) of network security group outer, of which nobody can tell whether it is about it"
    )
    assert found.way == f"{doubt}; default outbound access of subnet web"


def test_some_source_ports_only_are_no_whole_way() -> None:
    denied = replace(DENY_ALL, source=replace(DENY_ALL.source, ports=("40000-50000",)))
    assert judged(network(outer=[denied])).access is PARTLY


def test_a_group_without_azures_own_rules_leaves_it_open() -> None:
    net = network(outer=[])
    bare = {id_: replace(group, rules=()) for id_, group in net.security_groups.items()}
    assert judged(replace(net, security_groups=bare)).access is UNKNOWN


# ---- paths ---------------------------------------------------------------------------------------------------------


def test_a_path_that_is_not_known_is_none() -> None:
    whole = network(outer=[], routes=[to("None")])
    assert Path.of(VM, whole) is not None
    assert Path.of(id_("x"), whole) is None
    without_address = replace(whole.interfaces[VM], configurations=())
    for part in (
        {"interfaces": {VM: without_address}},
        {"virtual_networks": {}},
        {"security_groups": {}},
        {"route_tables": {}},
        {"virtual_networks": {VNET: replace(whole.virtual_networks[VNET], subnets={})}},
    ):
        assert Path.of(VM, replace(whole, **part)) is None


def test_the_virtual_network_is_what_is_routed_inside() -> None:
    routes = [to("None", "172.16.0.0/12"), to("None", "AzureBackup"), to("None", "2001:db8::/32")]
    path = path_in(network(routes=routes, around={"peered_prefixes": ("10.9.0.0/16",)}))
    assert path.space.virtual_network == (
        "10.0.0.0/16",
        "10.9.0.0/16",
        "168.63.129.16/32",
        "169.254.169.254/32",
        "172.16.0.0/12",
    )


# ---- many VMs ------------------------------------------------------------------------------------------------------


def test_what_is_alike_is_worked_out_once_and_what_is_not_is_not() -> None:
    """Two rules tell addresses apart: one of them by a half of the subnet, the other by a single one."""
    rules = [rule(100, "Deny", "*", source="10.0.1.128/25"), rule(101, "Deny", "Storage", source="10.0.1.9")]
    net = network(outer=rules)
    interface = net.interfaces[VM]

    def at(address: str) -> tuple[ArmId, Any]:
        vm = VM.parent(1).child(address)
        (mine,) = interface.configurations
        return vm, replace(interface, vm=vm, configurations=(replace(mine, address=address),))

    addresses = [ADDRESS, "10.0.1.8", "10.0.1.9", "10.0.1.10", "10.0.1.127", "10.0.1.128", "10.0.1.200"]
    net = replace(net, interfaces=dict(at(address) for address in addresses))
    verdicts = Verdicts(net)
    found = [verdicts.of(path_in(net, vm), "Storage", 443) for vm in net.interfaces]
    assert found == [verdict(path_in(net, vm), "Storage", 443, net) for vm in net.interfaces]
    assert [one.access for one in found] == [ALLOWED, ALLOWED, BLOCKED, ALLOWED, ALLOWED, BLOCKED, BLOCKED]
    assert found[0] is found[1]
    assert found[3] is found[4], "beyond the single one there is another stretch"
    assert found[5] is found[6]


ASG = frozenset({id_("applicationSecurityGroups/asg")})
MEMBERS = replace(rule(100, "Allow", "*"), source=RuleSide(application_groups=ASG))
BALANCED = network(subnet=PRIVATE, outbound_pools=frozenset({POOL}))


@pytest.mark.parametrize(
    ("net", "more"),
    [
        (network(subnet=PRIVATE), {"public_ip": id_("publicIPAddresses/pip")}),
        (BALANCED, {"backend_pools": frozenset({POOL})}),
        (network(outer=[MEMBERS, DENY_ALL]), {"application_groups": ASG}),
    ],
    ids=["a public IP address", "a load balancer", "an application security group"],
)
def test_vms_of_one_subnet_differ_by_what_goes_with_their_addresses(net: Network, more: dict[str, Any]) -> None:
    plain, other = net.interfaces[VM], VM.parent(1).child("other")
    (mine,) = plain.configurations
    with_more = replace(plain, vm=other, configurations=(replace(mine, **more),))
    net = replace(net, interfaces={VM: plain, other: with_more})
    verdicts = Verdicts(net)
    assert [verdicts.of(path_in(net, vm), "Storage", 443).access for vm in (VM, other)] == [BLOCKED, ALLOWED]
