"""Explaining one VM: every document that could speak of it, what holds it in Azure, and what the plan makes of that."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from backup_reconciler.plan.action import AnyAction, VMAction
from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.explanation.choice import judged, judged_by_id
from backup_reconciler.plan.finding import Finding
from backup_reconciler.plan.plan import HeldBack, Plan, Unchanged
from backup_reconciler.plan.planner import scope_of
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.protection.words import told_item
from backup_reconciler.plan.selection.assignment import hidden_from
from backup_reconciler.plan.selection.matching import Selecting, subscriptions_of
from backup_reconciler.plan.selection.target import looked_in, target_for, target_of_absent, targets_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import Declaration, Manifests, Place
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Presence, Snapshot
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one document makes of the VM."""

    document: str
    place: Place
    selects: bool
    why: str
    vaults: tuple[ArmId, ...] = ()
    """Where an assignment that selects it lets it go; several are a mistake that a finding tells."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A vault that holds the VM, or kept it."""

    vault: ArmId
    state: ItemState | None
    """None where only another vault's answer is known."""
    told: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that there is to say of one VM."""

    vm: ArmId
    presence: Presence
    live: LiveVM | None
    assignments: tuple[Judgement, ...]
    exemptions: tuple[Judgement, ...]
    holdings: tuple[Holding, ...]
    actions: tuple[AnyAction, ...]
    held_back: tuple[HeldBack, ...]
    findings: tuple[Finding, ...]
    unchanged: tuple[Unchanged, ...]


def vms_called(text: str, snapshot: Snapshot) -> list[ArmId]:
    """The VMs that a text means: a name, `group/name` or a whole id; also those of which only a backup is known."""
    backed_up = chain.from_iterable(contents.items for contents in snapshot.vaults.values())
    known = {*snapshot.vms, *backed_up, *snapshot.held_elsewhere, *snapshot.absent_vms}
    if text.startswith("/"):
        return [snapshot.vms[vm].id if vm in snapshot.vms else vm for vm in known if vm == ArmId(text)]
    group, _, name = text.casefold().rpartition("/")
    return sorted(vm for vm in known if vm.name.casefold() == name and group in ("", vm.resource_group.casefold()))


def explain(vm: ArmId, manifests: Manifests, snapshot: Snapshot, plan: Plan) -> Explanation:
    """Why the plan does what it does for a VM."""
    addresses = {protection_address(vault, vm) for vault in _vaults(manifests, snapshot)}
    return Explanation(
        vm=vm,
        presence=snapshot.presence(vm),
        live=snapshot.vms.get(vm),
        assignments=tuple(_of_assignment(one, vm, manifests, snapshot) for one in manifests.assignments),
        exemptions=tuple(_of_exemptions(vm, manifests, snapshot, plan)),
        holdings=tuple(_holdings(vm, snapshot, plan)),
        actions=tuple(one for one in plan.actions if isinstance(one, VMAction) and one.vm == vm),
        held_back=tuple(one for one in plan.held_back if isinstance(one.action, VMAction) and one.action.vm == vm),
        findings=tuple(finding for finding in plan.findings if finding.address in addresses),
        unchanged=tuple(same for same in plan.unchanged if same.address in addresses),
    )


def _vaults(manifests: Manifests, snapshot: Snapshot) -> set[ArmId]:
    return {*snapshot.vaults, *(vault.spec.vault_id(vault.handle) for vault in manifests.vaults)}


# ---- documents -----------------------------------------------------------------------------------------------------


def _of_assignment(
    assignment: Declaration[AssignmentSpec], vm: ArmId, manifests: Manifests, snapshot: Snapshot
) -> Judgement:
    subscriptions = looked_in(assignment, manifests)
    if not subscriptions:
        return _judgement(assignment, (False, "every vault of it is torn down"))
    if hidden := hidden_from(assignment, manifests, snapshot):
        return _judgement(assignment, (False, f"these rights do not show the VMs of {' and '.join(hidden)}"))
    selects, why = _judged(assignment.spec, vm, subscriptions, snapshot)
    live, targets = snapshot.vms.get(vm), targets_of(assignment, manifests, snapshot)
    if not selects:
        return _judgement(assignment, (False, why))
    going = target_for(live, targets) if live else [target_of_absent(vm, targets)]
    if not going:
        return _judgement(assignment, (True, f"{why}; its vault is torn down"))
    if live and len(targets) > 1 and not any(live.location == target.location or vm in target.held for target in going):
        return _judgement(assignment, (True, f"{why}; none of its vaults is in {live.location}"))
    return _judgement(assignment, (True, why), tuple(target.vault for target in going))


def _of_exemptions(vm: ArmId, manifests: Manifests, snapshot: Snapshot, plan: Plan) -> Iterator[Judgement]:
    everywhere = scope_of(manifests).vm_subscriptions
    for exemption in manifests.exemptions:
        subscriptions = subscriptions_of(exemption.spec.select, everywhere)
        selects, why = _judged(exemption.spec, vm, subscriptions, snapshot)
        if selects:
            ended = exemption.spec.expires < plan.as_of
            why = f"{why}; it {'ended' if ended else 'holds until'} {'on ' if ended else ''}{exemption.spec.expires}"
            selects = not ended
        yield _judgement(exemption, (selects, why))


def _judged(spec: Selecting, vm: ArmId, subscriptions: frozenset[str], snapshot: Snapshot) -> tuple[bool, str]:
    live = snapshot.vms.get(vm)
    if not spec.select.ids and not subscriptions:
        return False, "no assignment looks for VMs, so it looks nowhere"
    if not spec.select.ids and vm.subscription.casefold() not in subscriptions:
        return False, f"it looks in subscription {' and '.join(sorted(subscriptions))} alone"
    return judged(spec, live) if live else judged_by_id(spec, vm)


def _judgement(document: Declaration[Model], judged_so: tuple[bool, str], vaults: tuple[ArmId, ...] = ()) -> Judgement:
    return Judgement(str(document), document.place, *judged_so, vaults)


# ---- Azure ---------------------------------------------------------------------------------------------------------


def _holdings(vm: ArmId, snapshot: Snapshot, plan: Plan) -> Iterator[Holding]:
    where = Whereabouts.of(snapshot)
    elsewhere = snapshot.elsewhere(vm)
    for vault in where.holders(vm):
        contents = snapshot.vaults.get(vault)
        if contents and vm in contents.items:
            item = contents.items[vm]
            yield Holding(vault, item.state, told_item(item, contents, plan.as_of))
        else:
            yield Holding(vault, elsewhere.state if elsewhere else None, where.told_holder(vm, vault))
