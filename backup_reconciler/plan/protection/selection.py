"""Which VMs a selector means."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.selector import Selector, TagPresence, id_test
from backup_reconciler.state.vm import LiveVM

Test = Callable[[LiveVM], bool]


def selected(spec: AssignmentSpec, vms: Iterable[LiveVM]) -> list[LiveVM]:
    """The VMs, of the candidates in the subscriptions where an assignment looks, that it means; by id."""
    wanted = _matcher(spec.select)
    excluded = _matcher(spec.exclude) if spec.exclude else lambda _: False
    return sorted((vm for vm in vms if wanted(vm) and not excluded(vm)), key=lambda vm: vm.id)


@dataclass(frozen=True, slots=True)
class Directory:
    """All VMs that were read, to be looked up: an assignment need not look at all of them for the few it means."""

    by_id: Mapping[ArmId, LiveVM]
    by_group: Mapping[tuple[str, str], list[LiveVM]]
    """By subscription and resource group, in lower case."""
    by_subscription: Mapping[str, list[LiveVM]]

    @classmethod
    def of(cls, vms: Mapping[ArmId, LiveVM]) -> "Directory":
        groups: dict[tuple[str, str], list[LiveVM]] = defaultdict(list)
        subscriptions: dict[str, list[LiveVM]] = defaultdict(list)
        for id_, vm in vms.items():
            groups[id_.subscription.casefold(), id_.resource_group.casefold()].append(vm)
            subscriptions[id_.subscription.casefold()].append(vm)
        return cls(vms, groups, subscriptions)

    def candidates(self, select: Selector, subscriptions: Iterable[str]) -> Iterator[LiveVM]:
        """Every VM in these subscriptions that a selection can mean by its ids or its groups, each once."""
        if select.ids:
            ids = {ArmId(text) for text in select.ids}
            return (self.by_id[id_] for id_ in ids if id_ in self.by_id)
        if select.resource_groups:
            groups = {name.casefold() for name in select.resource_groups}
            return (vm for key in product(subscriptions, groups) for vm in self.by_group.get(key, ()))
        return (vm for one in subscriptions for vm in self.by_subscription.get(one, ()))


def missing_ids(spec: AssignmentSpec, known: Container[ArmId]) -> list[ArmId]:
    """VMs that are selected by id and do not exist."""
    return sorted(id_ for id_ in {ArmId(text) for text in spec.select.ids or ()} if id_ not in known)


def subscriptions_of(assignment: Declaration[AssignmentSpec], vault_subscription: str) -> frozenset[str]:
    """Where an assignment looks for VMs: where it says, where its ids are, else in its vault's subscription."""
    select = assignment.spec.select
    if select.subscriptions:
        return frozenset(name.casefold() for name in select.subscriptions)
    if select.ids:
        return frozenset(ArmId(text).subscription.casefold() for text in select.ids)
    return frozenset({vault_subscription.casefold()})


def _matcher(selector: Selector) -> Test:
    """One test for all keys: AND across them. Each key's own test is OR over its values."""
    by_id, locations = id_test(selector), selector.locations
    by_tag = [_tag(name, wanted) for name, wanted in (selector.tags or {}).items()]
    return lambda vm: (
        by_id(vm.id) and (locations is None or vm.location in locations) and all(test(vm) for test in by_tag)
    )


def _tag(name: str, wanted: tuple[str, ...] | TagPresence) -> Test:
    """Tag names ignore letter case, tag values do not (source: Azure tag rules)."""
    key = name.casefold()
    if isinstance(wanted, TagPresence):
        return lambda vm: (key in vm.tags) is wanted.exists
    values = set(wanted)
    return lambda vm: vm.tags.get(key) in values
