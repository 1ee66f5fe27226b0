"""Addresses: stable, whole names of what a plan speaks of, in lower case because ARM ids ignore it."""

from backup_reconciler.spec.arm_id import ArmId


def vault_address(vault: ArmId) -> str:
    return f"Vault/{_key(vault)}"


def policy_address(vault: ArmId, policy: str) -> str:
    return f"Policy/{_key(vault)}/{policy.casefold()}"


def protection_address(vault: ArmId, vm: ArmId) -> str:
    return f"Protection/{_key(vault)}/{vm.resource_group.casefold()}/{vm.name.casefold()}"


def _key(vault: ArmId) -> str:
    return f"{vault.subscription}/{vault.resource_group}/{vault.name}".casefold()
