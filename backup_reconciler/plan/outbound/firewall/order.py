"""The order in which Azure Firewall asks rule collections.

Network rules come before application rules, whatever their groups. Of one kind, those of a base policy come first, then
groups and in them collections by their priority (source: Azure Firewall rule processing).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.plan.outbound.firewall.place import Holder, Place
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import RuleCollection, RuleCollectionGroup
from backup_reconciler.state.network.network import Network


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule collection, and where it stands."""

    collection: RuleCollection
    is_earlier: bool
    """Whether its group comes before the one that is written to."""
    label: str


def asked(place: Place, holder: Holder, network: Network) -> list[Asked]:
    """Every rule collection that decides over traffic beside those of a place, in the order in which they are asked."""
    found = list(_of_classic(place, holder) if place.policy is None else _of_policy(place, place.policy, network))
    return [one for kind in ("network", "application") for one in found if one.collection.kind == kind]


def _of_classic(place: Place, holder: Holder) -> Iterator[Asked]:
    for collection in _by_priority(holder):
        yield Asked(collection, is_earlier=False, label=f"{collection.name} of {place.label}")


def _of_policy(place: Place, policy: ArmId, network: Network) -> Iterator[Asked]:
    is_earlier = True
    for label, group in _groups(policy, network):
        is_earlier = is_earlier and group.id != place.id
        for collection in _by_priority(group):
            yield Asked(collection, is_earlier, f"{collection.name} of {label}")


def _groups(policy: ArmId, network: Network) -> Iterator[tuple[str, RuleCollectionGroup]]:
    """The groups of a policy after those of the policy that it builds on."""
    found = network.firewall_policies.get(policy)
    if found is None:
        return
    if found.base is not None:
        yield from _groups(found.base, network)
    for id_, group in sorted(found.groups.items(), key=lambda item: item[1].priority):
        yield f"{id_.name} of {policy.name}", group


def _by_priority(holder: Holder) -> list[RuleCollection]:
    return sorted(holder.collections, key=lambda collection: collection.priority)
