"""Which rule of a network security group decides over a connection."""

from dataclasses import dataclass

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule decides over a flow, or over a part of it."""

    rule: SecurityRule
    whole: bool
    """Whether it decides over all of the flow."""
    addresses: Intervals
    """The addresses of the far end that it decides over: of the destination outbound, of the source inbound."""
    certain: bool = True
    """False where nobody can tell, because a tag is not on the list of service tags, or because some of the addresses
    may be in an application security group. What follows then decides over the same part, if this rule does not."""


def rulings(group: SecurityGroup, flow: Flow, space: Space) -> tuple[Ruling, ...]:
    """What decides over TCP connections, in the order in which rules are asked; the first that matches wins.

    Every part of the flow is in one certain ruling; where the group lacks Azure's default rules, what no rule matches
    is in none.
    """


def denying(group: SecurityGroup, flow: Flow, space: Space) -> tuple[SecurityRule, ...]:
    """The rules that deny a part of a flow, or may do so, in the order in which they are asked."""


def allows(group: SecurityGroup, flow: Flow, space: Space) -> bool:
    """Whether all of a flow is surely allowed. What no rule matches is not."""
