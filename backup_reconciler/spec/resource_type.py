"""Types of Azure resources: what their ids look like, and what people call them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A type of Azure resource.

    `name` is Azure's own (Microsoft.Network/virtualNetworks/subnets), `words` what a message calls one of them ("a
    subnet"), `show` the az command that prints the id of one.
    """

    name: str
    words: str
    show: str

    @property
    def key(self) -> str:
        """The form to compare: ARM's names of types ignore letter case (source: Azure resource naming rules)."""
        return self.name.casefold()


VIRTUAL_MACHINE = ResourceType("Microsoft.Compute/virtualMachines", "a VM", "az vm show")
SUBNET = ResourceType("Microsoft.Network/virtualNetworks/subnets", "a subnet", "az network vnet subnet show")
NETWORK_SECURITY_GROUP = ResourceType(
    "Microsoft.Network/networkSecurityGroups", "a network security group", "az network nsg show"
)
AZURE_FIREWALL = ResourceType("Microsoft.Network/azureFirewalls", "an Azure Firewall", "az network firewall show")
FIREWALL_POLICY = ResourceType(
    "Microsoft.Network/firewallPolicies", "a firewall policy", "az network firewall policy show"
)
MANAGED_IDENTITY = ResourceType(
    "Microsoft.ManagedIdentity/userAssignedIdentities", "a user-assigned identity", "az identity show"
)

_CALLED = {
    **{
        of.key: of.words
        for of in (
            VIRTUAL_MACHINE, SUBNET, NETWORK_SECURITY_GROUP, AZURE_FIREWALL, FIREWALL_POLICY, MANAGED_IDENTITY,
        )
    },
    "microsoft.compute/disks": "a disk",
    "microsoft.compute/virtualmachinescalesets": "a scale set",
    "microsoft.hybridcompute/machines": "an Azure Arc machine",
    "microsoft.network/firewallpolicies/rulecollectiongroups": "a rule collection group",
    "microsoft.network/networkinterfaces": "a network interface",
    "microsoft.network/networksecuritygroups/securityrules": "a security rule",
    "microsoft.network/routetables": "a route table",
    "microsoft.network/virtualnetworks": "a virtual network",
    "microsoft.recoveryservices/vaults": "a vault",
    "microsoft.recoveryservices/vaults/backuppolicies": "a backup policy",
}  # fmt: skip


def called(type_name: str) -> str | None:
    """What people call a resource of this type ("a subnet"); None where there is no word for it."""
    return _CALLED.get(type_name.casefold())
