"""From assignments to wishes: what is wished for each VM that is selected."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.selection.labels import Labels
from backup_reconciler.plan.selection.matching import Directory, ids_of, selected, selected_by_id
from backup_reconciler.plan.selection.target import (
    Target,
    looked_in,
    target_for,
    target_of_absent,
    targets_of,
    vaults_of,
)
from backup_reconciler.spec.arm_id import ArmId, in_order
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.protection import AssignmentSpec, ProtectionSettings
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.protection import (
    REGION_CHOICE,
    SELECTS_NOTHING,
    VM_CLAIMED_TWICE,
    VM_MISSING,
    VMS_HIDDEN,
)
from backup_reconciler.state.snapshot import Snapshot
from backup_reconciler.state.vm import LiveVM

Assignment = Declaration[AssignmentSpec]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one assignment wishes for one VM."""

    assignment: Assignment
    vault: ArmId
    vault_location: str
    settings: ProtectionSettings
    policy_is_declared: bool
    vm: ArmId
    live: LiveVM | None
    """The VM as Azure has it; None for one that is selected by its id and that nobody sees."""
    label: str

    @property
    def address(self) -> str:
        return protection_address(self.vault, self.vm)

    def finding(self, rule: Rule, severity: Severity, message: str, *field: str) -> Finding:
        """A finding about this wish, at the assignment's field that brought it about."""
        return Finding(rule, severity, self.address, self.label, message, self.assignment.place_of(*field))


@dataclass(frozen=True, slots=True)
class _Fleet:
    """All VMs that were read, and what they are called."""

    directory: Directory
    labels: Labels

    @classmethod
    def of(cls, snapshot: Snapshot) -> "_Fleet":
        return cls(Directory.of(snapshot.vms), Labels.of(snapshot))


def wishes_by_vm(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> Mapping[ArmId, list[Wish]]:
    """Every VM that is selected with all that is wished for it, in the order of the VMs' ids.

    VMs that nobody sees are among them where they are selected by their ids alone. Selections that match nothing, or
    cannot be made with these rights, become findings.
    """
    wishes: dict[ArmId, list[Wish]] = defaultdict(list)
    fleet = _Fleet.of(snapshot)
    for assignment in manifests.assignments:
        if hidden := hidden_from(assignment, manifests, snapshot):
            draft.find(_hidden(assignment, hidden))
            continue
        targets = targets_of(assignment, manifests, snapshot)
        found = [*_wishes(assignment, manifests, targets, fleet), *_of_absent(assignment, targets, fleet, draft)]
        for wish in found:
            wishes[wish.vm].append(wish)
        if not found and not assignment.spec.select.ids:
            message, place = "it matches no VM", assignment.place_of("select")
            draft.find(Finding(SELECTS_NOTHING, Severity.WARNING, str(assignment), str(assignment), message, place))
    return {vm: wishes[vm] for vm in in_order(wishes)}


def hidden_from(assignment: Assignment, manifests: Manifests, snapshot: Snapshot) -> list[str]:
    """The subscriptions that keep an assignment from being told whole, because these rights do not show their VMs.

    What an assignment selects by ids can be told all the same: those are asked for one by one.
    """
    if assignment.spec.select.ids:
        return []
    return sorted(looked_in(assignment, manifests) & snapshot.hidden_subscriptions)


def vaults_not_told(manifests: Manifests, snapshot: Snapshot) -> frozenset[ArmId]:
    """The vaults of assignments that look where these rights do not show the VMs: what they mean there is not known."""
    untold = (one for one in manifests.assignments if hidden_from(one, manifests, snapshot))
    return frozenset(vault.spec.vault_id(vault.handle) for one in untold for vault in vaults_of(one, manifests))


def several_wishes(wishes: list[Wish]) -> Finding:
    """The finding for a VM that several assignments select, or that one would have in several vaults."""
    first = wishes[0]
    if all(wish.assignment is first.assignment for wish in wishes):
        vaults = " and ".join(wish.vault.name for wish in wishes)
        message = f"it is in {first.vault_location}, and so are {vaults}"
        return first.finding(REGION_CHOICE, Severity.BLOCKED, message, "vaults")
    claims = " and ".join(f"{wish.assignment} ({wish.assignment.place})" for wish in wishes)
    return first.finding(VM_CLAIMED_TWICE, Severity.BLOCKED, f"it is selected by {claims}", "select")


def _wishes(assignment: Assignment, manifests: Manifests, targets: list[Target], fleet: _Fleet) -> Iterator[Wish]:
    candidates = fleet.directory.candidates(assignment.spec.select, looked_in(assignment, manifests))
    for vm in selected(assignment.spec, candidates):
        for target in target_for(vm, targets):
            yield _wish(assignment, target, vm.id, vm, fleet)


def _of_absent(assignment: Assignment, targets: list[Target], fleet: _Fleet, draft: Draft) -> Iterator[Wish]:
    """The wishes for VMs that are selected by id and that nobody sees."""
    for vm in sorted(vm for vm in ids_of(assignment.spec.select) if vm not in fleet.directory.by_id):
        wish = _wish(assignment, target_of_absent(vm, targets), vm, None, fleet)
        if selected_by_id(assignment.spec, vm):
            yield wish
        else:
            message = f"{vm} cannot be seen, so nobody can tell whether the whole selection means it"
            draft.find(wish.finding(VM_MISSING, Severity.BLOCKED, message, "select", "ids"))


def _wish(assignment: Assignment, target: Target, vm: ArmId, live: LiveVM | None, fleet: _Fleet) -> Wish:
    return Wish(
        assignment=assignment,
        vault=target.vault,
        vault_location=target.location,
        settings=target.settings,
        policy_is_declared=target.policy_is_declared,
        vm=vm,
        live=live,
        label=fleet.labels.of_vm(vm, target.vault),
    )


def _hidden(assignment: Assignment, subscriptions: list[str]) -> Finding:
    message = f"these rights do not show the VMs of subscription {' and '.join(subscriptions)}"
    place = assignment.place_of("select", "subscriptions")
    return Finding(VMS_HIDDEN, Severity.BLOCKED, str(assignment), str(assignment), message, place)
