"""The VMs whose readiness is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from backup_reconciler.plan.action import CreatePolicy, Protect, Resume, UpdatePolicy
from backup_reconciler.plan.address import policy_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.selection.assignment import Wish, wishes_by_vm
from backup_reconciler.plan.vault.teardown import leave_to_teardown
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests, Place
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.readiness import ReadinessScope
from backup_reconciler.state.snapshot import Snapshot
from backup_reconciler.state.snapshot_group import SnapshotGroupNames
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class Candidate:
    """A VM that is to be backed up."""

    vm: LiveVM
    vault: ArmId
    policy: ArmId
    address: str
    label: str
    place: Place
    """The manifest's line that selects it."""
    settings: PolicySettings
    """What its policy will be like, as far as that is known."""
    item: LiveItem | None = None
    """Its backup in that vault, where it has one."""

    @property
    def subscription(self) -> str:
        """The VM's, in lower case."""
        return self.vm.id.subscription.casefold()

    @property
    def snapshot_groups(self) -> SnapshotGroupNames:
        """The resource groups that its snapshots go to."""
        named, location = self.settings.snapshot_resource_group, self.vm.location
        if named is None:
            return SnapshotGroupNames(self.subscription, location, f"AzureBackupRG_{location}_")
        return SnapshotGroupNames(self.subscription, location, named.prefix, named.suffix or "")

    @property
    def without_agent(self) -> bool:
        """Whether its policy takes crash-consistent snapshots alone, for which the service needs nothing in the VM."""
        return self.settings.snapshot_consistency == "OnlyCrashConsistent"

    @property
    def name(self) -> str:
        """The VM in a person's words: its name, with its group where others bear that name too."""
        return self.label.removeprefix("VM ").removesuffix(f" in {self.vault.name}")

    @property
    def needs(self) -> tuple[str, str, str]:
        """The addresses of all that has to be in order so that it can be backed up."""
        return self.address, vault_address(self.vault), policy_address(self.vault, self.policy.name)


def beginning(plan: Plan, snapshot: Snapshot) -> list[Candidate]:
    """The VMs that a plan would begin to back up, or begin again; a Resource Guard holds up neither."""
    policies = _policies_after(plan, snapshot)
    return [
        Candidate(
            vm=snapshot.vms[action.vm],
            vault=action.vault,
            policy=action.policy,
            address=action.address,
            label=action.label,
            place=action.place,
            settings=policies.get(action.policy, PolicySettings()),
            item=snapshot.item(action.vault, action.vm),
        )
        for action in plan.actions
        if isinstance(action, Protect | Resume)
    ]


def selected(manifests: Manifests, plan: Plan, snapshot: Snapshot) -> list[Candidate]:
    """Every VM that an assignment wants backed up, be it backed up already or not, in the order of their ids."""
    policies = _policies_after(plan, snapshot)
    return [
        Candidate(
            vm=wish.live,
            vault=wish.vault,
            policy=wish.settings.policy,
            address=wish.address,
            label=wish.label,
            place=wish.assignment.place,
            settings=policies.get(wish.settings.policy, PolicySettings()),
            item=snapshot.item(wish.vault, wish.vm),
        )
        for wish in _wishes(manifests, plan, snapshot)
        if wish.settings.policy is not None and wish.live is not None
    ]


def readiness_scope(candidates: Iterable[Candidate]) -> ReadinessScope:
    """What has to be read to tell whether they are ready."""
    groups = frozenset(one.snapshot_groups for one in candidates)
    return ReadinessScope(frozenset(one.subscription for one in groups), groups)


def _wishes(manifests: Manifests, plan: Plan, snapshot: Snapshot) -> list[Wish]:
    """The first that is wished for each VM; of one that is claimed twice, the plan says so."""
    draft = Draft(plan.as_of)  # nothing but what the assignments select is taken from it
    staying = replace(manifests, assignments=leave_to_teardown(manifests.assignments, manifests, draft))
    return [wishes[0] for wishes in wishes_by_vm(staying, snapshot, draft).values()]


def _policies_after(plan: Plan, snapshot: Snapshot) -> Mapping[ArmId, PolicySettings]:
    """The settings of every policy that is known, as the plan leaves them."""
    after = {
        id_: policy.settings
        for contents in snapshot.vaults.values()
        for id_, policy in contents.policies.items()
        if policy.settings is not None
    }
    for action in plan.actions:
        if isinstance(action, CreatePolicy | UpdatePolicy) and not action.guard:
            after[action.policy] = action.settings.over(after.get(action.policy, PolicySettings()))
    return after
