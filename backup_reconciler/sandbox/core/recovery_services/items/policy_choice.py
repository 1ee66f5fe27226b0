"""Which policy an item may be put under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Policy, ProtectedItem, Vault, VirtualMachine, fold
from backup_reconciler.sandbox.core.recovery_services.items import refusals
from backup_reconciler.sandbox.core.recovery_services.policies.comparison import keeps_less, lowers
from backup_reconciler.sandbox.core.recovery_services.vaults import guard
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import immutability

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call


_ENHANCED_ONLY_DISKS = {"PremiumV2_LRS", "UltraSSD_LRS"}


def check(call: Call, vault: Vault, item: ProtectedItem | None, vm: VirtualMachine, policy_id: str) -> None:
    """Refuse a policy that is not of this vault or not for this VM, and one that protects the item less than it may."""
    policy = _named(vault, policy_id)
    if _needs_enhanced(vm) and not _is_enhanced(policy):
        # The service's code for this is in no source.
        raise refusals.invalid()
    before = _before(vault, item) if item else None
    if before is None or before is policy:
        return
    if _is_enhanced(before) and not _is_enhanced(policy):
        # There is no way back from Enhanced to Standard (Learn: enhanced-policy). The service's code is in no source.
        raise refusals.invalid()
    if immutability(vault) != "Disabled" and keeps_less(before.properties, policy.properties):
        raise refusals.denied_by_immutability()
    if lowers(before.properties, policy.properties):
        guard.require(call, vault, guard.UPDATE_ITEM)


def _before(vault: Vault, item: ProtectedItem) -> Policy | None:
    """The policy that the item follows; of one that is stopped, the one that it followed: stopping frees of no rule."""
    return vault.policies.get(fold(item.policy_name or item.policy_before.rpartition("/")[2]))


def _named(vault: Vault, policy_id: str) -> Policy:
    parent, _, name = fold(policy_id).rpartition("/backuppolicies/")
    policy = vault.policies.get(name)
    if parent != vault.key or policy is None or policy.properties["backupManagementType"] != "AzureIaasVM":
        raise refusals.invalid()
    return policy


def _needs_enhanced(vm: VirtualMachine) -> bool:
    """Ultra and Premium SSD v2 disks, and confidential VMs (Learn: enhanced-policy, support-matrix).

    Trusted Launch does well under a Standard policy since May 2025.
    """
    hardware = vm.hardware
    newer_disks = any(disk.storage in _ENHANCED_ONLY_DISKS for disk in hardware.disks)
    return newer_disks or hardware.security_type == "ConfidentialVM"


def _is_enhanced(policy: Policy) -> bool:
    return policy.properties.get("policyType") == "V2"
