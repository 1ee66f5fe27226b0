"""Rules of policies with the vaults that hold them and the assignments that name them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.document import by_handle
from backup_reconciler.spec.limits import MOST_POLICIES
from backup_reconciler.spec.policy import BUILT_IN_POLICIES, BackupPolicySpec, built_in_policy
from backup_reconciler.spec.policy_rules.archive import moves
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.policy import POLICIES_PER_VAULT, POLICY_ABSENT_IN_USE
from backup_reconciler.spec.rules.protection import MOVE_TO_ENHANCED
from backup_reconciler.spec.rules.retention import ARCHIVE_REDUNDANCY
from backup_reconciler.spec.vault import VaultSpec

Policy = Declared[BackupPolicySpec]


def policies_per_vault(collected: Collected) -> Iterator[Problem]:
    """Told once for each vault, at the first policy that is one too many."""
    held: dict[str, list[Policy]] = defaultdict(list)
    for policy, vaults in _with_vaults(collected):
        for vault in vaults:
            held[vault.handle].append(policy)
    for handle, policies in held.items():
        if len(policies) > MOST_POLICIES:
            what = f"{len(policies)} policies are declared for the vault {quoted(handle)}, not at most {MOST_POLICIES}"
            yield policies[MOST_POLICIES].problem(POLICIES_PER_VAULT, ("spec", "vaults"), what)


def archive_redundancy(collected: Collected) -> Iterator[Problem]:
    for policy, vaults in _with_vaults(collected):
        for vault in vaults if moves(policy.spec.archive_tier) else ():
            if vault.spec.redundancy == "ZoneRedundant":
                what = f"the vault {quoted(vault.handle)} is zone-redundant, and has no archive tier"
                also = vault.written.tree.place(("spec", "redundancy"))
                yield policy.problem(ARCHIVE_REDUNDANCY, ("spec", "archiveTier", "mode"), what, also=also)


def _with_vaults(collected: Collected) -> Iterator[tuple[Policy, Iterable[Declared[VaultSpec]]]]:
    """Each policy that is to be present with its declared vaults; all are not those owned elsewhere or torn down."""
    declared = by_handle(collected.vaults)
    everywhere = [vault for vault in collected.vaults if not vault.spec.existing and vault.spec.state == "present"]
    for policy in collected.policies:
        if policy.spec.is_absent():
            continue
        if policy.spec.vaults == "all":
            yield policy, everywhere
        else:
            yield policy, [declared[handle] for handle in _folded(policy.spec.vaults) if handle in declared]


def _folded(handles: Iterable[str]) -> dict[str, None]:
    """Handles as they are compared, each once and in order."""
    return dict.fromkeys(handle.casefold() for handle in handles)


def absent_in_use(collected: Collected) -> Iterator[Problem]:
    absent = by_handle(policy for policy in collected.policies if policy.spec.is_absent())
    for assignment in collected.assignments if absent else ():
        named = (assignment.spec.policy or "").casefold()
        policy = absent.get(named)
        if policy is None and built_in_policy(named):
            policy = next((one for one in absent.values() if _is_built_in_of(assignment, named, one)), None)
        if policy is not None:
            also = policy.written.tree.place(("spec", "state"))
            yield assignment.problem(POLICY_ABSENT_IN_USE, ("spec", "policy"), f"{policy} is to be absent", also=also)


def _is_built_in_of(assignment: Declared[AssignmentSpec], named: str, policy: Policy) -> bool:
    """Whether a policy is the service's own of this name, in a vault of the assignment."""
    if policy.spec.azure_name(policy.handle).casefold() != named:
        return False
    return policy.spec.vaults == "all" or bool(
        _folded(policy.spec.vaults).keys() & _folded(assignment.spec.vault_handles()).keys()
    )


def moves_to_enhanced(collected: Collected) -> Iterator[Problem]:
    """Consent to a move that the assignment's policy is not, is a mistake in one of the two."""
    declared = by_handle(collected.policies)
    for assignment in collected.assignments:
        move, name = assignment.spec.move_to_enhanced, assignment.spec.policy
        if move is None or name is None:
            continue
        policy, built_in = declared.get(name.casefold()), built_in_policy(name)
        tier = policy.spec.tier if policy else BUILT_IN_POLICIES[built_in] if built_in else None
        if tier == "Standard":
            path = ("spec", "moveToEnhanced")
            place = assignment.written.tree.key_place(path)
            also = assignment.written.tree.place(("spec", "policy"))
            what = f"{quoted(name)} is a Standard policy"
            remedy = "name an Enhanced policy, or remove moveToEnhanced"
            yield assignment.written.problem(MOVE_TO_ENHANCED, path, what, remedy, at=place, also=also)


RULES = (policies_per_vault, archive_redundancy, absent_in_use, moves_to_enhanced)
