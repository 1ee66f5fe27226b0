"""Both sides of everything that is declared or was read: so that two reports tell which of them has changed.

What Azure has is told whole, independent of what manifests state of it: else stating one more field would look like a
change in Azure. Dates of backups, counters and letter case are none.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.selection.assignment import Assignment, Wish, vaults_not_told, wishes_by_vm
from backup_reconciler.plan.sides.outbound import sides_of_outbound
from backup_reconciler.plan.sides.side import Sides, digest
from backup_reconciler.plan.sides.vault import Declared, Selected, sides_of_backups, sides_of_policies, sides_of_vault
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.snapshot import Snapshot


def sides_of(manifests: Manifests, snapshot: Snapshot, addresses: Iterable[str]) -> Mapping[str, Sides]:
    """By address: of every vault that is declared with all it holds, of documents that select, and of what a plan
    speaks of in networks, for which `addresses` are those of its resources."""
    wishes = _wishes(manifests, snapshot)
    untold = vaults_not_told(manifests, snapshot)
    sides = {str(one): Sides(_selection(one), None) for one in manifests.assignments}
    for vault in manifests.vaults:
        id_ = vault.spec.vault_id(vault.handle)
        contents = snapshot.vaults.get(id_)
        sides |= sides_of_vault(vault, contents)
        if id_ in snapshot.left_out:
            continue
        sides |= sides_of_policies(vault, contents, manifests)
        sides |= sides_of_backups(vault, contents, wishes.get(id_, {}), is_told=id_ not in untold)
    sides |= sides_of_outbound(manifests, snapshot.network, sides, addresses)
    return sides


def _selection(assignment: Assignment) -> str:
    """Which VMs an assignment means, and where they go; what it wishes for them is told of each by itself."""
    stated = assignment.spec.stated()
    return digest({name: stated.get(name) for name in ("select", "exclude", "vault", "vaults")})


def _wishes(manifests: Manifests, snapshot: Snapshot) -> Mapping[ArmId, Declared]:
    """By vault."""
    apart = Draft(date.min)  # what there is to say of a selection is said where protection is planned
    found: dict[ArmId, dict[ArmId, Selected]] = {}
    told: dict[tuple[ArmId, tuple[str, ...]], str] = {}
    for vm, wishes in wishes_by_vm(manifests, snapshot, apart).items():
        for vault in {wish.vault for wish in wishes}:
            here = [wish for wish in wishes if wish.vault == vault]
            documents = tuple(str(wish.assignment) for wish in here)
            if (vault, documents) not in told:  # an assignment wishes the same for all its VMs in one vault
                told[vault, documents] = digest([_wished(wish) for wish in here])
            found.setdefault(vault, {})[vm] = told[vault, documents], documents
    return found


def _wished(wish: Wish) -> dict[str, object]:
    stated, initial = wish.settings.stated(), wish.assignment.spec.initial_backup
    return {**stated, "policy": str(stated.get("policy", "")).casefold(), "initial": initial and initial.stated()}
