"""Azure Policy against the backup service, which makes a resource group and restore points for its snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure, fold
from backup_reconciler.sandbox.core.policy_insights.evaluation import Described, denying

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate, VirtualMachine

_DENIED = Failure(
    "UserErrorRequestDisallowedByPolicy",
    "An invalid policy is configured on the VM which is preventing Snapshot operation. Please correct the policy and "
    "retry the operation.",
)
"""Learn: backup-azure-vms-troubleshoot; the service does not say which policy."""


def snapshot_denied(estate: Estate, vm: VirtualMachine, group: str) -> Failure | None:
    """Why no snapshot of a VM can be taken into the group of that name; None where it can.

    A group that is there already need not be made: that is how people help themselves against a policy that wants tags
    (Learn: backup-azure-vms-troubleshoot).
    """
    if not estate.access.policies:
        return None
    there = fold(group) in estate.subscriptions[fold(vm.subscription)].groups
    for resource in _made_for(vm, group)[1 if there else 0 :]:
        if denying(estate, resource):
            return _DENIED
    return None


def _made_for(vm: VirtualMachine, group: str) -> list[Described]:
    """The group, then the restore point collection; neither has tags."""
    scope = f"/subscriptions/{vm.subscription}/resourceGroups/{group}"
    collection = f"AzureBackup_{vm.name}"
    place = f"{scope}/providers/Microsoft.Compute/restorePointCollections/{collection}"
    return [
        Described(scope, "Microsoft.Resources/subscriptions/resourceGroups", group, vm.location, {}),
        Described(place, "Microsoft.Compute/restorePointCollections", collection, vm.location, {}),
    ]
