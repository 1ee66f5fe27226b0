"""Both sides of everything that is declared or was read: so that two reports tell which of them has changed.

What Azure has is told whole, independent of what manifests state of it: else stating one more field would look like a
change in Azure. Dates of backups, counters and letter case are none.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from backup_reconciler.plan.address import policy_address, protection_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.selection.assignment import Assignment, Wish, vaults_not_told, wishes_by_vm
from backup_reconciler.plan.sides.outbound import sides_of_outbound
from backup_reconciler.plan.sides.side import NONE, Sides, digest
from backup_reconciler.plan.sides.words import declared_policy, declared_vault, found_item, found_policy, found_vault
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.policy import built_in_policy
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot, VaultContents

Selected = tuple[str, tuple[str, ...]]
"""The digest of what is wished for a VM, and the documents that select it."""
Declared = Mapping[ArmId, Selected]
"""By VM in one vault."""


def sides_of(manifests: Manifests, snapshot: Snapshot, addresses: Iterable[str]) -> Mapping[str, Sides]:
    """By address: of every vault that is declared with all it holds, of documents that select, and of what a plan
    speaks of in networks, for which `addresses` are those of its resources."""
    wishes = _wishes(manifests, snapshot)
    untold = vaults_not_told(manifests, snapshot)
    sides = {str(one): Sides(_selection(one), None) for one in manifests.assignments}
    for vault in manifests.vaults:
        id_ = vault.spec.vault_id(vault.handle)
        contents = snapshot.vaults.get(id_)
        sides[str(vault)] = Sides(_authority(vault), None)
        sides[vault_address(id_)] = Sides(digest(declared_vault(vault.spec)), _found_vault(contents))
        sides |= _policies(vault, contents, manifests)
        sides |= _protections(vault, contents, wishes.get(id_, {}), is_told=id_ not in untold)
    sides |= sides_of_outbound(manifests, snapshot.network, sides, addresses)
    return sides


def _selection(assignment: Assignment) -> str:
    """Which VMs an assignment means, and where they go; what it wishes for them is told of each by itself."""
    stated = assignment.spec.stated()
    return digest({name: stated.get(name) for name in ("select", "exclude", "vault", "vaults")})


def _authority(vault: Declaration[VaultSpec]) -> str:
    """What a vault means for what it holds and nobody else declares."""
    return digest({"authoritative": vault.spec.is_authoritative(), "absent": vault.spec.is_absent()})


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


# ---- what a vault holds --------------------------------------------------------------------------------------------


def _was_read(contents: VaultContents | None) -> bool:
    """Whether it is known what a vault holds: one that does not exist holds nothing."""
    return contents is None or not (contents.vault.being_created or contents.vault.being_deleted)


def _found_vault(contents: VaultContents | None) -> str | None:
    if contents is None:
        return NONE
    return digest(found_vault(contents.vault)) if _was_read(contents) else None


def _policies(
    vault: Declaration[VaultSpec], contents: VaultContents | None, manifests: Manifests
) -> Iterator[tuple[str, Sides]]:
    id_ = vault.spec.vault_id(vault.handle)
    nothing = NONE if _was_read(contents) else None
    declared = {
        one.spec.azure_name(one.handle).casefold(): digest(declared_policy(one.spec))
        for one in manifests.policies
        if any(home is vault for home in manifests.vaults_of(one))
    }
    live = {one.name.casefold(): one for one in contents.policies.values()} if contents else {}
    for name in sorted(declared.keys() | live.keys()):
        goes = vault.spec.is_absent() and name not in declared and not built_in_policy(name)
        told = found_policy(live[name]) if name in live else None
        found = (digest(told) if told is not None else None) if name in live else nothing
        wished = declared.get(name, _authority(vault) if goes else NONE)
        yield policy_address(id_, name), Sides(wished, found, (str(vault),) if goes else ())


def _protections(
    vault: Declaration[VaultSpec], contents: VaultContents | None, wishes: Declared, *, is_told: bool
) -> Iterator[tuple[str, Sides]]:
    id_ = vault.spec.vault_id(vault.handle)
    nothing = NONE if _was_read(contents) else None
    rules = vault.spec.is_absent() or vault.spec.is_authoritative()
    otherwise = (_authority(vault) if rules else NONE) if is_told else None, (str(vault),) if rules else ()
    items = contents.items if contents else {}
    for vm in sorted(wishes.keys() | items.keys()):
        found = digest(found_item(items[vm])) if vm in items else nothing
        declared, by = wishes.get(vm, otherwise)
        yield protection_address(id_, vm), Sides(declared, found, by)
