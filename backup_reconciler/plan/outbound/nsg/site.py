"""Where rules are written: the network security groups that stand in the way of what a document means."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from backup_reconciler.plan.network.flow import Space
from backup_reconciler.plan.network.path import Path, space_of
from backup_reconciler.plan.network.verdict import Verdicts
from backup_reconciler.plan.outbound.nsg.source import VIRTUAL_NETWORK, Source
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import SecurityGroup
from backup_reconciler.state.network.virtual_network import Subnet


@dataclass(slots=True)
class Site:
    """A network security group, with what a document means of what is behind it."""

    group: SecurityGroup
    vms: set[ArmId] = field(default_factory=set)
    sources: list[Source] = field(default_factory=list)
    """From where connections are begun."""


@dataclass(frozen=True)
class Surroundings:
    """The network, and the VMs that documents mean in it."""

    targets: Targets
    network: Network
    _paths: dict[ArmId, Path | None] = field(default_factory=dict)

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self.network)

    def ways(self, document: Outbound) -> dict[ArmId, Path | None]:
        """The way out of each VM of a document, by its id; None where it cannot be told."""
        return {vm.id: self._path(vm.id) for vm in self.targets.vms_of(document)}

    def _path(self, vm: ArmId) -> Path | None:
        if vm not in self._paths:
            self._paths[vm] = Path.of(vm, self.network)
        return self._paths[vm]

    def missing(self, document: Outbound) -> Iterator[tuple[FieldPath, ArmId, str]]:
        """(where, id, what it is called) of everything that a document names and nobody finds."""
        for index, id_ in enumerate(_subnets(document)):
            if self.network.subnet(id_) is None:
                words = f"subnet {id_.name} of virtual network {id_.parent(2).name}"
                yield ("for", "subnets", index), id_, words
        for index, id_ in enumerate(_groups(document)):
            if id_ not in self.network.security_groups:
                words = f"network security group {id_.name} of resource group {id_.resource_group}"
                yield ("for", "networkSecurityGroups", index), id_, words

    def subnets(self, document: Outbound) -> list[Subnet]:
        """The subnets that a document names, as far as they are there."""
        return [found for id_ in _subnets(document) if (found := self.network.subnet(id_))]

    def sites(self, document: Outbound) -> list[Site]:
        """Every group on the way out of a VM of the document, those of its subnets, and those that it names."""
        sites: dict[ArmId, Site] = {}
        for vm, path in self.ways(document).items():
            if path is not None:
                for group in path.security_groups:
                    _add(sites.setdefault(group.id, Site(group)), vm, path)
        for named in _groups(document):
            if named in self.network.security_groups:
                group = self.network.security_groups[named]
                self._add_all_behind(sites.setdefault(group.id, Site(group)))
        for subnet in self.subnets(document):
            if subnet.security_group and subnet.security_group in self.network.security_groups:
                group = self.network.security_groups[subnet.security_group]
                self._add_subnet(sites.setdefault(group.id, Site(group)), subnet)
        return [sites[id_] for id_ in sorted(sites)]

    def _add_all_behind(self, site: Site) -> None:
        """All VMs and subnets that are tied to a group, or whatever network will be."""
        for vm, path in self._behind.get(site.group.id, ()):
            _add(site, vm, path)
        for subnet in self._tied.get(site.group.id, ()):
            self._add_subnet(site, subnet)
        if not site.sources:
            site.sources.append(Source(VIRTUAL_NETWORK, Space(tags=self.network.service_tags)))

    def _add_subnet(self, site: Site, subnet: Subnet) -> None:
        """A subnet where there are no VMs yet: all of its addresses."""
        if all(source.subnet != subnet.id for source in site.sources):
            space = space_of(subnet, self.network)
            site.sources += [Source(prefix, space, subnet.id) for prefix in subnet.prefixes]

    @cached_property
    def _behind(self) -> Mapping[ArmId, list[tuple[ArmId, Path]]]:
        """By group, the VMs that it stands in the way of."""
        behind: dict[ArmId, list[tuple[ArmId, Path]]] = defaultdict(list)
        for vm in sorted(self.network.interfaces):
            path = self._path(vm)
            if path is not None:
                for group in path.security_groups:
                    behind[group.id].append((vm, path))
        return behind

    @cached_property
    def _tied(self) -> Mapping[ArmId, list[Subnet]]:
        """By group, the subnets that it is tied to."""
        tied: dict[ArmId, list[Subnet]] = defaultdict(list)
        for network in self.network.virtual_networks.values():
            for subnet in network.subnets.values():
                if subnet.security_group is not None:
                    tied[subnet.security_group].append(subnet)
        return tied


def _add(site: Site, vm: ArmId, path: Path) -> None:
    configuration = path.configuration
    if vm not in site.vms and configuration.address:
        site.vms.add(vm)
        groups = configuration.application_groups
        site.sources.append(Source(configuration.address, path.space, path.subnet.id, groups))


def _subnets(document: Outbound) -> list[ArmId]:
    return [ArmId(text) for text in document.spec.for_.subnets or ()]


def _groups(document: Outbound) -> list[ArmId]:
    return [ArmId(text) for text in document.spec.for_.network_security_groups or ()]
