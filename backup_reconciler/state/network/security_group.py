"""A live network security group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class RuleSide:
    """What a rule takes on one side of a connection: where it comes from, or where it goes."""

    addresses: tuple[str, ...] = ()
    """Addresses, prefixes, service tags, or `*`, as they are written."""
    application_groups: frozenset[ArmId] = frozenset()
    """Stand in the place of addresses."""
    ports: tuple[str, ...] = ("*",)
    """Ports and ranges of them: 443, 8000-8080, or `*`."""


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """A rule of a network security group, one of its own or one of the defaults."""

    name: str
    priority: int
    direction: Literal["Inbound", "Outbound"]
    allows: bool
    protocol: str
    """Tcp, Udp, Icmp, Esp, Ah or `*`."""
    source: RuleSide
    destination: RuleSide
    description: str = ""
    is_default: bool = False
    """Whether Azure puts it into every group: it comes after all others, and cannot be removed."""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Azure's own object."""


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A network security group."""

    id: ArmId
    location: str
    rules: tuple[SecurityRule, ...]
    """With the defaults, in the order in which they are asked."""

    def own_rules(self) -> list[SecurityRule]:
        """The rules that somebody wrote."""
        return [rule for rule in self.rules if not rule.is_default]
