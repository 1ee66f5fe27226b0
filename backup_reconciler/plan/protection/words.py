"""The state of a VM's backup in a person's words."""

from datetime import date

from backup_reconciler.plan.protection.deletion import told_state
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import VaultContents


def told_item(item: LiveItem, contents: VaultContents, as_of: date) -> str:
    """What is being done for a VM, and what becomes of its recovery points; a clause about "it"."""
    match item.state:
        case ItemState.ACTIVE:
            failed = "; its last backup failed" if item.last_backup_failed else ""
            pending = "" if item.has_points else "; its first backup is pending"
            return f"it is backed up by {item.policy.name if item.policy else 'its policy'}{failed or pending}"
        case ItemState.STOPPED if not item.has_points:
            return "its backups are stopped, and it has no recovery points"
        case ItemState.STOPPED:
            kept = "its backups are stopped and its data is kept without an end, at cost"
            return f"{kept}; {told_age(item, as_of)}" if item.last_backup else kept
        case ItemState.SUSPENDED:
            return "its backups are suspended, and its recovery points expire by its policy"
        case ItemState.SOFT_DELETED:
            purged_on = contents.purged_on(item)
            return f"its backup is soft-deleted{f', and purged on {purged_on}' if purged_on else ''}"
    return f"its protection state is {told_state(item)}"


def told_age(item: LiveItem, as_of: date) -> str:
    """When it was last backed up, and how long ago that was."""
    if item.last_backup is None:
        return "when it was last backed up is not told"
    day = item.last_backup.date()
    return f"last backed up on {told_days(day, (as_of - day).days)}"


def told_days(day: date, days: int) -> str:
    """A day, and how many days ago it was."""
    return f"{day}, {days} {'day' if days == 1 else 'days'} ago"
