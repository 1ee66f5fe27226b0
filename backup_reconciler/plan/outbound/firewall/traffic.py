"""What a rule collection of ours lets through, and whether another one decides over that.

Where nobody can tell (an IP group, a web category, a tag that Azure does not list), a rule that denies is taken to be
about the traffic, and one that allows is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from backup_reconciler.plan.network.addresses import addresses_of
from backup_reconciler.plan.network.firewall_rules import about
from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.network.side import End, share
from backup_reconciler.spec.service_tag import SERVICE_TAGS
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection
from backup_reconciler.state.network.security_group import RuleSide

_ANY = "*"
_STORAGE = "Storage"
_HTTPS = 443


@dataclass(frozen=True, slots=True)
class Traffic:
    """Connections of one rule."""

    sources: Intervals
    flows: tuple[Flow, ...]
    """Where they go to; their source is not looked at."""


def traffic_of(ours: RuleCollection, regions: Iterable[str]) -> tuple[Traffic, ...]:
    """What the rules of a collection of ours are about.

    The FQDN tag AzureBackup stands for names; the addresses that they have are behind the service tags that backups
    need, in the regions of the VMs.
    """
    if ours.kind == "application":
        tags = [tag for tag in SERVICE_TAGS if tag != _STORAGE] + [f"{_STORAGE}.{region}" for region in regions]
        return tuple(_traffic(rule, tags, [_HTTPS]) for rule in ours.rules)
    return tuple(_traffic(rule, rule.destinations, map(int, rule.ports)) for rule in ours.rules)


def _traffic(rule: FirewallRule, tags: Iterable[str], ports: Iterable[int]) -> Traffic:
    return Traffic(addresses_of(rule.sources), tuple(Flow(_ANY, tag, port) for tag, port in product(tags, ports)))


def denies(collection: RuleCollection, traffic: Iterable[Traffic], space: Space) -> bool:
    """Whether a rule collection denies, or may deny, some of it."""
    if collection.allows or collection.kind == "nat":
        return False
    return any(_meets(rule, collection, each, space) for each in traffic for rule in collection.rules)


def allows(collection: RuleCollection, traffic: Iterable[Traffic], space: Space) -> bool:
    """Whether a rule collection lets all of it through."""
    if not collection.allows or collection.kind == "nat":
        return False
    return all(
        any(_holds(rule, collection, each.sources, flow, space) for rule in collection.rules)
        for each in traffic
        for flow in each.flows
    )


def _meets(rule: FirewallRule, collection: RuleCollection, traffic: Traffic, space: Space) -> bool:
    if not rule.source_ip_groups and not _sources(rule, space) & traffic.sources:
        return False
    shares = (about(rule, collection.kind, flow, space) for flow in traffic.flows)
    return any(each.surely or each.at_most for each in shares)


def _holds(rule: FirewallRule, collection: RuleCollection, sources: Intervals, flow: Flow, space: Space) -> bool:
    destination = End(flow.destination, frozenset(), space).addresses
    return sources <= _sources(rule, space) and destination <= about(rule, collection.kind, flow, space).surely


def _sources(rule: FirewallRule, space: Space) -> Intervals:
    return share(RuleSide(rule.sources), End(_ANY, frozenset(), space)).surely
