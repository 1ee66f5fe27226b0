"""What the VMs of a vault are called."""

from collections import Counter
from collections.abc import Mapping

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot import VaultContents


def labels(contents: VaultContents) -> Mapping[ArmId, str]:
    """A VM's label for each backup item, with the VM's resource group where several of its name are in the vault."""
    bearers = Counter(vm.name.casefold() for vm in contents.items)

    def name(vm: ArmId) -> str:
        return vm.name if bearers[vm.name.casefold()] == 1 else f"{vm.resource_group}/{vm.name}"

    return {vm: f"VM {name(vm)} in {contents.vault.id.name}" for vm in contents.items}
