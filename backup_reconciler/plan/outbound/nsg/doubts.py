"""What there is to say of a document as a whole, before any of its rules."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.network.path import unseen, unseen_around
from backup_reconciler.plan.outbound.destinations import not_covered, ports_of, tags_in
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.nsg.site import Site, Surroundings
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.outbound.words import some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.network import (
    NETWORK_UNSEEN,
    NSG_CANNOT_HELP,
    OUTBOUND_TARGET_MISSING,
    VM_NETWORK_UNKNOWN,
)
from backup_reconciler.spec.rules.outbound import SERVICE_TAG_REGION


def doubts(document: Outbound, surroundings: Surroundings, sites: Sequence[Site]) -> Iterator[Finding]:
    """What keeps a document from being carried out whole."""
    for path, id_, words in surroundings.missing(document):
        message = f"{words} is not there"
        yield finding_of(document, OUTBOUND_TARGET_MISSING, Severity.BLOCKED, message, *path, resources=(id_,))
    yield from _unknown(document, surroundings)
    yield from _unseen(document, surroundings)
    yield from _beyond_help(document, surroundings)
    yield from _regions_not_covered(document, sites)


def _unknown(document: Outbound, surroundings: Surroundings) -> Iterator[Finding]:
    """VMs of whose network nothing is known."""
    ways = surroundings.ways(document)
    unknown = [vm for vm, way in ways.items() if way is None and not unseen(vm, surroundings.network)]
    if unknown:
        names = some_of([vm.name for vm in unknown])
        message = f"no interface with an IPv4 address in a subnet was found for {names}"
        yield finding_of(document, VM_NETWORK_UNKNOWN, Severity.WARNING, message, "for", resources=tuple(unknown))


def _unseen(document: Outbound, surroundings: Surroundings) -> Iterator[Finding]:
    """What stands around VMs and subnets and was not read; a finding for each of these things."""
    behind: dict[ArmId, dict[ArmId, None]] = defaultdict(dict)
    for vm in surroundings.ways(document):
        for id_ in unseen(vm, surroundings.network):
            behind[id_][vm] = None
    for subnet in surroundings.subnets(document):
        for id_ in unseen_around(subnet, surroundings.network):
            behind[id_][subnet.id] = None
    for id_, those in sorted(behind.items()):
        message = (
            f"{id_.name}, which stands around {some_of([one.name for one in those])}, is not among what could be read"
        )
        yield finding_of(document, NETWORK_UNSEEN, Severity.WARNING, message, "for", resources=(id_,))


def _beyond_help(document: Outbound, surroundings: Surroundings) -> Iterator[Finding]:
    """VMs whose traffic something else stops; a finding for each of these things."""
    stopped: dict[str, dict[ArmId, None]] = defaultdict(dict)
    rules = document.spec.security_rules()
    for vm, way in surroundings.ways(document).items():
        if way is not None:
            ports = ports_of(rules, {surroundings.targets.known[vm].disk_kind})
            for (_, tag), port in product(tags_in(way.virtual_network.location, rules), ports):
                for barrier in surroundings.verdicts.of(way, tag, port).barriers:
                    if barrier.kind != "security rule":
                        stopped[barrier.words][vm] = None
    for words, vms in sorted(stopped.items()):
        message = f"{words}; so no security rule can help {some_of([vm.name for vm in vms])}"
        yield finding_of(document, NSG_CANNOT_HELP, Severity.WARNING, message, "method", resources=tuple(vms))


def _regions_not_covered(document: Outbound, sites: Sequence[Site]) -> Iterator[Finding]:
    """A finding for each region; the groups of a region lack the same."""
    rules = document.spec.security_rules()
    lacking: dict[tuple[str, int], list[ArmId]] = defaultdict(list)
    for site in sites:
        index = not_covered(site.group.location, rules)
        if index is not None:
            lacking[site.group.location, index].append(site.group.id)
    for (region, index), groups in sorted(lacking.items()):
        tag = rules.destinations[index]
        names = some_of([group.name for group in groups])
        message = f"{tag} is not of {region}, where the network security {_groups(groups)} {names}"
        path = ("nsg", "destinations", index)
        yield finding_of(document, SERVICE_TAG_REGION, Severity.BLOCKED, message, *path, resources=tuple(groups))


def _groups(groups: Sequence[ArmId]) -> str:
    return "group is" if len(groups) == 1 else "groups are"
