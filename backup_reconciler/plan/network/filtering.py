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
    """What becomes of a flow to these addresses.

    Where it is not certain whether a rule is about them, it is open what it and a later one come to that differ.
    """
    allowed, unsure = Intervals(), Intervals()
    perhaps = {True: Intervals(), False: Intervals()}
    barriers: list[Barrier] = []
    found = rulings(group, flow, space)
    for ruling in found:
        allows = ruling.rule.allows
        doubtful = ruling.addresses & perhaps[not allows]
        surely = ruling.addresses - doubtful
        if not ruling.certain:
            perhaps[allows] |= ruling.addresses
            continue
        unsure |= doubtful
        if allows:
            allowed |= surely
        elif surely:
            barriers.append(_barrier(group, ruling.rule))
    unsure |= destination - Intervals.union(ruling.addresses for ruling in found if ruling.certain)
    doubts = [ruling.rule for ruling in found if unsure and not ruling.certain]
    return Filtered(allowed, unsure, tuple(barriers), tuple(_doubt(group, rule) for rule in doubts))


def _barrier(group: SecurityGroup, rule: SecurityRule) -> Barrier:
    return Barrier("security rule", group.id, rule.name, _named(group, rule))


def _doubt(group: SecurityGroup, rule: SecurityRule) -> str:
    return f"{_named(group, rule)}, of which nobody can tell whether it is about it"


def _named(group: SecurityGroup, rule: SecurityRule) -> str:
    return f"rule {rule.name} (priority {rule.priority}) of network security group {group.id.name}"
