"""What a vault holds and no assignment selects: listed, never touched, with what is known of its VM."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import KeptBackup, WhyKept
from backup_reconciler.plan.protection.absence import told_absence
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.protection.words import told_item
from backup_reconciler.plan.selection.labels import Labels
from backup_reconciler.spec.arm_id import ArmId, in_order
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.protection import ORPHANED_ITEM, UNDECLARED_ITEM, VM_HIDDEN, VM_MOVED, VM_RECREATED
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import Presence, Snapshot, VaultContents

_ON_ITS_WAY_OUT = "nothing needs doing; to bring it back, select its VM in an assignment"


def list_undeclared(
    contents: VaultContents, declared: AbstractSet[ArmId], where: Whereabouts, draft: Draft, *, is_told: bool
) -> None:
    """List the items of a vault that no assignment selects.

    `is_told` says whether every assignment into the vault could be told; else perhaps one of them does select an item.
    """
    selected = "no assignment selects it" if is_told else "whether an assignment selects it cannot be told"
    for vm in sorted(contents.items.keys() - declared):
        item = contents.items[vm]
        rule, severity, known = _known(item, where)
        message = f"{selected}; {told_item(item, contents, draft.as_of)}{known}"
        moved = where.moved_to(vm)
        resources = () if rule is UNDECLARED_ITEM else (vm, moved) if moved else (vm,)
        instead = _ON_ITS_WAY_OUT if item.state is ItemState.SOFT_DELETED else ""
        finding = _finding(rule, severity, contents, item, where, message)
        draft.find(replace(finding, resources=resources, instead=instead))


def tell_recreated(contents: VaultContents, where: Whereabouts, draft: Draft) -> None:
    """Point out the VMs that were made after their last backup: its points are of another machine."""
    for vm in in_order(contents.items):
        item = contents.items[vm]
        if days := where.made_after_backup(item):
            message = f"it was made on {days[0]}, and its last backup is of {days[1]}"
            draft.find(_finding(VM_RECREATED, Severity.INFO, contents, item, where, message))


def kept_backups(snapshot: Snapshot) -> tuple[KeptBackup, ...]:
    """The backups of all vaults in scope whose recovery points are kept without an end, by vault and VM."""
    kept = [
        (vault, item, why)
        for vault in sorted(snapshot.vaults)
        for item in snapshot.vaults[vault].backups
        if (why := _why_kept(item, snapshot))
    ]
    labels = Labels.of(snapshot) if kept else Labels.among(())
    return tuple(
        KeptBackup(protection_address(vault, item.vm), labels.of_vm(item.vm, vault), item, why)
        for vault, item, why in kept
    )


def _why_kept(item: LiveItem, snapshot: Snapshot) -> WhyKept | None:
    """None where recovery points expire, or there are none."""
    if not item.has_points:
        return None
    if item.state is ItemState.STOPPED:
        return WhyKept.STOPPED
    return WhyKept.VM_GONE if snapshot.presence(item.vm) is Presence.GONE else None


def _known(item: LiveItem, where: Whereabouts) -> tuple[Rule, Severity, str]:
    """The rule that an item is told by, how much it weighs, and what is known of its VM."""
    presence = where.snapshot.presence(item.vm)
    unasked = presence is Presence.UNREAD and item.vm not in where.snapshot.absent_vms
    if item.state is ItemState.SOFT_DELETED or presence is Presence.THERE or unasked:
        return UNDECLARED_ITEM, Severity.INFO, ""
    told = f"; {told_absence(item.vm, where, 'its VM')}"
    if presence is not Presence.GONE:
        return VM_HIDDEN, Severity.INFO, told
    tries_on = Severity.WARNING if item.state is ItemState.ACTIVE else Severity.INFO
    return (VM_MOVED if where.moved_to(item.vm) else ORPHANED_ITEM), tries_on, told


def _finding(
    rule: Rule, severity: Severity, contents: VaultContents, item: LiveItem, where: Whereabouts, message: str
) -> Finding:
    vault = contents.vault.id
    label = where.labels.of_vm(item.vm, vault)
    return Finding(rule, severity, protection_address(vault, item.vm), label, message)
