"""Rules of approvals."""

from backup_reconciler.spec.rules.rule import rule

APPROVAL_NEEDED = rule(
    "approval-needed",
    "Backup data is deleted only with an approval.",
    why="Recovery points that are gone cannot be made again.",
    remedy="add approval: {by, reason, expires, vms}, or declare 'protection: stopped', which keeps the data",
)
APPROVAL_UNUSED = rule(
    "approval-unused",
    "An approval stands where backup data is deleted.",
    why="Left behind, it would approve a deletion that nobody thought of when it was given.",
    remedy="remove the approval",
)
APPROVAL_EXPIRED = rule(
    "approval-expired",
    "An approval that is used has not expired.",
    why="It is void after its last day.",
    remedy="remove what it approved if that is done, or have it approved anew with a later day",
)
APPROVAL_INCOMPLETE = rule(
    "approval-incomplete",
    "An approval names every VM whose data is to be deleted.",
    why="The data of no other VM is deleted.",
    remedy="add the VM's id to approval.vms, or take it out of the selection",
)
