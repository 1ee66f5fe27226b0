"""From where the connections are begun that a network security group has to let out."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from backup_reconciler.plan.network.addresses import addresses
from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import SecurityGroup

VIRTUAL_NETWORK = "VirtualNetwork"
"""The service tag of all addresses of a virtual network, and of what it is connected with."""

_TELL_NOTHING_APART = frozenset({"*", "any", "0.0.0.0/0", "virtualnetwork", "internet"})
"""Sources of rules, in lower case, that hold every address of one virtual network or none of them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A VM, a subnet where there are no VMs yet, or a virtual network that nobody knows yet."""

    address: str
    """An address, a prefix, or a service tag."""
    space: Space = field(compare=False)
    subnet: ArmId | None = None
    groups: frozenset[ArmId] = frozenset()
    """The application security groups that it is in."""

    def to(self, destination: str, port: int) -> tuple[Flow, Space]:
        return Flow(self.address, destination, port, source_groups=self.groups), self.space


def distinct(sources: Iterable[Source], group: SecurityGroup) -> list[Source]:
    """One of all those that no rule of a group tells apart: a thousand VMs of a subnet are judged like one."""
    kind_of = _kinds(group)
    return list({kind_of(source): source for source in sources}.values())


def _kinds(group: SecurityGroup) -> Callable[[Source], Hashable]:
    """What the rules of a group can tell of a source."""
    sides = [rule.source for rule in group.own_rules()]
    told = {text for side in sides for text in side.addresses if text.casefold() not in _TELL_NOTHING_APART}
    asked = frozenset[ArmId]().union(*(side.application_groups for side in sides))
    prefixes = list(map(addresses, told))
    edges = sorted({edge for each in prefixes if each for first, last in each.parts for edge in (first, last + 1)})

    def kind(source: Source) -> Hashable:
        own = _one_address(source.address)
        if own is None or None in prefixes:  # a subnet's addresses may be told apart, and so may those of a tag
            return source
        return source.subnet, source.groups & asked, bisect_right(edges, own)

    return kind


def _one_address(text: str) -> int | None:
    found = addresses(text)
    first, last = found.parts[0] if found else (0, 1)
    return first if first == last else None
