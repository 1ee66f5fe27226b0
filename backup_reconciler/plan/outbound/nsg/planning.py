"""Planning outbound access by rules in network security groups."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from backup_reconciler.plan.action import DeleteSecurityRule, SecurityRuleAction
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
    surroundings = Surroundings(targets, network)
    leaving: dict[ArmId, set[str]] = defaultdict(set)
    wishes: dict[ArmId, list[Wish]] = defaultdict(list)
    for document in documents:
        written = standing.get(document.handle.casefold(), [])
        if document.spec.state == "absent":
            for one in remove(document, written, draft):
                leaving[one.group].add(one.rule.name)
        else:
            spoken_of = set[str]()
            for group, wish in _wishes(document, surroundings, draft):
                wishes[group].append(wish)
                spoken_of.add(security_rule_address(group, wish.rule.name))
            tell_left(document, written, spoken_of, draft)
    groups = as_planned(network, draft)
    for group in sorted(wishes):
        yield from plan_rules(groups[group], wishes[group], leaving[group], draft)
        if leaving[group]:
            _open_before_closing(group, draft)


def _open_before_closing(group: ArmId, draft: Draft) -> None:
    """Rules go when those are there that may take their place, except where they have to leave them their priority."""
    here = [one for one in draft.actions.values() if isinstance(one, SecurityRuleAction) and one.group == group]
    going = {one.id for one in here if isinstance(one, DeleteSecurityRule)}
    coming = tuple(one.id for one in here if one.id not in going)
    if all(going.isdisjoint(one.depends_on) for one in here):
        for id_ in going:
            action = draft.actions[id_]
            draft.actions[id_] = replace(action, depends_on=(*action.depends_on, *coming))


def _wishes(document: Outbound, surroundings: Surroundings, draft: Draft) -> Iterator[tuple[ArmId, Wish]]:
    """The rules that a document wishes for, each with its group; what keeps it from more is told."""
    sites = surroundings.sites(document)
    for finding in doubts(document, surroundings, sites):
        draft.find(finding)
    for site in sites:
        for wish in wishes_at(site, document, surroundings.targets.known):
            yield site.group.id, wish
