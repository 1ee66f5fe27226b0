"""Outbound access by rules in network security groups, from the first plan to the last rule that is taken away."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, document, planned, vault, vms, world
from tests.end_to_end.somebody import somebody
from tests.end_to_end.test_changed_meanwhile import PROGRAM

NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"
GROUP = f"{NETWORK}/networkSecurityGroups/nsg-web"
RULES = f"{GROUP}/securityRules"
OURS = [f"backup-reconciler-web-{tag}" for tag in ("AzureBackup", "Storage.japaneast", "AzureActiveDirectory")]
READS = 6 + 8
"""Of a plan for one vault, and of the networks of one subscription."""


def outbound(handle: str = "web", **spec: Any) -> dict[str, Any]:
    usual = {
        "for": {"assignments": ["production"]},
        "method": "nsg",
        "nsg": {"destinations": ["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]},
    }
    return document("OutboundAccess", handle, **usual | spec)


def closed_in(estate: Estate) -> None:
    """VMs with backups, in a subnet behind rules of several people."""
    names = ("web-01", "web-02", "web-03")
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in names]
    exists = world(
        vms(*names, nics=[{"subnet": "vnet/web"}]), {"rsv": {"location": "japaneast", "protectedItems": items}}
    )
    exists["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-web"] |= {
        "virtualNetworks": {
            "vnet": {
                "addressPrefixes": ["10.1.0.0/16"],
                "subnets": {"web": {"addressPrefix": "10.1.1.0/24", "networkSecurityGroup": "nsg-web"}},
            }
        },
        "networkSecurityGroups": {
            "nsg-web": {
                "rules": {
                    "Allow_Sql": {
                        "priority": 999,
                        "direction": "Outbound",
                        "access": "Allow",
                        "protocol": "Tcp",
                        "destination": ["10.1.8.0/24", "10.1.9.0/24"],
                        "destinationPorts": [1433, "11000-11999"],
                    },
                    "Deny_All": {"priority": 1000, "direction": "Outbound", "access": "Deny"},
                    "Deny_All_In": {"priority": 998, "direction": "Inbound", "access": "Deny"},
                }
            }
        },
    }
    estate.exists(**exists)


def declare(estate: Estate, *documents: dict[str, Any]) -> None:
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"), *documents)


def rules(estate: Estate) -> dict[str, Any]:
    """The properties of the rules there are, by name."""
    found = somebody(estate, "GET", GROUP)["properties"]["securityRules"]
    return {rule["name"]: rule["properties"] for rule in found}


def applied(estate: Estate, cli: Cli) -> list[tuple[str, str]]:
    """The writes of an apply that succeeds and leaves nothing to do."""
    estate.forget()
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out + told.err
    written = [(seen.method, seen.path.rpartition("/")[2]) for seen in estate.writes()]
    assert all(seen.path.startswith(RULES) and seen.status < 300 for seen in estate.writes()), "one at a time"
    assert planned(estate, cli)["actions"] == []
    return written


def test_a_way_out_is_opened_kept_and_closed_again(estate: Estate, cli: Cli) -> None:
    closed_in(estate)
    declare(estate, outbound())
    theirs = rules(estate)

    plan = planned(estate, cli)
    assert plan["requests"]["read"] == READS
    assert [
        (action["verb"], action["address"].rpartition("/")[2], {each["path"]: each["to"] for each in action["changes"]})
        for action in plan["actions"]
    ] == [
        ("createSecurityRule", name.casefold(), {"destination": tag, "port": 443, "priority": priority})
        for name, tag, priority in sorted(
            zip(OURS, ("AzureBackup", "Storage.japaneast", "AzureActiveDirectory"), (996, 997, 998), strict=True),
            key=lambda row: row[0].casefold(),
        )
    ]
    assert applied(estate, cli) == [("PUT", name) for name in sorted(OURS, key=str.casefold)]
    opened = rules(estate)
    assert {name: rule for name, rule in opened.items() if name not in OURS} == theirs
    assert {name: opened[name]["priority"] for name in OURS} == dict(zip(OURS, (996, 997, 998), strict=True))

    storage = opened[OURS[1]]
    somebody(estate, "PUT", f"{RULES}/{OURS[1]}", {"properties": storage | {"destinationPortRange": "8443"}})
    drift = cli("drift", *estate.sandboxed)
    assert drift.status == 2
    assert f"differs security rule {OURS[1]} in nsg-web" in drift.text
    assert "port declared 443 found 8443" in drift.text
    assert applied(estate, cli) == [("PUT", OURS[1])]
    assert rules(estate) == opened

    said_otherwise = storage | {
        "protocol": "TCP",
        "sourceAddressPrefix": "VIRTUALNETWORK",
        "destinationAddressPrefix": "storage.JapanEast",
        "destinationPortRange": None,
        "destinationPortRanges": ["443"],
    }
    somebody(estate, "PUT", f"{RULES}/{OURS[1]}", {"properties": said_otherwise})
    assert planned(estate, cli)["actions"] == [], "the same in other words"

    declare(estate, outbound(), outbound("disks", nsg={"destinations": ["Storage.{region}"], "port": "byDiskKind"}))
    assert applied(estate, cli) == [("PUT", "backup-reconciler-disks-Storage.japaneast")]
    by_disk_kind = rules(estate)["backup-reconciler-disks-Storage.japaneast"]
    assert (by_disk_kind["destinationPortRange"], by_disk_kind["priority"]) == ("8443", 995)

    declare(estate, outbound(state="absent"))
    told = cli("plan", *estate.sandboxed)
    assert "3 security rules to delete" in told.text
    assert "OutboundAccess/disks it declares no security rules here, and wrote" in told.text
    assert applied(estate, cli) == [("DELETE", name) for name in sorted(OURS, key=str.casefold)]
    assert rules(estate) == {**theirs, "backup-reconciler-disks-Storage.japaneast": by_disk_kind}


def test_what_somebody_does_to_rules_while_the_question_is_asked_is_left_alone(
    estate: Estate, cli: Cli, tmp_path: Path
) -> None:
    closed_in(estate)
    storage = {"nsg": {"destinations": ["Storage.{region}"]}}
    declare(estate, outbound("changed", **storage), outbound("gone", nsg={"destinations": ["AzureBackup"]}))
    applied(estate, cli)
    found = rules(estate)
    changed, gone = "backup-reconciler-changed-Storage.japaneast", "backup-reconciler-gone-AzureBackup"
    declare(estate, outbound("changed", nsg={**storage["nsg"], "port": 8443}), outbound("gone", state="absent"))
    theirs = [
        ("PUT", f"{RULES}/{name}", {"properties": found[name] | {"destinationPortRange": "1-1024"}})
        for name in (changed, gone)
    ]
    (tmp_path / "changes.json").write_text(json.dumps(theirs))
    (tmp_path / "program.py").write_text(PROGRAM)
    program = (sys.executable, tmp_path / "program.py", estate.manifests, tmp_path / "changes.json")
    estate.forget()
    told = cli("sandbox", estate.world, "--pace", 20000, "--", *program)
    assert told.status == 1, told.out + told.err
    written = [(seen.method, seen.path) for seen in estate.writes()]
    assert written == [(method, path) for method, path, _ in theirs], "their writes, and none of ours"
