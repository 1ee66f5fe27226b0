"""What documents that are present want in a place."""

from collections.abc import Iterable, Iterator

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.outbound.firewall.collection import is_of, mark_of, named
from backup_reconciler.plan.outbound.firewall.order import Asked, asked
from backup_reconciler.plan.outbound.firewall.site import Intent, Part, Site, finding_of
from backup_reconciler.plan.outbound.firewall.traffic import allows, denies
from backup_reconciler.plan.outbound.firewall.wanted import PARTS, Origin, origins_of, wanted_collections
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.outbound import owned_name
from backup_reconciler.spec.rules.firewall import COLLECTION_NOT_OURS, NOT_BEHIND_FIREWALL
from backup_reconciler.state.network.firewall import RuleCollection, RuleKind

_NOBODY = "it means no VM that is there, and no subnet"


def intent_of(document: Outbound, site: Site, targets: Targets, draft: Draft) -> Intent | None:
    """What a document needs in a place; None where that is nothing, or cannot be, which is told."""
    origins = origins_of(document, targets, site.network)
    wanted = wanted_collections(document, origins)
    if not wanted:
        draft.same(str(document), str(document), _NOBODY)
        return None
    foreign = not_ours(document, (one.kind for one in wanted), site)
    if foreign:
        draft.find(foreign)
        return None
    for finding in _not_behind(document, origins, site):
        draft.find(finding)
    covered = {one.name: _covering(one, site) for one in wanted}
    needed = tuple(_part(document, one, site) for one in wanted if covered[one.name] is None)
    if not needed:
        already = dict.fromkeys(one.label for one in covered.values() if one)
        draft.same(str(document), str(document), f"{' and '.join(already)} lets it through already")
        return None
    return Intent(document, needed, tuple(vm for origin in origins for vm in origin.vms))


def not_ours(document: Outbound, kinds: Iterable[RuleKind], site: Site) -> Finding | None:
    """Where a rule collection has a name of this document and not its mark."""
    for kind in kinds:
        live = live_of(document, kind, site)
        if live is not None and not is_of(live, document.handle):
            mark = mark_of(live)
            whose = f"bears the mark of {mark.handle}" if mark else "bears no mark"
            message = f"{live.name} is in {site.place.label} already, and {whose}"
            drift = DriftState.DIFFERS if document.spec.state == "present" else None
            return finding_of(document, COLLECTION_NOT_OURS, Severity.BLOCKED, message, "firewall", drift=drift)
    return None


def live_of(document: Outbound, kind: RuleKind, site: Site) -> RuleCollection | None:
    """What is there under the name of a document's rule collection; in a classic firewall each kind has its names."""
    apart = site.place.policy is None
    return named(
        owned_name(document.handle, kind), (one for one in site.holder.collections if not apart or one.kind == kind)
    )


def _part(document: Outbound, wanted: RuleCollection, site: Site) -> Part:
    first = document.spec.firewall.priority if document.spec.firewall else None
    stated = None if first is None else first + PARTS.index(wanted.kind)
    return Part(document, wanted, live_of(document, wanted.kind, site), stated)


def _covering(wanted: RuleCollection, site: Site) -> Asked | None:
    """What lets all of its traffic through already, before anything denies it and without any rule of ours."""
    known = site.network.service_tags
    for one in asked(site.place, site.holder, site.network):
        if mark_of(one.collection) is None and allows(one.collection, wanted, known):
            return one
        if denies(one.collection, wanted, known):
            return None
    return None


def _not_behind(document: Outbound, origins: tuple[Origin, ...], site: Site) -> Iterator[Finding]:
    """Which subnets have no route to a firewall that follows the rules of the place, where one was read."""
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
