"""The VMs that assignments select, without a plan for them."""

from dataclasses import dataclass
from datetime import date

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.selection.assignment import wishes_by_vm
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.job_look import VMInVault
from backup_reconciler.state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Selected:
    """A VM with the vault that an assignment gives it, and both in a person's words."""

    where: VMInVault
    label: str


def selected_vms(manifests: Manifests, snapshot: Snapshot) -> tuple[Selected, ...]:
    """Every VM that is selected, by its id; one that two assignments put into two vaults stands there twice."""
    wishes = wishes_by_vm(manifests, snapshot, Draft(date.min))
    labels = {VMInVault(wish.vault, wish.vm): wish.label for mine in wishes.values() for wish in mine}
    return tuple(Selected(where, label) for where, label in labels.items())
