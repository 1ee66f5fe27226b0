"""Which vault each VM of an assignment goes to: the one that is named, or of several the one in its region."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from backup_reconciler.plan.selection.matching import subscriptions_of
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.protection import AssignmentSpec, ProtectionSettings
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot, VaultOutline
from backup_reconciler.state.vm import LiveVM

Assignment = Declaration[AssignmentSpec]


@dataclass(frozen=True, slots=True)
class Target:
    """A vault that VMs of an assignment may go to, and what is wished for those that do."""

    vault: ArmId
    location: str
    """Where the vault is; where it is declared to be, as long as it does not exist."""
    torn_down: bool
    """Whether the vault is torn down, and the VMs' backups with it."""
    settings: ProtectionSettings
    policy_is_declared: bool
    """Whether a manifest speaks of the policy in this vault."""
    held: Container[ArmId]
    """The VMs of which the vault has a backup item."""


def vaults_of(assignment: Assignment, manifests: Manifests) -> list[Declaration[VaultSpec]]:
    """The declared vaults of an assignment, in the order in which it names them."""
    vaults = []
    for handle in assignment.spec.vault_handles():
        vault = manifests.vault(handle)
        assert vault is not None, "manifests are validated before they are planned"
        vaults.append(vault)
    return vaults


def looked_in(assignment: Assignment, manifests: Manifests) -> frozenset[str]:
    """The subscriptions, in lower case, in which an assignment looks for VMs; none where all its vaults go."""
    homes = [vault.spec.subscription for vault in vaults_of(assignment, manifests) if not vault.spec.is_absent()]
    return subscriptions_of(assignment.spec.select, homes) if homes else frozenset()


def targets_of(assignment: Assignment, manifests: Manifests, snapshot: Snapshot) -> list[Target]:
    """Every vault that VMs of an assignment may go to."""
    return [_target(assignment, vault, manifests, snapshot) for vault in vaults_of(assignment, manifests)]


def target_for(vm: LiveVM, targets: Sequence[Target]) -> list[Target]:
    """Where a VM goes: to the only vault, or to that in its region; several are a mistake that is told.

    Where no vault is in its region, it is that which holds the VM already or else the first, so that there is one to
    refuse it. None where its vault is torn down.
    """
    if len(targets) == 1:
        return [target for target in targets if not target.torn_down]
    near = [target for target in targets if target.location == vm.location]
    if near:
        return [target for target in near if not target.torn_down]
    return [target_of_absent(vm.id, targets)]


def target_of_absent(vm: ArmId, targets: Sequence[Target]) -> Target:
    """Where a VM goes whose region is not known, or has no vault: to that which holds it already, else to the first."""
    staying = [target for target in targets if not target.torn_down] or targets
    return next((target for target in staying if vm in target.held), staying[0])


def _target(assignment: Assignment, vault: Declaration[VaultSpec], manifests: Manifests, snapshot: Snapshot) -> Target:
    id_ = vault.spec.vault_id(vault.handle)
    contents, outline = snapshot.vaults.get(id_), snapshot.left_out.get(id_, VaultOutline())
    location = contents.vault.settings.location if contents else outline.location
    settings, policy_is_declared = _settings(assignment, vault, manifests)
    return Target(
        vault=id_,
        location=location or vault.spec.location,
        torn_down=vault.spec.is_absent(),
        settings=settings,
        policy_is_declared=policy_is_declared,
        held=contents.items if contents else outline.items,
    )


def _settings(
    assignment: Assignment, vault: Declaration[VaultSpec], manifests: Manifests
) -> tuple[ProtectionSettings, bool]:
    """What is wished for the VMs that go to a vault, and whether a manifest speaks of their policy there."""
    spec, handle = assignment.spec, assignment.spec.policy
    if spec.protection != "active" or handle is None:
        return ProtectionSettings(spec.protection), False
    policy = manifests.policy(handle)
    name = policy.spec.azure_name(policy.handle) if policy else handle
    declared = policy is not None and any(held is vault for held in manifests.vaults_of(policy))
    wished = ProtectionSettings("active", policy_id(vault.spec.vault_id(vault.handle), name), spec.disks_wished())
    return wished, declared
