"""Two that know nothing of each other judge the same networks: the box, which fails backups, and the planner.

Where the box says that a VM is cut off, what is read from the box has to say so, and the other way round; unless the
planner says that something on the way can be seen into by nobody.
"""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import read_network
from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.verdict import Access, Verdict, verdict
from backup_reconciler.sandbox.core import Request, handle
from backup_reconciler.sandbox.core.network.reach import cut_off
from backup_reconciler.sandbox.core.network.service_tags import prefixes
from backup_reconciler.sandbox.state import State, new_state
from backup_reconciler.sandbox.world_file import parse_world
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network, NetworkScope
from tests.conftest import SUBSCRIPTION, vm_id
from tests.unit.fakes import Answer, road

Random = random.Random
Told = dict[str, Any]

PIECES = [str(part) for tag in ("Storage.JapanEast", "AzureBackup") for part in prefixes(tag)]
HALF = PIECES[0].replace("/27", "/28")
TAGS = [
    "AzureBackup",
    "Storage",
    "Storage.JapanEast",
    "Storage.WestEurope",
    "AzureActiveDirectory",
    "AzureCloud",
    "Sql",
]
DESTINATIONS = [*TAGS, *TAGS, *PIECES, HALF, "Internet", "VirtualNetwork", "*", "*", "10.0.0.0/8"]
SOURCES = ["*", "*", "VirtualNetwork", "10.0.0.0/24", "10.0.0.4", "10.0.9.0/24", "Internet"]
VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/x/providers/Microsoft.RecoveryServices/vaults/v"


def rules(dice: Random) -> Told:
    """Some security rules; most of them about what backups speak to, before a rule that denies."""
    wanted = ["AzureBackup", "Storage.JapanEast", "AzureActiveDirectory"] if dice.random() < 0.6 else []
    allowed = [allow(name) for name in wanted if dice.random() < 0.9]
    others = [a_rule(dice) for _ in range(dice.randint(0, 3))]
    found = dice.sample([*allowed, *others], len(allowed) + len(others))
    found += [{"access": "Deny", "direction": "Outbound"}] if dice.random() < 0.5 else []
    return {f"r{place}": {**rule, "priority": 100 + place} for place, rule in enumerate(found)}


def allow(destination: str) -> Told:
    return {"access": "Allow", "direction": "Outbound", "destination": destination, "destinationPorts": "443"}


def a_rule(dice: Random) -> Told:
    groups = {"sourceApplicationSecurityGroups": ["asg"]} if dice.random() < 0.1 else {"source": dice.choice(SOURCES)}
    return {
        "access": dice.choice(["Allow", "Deny"]),
        "direction": dice.choice(["Outbound", "Outbound", "Outbound", "Inbound"]),
        "protocol": dice.choice(["*", "Tcp", "Udp"]),
        "destination": dice.choice(DESTINATIONS),
        "destinationPorts": dice.choice(["*", "443", "400-500", "8443", "80"]),
        **groups,
    }


def routes(dice: Random) -> Told:
    """Some routes; the appliance at 10.0.0.200 is the firewall."""
    found: Told = {}
    for place in range(dice.choice([0, 0, 1, 1, 2])):
        hop = dice.choice(["VirtualAppliance", "VirtualAppliance", "Internet", "None", "VirtualNetworkGateway"])
        prefix = dice.choice(["0.0.0.0/0", "0.0.0.0/0", "AzureCloud", "Storage", "AzureBackup", "198.18.0.0/16", HALF])
        if prefix not in {route["addressPrefix"] for route in found.values()}:
            address = {"nextHopIpAddress": dice.choice(["10.0.0.200"] * 4 + ["10.0.0.9"])}
            found[f"to{place}"] = {
                "addressPrefix": prefix,
                "nextHopType": hop,
                **(address if hop == "VirtualAppliance" else {}),
            }
    return found


def collections(dice: Random) -> list[Told]:
    application = {
        "ruleType": "ApplicationRule",
        "name": "application",
        "sourceAddresses": [dice.choice(["*", "10.0.0.0/24", "10.0.9.0/24"])],
        "protocols": [{"protocolType": dice.choice(["Https", "Https", "Http"]), "port": dice.choice([443, 443, 8443])}],
        **dice.choice([{"fqdnTags": ["AzureBackup"]}, {"targetFqdns": ["*"]}, {"fqdnTags": ["WindowsUpdate"]}]),
    }
    network = {
        "ruleType": "NetworkRule",
        "name": "network",
        "sourceAddresses": ["*"],
        "ipProtocols": [dice.choice(["TCP", "Any", "UDP"])],
        "destinationAddresses": dice.sample([*TAGS, *PIECES, "*"], dice.randint(1, 3)),
        "destinationPorts": [dice.choice(["443", "*", "8443", "1-1024"])],
    }
    return [
        {
            "name": f"c{place}",
            "priority": 100 * (place + 1),
            "action": {"type": dice.choice(["Allow", "Allow", "Deny"])},
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
            "rules": [dice.choice([application, network])],
        }
        for place in range(dice.randint(0, 3))
    ]


def a_world(dice: Random) -> Told:
    def sometimes(chance: float, **told: Any) -> Told:
        return told if dice.random() < chance else {}

    subnet = {
        "addressPrefix": "10.0.0.0/24",
        "networkSecurityGroup": "outer",
        "routeTable": "rt",
        **sometimes(0.2, natGateway="nat"),
        **sometimes(0.4, defaultOutboundAccess=False),
        **sometimes(0.2, serviceEndpoints=[dice.choice(["Microsoft.Storage", "Microsoft.AzureActiveDirectory"])]),
    }
    nic = {
        "subnet": "net/web",
        "privateIp": "10.0.0.4",
        **sometimes(0.5, networkSecurityGroup="inner"),
        **sometimes(0.2, publicIp=True),
        **sometimes(0.2, applicationSecurityGroups=["asg"]),
        **sometimes(0.2, backendAddressPools=["lb/pool"]),
    }
    balancer = {
        "backendAddressPools": ["pool"],
        **sometimes(
            0.5, outboundRules={"out": {"backendAddressPool": "pool", "protocol": dice.choice(["All", "Udp"])}}
        ),
    }
    group = {
        "location": "japaneast",
        "virtualNetworks": {"net": {"subnets": {"web": subnet}}},
        "networkSecurityGroups": {"outer": {"rules": rules(dice)}, "inner": {"rules": rules(dice)}},
        "routeTables": {"rt": {"routes": routes(dice)}},
        "natGateways": {"nat": {}},
        "applicationSecurityGroups": {"asg": {}},
        "loadBalancers": {"lb": balancer},
        "firewallPolicies": {
            "fwp": {"ruleCollectionGroups": {"g": {"priority": 100, "ruleCollections": collections(dice)}}}
        },
        "azureFirewalls": {"fw": {"privateIp": "10.0.0.200", "firewallPolicy": "fwp"}},
        "virtualMachines": {"a": {"location": "japaneast", "needsNetwork": True, "nics": [nic]}},
        **sometimes(0.1, privateEndpoints={"pe": {"subnet": "net/web", "resource": VAULT}}),
    }
    return {"kind": "World", "subscriptions": {SUBSCRIPTION: {"resourceGroups": {"rg-web": group}}}}


def network_of(state: State) -> Network:
    """The network as it is read from a box, without a wire between."""

    def answer(request: ArmRequest) -> Answer:
        query = {"api-version": request.api.value, **request.query}
        found = handle(
            state.estate, Request("GET", request.path, query, {}, None, "http://box"), state.clock, state.rng
        )
        return Answer(found.status, found.body)

    arm, _, _ = road(answer)
    return asyncio.run(read_network(arm, NetworkScope(subscriptions=frozenset({SUBSCRIPTION}))))


def judged(network: Network) -> Access:
    """Whether backups get through: at 443 to all three, or to Storage alone at the port of 2019."""
    path = Path.of(ArmId(vm_id("a")), network)
    assert path is not None
    now = [verdict(path, tag, 443, network) for tag in ("AzureBackup", "Storage.japaneast", "AzureActiveDirectory")]
    ways = {_all(now), _all([verdict(path, "Storage.japaneast", 8443, network)])}
    return next(access for access in (Access.ALLOWED, Access.UNKNOWN, Access.BLOCKED) if access in ways)


def _all(found: list[Verdict]) -> Access:
    kinds = {one.access for one in found}
    if kinds & {Access.BLOCKED, Access.PARTLY}:
        return Access.BLOCKED
    return Access.UNKNOWN if Access.UNKNOWN in kinds else Access.ALLOWED


@pytest.mark.parametrize("seed", range(8))
def test_box_and_planner_agree(seed: int) -> None:
    dice, seen = Random(seed), Counter[str]()
    for number in range(12):
        told = a_world(dice)
        state = new_state(parse_world(told))
        vm = state.estate.virtual_machine(vm_id("a"))
        assert vm is not None
        reason = cut_off(state.estate, vm)
        found = judged(network_of(state))
        seen[found] += 1
        if found is not Access.UNKNOWN:
            assert (found is Access.BLOCKED) == (reason is not None), (seed, number, reason)
    assert {Access.ALLOWED, Access.BLOCKED} <= seen.keys(), "both are met"
