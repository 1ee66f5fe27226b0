"""Taking away what an earlier run wrote for a document; and what was written for documents that are no more."""

from collections.abc import Iterable

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.firewall.collection import is_as_written, mark_of
from backup_reconciler.plan.outbound.firewall.place import Place, places_of
from backup_reconciler.plan.outbound.firewall.presence import live_of, not_ours
from backup_reconciler.plan.outbound.firewall.site import Site
from backup_reconciler.plan.outbound.firewall.wanted import PARTS
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.outbound import owned_name
from backup_reconciler.spec.rules.network import OWNED_CHANGED, OWNED_LEFT
from backup_reconciler.state.network.firewall import RuleCollection, RuleKind
from backup_reconciler.state.network.network import Network

ABSENT = "nothing of it is there"


def removed_for(document: Outbound, site: Site, draft: Draft) -> tuple[RuleCollection, ...]:
    """The rule collections that are taken away for a document, as they are; what is not, is told."""
    foreign = not_ours(document, PARTS, site)
    if foreign:
        draft.find(foreign)
        return ()
    found = [live for live in (live_of(document, kind, site) for kind in PARTS) if live]
    if not found:
        draft.same(str(document), str(document), ABSENT)
    for live in found:
        if not is_as_written(live):
            message = f"{live.name} in {site.place.label} is not as it was written, and is left there"
            draft.find(finding_of(document, OWNED_CHANGED, Severity.WARNING, message, "state"))
    return tuple(live for live in found if is_as_written(live))


def tell_left(documents: Iterable[Outbound], network: Network, draft: Draft) -> None:
    """List what bears a mark of ours and no document of this method wants, in every place that was read."""
    wanted = {(Place.of(one), owned_name(one.handle, kind).casefold()) for one in documents for kind in _kinds(one)}
    for place, holder in sorted(places_of(network).items(), key=lambda item: item[0].id):
        for live in holder.collections:
            mark = mark_of(live)
            if mark and (place, live.name.casefold()) not in wanted:
                name = f"OutboundAccess/{mark.handle}"
                message = f"nothing that is declared needs the rule collection {live.name} of {place.label}"
                draft.find(Finding(OWNED_LEFT, Severity.INFO, name, name, message, resources=(place.id,)))


def _kinds(document: Outbound) -> tuple[RuleKind, ...]:
    rules = document.spec.firewall
    states_both = document.spec.state == "absent" or (rules is not None and rules.network_rule is not None)
    return PARTS if states_both else PARTS[:1]
