"""Security rules against an oracle that tries single addresses: the evaluator of the box never disagrees with it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.sandbox.core.estate import NetworkChild, NetworkResource
from backup_reconciler.sandbox.core.network.flow import Flow, blocking_rule
from backup_reconciler.sandbox.core.network.service_tags import prefixes

TAGS = ["Storage", "Storage.JapanEast", "AzureBackup", "AzureCloud", "Sql", "*", "Internet", "VirtualNetwork"]
PREFIXES = [
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.0.0/24",
    "10.0.0.4",
    prefixes("Storage.JapanEast")[0],
    prefixes("Storage")[0],
    str(ip_network(prefixes("AzureBackup")[0])[0]),  # one address of many
]
PORTS = ["*", "443", "80", "400-500", "0-65535"]
BOTH_PORTS = st.lists(st.sampled_from(PORTS[1:]), min_size=1, max_size=2)


def side(name: str) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2)
    return st.one_of(
        st.sampled_from(TAGS + PREFIXES).map(lambda value: {f"{name}AddressPrefix": value}),
        several.map(lambda found: {f"{name}AddressPrefixes": found}),
    )


RULES = st.lists(
    st.builds(
        lambda source, destination, ports, rest: {**rest, **source, **destination, **ports, "sourcePortRange": "*"},
        side("source"),
        side("destination"),
        st.one_of(
            st.sampled_from(PORTS).map(lambda value: {"destinationPortRange": value}),
            BOTH_PORTS.map(lambda values: {"destinationPortRanges": values}),
        ),
        st.fixed_dictionaries(
            {
                "protocol": st.sampled_from(["*", "Tcp", "Udp"]),
                "access": st.sampled_from(["Allow", "Deny"]),
                "direction": st.sampled_from(["Outbound", "Outbound", "Inbound"]),
                "priority": st.integers(100, 4096),
            }
        ),
    ),
    max_size=5,
    unique_by=lambda rule: rule["priority"],
)
FLOWS = st.builds(
    Flow,
    st.sampled_from(["10.0.0.4", "10.0.1.4"]),
    st.just(frozenset()),
    st.sampled_from(["AzureBackup", "Storage", "Storage.JapanEast", "10.0.0.9"]),
    st.sampled_from([443, 8443]),
    st.just(("10.0.0.0/8",)),
)


def meets(value: str, address: Any, inside: bool) -> bool:
    """Whether one address is what a rule says."""
    if value in ("Internet", "VirtualNetwork"):
        return inside == (value == "VirtualNetwork")
    return value == "*" or any(address in ip_network(each) for each in prefixes(value) or (value,))


def values(rule: dict[str, Any], name: str, plural: str) -> list[str]:
    return [rule[name]] if name in rule else rule.get(plural, [])


def lets_pass(rules: list[dict[str, Any]], flow: Flow, address: Any) -> bool:
    """One connection to one address, by the book: the lowest priority that fits decides."""
    for rule in sorted(rules, key=lambda rule: rule["priority"]):
        ports = values(rule, "destinationPortRange", "destinationPortRanges")
        fits = (
            rule["direction"] == "Outbound"
            and rule["protocol"] != "Udp"
            and any(port == "*" or flow.port in spread(port) for port in ports)
            and any(
                meets(value, ip_address(flow.source), True)
                for value in values(rule, "sourceAddressPrefix", "sourceAddressPrefixes")
            )
            and any(
                meets(value, address, flow.inside)
                for value in values(rule, "destinationAddressPrefix", "destinationAddressPrefixes")
            )
        )
        if fits:
            return bool(rule["access"] == "Allow")
    return True  # the default rules let out what goes to the network itself and to the Internet


def spread(ports: str) -> range:
    low, _, high = ports.partition("-")
    return range(int(low), int(high or low) + 1)


def samples(flow: Flow) -> list[Any]:
    """The edges of everything that rules can tell apart in what is spoken to."""
    edges = {
        ip_address(int(edge))
        for target in flow.targets
        for other in (*PREFIXES, *(prefix for tag in TAGS for prefix in prefixes(tag)), target)
        for edge in (ip_network(other)[0], ip_network(other)[-1])
        if edge in ip_network(target)
    }
    after = {edge + 1 for edge in edges if any(edge + 1 in ip_network(target) for target in flow.targets)}
    return sorted(edges | after)


@given(RULES, FLOWS)
def test_a_flow_passes_only_where_every_address_of_the_service_lets_it(rules: list[dict[str, Any]], flow: Flow) -> None:
    group = NetworkResource("networkSecurityGroups", "s", "rg", "nsg", "japaneast")
    group.children = {str(number): NetworkChild(str(number), rule) for number, rule in enumerate(rules)}
    if blocking_rule(flow, group) is None:
        assert all(lets_pass(rules, flow, address) for address in samples(flow))


@given(RULES, FLOWS)
def test_and_one_that_is_stopped_is_stopped_for_some_address_or_split_by_an_allowing_rule(
    rules: list[dict[str, Any]], flow: Flow
) -> None:
    group = NetworkResource("networkSecurityGroups", "s", "rg", "nsg", "japaneast")
    group.children = {str(number): NetworkChild(str(number), rule) for number, rule in enumerate(rules)}
    blocked = blocking_rule(flow, group)
    if blocked is None or blocked not in group.children:
        return
    assert rules[int(blocked)]["access"] == "Deny"
    partly = any(
        rule["access"] == "Allow" and any(any_part(value, target) for value in _destinations(rule))
        for rule in rules
        for target in flow.targets
    )
    assert partly or not all(lets_pass(rules, flow, address) for address in samples(flow))


def _destinations(rule: dict[str, Any]) -> list[str]:
    found = values(rule, "destinationAddressPrefix", "destinationAddressPrefixes")
    return [each for value in found for each in (prefixes(value) or (value,)) if each[0].isdigit()]


def any_part(value: str, target: str) -> bool:
    """Whether a prefix is a part, and not all, of what is spoken to."""
    part, whole = ip_network(value), ip_network(target)
    return part != whole and part.subnet_of(whole)  # type: ignore[arg-type]
