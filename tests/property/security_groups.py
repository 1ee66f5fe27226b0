"""Security groups in a universe of a few addresses, and an evaluator that asks their rules packet by packet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import product
from typing import Literal, NamedTuple

from hypothesis import strategies as st

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from backup_reconciler.state.network.service_tags import ServiceTags
from tests.conftest import SUBSCRIPTION

HOME = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network"
NETWORK = ("10.0.0.0/30", "10.1.0.0/32")
LISTED = {
    "storage": ("20.0.0.0/31", "20.0.0.3/32", "20.0.1.0/32"),
    "storage.japaneast": ("20.0.0.0/31",),
    "azurebackup": ("20.0.2.0/31",),
}
SPACE = Space(NETWORK, ServiceTags(LISTED))
INSIDE = ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.1.0.0"]
PUBLIC = ["20.0.0.0", "20.0.0.1", "20.0.0.2", "20.0.0.3", "20.0.1.0", "20.0.2.0", "20.0.2.1", "20.0.9.9", "8.8.8.8"]
UNIVERSE = [*INSIDE, *PUBLIC, "10.9.9.9", "168.63.129.16"]
CLIENT_PORTS = [1024, 1999, 2000, 3000, 3001]
"""With the addresses above, some of all that the rules below tell apart."""
GROUP = ArmId(f"{HOME}/networkSecurityGroups/nsg")
WEB, DB = (ArmId(f"{HOME}/applicationSecurityGroups/{name}") for name in ("web", "db"))

ANYWHERE = RuleSide(("*",))
VIRTUAL_NETWORK = RuleSide(("VirtualNetwork",))
Direction = Literal["Inbound", "Outbound"]


def default(name: str, priority: int, direction: Direction, source: RuleSide, destination: RuleSide) -> SecurityRule:
    allows = name.startswith("Allow")
    return SecurityRule(name, priority, direction, allows, "*", source, destination, is_default=True)


DEFAULTS = (
    default("AllowVnetInBound", 65000, "Inbound", VIRTUAL_NETWORK, VIRTUAL_NETWORK),
    default("AllowAzureLoadBalancerInBound", 65001, "Inbound", RuleSide(("AzureLoadBalancer",)), ANYWHERE),
    default("DenyAllInBound", 65500, "Inbound", ANYWHERE, ANYWHERE),
    default("AllowVnetOutBound", 65000, "Outbound", VIRTUAL_NETWORK, VIRTUAL_NETWORK),
    default("AllowInternetOutBound", 65001, "Outbound", ANYWHERE, RuleSide(("Internet",))),
    default("DenyAllOutBound", 65500, "Outbound", ANYWHERE, ANYWHERE),
)

WORDS = [
    "*",
    "0.0.0.0/0",
    "VirtualNetwork",
    "internet",
    "AzureLoadBalancer",
    "STORAGE",
    "Storage.JapanEast",
    "AzureBackup",
    "10.0.0.0/31",
    "10.0.0.1",
    "10.0.0.0/8",
    "20.0.0.0/16",
    "20.0.0.1/32",
    "20.0.2.0/31",
    "2001:db8::/32",
]
PRIORITIES = st.integers(100, 4096)
UNLISTED = ["Sql", "Sql.JapanEast", "AzureCloud"]


def one_or_two(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2).map(tuple)


def sides(words: list[str], ports: list[str], *, application_groups: bool) -> st.SearchStrategy[RuleSide]:
    groups = st.sets(st.sampled_from([WEB, DB]), min_size=1).map(frozenset)
    told = st.builds(RuleSide, one_or_two(words), ports=st.one_of(st.just(("*",)), one_or_two(ports)))
    return st.one_of(told, told, st.builds(RuleSide, st.just(()), groups)) if application_groups else told


def rules(words: list[str], *, application_groups: bool) -> st.SearchStrategy[SecurityRule]:
    """Rules whose names and priorities `security_groups` gives."""
    return st.builds(
        SecurityRule,
        st.just(""),
        st.just(0),
        st.sampled_from(["Outbound", "Outbound", "Inbound"]),
        st.booleans(),
        st.sampled_from(["*", "Tcp", "TCP", "Udp"]),
        sides(words, ["*", "2000-3000", "0-1999", "1024-65535", "443"], application_groups=application_groups),
        sides(words, ["*", "443", "400-500", "80", "0-65535"], application_groups=application_groups),
    )


def security_groups(
    words: list[str] = WORDS,
    priorities: st.SearchStrategy[int] = PRIORITIES,
    *,
    application_groups: bool = True,
) -> st.SearchStrategy[SecurityGroup]:
    """Groups of up to six rules, with the defaults, or by way of exception without."""
    return st.builds(
        lambda own, defaults: SecurityGroup(
            GROUP,
            "japaneast",
            (*(replace(rule, name=f"rule-{number}", priority=number) for number, rule in own.items()), *defaults),
        ),
        st.dictionaries(priorities, rules(words, application_groups=application_groups), max_size=6),
        st.sampled_from([DEFAULTS, DEFAULTS, DEFAULTS, ()]),
    )


@cache
def named_everywhere(word: str) -> frozenset[str]:
    """The addresses of a word in lower case that means the same in every world."""
    match word:
        case "*":
            return frozenset(UNIVERSE)
        case "virtualnetwork":
            return frozenset(INSIDE)
        case "internet":
            return frozenset(UNIVERSE) - frozenset(INSIDE)
        case "azureloadbalancer":
            return frozenset({"168.63.129.16"})
    prefixes = [ip_network(prefix) for prefix in LISTED.get(word, (word,))]
    return frozenset(each for each in UNIVERSE if any(ip_address(each) in prefix for prefix in prefixes))


@dataclass(frozen=True)
class World:
    """Who is in which application security group, and what is behind the tags that nobody lists."""

    members: Mapping[str, frozenset[ArmId]] = field(default_factory=dict)
    unlisted: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Addresses by tag in lower case."""

    def named(self, word: str) -> frozenset[str]:
        """The addresses that a word of a rule says."""
        tag = word.casefold()
        return frozenset(self.unlisted[tag]) if tag in self.unlisted else named_everywhere(tag)

    def on_side(self, side: RuleSide) -> frozenset[str]:
        members = frozenset(each for each, groups in self.members.items() if side.application_groups & groups)
        return members.union(*map(self.named, side.addresses))


class Packet(NamedTuple):
    """The first packet of a TCP connection."""

    direction: Direction
    source: str
    client_port: int
    destination: str
    port: int


@cache
def holds(ranges: tuple[str, ...], port: int) -> bool:
    edges = [(0, 65535) if each == "*" else tuple(map(int, each.split("-"))) for each in ranges]
    return any(edge[0] <= port <= edge[-1] for edge in edges)


def deciders(group: SecurityGroup, flow: Flow, world: World) -> dict[Packet, SecurityRule | None]:
    """All packets of a flow, each with the rule of the lowest number that matches it."""
    asked = [
        (rule, world.on_side(rule.source), world.on_side(rule.destination))
        for rule in sorted(group.rules, key=lambda rule: rule.priority)
        if rule.direction == flow.direction
        and rule.protocol.casefold() in ("*", "tcp")
        and holds(rule.destination.ports, flow.port)
    ]
    return {
        packet: next(
            (
                rule
                for rule, sources, destinations in asked
                if packet.source in sources
                and packet.destination in destinations
                and holds(rule.source.ports, packet.client_port)
            ),
            None,
        )
        for packet in packets(flow, world)
    }


def packets(flow: Flow, world: World) -> list[Packet]:
    """All that a flow is in this universe."""
    ends = (sorted(world.named(flow.source)), CLIENT_PORTS, sorted(world.named(flow.destination)))
    return [Packet(flow.direction, *each, flow.port) for each in product(*ends)]
