"""Reading by lists what was read by Resource Graph and is to be relied on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.contents import find_contents
from backup_reconciler.live.vm import ask_for_vms, list_shown_vms, not_listed
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.reading import Resting
from backup_reconciler.state.snapshot import MOST_ASKED_FOR, Presence, Scope, Snapshot, VaultContents
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen of VMs that Resource Graph shows."""

    at: frozenset[ArmId]
    there: Mapping[ArmId, LiveVM]
    absent: Mapping[ArmId, Presence] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


async def confirmed(arm: Arm, snapshot: Snapshot, scope: Scope, open_: Resting) -> Snapshot:
    """The snapshot with these vaults and VMs as their lists have them now.

    Three requests a vault, as where all is read by lists. Of VMs one each for up to 20 of them, else the lists of
    their subscriptions. Raises `AzureError` when any of it cannot be read.
    """
    before, vaults = arm.sent.reads, sorted(open_.vaults)
    async with together() as tasks:
        reading = tasks.create_task(gather(find_contents(arm, one, scope) for one in vaults))
        looking = tasks.create_task(_look_at(arm, snapshot, open_.vms))
    look = looking.result()
    now = _with_vaults(_with_vms(snapshot, look), dict(zip(vaults, reading.result(), strict=True)))
    now = await _with_others(arm, now, scope, vaults, look)
    resting = snapshot.reading.by_graph
    return replace(
        now,
        requests=snapshot.requests + arm.sent.reads - before,
        reading=replace(
            snapshot.reading,
            by_graph=Resting(resting.vaults - open_.vaults, resting.vms - look.at),
            confirmed=snapshot.reading.confirmed + len(vaults),
        ),
    )


# ---- vaults --------------------------------------------------------------------------------------------------------


def _with_vaults(snapshot: Snapshot, found: Mapping[ArmId, VaultContents | ArmId | None]) -> Snapshot:
    """The snapshot with what was found of these vaults.

    What Resource Graph shows in one and its own list does not is disputed, as where all is read by lists.
    """
    there = {id_: contents for id_, contents in found.items() if isinstance(contents, VaultContents)}
    gone = found.keys() - there.keys()
    missing = frozenset(answer for answer in found.values() if isinstance(answer, ArmId))
    disputed = {
        vm: id_ for id_, contents in there.items() for vm in snapshot.vaults[id_].items if vm not in contents.items
    }
    return replace(
        snapshot,
        vaults={id_: one for id_, one in snapshot.vaults.items() if id_ not in gone} | there,
        listed_vaults=tuple(one for one in snapshot.listed_vaults if one not in gone),
        missing_groups=snapshot.missing_groups | missing,
        disputed={**snapshot.disputed, **disputed},
    )


# ---- VMs -----------------------------------------------------------------------------------------------------------


async def _look_at(arm: Arm, snapshot: Snapshot, wanted: Collection[ArmId]) -> _Look:
    if len(wanted) <= MOST_ASKED_FOR:
        there, absent = await ask_for_vms(arm, sorted(wanted))
        return _Look(frozenset(wanted), there, absent)
    subscriptions = {vm.subscription.casefold() for vm in wanted}
    listed = await list_shown_vms(arm, subscriptions)
    at = frozenset(vm for vm in snapshot.reading.by_graph.vms if vm.subscription.casefold() in subscriptions)
    return _Look(at, listed.vms, hidden=listed.hidden)


def _with_vms(snapshot: Snapshot, look: _Look) -> Snapshot:
    others = {id_: vm for id_, vm in snapshot.vms.items() if id_ not in look.at}
    return replace(
        snapshot, vms={**others, **look.there}, hidden_subscriptions=snapshot.hidden_subscriptions | look.hidden
    )


async def _with_others(arm: Arm, snapshot: Snapshot, scope: Scope, vaults: Collection[ArmId], look: _Look) -> Snapshot:
    """The snapshot with the VMs that matter and were not seen: those that a list of these vaults has told of first, and
    those that are not where Resource Graph has them."""
    contents = [snapshot.vaults[id_] for id_ in vaults if id_ in snapshot.vaults]
    unseen = not_listed(snapshot.vms.keys(), snapshot.hidden_subscriptions, contents, scope)
    told = {**snapshot.absent_vms, **look.absent}
    there, absent = await ask_for_vms(arm, [vm for vm in unseen if vm not in told])
    known = {vm: told[vm] for vm in unseen if vm in told}
    return replace(
        snapshot,
        vms={**snapshot.vms, **there},
        absent_vms={**snapshot.absent_vms, **known, **absent},
    )
