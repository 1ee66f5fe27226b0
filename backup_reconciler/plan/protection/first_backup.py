"""The first backup of a VM that is newly protected, started once where its assignment says so."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from backup_reconciler.plan.action import AnyAction, BackUpNow, Change
from backup_reconciler.plan.address import vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.protection.binding import FIRST_BY_SCHEDULE
from backup_reconciler.plan.protection.changes import common
from backup_reconciler.plan.selection.assignment import Wish, wishes_by_vm
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.protection import InitialBackup
from backup_reconciler.spec.rules.protection import INITIAL_BACKUP
from backup_reconciler.state.snapshot import Snapshot


def vaults_with_first_backups(manifests: Manifests, snapshot: Snapshot) -> frozenset[ArmId]:
    """The vaults that hold a VM of which only their jobs tell whether its first backup was started already.

    That is so of VMs that have an item and were never backed up; before the first snapshot an item tells no more.
    """
    return frozenset(
        wish.vault
        for wish, _ in _asked_for(manifests, snapshot)
        if (item := snapshot.item(wish.vault, wish.vm)) is not None and item.never_backed_up
    )


def start_first_backups(
    manifests: Manifests, snapshot: Snapshot, ways_out: Mapping[ArmId, tuple[str, ...]], draft: Draft
) -> None:
    """Plan the first backups of VMs that this plan protects, or that are protected and were never backed up.

    Called once the other actions are settled, so that a VM whose protection is held back gets none. `ways_out` are the
    ids of the actions that open a VM's way out, which its first backup may need.
    """
    steps: dict[str, list[AnyAction]] = defaultdict(list)
    for action in draft.actions.values():
        steps[action.address].append(action)
    as_declared = {same.address for same in draft.unchanged}
    for wish, first in _asked_for(manifests, snapshot):
        mine = steps.get(wish.address, [])
        if (mine or wish.address in as_declared) and _is_to_come(wish, snapshot):
            _start(wish, first, snapshot, mine, ways_out.get(wish.vm, ()), draft)


def _asked_for(manifests: Manifests, snapshot: Snapshot) -> Iterator[tuple[Wish, InitialBackup]]:
    """What is wished for each VM whose assignment asks for a first backup."""
    asking = tuple(one for one in manifests.assignments if one.spec.initial_backup)
    if asking:
        apart = Draft(date.min)  # what there is to say of a selection is said where protection is planned
        for wishes in wishes_by_vm(replace(manifests, assignments=asking), snapshot, apart).values():
            for wish in wishes:
                assert wish.assignment.spec.initial_backup is not None, "the others were left out"
                yield wish, wish.assignment.spec.initial_backup


def _is_to_come(wish: Wish, snapshot: Snapshot) -> bool:
    """Whether nobody has tried to back the VM up, as far as the service tells."""
    contents, item = snapshot.vaults.get(wish.vault), snapshot.item(wish.vault, wish.vm)
    if contents is None or item is None:
        return True
    tried = contents.backup_tried
    return item.never_backed_up and tried is not None and wish.vm not in tried


def _start(
    wish: Wish,
    first: InitialBackup,
    snapshot: Snapshot,
    steps: list[AnyAction],
    ways_out: tuple[str, ...],
    draft: Draft,
) -> None:
    last_day = first.last_day(draft.as_of)
    if last_day <= draft.as_of:
        message = f"its first backup is not started: {last_day}, until which it would be kept, is not to come"
        draft.find(wish.finding(INITIAL_BACKUP, Severity.WARNING, message, "initialBackup"))
        return
    for step in steps:
        draft.actions[step.id] = replace(step, data_effect=step.data_effect.replace(FIRST_BY_SCHEDULE, "none yet"))
    place = wish.assignment.place_of("initialBackup")
    stated: Mapping[str, object] = first.stated()
    fields = common(wish, snapshot.item(wish.vault, wish.vm)) | {
        "changes": (Change("initialBackup", None, stated, place),)
    }
    draft.act(
        BackUpNow(
            **fields,
            kept_until=last_day,
            is_next_step=bool(steps),
            data_effect=f"the first is made at once, and kept until {last_day}",
        ),
        vault_address(wish.vault),
        *(step.id for step in steps),
        *ways_out,
    )
