"""The six rules that every security group ends with (Learn: network-security-groups-overview; CLI's recordings)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Json


def _rule(direction: str, priority: int, access: str, source: str, destination: str, description: str) -> Json:
    return {
        "description": description,
        "protocol": "*",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": destination,
        "access": access,
        "priority": priority,
        "direction": direction,
        "sourcePortRanges": [],
        "destinationPortRanges": [],
        "sourceAddressPrefixes": [],
        "destinationAddressPrefixes": [],
    }


DEFAULT_RULES = {
    "AllowVnetInBound": _rule(
        "Inbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork", "Allow inbound traffic from all VMs in VNET"
    ),
    "AllowAzureLoadBalancerInBound": _rule(
        "Inbound", 65001, "Allow", "AzureLoadBalancer", "*", "Allow inbound traffic from azure load balancer"
    ),
    "DenyAllInBound": _rule("Inbound", 65500, "Deny", "*", "*", "Deny all inbound traffic"),
    "AllowVnetOutBound": _rule(
        "Outbound",
        65000,
        "Allow",
        "VirtualNetwork",
        "VirtualNetwork",
        "Allow outbound traffic from all VMs to all VMs in VNET",
    ),
    "AllowInternetOutBound": _rule(
        "Outbound", 65001, "Allow", "*", "Internet", "Allow outbound traffic from all VMs to Internet"
    ),
    "DenyAllOutBound": _rule("Outbound", 65500, "Deny", "*", "*", "Deny all outbound traffic"),
}
