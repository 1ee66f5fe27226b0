"""A live Azure Firewall, and a live firewall policy, with their rule collections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from backup_reconciler.spec.arm_id import ArmId

RuleKind = Literal["application", "network", "nat"]


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """A rule of a rule collection."""

    name: str
    description: str = ""
    sources: tuple[str, ...] = ()
    """Addresses and prefixes, or `*`."""
    source_ip_groups: tuple[ArmId, ...] = ()
    destinations: tuple[str, ...] = ()
    """Of a network rule: addresses, prefixes, service tags, or `*`."""
    destination_ip_groups: tuple[ArmId, ...] = ()
    ports: tuple[str, ...] = ()
    """Of a network rule."""
    protocols: tuple[str, ...] = ()
    """Of a network rule TCP, UDP, ICMP or Any; of an application rule https:443 and the like, in lower case."""
    fqdns: tuple[str, ...] = ()
    """Names that it is about: target FQDNs of an application rule, destination FQDNs of a network rule."""
    fqdn_tags: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    web_categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCollection:
    """Rules that allow, or deny, with one priority."""

    name: str
    kind: RuleKind
    priority: int
    allows: bool
    rules: tuple[FirewallRule, ...]
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class RuleCollectionGroup:
    """Rule collections of a firewall policy."""

    id: ArmId
    priority: int
    collections: tuple[RuleCollection, ...]
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FirewallPolicy:
    """The rules of one firewall or of several."""

    id: ArmId
    location: str
    groups: Mapping[ArmId, RuleCollectionGroup] = field(default_factory=dict)
    base: ArmId | None = None
    """The policy whose rules come before its own."""


@dataclass(frozen=True, slots=True)
class AzureFirewall:
    """An Azure Firewall."""

    id: ArmId
    location: str
    addresses: frozenset[str]
    """Its private addresses, which routes lead to."""
    policy: ArmId | None = None
    """Where it takes its rules from; None for a classic one, which has them itself."""
    collections: tuple[RuleCollection, ...] = ()
    virtual_network: ArmId | None = None
    """The one that it stands in; None in a virtual hub, and where Azure does not tell."""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
