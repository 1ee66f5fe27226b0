"""Addresses: stable, whole names of what a plan speaks of, in lower case because ARM ids ignore it."""

from sys import intern

from backup_reconciler.spec.arm_id import ArmId


def vault_address(vault: ArmId) -> str:
    return f"Vault/{_key(vault)}"


def policy_address(vault: ArmId, policy: str) -> str:
    return f"Policy/{_key(vault)}/{policy.casefold()}"


def protection_address(vault: ArmId, vm: ArmId) -> str:
    """One text for all who ask: a plan and its report hold several of each."""
    return intern(f"Protection/{_key(vault)}/{vm.resource_group.casefold()}/{vm.name.casefold()}")


def security_rule_address(group: ArmId, rule: str) -> str:
    return f"SecurityRule/{_key(group)}/{rule.casefold()}"


def run_command_address(vm: ArmId, name: str) -> str:
    return f"RunCommand/{_key(vm)}/{name.casefold()}"


def firewall_address(firewall: ArmId) -> str:
    """Of the rule collections of a classic firewall."""
    return f"AzureFirewall/{_key(firewall)}"


def rule_collection_group_address(policy: ArmId, group: str) -> str:
    return f"RuleCollectionGroup/{_key(policy)}/{group.casefold()}"


def network_address(resource: ArmId) -> str:
    """Of what stands in the way of VMs, told by its type: a security group, a subnet, a route table, a firewall."""
    _, _, path = resource.key.partition("/providers/microsoft.network/")
    return f"Network/{resource.subscription.casefold()}/{resource.resource_group.casefold()}/{path}"


def kind_rank(address: str) -> int:
    """Vaults come first, then their policies, then all else."""
    kind = address.partition("/")[0]
    return _FIRST.get(kind, len(_FIRST))


_FIRST = {"Vault": 0, "Policy": 1}


def _key(resource: ArmId) -> str:
    return f"{resource.subscription}/{resource.resource_group}/{resource.name}".casefold()
