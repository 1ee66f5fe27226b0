"""Which VMs a selector means."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.selector import Selector, TagPresence, id_test
from backup_reconciler.state.vm import LiveVM

Test = Callable[[LiveVM], bool]


def selected(spec: AssignmentSpec, vms: Iterable[LiveVM]) -> list[LiveVM]:
    """The VMs, of those in the subscriptions where an assignment looks, that it means; by id."""
    wanted = _matcher(spec.select)
    excluded = _matcher(spec.exclude) if spec.exclude else lambda _: False
    return sorted((vm for vm in vms if wanted(vm) and not excluded(vm)), key=lambda vm: vm.id)


def by_subscription(vms: Iterable[LiveVM]) -> Mapping[str, list[LiveVM]]:
    """VMs by their subscription's id in lower case, so that each assignment need not look at all."""
    found: dict[str, list[LiveVM]] = defaultdict(list)
    for vm in vms:
        found[vm.id.subscription.casefold()].append(vm)
    return found


def missing_ids(spec: AssignmentSpec, known: Iterable[ArmId]) -> list[ArmId]:
    """VMs that are selected by id and do not exist."""
    return sorted({ArmId(text) for text in spec.select.ids or ()} - set(known))


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
