"""What denies traffic before the rules of ours are asked that would let it through."""

from collections.abc import Iterator, Mapping

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.firewall.order import Asked, asked
from backup_reconciler.plan.outbound.firewall.site import Intent, Site
from backup_reconciler.plan.outbound.firewall.traffic import allows, denies
from backup_reconciler.spec.rules.firewall import FIREWALL_DENIES_FIRST
from backup_reconciler.state.network.firewall import RuleCollection, RuleKind


def denied_first(intent: Intent, ours: Mapping[RuleKind, RuleCollection], site: Site) -> Iterator[Finding]:
    """A warning for each rule collection of ours whose traffic is denied, or may be, before it; `ours` by kind."""
    network_rule = ours.get("network")
    others = asked(site.place, site.holder, site.network)
    for part in intent.parts:
        one = ours[part.wanted.kind]
        rescued = network_rule is not None and allows(network_rule, part.traffic, site.space)
        first = [other for other in others if _comes_first(other, one, rescued=rescued)]
        denying = [other.label for other in first if denies(other.collection, part.traffic, site.space)]
        if denying:
            message = f"before {one.name} is asked, its traffic is denied, or may be, by {', '.join(denying)}"
            yield finding_of(intent.document, FIREWALL_DENIES_FIRST, Severity.WARNING, message, "firewall")


def _comes_first(other: Asked, ours: RuleCollection, *, rescued: bool) -> bool:
    """Whether another collection is asked before ours. `rescued`: a network rule of ours lets the same through."""
    if other.collection.kind != ours.kind:
        return other.collection.kind == "network" and not rescued
    return other.is_earlier  # in the place itself, priorities are such that none comes before
