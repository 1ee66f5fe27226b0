"""The snapshot by Resource Graph: minutes behind, and in a few pages however many vaults there are.

Requests: per subscription one that tells whether these rights show all of it; then four queries over all subscriptions
together (vaults, policies, items, VMs; a page for each thousand rows), and for vaults and VMs that matter and have no
row what `live.lists` asks for too. Resource Graph leaves out what the caller may not read, without a word: what lies in
a subscription that is not shown whole is read by lists, which then refuse it or not. An absence here is no proof of
anything, and neither is a difference: `live.confirming` reads by lists what is to be relied on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph_rows, permissions
from backup_reconciler.azure.codec.graph import ProtectedVM, vault_of
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read_all
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.contents import find_contents
from backup_reconciler.live.holders import disputed, held_elsewhere, outlines
from backup_reconciler.live.vault import list_vaults
from backup_reconciler.live.vm import ask_for_vms, list_shown_vms, not_listed
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.read_by import ReadBy
from backup_reconciler.state.reading import Choice, Reading, Resting
from backup_reconciler.state.snapshot import Scope, Snapshot, VaultContents
from backup_reconciler.state.vault import LiveVault

_VAULTS = "Microsoft.RecoveryServices/vaults"
_OF_VAULTS = (
    f"{_VAULTS}/read",
    f"{_VAULTS}/backupPolicies/read",
    f"{_VAULTS}/backupFabrics/protectionContainers/protectedItems/read",
)
_OF_VMS = ("Microsoft.Compute/virtualMachines/read",)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The subscriptions in scope (ids in lower case) of which these rights show all vaults, and all VMs."""

    vaults: frozenset[str]
    vms: frozenset[str]


async def read_by_graph(arm: Arm, scope: Scope, *, vms_too: bool = True) -> Snapshot:
    """All that is in scope; the VMs by lists where they are not to be read so too.

    Raises `AzureError` when any of it cannot be read.
    """
    before = arm.sent.reads
    shown = await _shown_whole(arm, scope)
    around = sorted(scope.vm_subscriptions | scope.vault_subscriptions)
    of_vms = shown.vms if vms_too else frozenset[str]()
    async with together() as tasks:
        vaults = tasks.create_task(graph_rows.vaults(arm, sorted(shown.vaults)))
        policies = tasks.create_task(graph_rows.policies(arm, sorted(shown.vaults)))
        items = tasks.create_task(graph_rows.items(arm, around))
        vms = tasks.create_task(graph_rows.vms(arm, sorted(of_vms)))
        others = tasks.create_task(list_vaults(arm, scope.listed_subscriptions - shown.vaults))
        listed_vms = tasks.create_task(list_shown_vms(arm, scope.vm_subscriptions - of_vms))
    rows = {one.id: one for one in vaults.result()}
    by_graph = _contents(rows, policies.result(), items.result(), scope)
    found = await gather(find_contents(arm, one, scope) for one in sorted(scope.read_vaults - by_graph.keys()))
    existing = by_graph | {one.vault.id: one for one in found if isinstance(one, VaultContents)}
    shown_vms = {one.id: one for one in vms.result()}
    listed = listed_vms.result()
    known = {**shown_vms, **listed.vms}
    asked, absent = await ask_for_vms(arm, not_listed(known.keys(), listed.hidden, existing.values(), scope))
    listed_vaults = {**rows, **others.result()}
    protected = [ProtectedVM(one.vm, vault_of(one.id.text), one.state) for one in items.result()]
    return Snapshot(
        vaults=existing,
        listed_vaults=tuple(sorted(listed_vaults)),
        missing_groups=frozenset(one for one in found if isinstance(one, ArmId)),
        vms={**known, **asked},
        hidden_subscriptions=listed.hidden,
        absent_vms=absent,
        held_elsewhere=held_elsewhere(protected, scope),
        left_out=outlines(listed_vaults, protected, scope),
        disputed=disputed(protected, existing),
        requests=arm.sent.reads - before,
        reading=Reading(
            choice=Choice(ReadBy.GRAPH),
            by_graph=Resting(frozenset(by_graph), frozenset(shown_vms)),
            not_shown_whole=(scope.listed_subscriptions - shown.vaults) | (scope.vm_subscriptions - shown.vms),
        ),
    )


async def _shown_whole(arm: Arm, scope: Scope) -> _Shown:
    names = sorted(scope.listed_subscriptions | scope.vm_subscriptions)
    held = dict(zip(names, await gather(_permissions(arm, name) for name in names), strict=True))

    def of(subscriptions: Iterable[str], actions: Collection[str]) -> frozenset[str]:
        return frozenset(name for name in subscriptions if permissions.all_granted(held[name], actions))

    return _Shown(of(scope.listed_subscriptions, _OF_VAULTS), of(scope.vm_subscriptions, _OF_VMS))


async def _permissions(arm: Arm, subscription: str) -> list[permissions.Permission]:
    """What the caller may do in the whole of a subscription; nothing, where it may not even ask that."""
    try:
        return read_all(permissions.decode, await arm.list(permissions.list_request(subscription)))
    except AzureError as error:
        if error.status != 403:
            raise
        return []


def _contents(
    vaults: dict[ArmId, LiveVault], policies: Iterable[LivePolicy], items: Iterable[LiveItem], scope: Scope
) -> dict[ArmId, VaultContents]:
    """The vaults in scope that Resource Graph shows at rest. One that comes or goes is asked for itself."""
    policies_of: defaultdict[ArmId, dict[ArmId, LivePolicy]] = defaultdict(dict)
    items_of: defaultdict[ArmId, dict[ArmId, LiveItem]] = defaultdict(dict)
    for policy in policies:
        policies_of[vault_of(policy.id.text)][policy.id] = policy
    for item in items:
        items_of[vault_of(item.id.text)][item.vm] = item
    return {
        id_: VaultContents(vaults[id_], policies_of[id_], items_of[id_])
        for id_ in sorted(scope.read_vaults & vaults.keys())
        if not vaults[id_].being_created and not vaults[id_].being_deleted
    }
