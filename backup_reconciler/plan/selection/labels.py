"""What VMs are called in a plan."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of some VMs, by which they are told from each other."""

    _shared: frozenset[str]
    """The names (lower case) that several VMs bear."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Labels":
        """All that a snapshot tells of, those that are known by their backups alone among them."""
        return cls.among({*snapshot.vms, *snapshot.absent_vms, *(vm for _, vm, _ in snapshot.backed_up)})

    @classmethod
    def among(cls, vms: Collection[ArmId]) -> "Labels":
        bearers = Counter(vm.name.casefold() for vm in vms)
        return cls(frozenset(name for name, number in bearers.items() if number > 1))

    def of_vm(self, vm: ArmId, vault: ArmId) -> str:
        """A VM in a vault: its name, with its resource group where several bear that name."""
        name = f"{vm.resource_group}/{vm.name}" if vm.name.casefold() in self._shared else vm.name
        return f"VM {name} in {vault.name}"
