"""Which VMs a selector means."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.selector import Selector, TagPresence, id_test, id_tests, is_told_by_id
from backup_reconciler.state.vm import LiveVM

Test = Callable[[LiveVM], bool]
Selecting = AssignmentSpec | ExemptionSpec


def selected(spec: Selecting, vms: Iterable[LiveVM]) -> list[LiveVM]:
    """The VMs, of the candidates in the subscriptions that are looked in, that a document means; by id."""
    wanted = _matcher(spec.select)
    excluded = _matcher(spec.exclude) if spec.exclude else lambda _: False
    return sorted((vm for vm in vms if wanted(vm) and not excluded(vm)), key=lambda vm: vm.id.key)


def tests_by_key(selector: Selector) -> dict[str, Test]:
    """Each key that is stated with its test, in the order in which they are asked; a tag is a key of its own."""
    tests = {key: _of_id(test) for key, test in id_tests(selector).items()}
    if selector.locations is not None:
        locations = frozenset(selector.locations)
        tests["locations"] = lambda vm: vm.location in locations
    for name, wanted in (selector.tags or {}).items():
        tests[f"tags.{name}"] = _tag(name, wanted)
    return tests


def selected_by_id(spec: Selecting, vm: ArmId) -> bool:
    """Whether a VM of which nothing but its id is known is meant for certain."""
    by_id = is_told_by_id(spec.select) and (spec.exclude is None or is_told_by_id(spec.exclude))
    return by_id and id_test(spec.select)(vm) and not (spec.exclude and id_test(spec.exclude)(vm))


@dataclass(frozen=True, slots=True)
class Directory:
    """All VMs that were read, to be looked up: a selection need not look at all of them for the few it means."""

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


def ids_of(select: Selector) -> frozenset[ArmId]:
    """The VMs that a selection names by id."""
    return frozenset(ArmId(text) for text in select.ids or ())


def subscriptions_of(select: Selector, homes: Iterable[str]) -> frozenset[str]:
    """Where a selection looks for VMs, in lower case: where it says, where its ids are, else in these homes."""
    if select.subscriptions:
        return frozenset(name.casefold() for name in select.subscriptions)
    if select.ids:
        return frozenset(vm.subscription.casefold() for vm in ids_of(select))
    return frozenset(home.casefold() for home in homes)


def _matcher(selector: Selector) -> Test:
    """One test for all keys: AND across them. Each key's own test is OR over its values."""
    return reduce(_both, tests_by_key(selector).values())


def _both(one: Test, other: Test) -> Test:
    return lambda vm: one(vm) and other(vm)


def _of_id(test: Callable[[ArmId], bool]) -> Test:
    return lambda vm: test(vm.id)


def _tag(name: str, wanted: tuple[str, ...] | TagPresence) -> Test:
    """Tag names ignore letter case, tag values do not (source: Azure tag rules)."""
    key = name.casefold()
    if isinstance(wanted, TagPresence):
        return lambda vm: (key in vm.tags) is wanted.exists
    values = set(wanted)
    return lambda vm: vm.tags.get(key) in values
