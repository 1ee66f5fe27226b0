"""Rules of kind VMAssignment, other than those of its selection and its approval."""

from collections.abc import Iterator
from datetime import date

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec import ranges
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.protection import AssignmentSpec, DiskSelection
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.protection import (
    DISK_SELECTION,
    INITIAL_BACKUP,
    MOVE_TO_ENHANCED,
    POLICY_NEEDED,
    VAULT_NEEDED,
)

_INITIAL_BACKUP: FieldPath = ("spec", "initialBackup")
_DISKS: FieldPath = ("spec", "disks")
_MOVE: FieldPath = ("spec", "moveToEnhanced")


def vault_needed(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    if assignment.spec.vault is None and assignment.spec.vaults is None:
        yield assignment.problem(VAULT_NEEDED, ("spec", "vault"), "is missing")
    elif assignment.spec.vault is not None and assignment.spec.vaults is not None:
        yield assignment.beside(VAULT_NEEDED, ("spec", "vaults"), "vault", "keep one of the two")


def policy_needed(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    if assignment.spec.protection == "active" and assignment.spec.policy is None:
        yield assignment.problem(POLICY_NEEDED, ("spec", "policy"), "is missing, and protection is active")


def disk_selection(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    disks = assignment.spec.disks
    if not isinstance(disks, DiskSelection):
        return
    if disks.include is not None and disks.exclude is not None:
        yield assignment.beside(DISK_SELECTION, (*_DISKS, "exclude"), "include", "keep one of the two")
    for field, luns in (("include", disks.include), ("exclude", disks.exclude)):
        for index, lun in enumerate(luns or ()):
            if lun not in ranges.LUN:
                yield assignment.problem(DISK_SELECTION, (*_DISKS, field, index), f"{lun} is not from 0 to 63")


def initial_backup(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    first = assignment.spec.initial_backup
    if first is None:
        return
    yield from _with_active(assignment, INITIAL_BACKUP, _INITIAL_BACKUP)
    if first.keep_days is not None and first.keep_until is not None:
        yield assignment.beside(INITIAL_BACKUP, (*_INITIAL_BACKUP, "keepUntil"), "keepDays", "keep one of the two")
    if first.keep_days is not None and first.keep_days not in ranges.KEEP_DAYS:
        what = f"{first.keep_days} is not from 1 to 9999"
        yield assignment.problem(INITIAL_BACKUP, (*_INITIAL_BACKUP, "keepDays"), what)


def move_to_enhanced(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    """What the policy is may be known to Azure alone; one that no VM is bound to is known here."""
    move = assignment.spec.move_to_enhanced
    if move is None:
        return
    yield from _with_active(assignment, MOVE_TO_ENHANCED, _MOVE)
    if move.vms_per_run not in ranges.VMS_A_RUN:
        what, remedy = f"{move.vms_per_run} is not from 1 to 1000", "use a number from 1 to 1000"
        yield assignment.problem(MOVE_TO_ENHANCED, (*_MOVE, "vmsPerRun"), what, remedy)


def _with_active(assignment: Declared[AssignmentSpec], rule: Rule, field: FieldPath) -> Iterator[Problem]:
    """A field that means something for VMs that are backed up, and for no others."""
    if assignment.spec.protection != "active":
        what, remedy = f"goes with protection: active, not {assignment.spec.protection}", f"remove {field[-1]}"
        tree = assignment.written.tree
        at, also = tree.key_place(field), tree.place(("spec", "protection"))
        yield assignment.written.problem(rule, field, what, remedy, at=at, also=also)


def initial_backup_is_to_come(collected: Collected, as_of: date) -> Iterator[Problem]:
    for assignment in collected.assignments:
        first = assignment.spec.initial_backup
        if first is not None and first.keep_until is not None and first.keep_until <= as_of:
            what = f"{first.keep_until} is not a day to come"
            yield assignment.problem(INITIAL_BACKUP, (*_INITIAL_BACKUP, "keepUntil"), what)


RULES = (vault_needed, policy_needed, disk_selection, initial_backup, move_to_enhanced)
