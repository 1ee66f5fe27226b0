"""A connection that is begun, as a security rule looks at it."""

from dataclasses import dataclass, field
from typing import Literal

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.service_tags import ServiceTags


@dataclass(frozen=True, slots=True)
class Flow:
    """TCP connections to one port. Each end is told as a rule tells it: an address, a prefix, or a service tag."""

    source: str
    destination: str
    port: int
    direction: Literal["Inbound", "Outbound"] = "Outbound"
    source_groups: frozenset[ArmId] = frozenset()
    """The application security groups that the source is in."""
    destination_groups: frozenset[ArmId] = frozenset()


@dataclass(frozen=True, slots=True)
class Space:
    """What tags stand for, where a rule is asked."""

    virtual_network: tuple[str, ...] = ()
    """The IPv4 prefixes of the tag VirtualNetwork: those of the network itself, of the ones it is peered with, and of
    the routes that somebody wrote for it (source: Azure virtual network service tags)."""
    tags: ServiceTags = field(default_factory=ServiceTags)
