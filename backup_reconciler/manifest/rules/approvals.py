"""Rules of approvals, and of what needs one."""

from collections.abc import Iterator
from datetime import date

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.resource_type import VIRTUAL_MACHINE
from backup_reconciler.spec.rules.approval import (
    APPROVAL_EXPIRED,
    APPROVAL_INCOMPLETE,
    APPROVAL_NEEDED,
    APPROVAL_UNUSED,
)
from backup_reconciler.spec.rules.protection import VM_ID
from backup_reconciler.spec.rules.value import EMPTY_TEXT
from backup_reconciler.spec.vault import VaultSpec

Approvable = Declared[VaultSpec] | Declared[AssignmentSpec]

_APPROVAL: FieldPath = ("spec", "approval")


def approval_needed(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    if assignment.spec.protection == "deleted" and assignment.spec.approval is None:
        what = "would delete backup data, and nobody has approved it"
        yield assignment.problem(APPROVAL_NEEDED, ("spec", "protection"), what)


def approval_incomplete(assignment: Declared[AssignmentSpec]) -> Iterator[Problem]:
    approval = assignment.spec.approval
    if assignment.spec.protection != "deleted" or approval is None:
        return
    if any(id_fault(text, VIRTUAL_MACHINE) for text in approval.vms):
        return  # the one that is told as no id may be the one that is missing
    approved = {ArmId(text) for text in approval.vms}
    for index, text in enumerate(assignment.spec.select.ids or ()):
        if ArmId(text) not in approved:
            what = f"the approval does not name {quoted(ArmId(text).name)}, whose data is to be deleted"
            also = assignment.written.tree.place((*_APPROVAL, "vms"))
            yield assignment.problem(APPROVAL_INCOMPLETE, ("spec", "select", "ids", index), what, also=also)


def approval_unused(document: Approvable) -> Iterator[Problem]:
    if document.spec.approval is None or _deletes(document.spec):
        return
    field = "state: absent" if isinstance(document.spec, VaultSpec) else "protection: deleted"
    place = document.written.tree.key_place(_APPROVAL)
    yield document.written.problem(APPROVAL_UNUSED, _APPROVAL, f"goes with {field} only", at=place)


def approval_texts(document: Approvable) -> Iterator[Problem]:
    approval = document.spec.approval
    if approval is not None:
        for field, text in (("by", approval.by), ("reason", approval.reason)):
            if not text.strip():
                yield document.problem(EMPTY_TEXT, (*_APPROVAL, field), "is blank")


def approval_vms(document: Approvable) -> Iterator[Problem]:
    for index, text in enumerate(document.spec.approval.vms if document.spec.approval else ()):
        fault = id_fault(text, VIRTUAL_MACHINE)
        if fault:
            yield document.problem(VM_ID, (*_APPROVAL, "vms", index), fault.what, fault.remedy)


def approval_expired(collected: Collected, as_of: date) -> Iterator[Problem]:
    documents: tuple[Approvable, ...] = (*collected.vaults, *collected.assignments)
    for document in documents:
        approval = document.spec.approval
        if approval is not None and approval.expires < as_of:
            what = f"the approval ended on {approval.expires}"
            yield document.problem(APPROVAL_EXPIRED, (*_APPROVAL, "expires"), what)


def _deletes(spec: VaultSpec | AssignmentSpec) -> bool:
    return spec.state == "absent" if isinstance(spec, VaultSpec) else spec.protection == "deleted"


OF_ASSIGNMENTS = (approval_needed, approval_incomplete)
RULES = (approval_unused, approval_texts, approval_vms)
