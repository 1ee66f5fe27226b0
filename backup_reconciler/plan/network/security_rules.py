"""Which rule of a network security group decides over a connection."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.intervals import Interval, Intervals
from backup_reconciler.plan.network.side import End, share
from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule

_ALL_PORTS = (0, 65535)
_CLIENT_PORTS = Intervals(((1024, 65535),))
"""The ports that connections are begun from (source: RFC 6056, 3.2). Which of them it is cannot be told before, so a
rule for some of them decides over a part."""

_Box = tuple[Intervals, Intervals, Intervals]
"""Connections from any of some addresses, to any of others, from any of some ports."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule decides over a flow, or over a part of it."""

    rule: SecurityRule
    whole: bool
    """Whether it decides over all of the flow."""
    addresses: Intervals
    """Those of the far end that it decides over: of the destination where connections go out, else of the source."""
    certain: bool = True
    """False where nobody can tell, because a tag is not on the list of service tags, or because some of the addresses
    may be in an application security group. What follows then decides over the same part, if this rule does not."""


def rulings(group: SecurityGroup, flow: Flow, space: Space) -> tuple[Ruling, ...]:
    """What decides over TCP connections, in the order in which rules are asked; the first that matches wins.

    Every part of the flow is in one certain ruling; where the group lacks Azure's default rules, what no rule matches
    is in none.
    """
    found, _ = _judge(group, flow, space)
    return tuple(found)


def denying(group: SecurityGroup, flow: Flow, space: Space) -> tuple[SecurityRule, ...]:
    """The rules that deny a part of a flow, or may do so, in the order in which they are asked."""
    found = {ruling.rule.name: ruling.rule for ruling in rulings(group, flow, space) if not ruling.rule.allows}
    return tuple(found.values())


def allows(group: SecurityGroup, flow: Flow, space: Space) -> bool:
    """Whether all of a flow is surely allowed. What no rule matches is not."""
    found, left = _judge(group, flow, space)
    return not left and all(ruling.rule.allows for ruling in found)


def _judge(group: SecurityGroup, flow: Flow, space: Space) -> tuple[list[Ruling], list[_Box]]:
    """The rulings, and what no rule decides over."""
    source = End(flow.source, flow.source_groups, space)
    destination = End(flow.destination, flow.destination_groups, space)
    whole = (source.addresses, destination.addresses, _CLIENT_PORTS)
    left, found = [whole], []
    for rule in _asked(group, flow):
        if not left:
            break
        for box, certain in _boxes(rule, source, destination):
            parts = [part for each in left if all(part := _common(each, box))]
            if parts:
                far = Intervals.union(part[flow.direction == "Outbound"] for part in parts)
                found.append(Ruling(rule, parts == [whole], far, certain))
            if certain:
                left = [part for each in left for part in _without(each, box)]
    return found, left


def _asked(group: SecurityGroup, flow: Flow) -> Iterator[SecurityRule]:
    """The rules about TCP connections to that port, in that direction, in their order."""
    port = Intervals(((flow.port, flow.port),))
    for rule in sorted(group.rules, key=lambda rule: rule.priority):
        about_tcp = rule.direction == flow.direction and rule.protocol.casefold() in ("tcp", "*")
        if about_tcp and _ports(rule.destination.ports) & port:
            yield rule


def _boxes(rule: SecurityRule, source: End, destination: End) -> Iterator[tuple[_Box, bool]]:
    """What a rule takes for certain; then that with what nobody can tell of."""
    one = share(rule.source, source)
    if one.at_most:
        other = share(rule.destination, destination)
        ports = _ports(rule.source.ports)
        yield (one.surely, other.surely, ports), True
        yield (one.at_most, other.at_most, ports), False


def _common(one: _Box, other: _Box) -> _Box:
    return one[0] & other[0], one[1] & other[1], one[2] & other[2]


def _without(box: _Box, taken: _Box) -> Iterator[_Box]:
    """What is left of a box, in boxes that have nothing in common."""
    common = _common(box, taken)
    if not all(common):
        yield box
        return
    for left in (
        (box[0] - common[0], box[1], box[2]),
        (common[0], box[1] - common[1], box[2]),
        (common[0], common[1], box[2] - common[2]),
    ):
        if all(left):
            yield left


@lru_cache(maxsize=1024)
def _ports(ranges: tuple[str, ...]) -> Intervals:
    return Intervals.of(map(_port_range, ranges))


def _port_range(text: str) -> Interval:
    if text == "*":
        return _ALL_PORTS
    first, dash, last = text.partition("-")
    return int(first), int(last if dash else first)
