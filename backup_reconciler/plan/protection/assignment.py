"""From assignments to wishes: what is wished for each VM that is selected."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.protection.selection import Directory, missing_ids, selected, subscriptions_of
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.protection import AssignmentSpec, ProtectionSettings
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.protection import SELECTS_NOTHING, VM_CLAIMED_TWICE, VM_MISSING
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class Wish:
    """What one assignment wishes for one VM."""

    assignment: Declaration[AssignmentSpec]
    vault: ArmId
    vault_location: str
    settings: ProtectionSettings
    policy_is_declared: bool
    vm: LiveVM
    label: str

    @property
    def address(self) -> str:
        return protection_address(self.vault, self.vm.id)

    def finding(self, rule: Rule, severity: Severity, message: str, field: str) -> Finding:
        """A finding about this wish, at the assignment's field that brought it about."""
        return Finding(rule, severity, self.address, self.label, message, self.assignment.place_of(field))


@dataclass(frozen=True, slots=True)
class _Fleet:
    """All VMs that were read, and the names (lower case) that several of them bear."""

    directory: Directory
    shared_names: frozenset[str]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "_Fleet":
        bearers = Counter(vm.name.casefold() for vm in snapshot.vms)
        shared = frozenset(name for name, number in bearers.items() if number > 1)
        return cls(Directory.of(snapshot.vms), shared)

    def label(self, vm: ArmId, vault: ArmId) -> str:
        name = f"{vm.resource_group}/{vm.name}" if vm.name.casefold() in self.shared_names else vm.name
        return f"VM {name} in {vault.name}"


def wishes_by_vm(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> Mapping[ArmId, list[Wish]]:
    """Every VM that is selected with all that is wished for it, in the order of the VMs' ids.

    Selections that match nothing, and ids of no VM, become findings.
    """
    wishes: dict[ArmId, list[Wish]] = defaultdict(list)
    fleet = _Fleet.of(snapshot)
    for assignment in manifests.assignments:
        vault = manifests.vault(assignment.spec.vault) if assignment.spec.vault else None
        assert vault is not None, "manifests are validated before they are planned"
        wished = _settings(assignment, manifests, vault.spec.vault_id(vault.handle))
        for wish in _wishes(assignment, vault, wished, fleet, snapshot, draft):
            wishes[wish.vm.id].append(wish)
    return {vm: wishes[vm] for vm in sorted(wishes)}


def claimed_twice(wishes: list[Wish]) -> Finding:
    """The finding for a VM that several assignments select."""
    claims = " and ".join(f"{wish.assignment} ({wish.assignment.place})" for wish in wishes)
    return wishes[0].finding(VM_CLAIMED_TWICE, Severity.BLOCKED, f"it is selected by {claims}", "select")


def _wishes(
    assignment: Declaration[AssignmentSpec],
    vault: Declaration[VaultSpec],
    wished: tuple[ProtectionSettings, bool],
    fleet: _Fleet,
    snapshot: Snapshot,
    draft: Draft,
) -> Iterator[Wish]:
    vault_id = vault.spec.vault_id(vault.handle)
    subscriptions = subscriptions_of(assignment, vault_id.subscription)
    vms = selected(assignment.spec, fleet.directory.candidates(assignment.spec.select, subscriptions))
    for missing in missing_ids(assignment.spec, snapshot.vms):
        draft.find(_missing(missing, assignment, vault_id))
    if not vms and not assignment.spec.select.ids:
        message, place = "it matches no VM", assignment.place_of("select")
        draft.find(Finding(SELECTS_NOTHING, Severity.WARNING, str(assignment), str(assignment), message, place))
    live = snapshot.vaults.get(vault_id)
    location = live.vault.settings.location if live else vault.spec.location
    for vm in vms:
        yield Wish(assignment, vault_id, location or vault.spec.location, *wished, vm, fleet.label(vm.id, vault_id))


def _settings(
    assignment: Declaration[AssignmentSpec], manifests: Manifests, vault: ArmId
) -> tuple[ProtectionSettings, bool]:
    """What is wished for every VM of an assignment, and whether its policy is declared."""
    handle, spec = assignment.spec.policy, assignment.spec
    declared = manifests.policy(handle) if handle else None
    if spec.protection != "active" or handle is None:
        return ProtectionSettings(spec.protection), declared is not None
    name = declared.spec.azure_name(declared.handle) if declared else handle
    return ProtectionSettings("active", policy_id(vault, name), spec.disks_wished()), declared is not None


def _missing(vm: ArmId, assignment: Declaration[AssignmentSpec], vault: ArmId) -> Finding:
    message = f"{vm} does not exist"
    place = assignment.place_of("select", "ids")
    address = protection_address(vault, vm)
    return Finding(VM_MISSING, Severity.BLOCKED, address, f"VM {vm.name} in {vault.name}", message, place)
