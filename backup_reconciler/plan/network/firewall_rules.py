"""What an Azure Firewall lets through.

Network rules are asked before application rules, by the priority of their groups and then of their collections; a
policy that another builds on comes first in each of the two; what no rule is about is denied (source: Configure Azure
Firewall rules, rule processing, Microsoft Learn). Which addresses stand behind a name nobody can tell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.network.side import End, Share, share
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import (
    AzureFirewall,
    FirewallPolicy,
    FirewallRule,
    RuleCollection,
    RuleKind,
)
from backup_reconciler.state.network.security_group import RuleSide

_Layers = Sequence[Sequence[RuleCollection]]
_NOTHING = Intervals()

_HTTP, _HTTPS = 80, 443
_BACKUP_TAG = "azurebackup"
_BACKUP_DOMAINS = (
    "microsoft.com",
    "windowsazure.com",
    "microsoftonline.com",
    "windows.net",
    "storage.azure.net",
)
"""The domains of the names that backups speak to (source: Azure Backup, network connectivity)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What becomes of connections at a firewall, by the addresses that they go to."""

    allowed: Intervals
    denied: Intervals
    unsure: Intervals


@dataclass(frozen=True, slots=True)
class _Said:
    """What one rule says, and of what."""

    allows: bool
    about: Share


def passage(
    firewall: AzureFirewall,
    policies: Mapping[ArmId, FirewallPolicy],
    flow: Flow,
    destination: Intervals,
    space: Space,
) -> Passage:
    """What becomes of connections to these addresses, which are all of the flow's destination or some of them."""
    layers = _layers(firewall, policies)
    if layers is None:
        return Passage(_NOTHING, _NOTHING, destination)
    ends = End(flow.source, flow.source_groups, space), End(flow.destination, frozenset(), space)
    network = _said(layers, "network", _of_network_rule, flow, *ends)
    application = _said(layers, "application", _of_application_rule, flow, *ends)
    return _first_match(chain(network, application), destination)


def about(rule: FirewallRule, kind: RuleKind, flow: Flow, space: Space) -> Share:
    """What of a flow's destination a rule of a network or application rule collection is about, whoever begins it."""
    of_kind = _of_application_rule if kind == "application" else _of_network_rule
    return of_kind(rule, flow, End(flow.destination, frozenset(), space))


def _layers(firewall: AzureFirewall, policies: Mapping[ArmId, FirewallPolicy]) -> _Layers | None:
    """The collections in their order: those of the policy that others build on first. None where one was not read."""
    if firewall.policy is None:
        return [firewall.collections]
    found: list[Sequence[RuleCollection]] = []
    wanted: ArmId | None = firewall.policy
    while wanted is not None:
        policy = policies.get(wanted)
        if policy is None or len(found) > len(policies):
            return None
        groups = sorted(policy.groups.values(), key=lambda group: group.priority)
        found.insert(0, [collection for group in groups for collection in group.collections])
        wanted = policy.base
    return found


def _said(
    layers: _Layers,
    kind: RuleKind,
    about: Callable[[FirewallRule, Flow, End], Share],
    flow: Flow,
    source: End,
    destination: End,
) -> Iterator[_Said]:
    for collection in chain.from_iterable(layers):
        for rule in collection.rules if collection.kind == kind else ():
            yield _Said(collection.allows, _from(rule, source, about(rule, flow, destination)))


def _first_match(said: Iterator[_Said], destination: Intervals) -> Passage:
    """Who comes first decides; where it is not certain that a rule is about it, two that differ leave it open."""
    left, allowed, denied, unsure = destination, _NOTHING, _NOTHING, _NOTHING
    perhaps = {True: _NOTHING, False: _NOTHING}
    for one in chain(said, [_Said(False, Share(destination, destination))]):
        surely = one.about.surely & left
        doubtful = surely & perhaps[not one.allows]
        unsure |= doubtful
        if one.allows:
            allowed |= surely - doubtful
        else:
            denied |= surely - doubtful
        left -= surely
        perhaps[one.allows] |= one.about.at_most & left
    return Passage(allowed, denied, unsure)


# ---- rules ---------------------------------------------------------------------------------------------------------


def _from(rule: FirewallRule, source: End, about: Share) -> Share:
    """What a rule is about, for connections from this source."""
    found = share(RuleSide(rule.sources), source)
    known = bool(rule.sources) and not rule.source_ip_groups
    if found.surely:
        return about
    return Share(_NOTHING, _NOTHING if known and not found.at_most else about.at_most)


def _of_network_rule(rule: FirewallRule, flow: Flow, destination: End) -> Share:
    protocols = {protocol.casefold() for protocol in rule.protocols}
    if not protocols & {"tcp", "any"} or not any(_holds(ports, flow.port) for ports in rule.ports):
        return Share(_NOTHING, _NOTHING)
    found = share(RuleSide(rule.destinations), destination)
    by_name = any(_may_be_of_backups(name) for name in rule.fqdns)
    return Share(found.surely, destination.addresses if rule.destination_ip_groups or by_name else found.at_most)


def _holds(ports: str, port: int) -> bool:
    first, dash, last = ports.partition("-")
    return ports == "*" or int(first) <= port <= int(last if dash else first)


def _of_application_rule(rule: FirewallRule, flow: Flow, destination: End) -> Share:
    """What a rule about names takes, of what is spoken: https, but to port 80.

    The FQDN tag is about all that backups speak to, and about https alone (source: Azure Firewall, FQDN tags).
    """
    speaks = "http" if flow.port == _HTTP else "https"
    if (speaks, flow.port) not in map(_protocol, rule.protocols):
        return Share(_NOTHING, _NOTHING)
    everything = destination.addresses
    if _BACKUP_TAG in {tag.casefold() for tag in rule.fqdn_tags} and speaks == "https":
        return Share(everything, everything)
    names = (*rule.fqdns, *rule.urls)
    perhaps = rule.web_categories or any(_may_be_of_backups(name) for name in names)
    return Share(everything if "*" in rule.fqdns else _NOTHING, everything if perhaps else _NOTHING)


def _protocol(text: str) -> tuple[str, int]:
    kind, _, port = text.partition(":")
    return kind, int(port or {"http": _HTTP, "https": _HTTPS}.get(kind, 0))


def _may_be_of_backups(name: str) -> bool:
    """Whether a name, a pattern or a URL may mean a name that backups speak to."""
    host = name.casefold().removeprefix("https://").removeprefix("http://").partition("/")[0].lstrip("*").lstrip(".")
    return any(f".{host}".endswith(f".{domain}") or f".{domain}".endswith(f".{host}") for domain in _BACKUP_DOMAINS)
