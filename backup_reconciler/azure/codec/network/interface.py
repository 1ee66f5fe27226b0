"""Codec of network interfaces: ARM JSON → Interface."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.interface import Interface, IpConfiguration


def list_request(subscription: str) -> ArmRequest:
    """The interfaces of a subscription; those of private endpoints are among them, and have no VM."""
    return fields.list_request(subscription, "networkInterfaces")


def decode(arm: Mapping[str, Any]) -> Interface:
    properties = fields.properties(arm)
    return Interface(
        id=ArmId(arm["id"]),
        vm=fields.reference(properties.get("virtualMachine")),
        primary=bool(properties.get("primary")),
        configurations=tuple(_configuration(one) for one in properties.get("ipConfigurations") or ()),
        security_group=fields.reference(properties.get("networkSecurityGroup")),
    )


def _configuration(arm: Mapping[str, Any]) -> IpConfiguration:
    properties = fields.properties(arm)
    is_ipv6 = str(properties.get("privateIPAddressVersion")).casefold() == "ipv6"
    return IpConfiguration(
        primary=bool(properties.get("primary")),
        address=None if is_ipv6 else properties.get("privateIPAddress"),
        subnet=fields.reference(properties.get("subnet")),
        public_ip=fields.reference(properties.get("publicIPAddress")),
        application_groups=frozenset(fields.references(properties.get("applicationSecurityGroups"))),
        backend_pools=frozenset(fields.references(properties.get("loadBalancerBackendAddressPools"))),
    )
