"""What a network security group lets out of a destination, and which of its rules keep the rest in."""

from dataclasses import dataclass

from backup_reconciler.plan.network.access import Barrier
from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.network.security_rules import rulings
from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule


@dataclass(frozen=True, slots=True)
class Filtered:
    """What becomes of a flow at a security group. What is allowed from some source ports only may be denied too."""

    allowed: Intervals
    unsure: Intervals
    """Of which nobody can tell."""
    barriers: tuple[Barrier, ...]
    doubts: tuple[str, ...]
    """Why nobody can tell, in words."""


def filtered(group: SecurityGroup, flow: Flow, space: Space, destination: Intervals) -> Filtered:
    """What becomes of a flow to these addresses."""
    allowed, unsure, perhaps_allowed = Intervals(), Intervals(), Intervals()
    barriers: list[Barrier] = []
    doubtful: list[SecurityRule] = []
    found = rulings(group, flow, space)
    for ruling in found:
        here = ruling.addresses
        if not ruling.certain:
            doubtful.append(ruling.rule)
        if ruling.rule.allows and ruling.certain:
            allowed |= here
        elif ruling.rule.allows:
            perhaps_allowed |= here
        elif not ruling.certain:
            unsure |= here
        else:
            unsure |= here & perhaps_allowed
            if here - perhaps_allowed:
                barriers.append(_barrier(group, ruling.rule))
    decided = Intervals.union(ruling.addresses for ruling in found)
    doubts = tuple(f"{_named(group, rule)}, of which nobody can tell whether it is about it" for rule in doubtful)
    return Filtered(allowed, unsure | (destination - decided), tuple(barriers), doubts)


def _barrier(group: SecurityGroup, rule: SecurityRule) -> Barrier:
    return Barrier("security rule", group.id, rule.name, _named(group, rule))


def _named(group: SecurityGroup, rule: SecurityRule) -> str:
    return f"rule {rule.name} (priority {rule.priority}) of network security group {group.id.name}"
