"""Where VMs are: which vaults hold each, and where one may be that is no longer where its backups say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backup_reconciler.plan.selection.labels import Labels
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import Presence, Snapshot


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a snapshot tells of all VMs together."""

    snapshot: Snapshot
    _holders: Mapping[ArmId, list[ArmId]]
    _unheld: Mapping[str, list[ArmId]]
    """The VMs that no vault holds, by their names in lower case."""
    labels: Labels

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Whereabouts":
        holders: dict[ArmId, list[ArmId]] = defaultdict(list)
        for vault, vm, _ in snapshot.backed_up:
            holders[vm].append(vault)
        for vm in snapshot.held_elsewhere:
            if held := snapshot.elsewhere(vm):
                holders[vm].append(held.vault)
        for vm, confirmed in snapshot.confirmed_holders.items():
            if confirmed is not None and confirmed not in holders[vm]:
                holders[vm].append(confirmed)
        unheld: dict[str, list[ArmId]] = defaultdict(list)
        for vm in snapshot.vms:
            if not holders.get(vm):
                unheld[vm.name.casefold()].append(vm)
        return cls(snapshot, holders, unheld, Labels.of(snapshot))

    def holders(self, vm: ArmId) -> Sequence[ArmId]:
        """The vaults that hold a VM: of those in scope their own lists tell, of others Resource Graph does.

        Where the service itself was asked, it has the last word.
        """
        return self._holders.get(vm, ())

    def is_doubtful(self, vm: ArmId, vault: ArmId) -> bool:
        """Whether Resource Graph alone keeps a VM from its vault, or contradicts a list, and nobody has asked yet.

        A soft-deleted backup keeps the VM as well, and the service does not tell it when it is asked.
        """
        snapshot, contents = self.snapshot, self.snapshot.vaults.get(vault)
        if vm in snapshot.confirmed_holders or vm not in snapshot.vms or (contents and vm in contents.items):
            return False
        held = snapshot.held_elsewhere.get(vm)
        return snapshot.disputed.get(vm, vault) != vault or (
            held is not None and held.state is not ItemState.SOFT_DELETED
        )

    def told_holder(self, vm: ArmId, vault: ArmId) -> str:
        """That a vault holds a VM, and how that is known."""
        where = f"the vault {vault.name} in {vault.resource_group}"
        contents, held = self.snapshot.vaults.get(vault), self.snapshot.elsewhere(vm)
        item = contents.items.get(vm) if contents else None
        state = item.state if item else held.state if held else None
        holds = "keeps a soft-deleted backup of it" if state is ItemState.SOFT_DELETED else "holds it already"
        if contents and item and (purged_on := contents.purged_on(item)):
            return f"{where} {holds}, until it is purged on {purged_on}"
        by_graph = contents is None and vm not in self.snapshot.confirmed_holders
        return f"{where} {holds}{', by what Resource Graph knew some minutes ago' if by_graph else ''}"

    def moved_to(self, vm: ArmId) -> ArmId | None:
        """Where a VM that is gone may be now: the only one of its name that no vault holds.

        A move to another group or subscription gives a VM another id, and its backups stop (azure-docs issue 35727).
        """
        bearers = self._unheld.get(vm.name.casefold(), ())
        return bearers[0] if len(bearers) == 1 and self.snapshot.presence(vm) is Presence.GONE else None

    def made_after_backup(self, item: LiveItem) -> tuple[date, date] | None:
        """When a VM was made and when it was last backed up, where that was before: its points are of another one."""
        live = self.snapshot.vms.get(item.vm)
        if not item.has_points or live is None or live.created is None or item.last_backup is None:
            return None
        return (live.created.date(), item.last_backup.date()) if item.last_backup < live.created else None

    def is_the_same(self, item: LiveItem) -> bool:
        """Whether the VM is there for certain, and is the one that its backups are of."""
        return self.snapshot.presence(item.vm) is Presence.THERE and self.made_after_backup(item) is None
