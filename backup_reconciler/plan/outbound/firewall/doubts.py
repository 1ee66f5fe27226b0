"""What there is to say of a document as a whole, before any of its rules."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.destinations import not_covered
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.firewall.site import Site
from backup_reconciler.plan.outbound.firewall.wanted import Origin
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.plan.outbound.words import some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.firewall import NOT_BEHIND_FIREWALL
from backup_reconciler.spec.rules.network import OUTBOUND_TARGET_MISSING, VM_NETWORK_UNKNOWN
from backup_reconciler.spec.rules.outbound import SERVICE_TAG_REGION


def doubts(document: Outbound, origins: Sequence[Origin], targets: Targets, site: Site) -> Iterator[Finding]:
    """What keeps a document from being carried out whole, or from being of use."""
    yield from _missing(document, site)
    yield from _unknown(document, origins, targets)
    yield from _regions_not_covered(document, origins)
    yield from _not_behind(document, origins, site)


def _missing(document: Outbound, site: Site) -> Iterator[Finding]:
    """Subnets that are named and not there."""
    for index, text in enumerate(document.spec.for_.subnets or ()):
        if site.network.subnet(ArmId(text)) is None:
            message, path = f"{text} is not there", ("for", "subnets", index)
            yield finding_of(document, OUTBOUND_TARGET_MISSING, Severity.BLOCKED, message, *path)


def _unknown(document: Outbound, origins: Sequence[Origin], targets: Targets) -> Iterator[Finding]:
    """VMs of whose network nothing is known."""
    known = {vm.id for origin in origins for vm in origin.vms}
    unknown = [vm for vm in targets.vms_of(document) if vm.id not in known]
    if unknown:
        names = some_of([vm.name for vm in unknown])
        message = f"no interface with an IPv4 address in a subnet that is read was found for {names}"
        resources = tuple(vm.id for vm in unknown)
        yield finding_of(document, VM_NETWORK_UNKNOWN, Severity.WARNING, message, "for", resources=resources)


def _regions_not_covered(document: Outbound, origins: Sequence[Origin]) -> Iterator[Finding]:
    """Storage that is of another region than the subnets are in; a finding for each region."""
    traffic = document.spec.firewall.network_rule if document.spec.firewall else None
    lacking: dict[tuple[str, int], list[str]] = defaultdict(list)
    for origin in origins if traffic else ():
        index = not_covered(origin.region, traffic) if traffic else None
        if index is not None:
            lacking[origin.region, index].append(origin.subnet.id.name)
    for (region, index), names in sorted(lacking.items()):
        tag = traffic.destinations[index] if traffic else ""
        message = f"{tag} is not of {region}, where {', '.join(names)} {'is' if len(names) == 1 else 'are'}"
        path = ("firewall", "networkRule", "destinations", index)
        yield finding_of(document, SERVICE_TAG_REGION, Severity.BLOCKED, message, *path)


def _not_behind(document: Outbound, origins: Sequence[Origin], site: Site) -> Iterator[Finding]:
    """Subnets without a route to a firewall that follows the rules of the place, where one was read."""
    firewalls = site.place.firewalls(site.network)
    addresses = frozenset[str]().union(*(one.addresses for one in firewalls.values()))
    lost = [origin.subnet.id.name for origin in origins if not _leads_to(origin, addresses, site)]
    if addresses and lost:
        names = ", ".join(sorted(one.name for one in firewalls))
        message = f"no route leads to {names} ({', '.join(sorted(addresses))}) from {', '.join(lost)}"
        yield finding_of(document, NOT_BEHIND_FIREWALL, Severity.INFO, message, "for")


def _leads_to(origin: Origin, addresses: frozenset[str], site: Site) -> bool:
    table = site.network.route_tables.get(origin.subnet.route_table) if origin.subnet.route_table else None
    return table is not None and any(route.hop_address in addresses for route in table.routes)
