"""What is looked at around VMs: the resource groups of their snapshots, and the locks and policies above these."""

from collections.abc import Iterable, Iterator

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.readiness.cause import Said
from backup_reconciler.plan.readiness.not_known import not_known
from backup_reconciler.spec.rules.readiness import SNAPSHOTS_DENIED, SNAPSHOTS_LOCKED
from backup_reconciler.state.lock import Lock
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness
from backup_reconciler.state.snapshot_group import Denial, SnapshotGroup, SnapshotGroupNames


def said_around(names: SnapshotGroupNames, readiness: Readiness) -> Iterator[Said]:
    """All that there is to say of the subscription and the snapshot groups of some VMs."""
    subscription = names.subscription
    locks = readiness.locks[subscription]
    for what, found in (
        ("the status of its VMs", readiness.statuses[subscription]),
        ("its locks", locks),
        ("its resource groups", readiness.groups[subscription]),
    ):
        if isinstance(found, NotRead):
            yield not_known(what, found, f"Subscription/{subscription}", f"subscription {subscription}")
    for group in readiness.snapshot_groups[names]:
        if not isinstance(locks, NotRead):
            yield from _said_of_locks(group, locks)
        beforehand = (
            f"create {group.id.name} beforehand, as the assignment wants it; the service uses one that is there"
        )
        yield from _said_of_policies(group, group.group_denials, "the group itself", beforehand)
        yield from _said_of_policies(group, group.point_denials, "restore points in it", "")


def _said_of_locks(group: SnapshotGroup, locks: Iterable[Lock]) -> Iterator[Said]:
    for lock in locks:
        if lock.holds and lock.covers(group.id):
            message = f"the lock {lock.name} ({lock.level}) on {lock.scope} holds it"
            yield Said(SNAPSHOTS_LOCKED, Severity.WARNING, message, address=_address(group), label=_label(group))


def _said_of_policies(
    group: SnapshotGroup, denials: tuple[Denial, ...] | NotRead, what: str, instead: str
) -> Iterator[Said]:
    if isinstance(denials, NotRead):
        yield not_known(f"whether Azure Policy denies {what}", denials, _address(group), _label(group))
        return
    for denial in denials:
        because = f" because of {' and '.join(denial.fields)}" if denial.fields else ""
        message = f"Azure Policy denies {what}{because}: {denial.assignment}"
        yield Said(SNAPSHOTS_DENIED, Severity.WARNING, message, instead, _address(group), _label(group))


def _address(group: SnapshotGroup) -> str:
    return f"SnapshotGroup/{group.id.subscription}/{group.id.name}".casefold()


def _label(group: SnapshotGroup) -> str:
    return f"resource group {group.id.name}"
