"""Security rules against an oracle that asks them about one packet after the other: rulings never disagree with it."""

from collections import defaultdict
from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.plan.network.flow import Flow
from backup_reconciler.plan.network.security_rules import Ruling, allows, denying, rulings
from backup_reconciler.state.network.security_group import SecurityGroup
from tests.property.security_groups import (
    DB,
    INSIDE,
    PUBLIC,
    SPACE,
    UNLISTED,
    WEB,
    WORDS,
    World,
    deciders,
    security_groups,
)

IN_GROUPS = st.sets(st.sampled_from([WEB, DB])).map(frozenset)
PORTS = st.sampled_from([443, 8443])
ALONE = st.sampled_from(INSIDE)
FAR = st.sampled_from(["Storage", "storage.japaneast", "AzureBackup", "20.0.0.1", "20.0.0.0/30", "Internet"])
WIDE = st.sampled_from(["VirtualNetwork", "10.0.0.0/31", "10.0.0.0/8", "*"])

SERVICE_FROM_VM = st.builds(Flow, ALONE, FAR, PORTS, st.just("Outbound"), IN_GROUPS)
PROXY_FROM_VM = (
    st.tuples(ALONE, ALONE)
    .filter(lambda ends: ends[0] != ends[1])
    .flatmap(
        lambda ends: st.builds(
            Flow, st.just(ends[0]), st.just(ends[1]), PORTS, st.just("Inbound"), IN_GROUPS, IN_GROUPS
        )
    )
)
BETWEEN_MANY = st.one_of(
    st.builds(Flow, WIDE, FAR, PORTS),
    st.builds(Flow, st.one_of(WIDE, FAR), WIDE, PORTS, st.just("Inbound")),
)


def decides_over(ruling: Ruling, address: str) -> bool:
    return any(first <= int(ip_address(address)) <= last for first, last in ruling.addresses.parts)


def agrees(group: SecurityGroup, flow: Flow, world: World) -> None:
    by_packet = deciders(group, flow, world)
    found = rulings(group, flow, SPACE)
    by_address = defaultdict(set)
    for packet, rule in by_packet.items():
        by_address[packet.destination if flow.direction == "Outbound" else packet.source].add(rule)
    assert all(ruling.certain for ruling in found)
    for address, rules in by_address.items():
        names = {ruling.rule.name for ruling in found if decides_over(ruling, address)}
        assert names == {rule.name for rule in rules if rule}
    for ruling in found:
        assert ruling.whole == ({ruling.rule} == set(by_packet.values()))
    assert allows(group, flow, SPACE) == all(rule is not None and rule.allows for rule in by_packet.values())


@given(security_groups(), st.one_of(SERVICE_FROM_VM, PROXY_FROM_VM))
def test_the_rule_that_decides_over_packets_of_one_vm_is_told(group: SecurityGroup, flow: Flow) -> None:
    agrees(group, flow, World({flow.source: flow.source_groups, flow.destination: flow.destination_groups}))


@given(security_groups(application_groups=False), BETWEEN_MANY)
def test_the_rules_that_decide_over_packets_of_many_are_told(group: SecurityGroup, flow: Flow) -> None:
    agrees(group, flow, World())


MEMBERS = st.fixed_dictionaries(dict.fromkeys(INSIDE, IN_GROUPS))
WORLDS = st.builds(
    lambda members, tags: World(members, {**tags, "sql": tags["sql"] | tags["sql.japaneast"]}),
    MEMBERS,
    st.fixed_dictionaries({tag.casefold(): st.sets(st.sampled_from(PUBLIC)) for tag in UNLISTED}),
)
TO_ANY = st.builds(Flow, st.one_of(ALONE, WIDE), st.one_of(FAR, st.sampled_from(UNLISTED)), PORTS)


@given(security_groups(WORDS + UNLISTED * 3), TO_ANY, WORLDS)
def test_whatever_nobody_can_tell_of_is_told_as_that_or_makes_no_difference(
    group: SecurityGroup, flow: Flow, world: World
) -> None:
    """The worlds differ in who is in which application security group, and in what is behind tags without a list."""
    own = {each: groups for each, groups in world.members.items() if flow.source == each}
    if own:
        flow = Flow(flow.source, flow.destination, flow.port, source_groups=own[flow.source])
    found = rulings(group, flow, SPACE)
    deciding = set(deciders(group, flow, world).values())
    assert deciding - {None} <= {ruling.rule for ruling in found}
    assert {rule for rule in deciding if rule and not rule.allows} <= set(denying(group, flow, SPACE))
    if allows(group, flow, SPACE):
        assert all(rule and rule.allows for rule in deciding)
    for ruling in found:
        if ruling.certain and ruling.whole:
            maybe = {other.rule for other in found if not other.certain}
            assert deciding <= {ruling.rule} | maybe
