"""Words for what becomes of connections: whether they get through, and what keeps them from it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from backup_reconciler.spec.arm_id import ArmId


class Access(StrEnum):
    """Whether something is reached."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    PARTLY = "partly"
    """Some of its addresses are reached and others are not, or from some source ports only."""
    UNKNOWN = "unknown"
    """Something decides that nobody can see into."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """What keeps connections from getting through."""

    kind: Literal["security rule", "route", "subnet", "firewall"]
    resource: ArmId
    """The network security group, the route table, the subnet, the Azure Firewall."""
    rule: str
    """The name of the rule or of the route; empty for what is no such thing."""
    words: str
