"""Codec of Azure Firewalls: ARM JSON → AzureFirewall."""

from collections.abc import Iterator, Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import fields, rule_collection
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import AzureFirewall


def list_request(subscription: str) -> ArmRequest:
    return fields.list_request(subscription, "azureFirewalls")


def get_request(firewall: ArmId) -> ArmRequest:
    return get(firewall.text, Api.NETWORK)


def decode(arm: Mapping[str, Any]) -> AzureFirewall:
    properties = fields.properties(arm)
    return AzureFirewall(
        id=ArmId(arm["id"]),
        location=fields.location(arm),
        addresses=frozenset(filter(None, _addresses(properties))),
        policy=fields.reference(properties.get("firewallPolicy")),
        collections=rule_collection.decode_classic(properties),
        virtual_network=_virtual_network(properties),
        raw=arm,
    )


def _addresses(properties: Mapping[str, Any]) -> Iterator[str | None]:
    """In a virtual network they belong to its IP configurations, in a virtual hub to the firewall itself."""
    for one in properties.get("ipConfigurations") or ():
        yield fields.properties(one).get("privateIPAddress")
    yield (properties.get("hubIPAddresses") or {}).get("privateIPAddress")


def _virtual_network(properties: Mapping[str, Any]) -> ArmId | None:
    """All of its IP configurations are in one subnet, which the first of them names."""
    for one in properties.get("ipConfigurations") or ():
        if subnet := fields.reference(fields.properties(one).get("subnet")):
            return subnet.parent(2)
    return None
