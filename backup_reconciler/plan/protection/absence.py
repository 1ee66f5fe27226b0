"""VMs that nobody sees: what is known of them, and what can be done about their backups."""

from dataclasses import replace

from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.protection.changes import changes
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.protection import VM_HIDDEN, VM_MISSING
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.snapshot import MOST_ASKED_FOR, Presence


def absence_refusal(wish: Wish, item: LiveItem | None, where: Whereabouts) -> Finding | None:
    """Why nothing can be done for a VM that nobody sees; its backup, where there is one, can be ended all the same."""
    protection = wish.settings.protection
    if wish.live is not None or (item is not None and protection != "active"):
        return None
    if protection == "deleted":
        return None
    rule = VM_MISSING if where.snapshot.presence(wish.vm) is Presence.GONE else VM_HIDDEN
    finding = wish.finding(rule, Severity.BLOCKED, told_absence(wish.vm, where, str(wish.vm)), "select", "ids")
    if moved := where.moved_to(wish.vm):
        finding = replace(finding, resources=(moved,))
    if item is None:
        return finding
    finding = replace(finding, instead=_WITH_A_BACKUP)
    if item.meets(wish.settings):
        return finding
    return replace(finding, drift=DriftState.DIFFERS, changes=changes(wish, item))


def told_absence(vm: ArmId, where: Whereabouts, called: str) -> str:
    """What is known of a VM that nobody sees, and is called so. An absence is told only where Azure says so."""
    match where.snapshot.presence(vm):
        case Presence.GONE:
            moved = where.moved_to(vm)
            perhaps = f"; perhaps it was moved: {moved.name} in {moved.resource_group} has no backup" if moved else ""
            return f"{called} does not exist{perhaps}"
        case Presence.HIDDEN:
            return f"these rights do not show {called}, if it exists"
    return f"no list shows {called}, and it was not asked for: a run asks for {MOST_ASKED_FOR} such VMs"


_WITH_A_BACKUP = (
    "correct the id if it was moved; to end its backup, declare 'protection: stopped', which keeps every recovery "
    "point, or 'protection: deleted' with an approval"
)
