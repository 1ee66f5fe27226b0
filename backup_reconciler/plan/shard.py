"""Which part of a plan a run over one shard tells and carries out; what it has to read of the others for that.

Everything belongs to one resource, and that to one shard: what is in a vault to the vault, a rule or a script to what
it is written into, how a VM stands to the vault that it is meant for or that holds it, else to the VM itself. The
manifests are judged whole in each shard.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from backup_reconciler.plan.action import AnyAction
from backup_reconciler.plan.coverage import DOES_MOST_FIRST, Coverage
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.selection.assignment import Assignment, wishes_by_vm
from backup_reconciler.plan.selection.target import vaults_of
from backup_reconciler.spec.arm_id import ArmId, resource_id, vault_id
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.state.snapshot import Scope, Snapshot

_FIRST = 1
"""The shard that tells what belongs to the manifests as a whole."""
_SHARED = frozenset({"Network", "SnapshotGroup", "Subscription"})
"""The kinds of addresses of what stands around VMs of any shard: each tells it for its own VMs."""

_OWNERS: Mapping[str, Callable[[str, str, str], ArmId]] = {
    "Vault": vault_id,
    "Policy": vault_id,
    "Protection": vault_id,
    "SecurityRule": partial(resource_id, type_="Microsoft.Network/networkSecurityGroups"),
    "RunCommand": partial(resource_id, type_="Microsoft.Compute/virtualMachines"),
    "AzureFirewall": partial(resource_id, type_="Microsoft.Network/azureFirewalls"),
    "RuleCollectionGroup": partial(resource_id, type_="Microsoft.Network/firewallPolicies"),
}
"""By the kind of an address, what it belongs to: the subscription, group and name with which the address goes on."""


def owner_of(address: str) -> ArmId | None:
    """The resource that an address belongs to; None for a document, and for what stands around VMs."""
    kind, *segments = address.split("/")
    owner = _OWNERS.get(kind)
    return owner(segments[0], segments[1], segments[2]) if owner and len(segments) >= 3 else None


def is_shared(address: str) -> bool:
    """Whether several shards may tell of it, each for its own VMs."""
    return address.partition("/")[0] in _SHARED


def is_document(address: str) -> bool:
    """Whether it is a document of the manifests, as VMAssignment/production."""
    return address.count("/") == 1 and not is_shared(address)


@dataclass(frozen=True, slots=True)
class Part:
    """What one shard tells of a plan."""

    shard: Shard = WHOLE
    others: frozenset[ArmId] = frozenset()
    """The VMs that are known here, and that other shards tell of."""

    @classmethod
    def of(cls, shard: Shard, manifests: Manifests, snapshot: Snapshot) -> "Part":
        if shard.is_whole:
            return cls()
        homes = _homes(manifests, snapshot)
        known = {*snapshot.vms, *snapshot.absent_vms, *(vm for _, vm, _ in snapshot.backed_up)}
        others = frozenset(vm for vm in known if not shard.has(homes.get(vm, vm)))
        # Resource Graph makes all other shards believe that these vaults hold them, so nobody else tells of them.
        denied = (vm for vm, vault in snapshot.disputed.items() if shard.has(vault))
        return cls(shard, others.difference(denied))

    def tells(self, address: str) -> bool:
        """Whether what there is to say at an address is said here."""
        if self.shard.is_whole or is_shared(address):
            return True
        owner = owner_of(address)
        return self.shard.number == _FIRST if owner is None else self.shard.has(owner)

    def of_plan(self, plan: Plan) -> Plan:
        """What belongs to this shard of a plan that may say more; actions still name all that they depend on."""
        if self.shard.is_whole:
            return plan
        return replace(
            plan,
            shard=self.shard,
            others=self.others,
            actions=tuple(one for one in plan.actions if self.tells(one.address)),
            findings=tuple(one for one in plan.findings if self.tells(one.address)),
            unchanged=tuple(one for one in plan.unchanged if self.tells(one.address)),
            held_back=tuple(one for one in plan.held_back if self.tells(one.action.address)),
            doubtful=tuple(vm for vm in plan.doubtful if vm not in self.others),
            coverage=plan.coverage and self._coverage(plan.coverage),
            coverage_now=plan.coverage_now and self._coverage(plan.coverage_now),
            kept=tuple(one for one in plan.kept if self.tells(one.address)),
        )

    def _coverage(self, coverage: Coverage) -> Coverage:
        return coverage.without(self.others)


@dataclass(frozen=True, slots=True)
class WaitingForOther:
    """An action that needs one of another shard."""

    action: AnyAction
    for_: str
    """The address of what that one is about."""


def waiting_for_others(plan: Plan) -> tuple[WaitingForOther, ...]:
    """The actions that cannot be carried out before another shard has done something, and all that wait for them."""
    here = {action.id for action in plan.actions}
    waiting: dict[str, WaitingForOther] = {}
    for action in plan.actions:  # in the plan's order, so what an action depends on has been looked at
        for needed in action.depends_on:
            if needed in waiting:
                waiting[action.id] = WaitingForOther(action, waiting[needed].for_)
            elif needed not in here:
                waiting[action.id] = WaitingForOther(action, needed.partition(":")[2])
    return tuple(waiting.values())


def without_waiting(plan: Plan) -> Plan:
    """The plan without the actions that wait for another shard."""
    waiting = {one.action.id for one in waiting_for_others(plan)}
    return replace(plan, actions=tuple(action for action in plan.actions if action.id not in waiting))


# ---- what has to be read -------------------------------------------------------------------------------------------


def shared_out(scope: Scope, manifests: Manifests, shard: Shard) -> Scope:
    """The scope without the contents of the vaults of other shards.

    Of those are read after all the ones whose VMs move to an Enhanced policy in the same waves as VMs of this shard.
    """
    if shard.is_whole:
        return scope
    own = frozenset(filter(shard.has, scope.vaults))
    choices = [(one, _vault_ids(one, manifests)) for one in manifests.assignments]
    in_waves = (vaults for one, vaults in choices if one.spec.move_to_enhanced and not own.isdisjoint(vaults))
    located = (vaults for _, vaults in choices if len(vaults) > 1)
    return replace(scope, left_out=scope.vaults - own.union(*in_waves), located=frozenset[ArmId]().union(*located))


def _vault_ids(assignment: Assignment, manifests: Manifests) -> frozenset[ArmId]:
    return frozenset(vault.spec.vault_id(vault.handle) for vault in vaults_of(assignment, manifests))


def holders_left_out(manifests: Manifests, snapshot: Snapshot, shard: Shard) -> frozenset[ArmId]:
    """The vaults of other shards that hold VMs which are meant for a vault of this one.

    Whether such a VM can come is told by what its holder says of it.
    """
    if not snapshot.left_out:
        return frozenset()
    holders = defaultdict[ArmId, list[ArmId]](list)
    for vault, outline in snapshot.left_out.items():
        for vm in outline.items:
            holders[vm].append(vault)
    wishes = wishes_by_vm(manifests, snapshot, Draft(date.min))
    meant_here = (vm for vm in holders.keys() & wishes.keys() if any(shard.has(wish.vault) for wish in wishes[vm]))
    return frozenset(vault for vm in meant_here for vault in holders[vm])


# ---- whose a VM is -------------------------------------------------------------------------------------------------


def _homes(manifests: Manifests, snapshot: Snapshot) -> Mapping[ArmId, ArmId]:
    """By VM the vault whose shard tells how it stands: the one it is meant for, whose shard reads all that hold it; and
    of others the vault of the manifests that does the most for it. The rest belongs to no vault.
    """
    wished = {vm: wishes[0].vault for vm, wishes in wishes_by_vm(manifests, snapshot, Draft(date.min)).items()}
    return {**_holders(snapshot), **wished}


def _holders(snapshot: Snapshot) -> Mapping[ArmId, ArmId]:
    found: dict[ArmId, list[tuple[int, bool, ArmId]]] = defaultdict(list)
    for vault, vm, state in snapshot.backed_up:
        found[vm].append((DOES_MOST_FIRST.index(state), False, vault))
    for vm in snapshot.held_elsewhere:
        if held := snapshot.elsewhere(vm):
            found[vm].append((DOES_MOST_FIRST.index(held.state), True, held.vault))
    best = {vm: min(holders) for vm, holders in found.items()}
    return {vm: vault for vm, (_, is_elsewhere, vault) in best.items() if not is_elsewhere}
