"""Where VMs are: which vaults hold each, and where one may be that is no longer where its backups say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.snapshot import Presence, Snapshot


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a snapshot tells of all VMs together."""

    snapshot: Snapshot
    _holders: Mapping[ArmId, list[ArmId]]
    _unheld: Mapping[str, list[ArmId]]
    """The VMs that no vault holds, by their names in lower case."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Whereabouts":
        holders: dict[ArmId, list[ArmId]] = defaultdict(list)
        for vault in sorted(snapshot.vaults):
            for vm in snapshot.vaults[vault].items:
                holders[vm].append(vault)
        for vm, held in snapshot.held_elsewhere.items():
            holders[vm].append(held.vault)
        unheld: dict[str, list[ArmId]] = defaultdict(list)
        for vm in snapshot.vms:
            if vm not in holders:
                unheld[vm.name.casefold()].append(vm)
        return cls(snapshot, holders, unheld)

    def holders(self, vm: ArmId) -> Sequence[ArmId]:
        """The vaults that hold a VM: of those in scope their own lists tell, of others Resource Graph does."""
        return self._holders.get(vm, ())

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
