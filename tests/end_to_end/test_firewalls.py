"""Outbound access through Azure Firewall: opened, kept, put right and taken away, with nothing else touched."""

from typing import Any

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    assignment,
    document,
    planned,
    vault,
    world,
)

NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"
CLASSIC = {"azureFirewall": f"{NETWORK}/azureFirewalls/fw"}
IN_POLICY = {"firewallPolicy": f"{NETWORK}/firewallPolicies/fwp", "ruleCollectionGroup": "rcg"}
TAGS = {"destinations": ["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]}

UPDATES = {
    "name": "windows-update",
    "sourceAddresses": ["*"],
    "protocols": [{"protocolType": "Https", "port": 443}],
    "fqdnTags": ["WindowsUpdate"],
    "sourceKubeSelectorGroups": ["kept"],
}
DENY = {
    "name": "nothing-else",
    "ipProtocols": ["Any"],
    "sourceAddresses": ["*"],
    "destinationAddresses": ["*"],
    "destinationPorts": ["*"],
}
THEIRS = [
    {
        "name": "updates",
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "priority": 900,
        "action": {"type": "Allow"},
        "rules": [{"ruleType": "ApplicationRule", **UPDATES}],
    },
    {
        "name": "deny",
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "priority": 500,
        "action": {"type": "Deny"},
        "rules": [{"ruleType": "NetworkRule", **DENY}],
    },
]
THEIRS_CLASSIC = {
    "name": "updates",
    "properties": {"priority": 900, "action": {"type": "Allow"}, "rules": [UPDATES]},
}


def hub(**resources: Any) -> dict[str, Any]:
    """Two subnets whose way out is the address of an Azure Firewall, each with a VM that backs up over its network."""
    routes = {"all": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.1.9.4"}}
    subnets = {
        name: {"addressPrefix": f"10.1.{number}.0/24", "routeTable": "rt"} for number, name in enumerate(("web", "app"))
    }
    machines = {
        name: {
            "location": "japaneast",
            "tags": {"env": "prod"},
            "needsNetwork": True,
            "nics": [{"subnet": f"vnet/{name}"}],
        }
        for name in subnets
    }
    made = world(machines)
    made["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-web"] |= {
        "virtualNetworks": {"vnet": {"addressPrefixes": ["10.1.0.0/16"], "subnets": subnets}},
        "routeTables": {"rt": {"routes": routes}},
        **resources,
    }
    return made


def group(priority: int, *collections: dict[str, Any]) -> dict[str, Any]:
    return {"priority": priority, "ruleCollections": list(collections)}


def subnet(name: str) -> dict[str, Any]:
    return {"subnets": [f"{NETWORK}/virtualNetworks/vnet/subnets/{name}"]}


def outbound(handle: str, target: dict[str, Any], state: str = "present", **firewall: Any) -> dict[str, Any]:
    return document("OutboundAccess", handle, **{"for": target}, method="firewall", firewall=firewall, state=state)


def declare(estate: Estate, *documents: dict[str, Any]) -> None:
    backed_up = assignment(policy="DefaultPolicy", initialBackup={"keepDays": 30})
    estate.declare("all", vault(), backed_up, *documents)


def apply(estate: Estate, cli: Cli, *arguments: object) -> str:
    """An apply that succeeds, and leaves nothing to do."""
    estate.forget()
    told = cli("apply", *estate.sandboxed, "--auto-approve", *arguments)
    assert told.status == 0, told.out + told.err
    return told.text


def network_writes(estate: Estate) -> list[tuple[str, Any]]:
    """What was PUT into the network, by the last part of its path."""
    return [
        (seen.path.rpartition("/")[2], seen.request) for seen in estate.writes() if "/Microsoft.Network/" in seen.path
    ]


def converged(estate: Estate, cli: Cli) -> bool:
    return planned(estate, cli)["actions"] == [] and cli("drift", *estate.sandboxed).status == 0


def test_a_classic_firewall_lets_backups_out_and_keeps_all_that_others_wrote(estate: Estate, cli: Cli) -> None:
    hub_of_theirs = {"privateIp": "10.1.9.4", "applicationRuleCollections": [THEIRS_CLASSIC]}
    estate.exists(**hub(azureFirewalls={"fw": hub_of_theirs}))
    everybody = {"assignments": ["production"]}
    declare(estate, outbound("out", everybody, **CLASSIC))
    plan = planned(estate, cli)
    (update,) = [action for action in plan["actions"] if action["verb"] == "updateFirewall"]
    assert update["address"] == f"AzureFirewall/{SUBSCRIPTION}/rg-web/fw"
    assert update["dataEffect"] == "not touched, only the network changes; Azure takes minutes for it"
    assert [change["path"] for change in update["changes"]] == ["out.applicationRule"]
    waiting = [action["address"] for action in plan["actions"] if update["id"] in action["dependsOn"]]
    assert sorted(address.rpartition("/")[2] for address in waiting) == ["app", "web"], "their first backups"
    assert cli("drift", *estate.sandboxed).status == 2

    told = apply(estate, cli, "--wait")
    assert "First backups: 2 completed." in told
    ((name, body),) = network_writes(estate)
    written, ours = body["properties"]["applicationRuleCollections"]
    assert (name, written) == ("fw", THEIRS_CLASSIC)
    rule = ours["properties"]["rules"][0]
    assert rule.pop("description").startswith("backup-reconciler out ")
    assert ours == {
        "name": "backup-reconciler-out-application",
        "properties": {
            "priority": 1000,
            "action": {"type": "Allow"},
            "rules": [
                {
                    "name": "AzureBackup",
                    "sourceAddresses": ["10.1.0.0/24", "10.1.1.0/24"],
                    "protocols": [{"protocolType": "Https", "port": 443}],
                    "fqdnTags": ["AzureBackup"],
                }
            ],
        },
    }
    looked = estate.requests("GET", "/azureFirewalls/fw")
    assert len(looked) == 5, "once before, and every 5 seconds until its 14 are over"
    assert converged(estate, cli)

    declare(estate, outbound("out", everybody, "absent", **CLASSIC))
    apply(estate, cli)
    ((_, body),) = network_writes(estate)
    assert body["properties"]["applicationRuleCollections"] == [THEIRS_CLASSIC]
    assert converged(estate, cli)


def test_documents_of_one_group_are_one_write_and_groups_of_one_policy_take_turns(estate: Estate, cli: Cli) -> None:
    groups = {"rcg": group(300, *THEIRS), "late": group(400)}
    ruled = {"privateIp": "10.1.9.4", "firewallPolicy": "fwp"}
    estate.exists(**hub(firewallPolicies={"fwp": {"ruleCollectionGroups": groups}}, azureFirewalls={"fw": ruled}))
    web = outbound("web", subnet("web"), networkRule=TAGS, **IN_POLICY)
    app = outbound("app", subnet("app"), networkRule=TAGS, **IN_POLICY)
    late = outbound("late", subnet("app"), **{**IN_POLICY, "ruleCollectionGroup": "late"})
    declare(estate, web, app, late)

    assert "First backups: 2 completed." in apply(estate, cli, "--wait")
    writes = dict(network_writes(estate))
    assert sorted(writes) == ["late", "rcg"]
    collections = writes["rcg"]["properties"]["ruleCollections"]
    assert collections[:2] == THEIRS
    assert [(one["name"], one["priority"], one["rules"][0]["ruleType"]) for one in collections[2:]] == [
        ("backup-reconciler-app-application", 1000, "ApplicationRule"),
        ("backup-reconciler-app-network", 499, "NetworkRule"),
        ("backup-reconciler-web-application", 999, "ApplicationRule"),
        ("backup-reconciler-web-network", 498, "NetworkRule"),
    ]
    rule = collections[3]["rules"][0]
    assert rule.pop("description").startswith("backup-reconciler app ")
    assert rule == {
        "ruleType": "NetworkRule",
        "name": "japaneast-443",
        "ipProtocols": ["TCP"],
        "sourceAddresses": ["10.1.1.0/24"],
        "destinationAddresses": ["AzureBackup", "Storage.japaneast", "AzureActiveDirectory"],
        "destinationPorts": ["443"],
    }
    assert converged(estate, cli)

    declare(estate, {**web, "spec": {**web["spec"], "state": "absent"}}, app, late)
    apply(estate, cli)
    ((name, body),) = network_writes(estate)
    left = [one["name"] for one in body["properties"]["ruleCollections"]]
    assert (name, left) == (
        "rcg",
        ["updates", "deny", "backup-reconciler-app-application", "backup-reconciler-app-network"],
    )
    assert converged(estate, cli)
