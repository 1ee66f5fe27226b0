"""What a document wishes for in a network security group: a rule for each destination."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.outbound.destinations import ports_of, tags_in
from backup_reconciler.plan.outbound.nsg.site import Site
from backup_reconciler.plan.outbound.nsg.source import VIRTUAL_NETWORK, distinct
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath, Place
from backup_reconciler.spec.outbound import owned_name
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule
from backup_reconciler.state.vm import LiveVM

UNCHOSEN = 0
"""Stands for a priority that is still to be chosen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A rule that a document wishes for in a group, if anything stops the traffic there."""

    document: Outbound
    rule: SecurityRule
    """Still without a priority, and without the mark of the document."""
    flows: Sequence[tuple[Flow, Space]]
    """What it is to let through."""
    vms: frozenset[ArmId] = frozenset()
    """Whose way out it opens."""
    stated: int | None = None
    """The priority that the document states for it."""
    fields: Mapping[str, FieldPath] = field(default_factory=dict)
    """What is told of it when it is created, by names in words, each with the path where the document states it."""

    def place_of(self, name: str) -> Place:
        """Where the document states a field, or what is nearest to that."""
        return self.document.place_of(*self.fields.get(name, ()))


def wishes_at(site: Site, document: Outbound, known: Mapping[ArmId, LiveVM]) -> Iterator[Wish]:
    """The rules that a document wishes for in one group."""
    stated = document.spec.security_rules()
    ports = ports_of(stated, {known[vm].disk_kind for vm in site.vms if vm in known})
    sources = distinct(site.sources, site.group)
    for index, tag in tags_in(site.group.location, stated):
        yield Wish(
            document=document,
            rule=_rule(document.handle, tag, ports),
            flows=[source.to(tag, port) for source in sources for port in ports],
            vms=frozenset(site.vms),
            stated=None if stated.priority is None else stated.priority + index,
            fields={
                "destination": ("nsg", "destinations", index),
                "port": ("nsg", "port"),
                "priority": ("nsg", "priority"),
            },
        )


def _rule(handle: str, destination: str, ports: Sequence[int]) -> SecurityRule:
    """What the service asked for in 2019, with the destination and the ports that are declared."""
    return SecurityRule(
        name=owned_name(handle, destination),
        priority=UNCHOSEN,
        direction="Outbound",
        allows=True,
        protocol="Tcp",
        source=RuleSide((VIRTUAL_NETWORK,)),
        destination=RuleSide((destination,), ports=tuple(map(str, ports))),
    )
