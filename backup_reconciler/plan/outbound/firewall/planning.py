"""Planning outbound access by rules in Azure Firewall.

All documents that mean one place become one action on it, because each write is a PUT of the whole and takes minutes. A
document that cannot be carried out leaves the others alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from backup_reconciler.plan.action import UpdateFirewall
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.firewall.absence import ABSENT, removed_for
from backup_reconciler.plan.outbound.firewall.decision import Decision, numbered, to_remove, to_write
from backup_reconciler.plan.outbound.firewall.denial import denied_first
from backup_reconciler.plan.outbound.firewall.place import Holder, Place
from backup_reconciler.plan.outbound.firewall.presence import intent_of
from backup_reconciler.plan.outbound.firewall.priority import choose_priorities
from backup_reconciler.plan.outbound.firewall.refusals import unusable
from backup_reconciler.plan.outbound.firewall.site import Intent, Site
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network

_OPENS = "not touched, only the network changes; Azure takes minutes for it"
_CLOSES = f"{_OPENS}, and backups that need what is taken away fail from then on"


def plan_firewalls(
    documents: Sequence[Outbound], targets: Targets, network: Network, draft: Draft
) -> Iterator[tuple[ArmId, str]]:
    """Decide what to do for the documents of this method; gives VMs with the ids of the actions that let them out."""
    by_place: dict[Place, list[Outbound]] = defaultdict(list)
    for document in sorted(documents, key=lambda one: one.handle.casefold()):
        by_place[Place.of(document)].append(document)
    for place, naming_it in sorted(by_place.items(), key=lambda item: item[0].id):
        holder = place.find(network)
        usable = [one for one in naming_it if _is_usable(one, place, holder, network, draft)]
        if holder is not None and usable:
            yield from _plan_site(Site(place, holder, network), usable, targets, draft)


def _is_usable(document: Outbound, place: Place, holder: Holder | None, network: Network, draft: Draft) -> bool:
    """Whether the place can be written to; where it cannot, nothing of a document that is absent can be there."""
    obstacle = unusable(document, place, holder, network)
    if obstacle and document.spec.state == "absent":
        draft.same(str(document), str(document), ABSENT)
    elif obstacle:
        draft.find(obstacle)
    return obstacle is None


def _plan_site(
    site: Site, documents: Sequence[Outbound], targets: Targets, draft: Draft
) -> Iterator[tuple[ArmId, str]]:
    leaving = [to_remove(one, removed_for(one, site, draft)) for one in documents if one.spec.state == "absent"]
    present = (one for one in documents if one.spec.state == "present")
    intents = [intent for one in present if (intent := intent_of(one, site, targets, draft))]
    decisions = [*leaving, *_writes(intents, leaving, site, draft)]
    acting = sorted((one for one in decisions if one.changes), key=lambda one: one.document.handle.casefold())
    if acting:
        id_ = draft.act(_action(site, acting))
        yield from ((vm, id_) for one in acting for vm in one.vms)


def _writes(intents: Sequence[Intent], leaving: Iterable[Decision], site: Site, draft: Draft) -> Iterator[Decision]:
    parts = [part for intent in intents for part in intent.parts]
    removed = {one.name for decision in leaving for one in decision.removed}
    staying = [one for one in site.holder.collections if one.name not in removed]
    choice = choose_priorities(parts, site.place, staying, site.space)
    for intent in intents:
        name = str(intent.document)
        if name in choice.refused:
            draft.find(choice.refused[name])
            continue
        ours = numbered(intent, choice.numbers)
        for finding in denied_first(intent, ours, site):
            draft.find(finding)
        decision = to_write(intent, ours)
        if not decision.changes:
            draft.same(name, name, "it is as declared")
        yield decision


def _action(site: Site, acting: Sequence[Decision]) -> UpdateFirewall:
    removed = tuple(one for decision in acting for one in decision.removed)
    return UpdateFirewall(
        address=site.place.address,
        label=site.place.label,
        changes=tuple(change for decision in acting for change in decision.changes),
        data_effect=_CLOSES if removed else _OPENS,
        place=acting[0].document.place,
        live=site.holder,
        written=tuple(one for decision in acting for one in decision.written),
        removed=removed,
    )
