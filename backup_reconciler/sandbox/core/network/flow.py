"""What a connection is, and which security rule decides about it.

A service is many addresses and any of them may be spoken to, so one that stands for a service is let through only where
all its addresses are: a rule that allows must hold a whole prefix, one that denies needs but touch it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.default_rules import DEFAULT_RULES
from backup_reconciler.sandbox.core.network.service_tags import prefixes
from backup_reconciler.sandbox.core.network.subnet import contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backup_reconciler.sandbox.core.estate import Json, NetworkResource


@dataclass(frozen=True)
class Flow:
    """A TCP connection that a VM begins."""

    source: str
    """The VM's own address."""
    groups: frozenset[str]
    """Folded ids of the application security groups it is in."""
    destination: str
    """A service tag, or an address inside the virtual network."""
    port: int
    network: tuple[str, ...]
    """The prefixes of the tag VirtualNetwork."""
    some: tuple[str, ...] = ()
    """Prefixes of its addresses, where not all of them are meant."""

    @property
    def inside(self) -> bool:
        """Whether it stays in the virtual network."""
        return not prefixes(self.destination)

    @property
    def targets(self) -> tuple[str, ...]:
        return self.some or prefixes(self.destination) or (self.destination,)


def blocking_rule(flow: Flow, group: NetworkResource) -> str | None:
    """The name of the outbound rule that stops a flow; None where it passes."""
    own = [(rule.name, rule.properties) for rule in group.children.values()]
    rules = sorted([*own, *DEFAULT_RULES.items()], key=lambda each: int(each[1]["priority"]))
    outbound = [(name, rule) for name, rule in rules if rule["direction"] == "Outbound"]
    for target in flow.targets:
        for name, rule in outbound:
            if _decides(rule, flow, target):
                if rule["access"] == "Deny":
                    return name
                break
    return None


def _decides(rule: Json, flow: Flow, target: str) -> bool:
    """Whether a rule is about a flow. One for some source ports only is about none: clients take any port."""
    denies = rule["access"] == "Deny"
    return (
        rule["protocol"] in ("*", "Tcp")
        and _holds_port(_values(rule, "sourcePortRange"), None)
        and _holds_port(_values(rule, "destinationPortRange"), flow.port)
        and _is_source(rule, flow)
        and _is_destination(rule, flow, target, denies=denies)
    )


def _values(rule: Json, field: str) -> list[str]:
    """What stands in the singular field, or in the plural one."""
    one = rule.get(field)
    several: list[str] = rule.get(f"{field}es" if field.endswith("x") else f"{field}s") or []
    return [one] if one is not None else several


def _holds_port(ranges: Iterable[str], port: int | None) -> bool:
    """Whether ranges hold a port, or all that clients use where none is named."""
    wanted = (1024, 65535) if port is None else (port, port)
    for each in ranges:
        low, _, high = each.partition("-")
        if each == "*" or int(low) <= wanted[0] <= wanted[1] <= int(high or low):
            return True
    return False


def _in_groups(rule: Json, side: str, groups: frozenset[str]) -> bool:
    return any(fold(str(each["id"])) in groups for each in rule.get(f"{side}ApplicationSecurityGroups") or [])


def _is_source(rule: Json, flow: Flow) -> bool:
    if _in_groups(rule, "source", flow.groups):
        return True
    for value in _values(rule, "sourceAddressPrefix"):
        match fold(value):
            case "*" | "virtualnetwork":
                return True
            case "internet" | "azureloadbalancer":
                continue
            case _ if any(touches(prefix, flow.source) for prefix in prefixes(value) or (value,)):
                return True
    return False


def _is_destination(rule: Json, flow: Flow, target: str, *, denies: bool) -> bool:
    """The Internet is all that is not the virtual network, Azure's services too (Learn: service-tags-overview)."""
    within = holds if denies else touches
    meets = touches if denies else holds
    for value in _values(rule, "destinationAddressPrefix"):
        match fold(value):
            case "*":
                return True
            case "internet" if not any(within(prefix, target) for prefix in flow.network):
                return True
            case "virtualnetwork" if any(meets(prefix, target) for prefix in flow.network):
                return True
            case "internet" | "virtualnetwork" | "azureloadbalancer":
                continue
            case _ if any(meets(prefix, target) for prefix in prefixes(value) or (value,)):
                return True
    return False


def pieces_of(targets: Iterable[str], borders: list[IPv4Network]) -> list[IPv4Network]:
    """Prefixes, cut until none of the borders runs through a piece."""
    return [piece for target in targets for piece in _cut(IPv4Network(target), borders)]


def _cut(target: IPv4Network, borders: list[IPv4Network]) -> Iterator[IPv4Network]:
    inside = [each for each in borders if each != target and each.subnet_of(target)]
    if inside:
        for half in target.subnets():
            yield from _cut(half, inside)
    else:
        yield target


def holds(outer: str, inner: str) -> bool:
    """Whether one prefix lies wholly in another."""
    return contains(ip_network(outer), ip_network(inner))


def touches(one: str, other: str) -> bool:
    """Whether two prefixes have an address in common."""
    return ip_network(one).overlaps(ip_network(other))
