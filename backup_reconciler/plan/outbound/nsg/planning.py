"""Planning outbound access by rules in network security groups."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from backup_reconciler.plan.address import security_rule_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.nsg.doubts import doubts
from backup_reconciler.plan.outbound.nsg.site import Surroundings
from backup_reconciler.plan.outbound.nsg.standing import remove, standing_by_handle, tell_left
from backup_reconciler.plan.outbound.nsg.wish import Wish, wishes_at
from backup_reconciler.plan.outbound.nsg.writing import as_planned, plan_rules
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network


def plan_security_rules(
    documents: Sequence[Outbound], targets: Targets, network: Network, draft: Draft
) -> Iterator[tuple[ArmId, str]]:
    """Decide what to do for the documents of this method; gives VMs with the ids of the actions that let them out."""
    standing = standing_by_handle(network)
    leaving: dict[ArmId, set[str]] = defaultdict(set)
    for document in documents:
        if document.spec.state == "absent":
            for gone in remove(document, standing.get(document.handle.casefold(), []), draft):
                leaving[gone.group].add(gone.rule.name)
    surroundings = Surroundings(targets, network)
    wishes: dict[ArmId, list[Wish]] = defaultdict(list)
    for document in documents:
        if document.spec.state == "present":
            sites = surroundings.sites(document)
            for finding in doubts(document, surroundings, sites):
                draft.find(finding)
            spoken_of = set[str]()
            for site in sites:
                wished = list(wishes_at(site, document, targets.known))
                wishes[site.group.id] += wished
                spoken_of |= {security_rule_address(site.group.id, wish.rule.name) for wish in wished}
            tell_left(document, standing.get(document.handle.casefold(), []), spoken_of, draft)
    groups = as_planned(network, draft)
    for group in sorted(wishes):
        yield from plan_rules(groups[group], wishes[group], leaving[group], draft)
