"""What denies traffic before the rules of ours are asked that would let it through."""

from collections.abc import Iterator, Mapping

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.firewall.order import Asked, asked
from backup_reconciler.plan.outbound.firewall.site import Intent, Site, finding_of
from backup_reconciler.plan.outbound.firewall.traffic import allows, denies
from backup_reconciler.spec.rules.firewall import FIREWALL_DENIES_FIRST
from backup_reconciler.state.network.firewall import RuleCollection, RuleKind


def denied_first(intent: Intent, ours: Mapping[RuleKind, RuleCollection], site: Site) -> Iterator[Finding]:
    """A warning for each rule collection of ours whose traffic is denied, or may be, before it; `ours` by kind."""
    known = site.network.service_tags
    network_rule = ours.get("network")
    for kind, collection in ours.items():
        rescued = kind == "application" and network_rule is not None and allows(network_rule, collection, known)
        others = asked(site.place, site.holder, site.network)
        first = [
            one.label
            for one in others
            if denies(one.collection, collection, known) and _comes_first(one, collection, rescued=rescued)
        ]
        if first:
            message = f"before {collection.name} is asked, its traffic is denied, or may be, by {', '.join(first)}"
            yield finding_of(intent.document, FIREWALL_DENIES_FIRST, Severity.WARNING, message, "firewall")


def _comes_first(other: Asked, ours: RuleCollection, *, rescued: bool) -> bool:
    """Whether another collection is asked before ours. `rescued`: a network rule of ours lets the same through."""
    if other.collection.kind != ours.kind:  # a network rule, which application rules come after
        return not rescued
    return other.where == "before" or (other.where == "here" and other.collection.priority < ours.priority)
