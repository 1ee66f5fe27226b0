"""What a document wishes for in a network security group: a rule for each destination."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.outbound.nsg.site import Site
from backup_reconciler.plan.outbound.nsg.source import VIRTUAL_NETWORK, distinct
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath, Place
from backup_reconciler.spec.outbound import SecurityRules, owned_name
from backup_reconciler.spec.service_tag import STORAGE_OF_THE_REGION, region_of
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule
from backup_reconciler.state.vm import DiskKind, LiveVM

UNCHOSEN = 0
"""Stands for a priority that is still to be chosen."""
_PORTS: Mapping[DiskKind, tuple[int, ...]] = {
    "managed": (8443,),
    "unmanaged encrypted": (443,),
    "unmanaged": (80, 443),
}
"""Of Storage by the kind of a VM's disks (source: Prepare Azure VMs for backup, 2019). Whether the storage account of
an unmanaged disk encrypts by itself is not told by the VM, so that both ports are opened for it."""
_WHERE_NO_VM_IS: DiskKind = "managed"
"""What VMs that are still to come have: others cannot be made any more (source: Azure unmanaged disks retirement)."""


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


def tags_in(region: str, rules: SecurityRules) -> Iterator[tuple[int, str]]:
    """The service tags that destinations stand for in a region, each with its index among them.

    That of another region's storage is passed over.
    """
    for index, destination in enumerate(rules.destinations):
        if destination == STORAGE_OF_THE_REGION:
            yield index, f"Storage.{region}"
        elif region_of(destination) in (None, region):
            yield index, destination


def not_covered(region: str, rules: SecurityRules) -> int | None:
    """The index of a destination that is another region's storage, where none is the storage of this one."""
    regional = (index for index, tag in enumerate(rules.destinations) if region_of(tag))
    covered = any(tag.partition(".")[0] == "Storage" for _, tag in tags_in(region, rules))
    return None if covered else next(regional, None)


def ports_of(rules: SecurityRules, disk_kinds: Collection[DiskKind]) -> list[int]:
    """The ports that are opened for VMs whose disks are of some kinds."""
    if rules.port != "byDiskKind":
        return [rules.port]
    return sorted({port for kind in disk_kinds or (_WHERE_NO_VM_IS,) for port in _PORTS[kind]})


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
