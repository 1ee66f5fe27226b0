"""The data disks of a VM against the list that an assignment has of them."""

from collections.abc import Iterator

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.spec.rules.protection import DISK_LUN_MISSING, DISK_NOT_LISTED


def disk_findings(wish: Wish) -> Iterator[Finding]:
    """Disks that a list to include leaves out, perhaps because they are new, and LUNs at which there is no disk."""
    disks = wish.settings.disks
    if disks is None or not disks.luns or wish.live is None:
        return
    left_out = [disk for disk in wish.live.disks if disks.included and disk.lun not in disks.luns]
    if left_out:
        named = ", ".join(f"LUN {disk.lun} ({disk.name})" for disk in left_out)
        message = f"not on the list of disks to back up: {named}"
        yield wish.finding(DISK_NOT_LISTED, Severity.INFO, message, "disks")
    missing = sorted(disks.luns - {disk.lun for disk in wish.live.disks})
    if missing:
        weight = Severity.WARNING if disks.included else Severity.INFO
        message = f"it has no disk at LUN {' and '.join(map(str, missing))}"
        yield wish.finding(DISK_LUN_MISSING, weight, message, "disks")
