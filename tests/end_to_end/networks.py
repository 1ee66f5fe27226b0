"""Networks around the VMs of an estate, as worlds tell them."""

from typing import Any

from tests.conftest import SUBSCRIPTION, Estate, vms, world

RESOURCES = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"
DENY_ALL: dict[str, Any] = {"Deny_All": {"priority": 1000, "direction": "Outbound", "access": "Deny"}}


def inside(*names: str, subnet: str = "web", **entry: Any) -> dict[str, Any]:
    """VMs in a subnet of vnet-web."""
    return vms(*names, nics=[{"subnet": f"vnet-web/{subnet}"}], **entry)


def surrounded(estate: Estate, machines: dict[str, Any], vault: dict[str, Any] | None = None, **more: Any) -> None:
    """VMs in vnet-web with subnets `web`, behind nsg-web which denies everything, and `private`, which has no way out.

    A third, `routed`, leads to an appliance.
    """
    made = world(machines, {"rsv": {"location": "japaneast", **(vault or {})}}, **more)
    made["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-web"] |= {
        "virtualNetworks": {
            "vnet-web": {
                "addressPrefixes": ["10.1.0.0/16"],
                "subnets": {
                    "web": {"addressPrefix": "10.1.1.0/24", "networkSecurityGroup": "nsg-web"},
                    "private": {"addressPrefix": "10.1.2.0/24", "defaultOutboundAccess": False},
                    "routed": {"addressPrefix": "10.1.3.0/24", "routeTable": "rt-web"},
                },
            }
        },
        "networkSecurityGroups": {"nsg-web": {"rules": DENY_ALL}},
        "natGateways": {"nat-web": {}},
        "routeTables": {
            "rt-web": {
                "routes": {
                    "all": {
                        "addressPrefix": "0.0.0.0/0",
                        "nextHopType": "VirtualAppliance",
                        "nextHopIpAddress": "10.9.0.4",
                    }
                }
            }
        },
    }
    estate.exists(**made)
