"""Recovery points, and who may make them go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.hands import item_path
from tests.simulation.record import HAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.record import Loss, Record, Seen, Told


def backups_are_deleted_by_approval_and_flag(record: Record) -> Iterator[str]:
    """No run asks for backups to be deleted without an approval in its manifests that holds that day, and the flag."""
    runs = {told.name: told for told in record.runs}
    for seen in record.seen:
        if seen.by == HAND or seen.method != "DELETE" or "/protecteditems/" not in seen.path:
            continue
        told, vm = runs[seen.by], _vm_of(seen.path)
        if not told.run.destructive:
            yield f"{seen.by} deleted the backups of {vm} without --allow-destructive"
        if not told.declared.approves_deletion(vm, seen.at.date()):
            yield f"{seen.by} deleted the backups of {vm}, which no approval names"


def no_recovery_point_goes_without_consent(record: Record) -> Iterator[str]:
    """No recovery point goes, or goes earlier than it would have, unless somebody with the right to asked for it."""
    runs = {told.name: told for told in record.runs}
    for loss in record.losses:
        askers = [seen for seen in record.seen if seen.at <= loss.at and seen.taken and _may_cause(seen, loss)]
        if not any(seen.by == HAND or _consented(runs[seen.by]) for seen in askers):
            who = ", ".join(sorted({seen.by for seen in askers})) or "nobody"
            yield f"recovery points of {loss.vm} in {loss.vault} were {loss.what} at {loss.at}; asked for by {who}"


def no_vm_is_active_in_two_vaults(record: Record) -> Iterator[str]:
    """At no moment do two vaults back up the same VM."""
    yield from sorted(set(record.doubled))


def _consented(told: Told) -> bool:
    return told.run.destructive


def _may_cause(seen: Seen, loss: Loss) -> bool:
    """Whether a request can be why points go: of the item itself, of a policy of its vault, or of the whole vault."""
    item = item_path(loss.vault, loss.vm).casefold()
    if loss.what == "shortened":
        return seen.method == "PUT" and (seen.path == item or f"{loss.vault}/backuppolicies/" in seen.path)
    return seen.method == "DELETE" and seen.path in {item, loss.vault}


def _vm_of(path: str) -> str:
    """The VM that an item's path names, in the subscription of the vault."""
    group, name = path.split(";")[-2:]
    subscription = path.split("/")[2]
    return f"/subscriptions/{subscription}/resourcegroups/{group}/providers/microsoft.compute/virtualmachines/{name}"
