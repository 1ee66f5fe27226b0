"""What of the network is read, and when: for outbound access alone, by lists and what they lead to."""

from typing import Any

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, document, planned, vault, vms, world

NETWORK = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network"
RESOURCES = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"
PLAIN = 6
"""Reads of a plan for one vault without outbound access."""


def outbound(**spec: Any) -> dict[str, Any]:
    return document("OutboundAccess", "out", **{"for": {"assignments": ["production"]}, **spec})


def network_reads(estate: Estate, cli: Cli, *documents: dict[str, Any]) -> list[str]:
    """The paths of Microsoft.Network that a plan of these documents reads; all that it reads is counted in it."""
    estate.forget()
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"), *documents)
    told = planned(estate, cli)
    assert told["requests"]["read"] == len(estate.requests())
    found = [seen.path for seen in estate.requests(containing="/Microsoft.Network/")]
    assert len(estate.requests()) == PLAIN + len(found), "nothing else is read for it"
    return sorted(found)


def test_the_network_is_read_where_outbound_access_is_declared(estate: Estate, cli: Cli) -> None:
    subnet = {"addressPrefix": "10.1.1.0/24"}
    names = [f"web-{number}" for number in range(9)]
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in names]
    held = {"rsv": {"location": "japaneast", "protectedItems": items}}
    exists = world(vms(*names, nics=[{"subnet": "vnet/web"}]), held)
    exists["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-web"] |= {
        "virtualNetworks": {"vnet": {"addressPrefixes": ["10.1.0.0/16"], "subnets": {"web": subnet}}},
        "firewallPolicies": {
            "fwp": {"ruleCollectionGroups": {"base": {"priority": 200, "ruleCollections": []}}},
            "nobodys": {},
        },
        "azureFirewalls": {"fw": {"privateIp": "10.1.2.4", "firewallPolicy": "fwp"}},
    }
    estate.exists(**exists)
    assert network_reads(estate, cli) == []
    kinds = [
        "azureFirewalls",
        "loadBalancers",
        "locations/japaneast/serviceTags",
        "networkInterfaces",
        "networkSecurityGroups",
        "privateEndpoints",
        "routeTables",
        "virtualNetworks",
    ]
    fwp = f"{RESOURCES}/firewallPolicies/fwp"
    assert network_reads(estate, cli, outbound(method="nsg")) == sorted(
        [*(f"{NETWORK}/{kind}" for kind in kinds), fwp, f"{fwp}/ruleCollectionGroups"]
    )
