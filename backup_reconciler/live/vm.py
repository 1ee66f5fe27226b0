"""Reading VMs: one list a subscription, and those that no list shows one by one, some of them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import vm
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import list_of, read
from backup_reconciler.azure.tasks import gather
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot import MOST_ASKED_FOR, Presence, Scope, VaultContents
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class ListedVMs:
    """What the lists of VMs show."""

    vms: Mapping[ArmId, LiveVM]
    hidden: frozenset[str]
    """The subscriptions whose list these rights do not give."""


async def list_vms(arm: Arm, subscriptions: Iterable[str]) -> dict[ArmId, LiveVM]:
    """The VMs of these subscriptions: one list for each. Raises `AzureError` when one of them cannot be read."""
    lists = await gather(_list(arm, subscription) for subscription in sorted(subscriptions))
    return {found.id: found for listed in lists for found in listed}


async def list_shown_vms(arm: Arm, subscriptions: Iterable[str]) -> ListedVMs:
    """The same, but that a list which is refused for want of rights hides its VMs, and does not end the run."""
    wanted = sorted(subscriptions)
    lists = await gather(_list_if_shown(arm, subscription) for subscription in wanted)
    hidden = frozenset(name for name, listed in zip(wanted, lists, strict=True) if listed is None)
    return ListedVMs({found.id: found for listed in lists for found in listed or ()}, hidden)


def not_listed(known: Set[ArmId], hidden: frozenset[str], vaults: Iterable[VaultContents], scope: Scope) -> list[ArmId]:
    """The VMs that no list shows, though they are selected by id, or have a backup and belong to a list that was read.

    Those that are selected come first, because something is to be done for them.
    """
    read = scope.vm_subscriptions - hidden
    to_be_listed = {
        item.vm
        for contents in vaults
        for item in contents.backups
        if item.vm not in known and item.vm.subscription.casefold() in read
    }
    return [*sorted(scope.vms - known), *sorted(to_be_listed - scope.vms)]


async def ask_for_vms(arm: Arm, wanted: Sequence[ArmId]) -> tuple[dict[ArmId, LiveVM], dict[ArmId, Presence]]:
    """The VMs that are there after all, and why the others are not seen: one GET for each of the first 20.

    A list has what the caller may read, so it is no proof that something does not exist; only a 404 is.
    """
    asked, unread = wanted[:MOST_ASKED_FOR], wanted[MOST_ASKED_FOR:]
    answers = dict(zip(asked, await gather(_ask(arm, one) for one in asked), strict=True))
    there = {answer.id: answer for answer in answers.values() if isinstance(answer, LiveVM)}
    absent = {one: answer for one, answer in answers.items() if isinstance(answer, Presence)}
    return there, absent | dict.fromkeys(unread, Presence.UNREAD)


async def _list(arm: Arm, subscription: str) -> list[LiveVM]:
    return await list_of(arm, vm.list_request(subscription), vm.decode)


async def _list_if_shown(arm: Arm, subscription: str) -> list[LiveVM] | None:
    try:
        return await _list(arm, subscription)
    except AzureError as error:
        if error.status != 403:
            raise
        return None


async def _ask(arm: Arm, wanted: ArmId) -> LiveVM | Presence:
    try:
        answer = await arm.find(vm.get_request(wanted))
    except AzureError as error:
        if error.status != 403:
            raise
        return Presence.HIDDEN
    return Presence.GONE if answer is None else read(vm.decode, answer.body)
