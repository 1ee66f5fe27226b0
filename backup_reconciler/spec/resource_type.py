"""Types of Azure resources: what their ids look like, and what people call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backup_reconciler.spec import forms

if TYPE_CHECKING:  # only the schema verb needs them, and they are slow to import
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A type of Azure resource, and the annotation of a field that holds the id of one.

    `name` is Azure's own (Microsoft.Network/virtualNetworks/subnets), `words` what a message calls one of them ("a
    subnet"), `show` the az command that prints the id of one. Pydantic takes any text in such a field, because a rule
    tells what is wrong with an id in its own words; it passes the id's form on to the JSON Schema.
    """

    name: str
    words: str
    show: str

    @property
    def key(self) -> str:
        """The form to compare: ARM's names of types ignore letter case (source: Azure resource naming rules)."""
        return self.name.casefold()

    @property
    def example(self) -> str:
        namespace, *types = self.name.split("/")
        steps = "".join(f"/{step}/NAME" for step in types)
        return f"/subscriptions/{forms.SUBSCRIPTION.example}/resourceGroups/GROUP/providers/{namespace}{steps}"

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        namespace, *types = self.name.split("/")
        steps = "".join(f"/{_in_any_case(step)}/[^/]+" for step in types)
        group = f"/{_in_any_case('subscriptions')}/[^/]+/{_in_any_case('resourceGroups')}/[^/]+"
        return {
            **handler(schema),
            "pattern": f"^{group}/{_in_any_case('providers')}/{_in_any_case(namespace)}{steps}$",
            "patternErrorMessage": f"This is not the id of {self.words}.",
            "examples": [self.example],
        }


def _in_any_case(text: str) -> str:
    """A regular expression for the text, whatever the case of its letters; ECMAScript has no other way to say so."""
    return re.sub("[A-Za-z]", lambda letter: f"[{letter[0].upper()}{letter[0].lower()}]", re.escape(text))


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
