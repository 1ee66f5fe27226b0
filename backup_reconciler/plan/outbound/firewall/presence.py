"""What documents that are present want in a place."""

from collections.abc import Iterable, Sequence

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.firewall.collection import is_of, mark_of, named
from backup_reconciler.plan.outbound.firewall.doubts import doubts
from backup_reconciler.plan.outbound.firewall.order import Asked, asked
from backup_reconciler.plan.outbound.firewall.site import Intent, Part, Site
from backup_reconciler.plan.outbound.firewall.traffic import allows, denies, traffic_of
from backup_reconciler.plan.outbound.firewall.wanted import PARTS, Origin, origins_of, wanted_collections
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.outbound import owned_name
from backup_reconciler.spec.rules.network import OWNED_NAME_TAKEN
from backup_reconciler.state.network.firewall import RuleCollection, RuleKind

_NOBODY = "it means no VM that is there, and no subnet"


def intent_of(document: Outbound, site: Site, targets: Targets, draft: Draft) -> Intent | None:
    """What a document needs in a place; None where that is nothing, or cannot be, which is told."""
    origins = origins_of(document, targets, site.network)
    for finding in doubts(document, origins, targets, site):
        draft.find(finding)
    parts = [_part(document, one, origins, site) for one in wanted_collections(document, origins)]
    if not parts:
        draft.same(str(document), str(document), _NOBODY)
        return None
    foreign = not_ours(document, (part.wanted.kind for part in parts), site)
    if foreign:
        draft.find(foreign)
        return None
    covered = [(part, _covering(part, site)) for part in parts]
    needed = tuple(part for part, by in covered if by is None)
    if not needed:
        already = dict.fromkeys(by.label for _, by in covered if by)
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
            return finding_of(document, OWNED_NAME_TAKEN, Severity.BLOCKED, message, "firewall", drift=drift)
    return None


def live_of(document: Outbound, kind: RuleKind, site: Site) -> RuleCollection | None:
    """What is there under the name of a document's rule collection; in a classic firewall each kind has its names."""
    apart = site.place.policy is None
    return named(
        owned_name(document.handle, kind), (one for one in site.holder.collections if not apart or one.kind == kind)
    )


def _part(document: Outbound, wanted: RuleCollection, origins: Sequence[Origin], site: Site) -> Part:
    traffic = traffic_of(wanted, sorted({origin.region for origin in origins}))
    first = document.spec.firewall.priority if document.spec.firewall else None
    stated = None if first is None else first + PARTS.index(wanted.kind)
    return Part(document, wanted, traffic, live_of(document, wanted.kind, site), stated)


def _covering(part: Part, site: Site) -> Asked | None:
    """What lets all of its traffic through already, before anything denies it and without any rule of ours.

    An application rule is no reason to go without a network rule: it is about HTTPS alone.
    """
    for one in asked(site.place, site.holder, site.network):
        if part.wanted.kind == "network" and one.collection.kind == "application":
            return None
        if mark_of(one.collection) is None and allows(one.collection, part.traffic, site.space):
            return one
        if denies(one.collection, part.traffic, site.space):
            return None
    return None
