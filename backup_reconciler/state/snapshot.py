"""The snapshot: all that was read, consistent enough to plan from; and the scope, which says what to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from backup_reconciler.spec.arm_id import ArmId, in_order
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.guard import LiveGuard
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.reading import BY_LISTS, Reading
from backup_reconciler.state.vault import LiveVault
from backup_reconciler.state.vm import LiveVM

MOST_ASKED_FOR = 20
"""VMs that a run asks for one by one, because the lists leave something open; of each kind of question so many."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What has to be read before a plan can be made."""

    vaults: frozenset[ArmId]
    vm_subscriptions: frozenset[str]
    """Subscriptions (ids in lower case) whose VMs may be selected."""
    declared: Mapping[ArmId, VaultSettings] = field(default_factory=dict)
    """What vaults that may be written are meant to be: some differences have to be looked at more closely."""
    vms: frozenset[ArmId] = frozenset()
    """VMs that are selected by id, and so have to be known even if no list shows them."""
    left_out: frozenset[ArmId] = frozenset()
    """Those of the vaults whose contents are not read, because a run over another shard reads them."""
    located: frozenset[ArmId] = frozenset()
    """Vaults whose regions have to be known all the same: VMs go to the one in theirs."""

    @property
    def vault_subscriptions(self) -> frozenset[str]:
        return frozenset(vault.subscription.casefold() for vault in self.vaults)

    @property
    def read_vaults(self) -> frozenset[ArmId]:
        """The vaults whose contents are read."""
        return self.vaults - self.left_out

    @property
    def listed_subscriptions(self) -> frozenset[str]:
        """The subscriptions (ids in lower case) whose vaults are listed."""
        return frozenset(vault.subscription.casefold() for vault in self.read_vaults | self.located)


@dataclass(frozen=True, slots=True)
class VaultContents:
    """A vault with what it holds."""

    vault: LiveVault
    policies: Mapping[ArmId, LivePolicy] = field(default_factory=dict)
    items: Mapping[ArmId, LiveItem] = field(default_factory=dict)
    """Protected items by the id of their VM."""
    guard: LiveGuard | None = None
    """The Resource Guard that the vault is tied to."""
    backup_tried: frozenset[ArmId] | None = None
    """VMs of which there is a backup job, however it ended; None where that was not asked."""

    @property
    def backups(self) -> list[LiveItem]:
        """The items that are not deleted, by the ids of their VMs; soft-deleted ones are on their way out."""
        return [self.items[vm] for vm in in_order(self.items) if self.items[vm].state is not ItemState.SOFT_DELETED]

    def purged_on(self, item: LiveItem) -> date | None:
        """The day on which a soft-deleted item goes for good; None where Azure does not tell."""
        days = self.vault.deleted_kept_days
        return item.deleted_on + timedelta(days=days) if item.deleted_on and days else None


class Presence(StrEnum):
    """Whether the VM of a backup is there."""

    THERE = "there"
    GONE = "gone"
    """Azure says that there is no such VM: it was deleted, or moved."""
    HIDDEN = "hidden"
    """These rights do not show it, if it is there."""
    UNREAD = "unread"
    """Nobody asked: no assignment looks into its subscription, or too many others had to be asked for."""


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """The backup of a VM in a vault whose lists are not read."""

    vault: ArmId
    state: ItemState


@dataclass(frozen=True, slots=True)
class VaultOutline:
    """What is known of a vault whose contents a run over another shard reads."""

    listed: LiveVault | None = None
    """None where no list shows it, or none was asked for."""
    items: Mapping[ArmId, ItemState] = field(default_factory=dict)
    """By the ids of the VMs that it holds, by Resource Graph (minutes behind)."""

    @property
    def location(self) -> str | None:
        return self.listed.settings.location if self.listed else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What Azure has, of all that is in scope. What is not here does not exist: a failed read is an error instead."""

    vaults: Mapping[ArmId, VaultContents] = field(default_factory=dict)
    """The vaults in scope that exist."""
    listed_vaults: tuple[ArmId, ...] = ()
    """Every vault of the subscriptions of the vaults that are read."""
    missing_groups: frozenset[ArmId] = frozenset()
    """Resource groups that vaults in scope are meant to be in and that do not exist."""
    vms: Mapping[ArmId, LiveVM] = field(default_factory=dict)
    hidden_subscriptions: frozenset[str] = frozenset()
    """Subscriptions (ids in lower case) that were to be looked in, and whose VMs these rights do not show."""
    absent_vms: Mapping[ArmId, Presence] = field(default_factory=dict)
    """VMs with a backup item, or selected by id, that the lists of VMs do not show, where it was asked why."""
    held_elsewhere: Mapping[ArmId, HeldElsewhere] = field(default_factory=dict)
    """VMs with a backup item in a vault that is not in scope, by Resource Graph (minutes behind)."""
    left_out: Mapping[ArmId, VaultOutline] = field(default_factory=dict)
    """The vaults in scope whose contents a run over another shard reads, and this one does not."""
    disputed: Mapping[ArmId, ArmId] = field(default_factory=dict)
    """VM → vault in scope that holds it by Resource Graph, and does not by the vault's own list."""
    confirmed_holders: Mapping[ArmId, ArmId | None] = field(default_factory=dict)
    """What the service itself has answered for VMs that it was asked for: the vault, or that none holds it."""
    network: Network | None = None
    """The network around the VMs; None where nothing asked for it."""
    requests: int = 0
    """HTTP requests that reading took."""
    reading: Reading = BY_LISTS
    """How that was done."""

    def item(self, vault: ArmId, vm: ArmId) -> LiveItem | None:
        """The backup of a VM in a vault in scope."""
        contents = self.vaults.get(vault)
        return contents.items.get(vm) if contents else None

    @property
    def backed_up(self) -> Iterator[tuple[ArmId, ArmId, ItemState]]:
        """Each VM that a vault in scope has a backup of, and what is done for it: vault, VM, state; by vault.

        Of those that were read their lists tell, of others Resource Graph does.
        """
        for vault in sorted({*self.vaults, *self.left_out}):
            contents = self.vaults.get(vault)
            if contents is not None:
                yield from ((vault, vm, item.state) for vm, item in contents.items.items())
            else:
                yield from ((vault, vm, state) for vm, state in self.left_out[vault].items.items())

    def elsewhere(self, vm: ArmId) -> HeldElsewhere | None:
        """The backup of a VM in a vault that is not in scope, unless the service itself has denied it."""
        held = self.held_elsewhere.get(vm)
        if held is None or vm not in self.confirmed_holders:
            return held
        return held if self.confirmed_holders[vm] == held.vault else None

    def presence(self, vm: ArmId) -> Presence:
        """Whether a VM is there. "Not seen" is never told as "gone"."""
        if vm in self.vms:
            return Presence.THERE
        hidden = vm.subscription.casefold() in self.hidden_subscriptions
        return self.absent_vms.get(vm, Presence.HIDDEN if hidden else Presence.UNREAD)
