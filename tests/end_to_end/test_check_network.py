"""`check` of the networks of VMs: what stops them, and whether that matters to their backups."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, document, planned, vault, vms
from tests.end_to_end.checks import AROUND, NETWORK, checked, declare, said
from tests.end_to_end.networks import inside, surrounded

PLAIN = [vault(), assignment(policy="DefaultPolicy")]
TAGS = ["AzureBackup", "Storage.japaneast", "AzureActiveDirectory"]


def protected(*names: str, **state: Any) -> dict[str, Any]:
    """A vault that holds these VMs."""
    return {"protectedItems": [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy", **state} for name in names]}


def network_of(found: Any, name: str) -> list[tuple[str, int, str, list[str]]]:
    """What a VM reaches: destination, port, access, and the rules that stop it."""
    (one,) = [one for one in found["vms"] if one["id"].endswith(f"/{name}")]
    return [
        (each["destination"], each["port"], each["access"], [barrier["rule"] for barrier in each["barriers"]])
        for each in one["network"]
    ]


def test_what_stops_vms_that_usually_need_nothing_is_good_to_know_and_told_once(estate: Estate, cli: Cli) -> None:
    names = [f"web-{number:02}" for number in range(30)]
    surrounded(estate, inside(*names) | vms("out-01") | inside("far-01", subnet="private"))
    declare(estate, *PLAIN)
    found = checked(estate, cli, 0)
    assert said(found) == [("info", "network-blocked", names), ("info", "no-way-out", ["far-01"])]
    assert found["findings"][0]["message"] == (
        "AzureBackup, Storage.japaneast, AzureActiveDirectory (port 443) cannot be reached: "
        "rule Deny_All (priority 1000) of network security group nsg-web"
    )
    assert found["findings"][0]["address"].endswith("/rg-web/networksecuritygroups/nsg-web")
    assert found["summary"]["ready"] == 32
    assert network_of(found, "web-00") == [(tag, 443, "blocked", ["Deny_All"]) for tag in TAGS]
    assert network_of(found, "out-01") == [(tag, 443, "allowed", []) for tag in TAGS]
    assert {one["needsNetwork"] for one in found["vms"]} == {None}
    assert found["requests"]["read"] == 6 + AROUND + NETWORK + 2
    told = cli("check", *estate.sandboxed, "-v").text
    assert told.count("A VM with managed disks usually needs no way out for its backups") == 1
    assert told.count("rule Deny_All (priority 1000)") == 2, "the cause, and what all these VMs reach"
    assert "Over the network of out-01: allowed" in told


def test_it_is_a_warning_where_vms_are_known_to_need_their_network(estate: Estate, cli: Cli) -> None:
    machines = inside("old-01", managed=False) | inside("far-01", subnet="private", managed=False)
    machines |= inside("led-01", subnet="routed", managed=False) | inside("led-02", subnet="routed")
    surrounded(estate, machines | inside("web-01"))
    declare(estate, *PLAIN)
    found = checked(estate, cli, 2)
    assert said(found) == [
        ("warning", "network-blocked", ["old-01"]),
        ("warning", "no-way-out", ["far-01"]),
        ("warning", "network-not-known", ["led-01"]),
        ("info", "network-blocked", ["web-01"]),
        ("info", "network-not-known", ["led-02"]),
    ]
    assert found["findings"][0]["message"].endswith("; unmanaged disks are backed up over the VM's own network")
    assert found["findings"][1]["remedy"].startswith("no rule of a network security group can help: give the subnet a")
    assert "an appliance at 10.9.0.4 that nobody can see into (route all of rt-web)" in found["findings"][2]["message"]
    assert {one["id"].rpartition("/")[2]: one["verdict"] for one in found["vms"]} == {
        "old-01": "not ready",
        "far-01": "not ready",
        "led-01": "not known",
        "led-02": "ready",
        "web-01": "ready",
    }
    # A plan tells the same of the VMs that it begins to back up; their network is read for those that need it alone.
    told = planned(estate, cli)
    assert [one["rule"] for one in told["findings"]] == ["network-blocked", "no-way-out", "network-not-known"]
    assert told["requests"]["read"] == 6 + AROUND + NETWORK + 2


def test_a_plan_does_not_warn_of_what_it_opens_itself_nor_twice_of_the_same(estate: Estate, cli: Cli) -> None:
    machines = inside("old-01", managed=False) | inside("far-01", subnet="private", managed=False)
    surrounded(estate, machines)
    out = document("OutboundAccess", "out", **{"for": {"assignments": ["production"]}, "method": "nsg"})
    declare(estate, *PLAIN, out)
    estate.forget()
    found = planned(estate, cli)
    assert [(one["rule"], one["address"]) for one in found["findings"]] == [("nsg-cannot-help", "OutboundAccess/out")]
    assert found["requests"]["read"] == len(estate.requests()) == 6 + NETWORK + AROUND + 2, "the network is read once"
    told = checked(estate, cli, 2)
    assert [(one["rule"], one["remedy"].partition(":")[0]) for one in told["findings"]] == [
        ("network-blocked", "run apply"),
        ("no-way-out", "no rule of a network security group can help"),
    ]
    assert told["requests"]["read"] == 6 + NETWORK + AROUND + 2


def test_what_items_do_not_tell_of_failed_backups_is_asked_for_once_a_vault(estate: Estate, cli: Cli) -> None:
    failed = protected("web-01", "out-01", state="ProtectionError")
    surrounded(estate, inside("web-01", "web-02") | vms("out-01"), failed)
    declare(estate, *PLAIN)
    found = checked(estate, cli, 0)
    assert found["requests"]["read"] == 6 + AROUND + NETWORK + 2 + 1
    (jobs,) = estate.requests(containing="/backupJobs")
    assert jobs.query["$filter"].endswith("operation eq 'Backup' and status eq 'Failed'")
    assert planned(estate, cli)["requests"]["read"] == 6 + AROUND + 2, "web-02 is new, and needs nothing"


@pytest.mark.parametrize("right", ["networkInterfaces/read", "locations/serviceTags/read"])
def test_networks_that_may_not_be_read_are_not_known_and_nothing_ends_by_it(
    estate: Estate, cli: Cli, right: str
) -> None:
    access = [{"actions": ["*"], "notActions": [f"Microsoft.Network/{right}"]}]
    surrounded(estate, inside("web-01") | inside("old-01", managed=False), access=access)
    declare(estate, *PLAIN)
    found = checked(estate, cli, 2)
    assert said(found) == [
        ("warning", "readiness-not-known", ["old-01"]),
        ("info", "readiness-not-known", ["web-01"]),
    ]
    assert found["findings"][0]["message"] == (
        "the network of its VMs cannot be read with these rights (403 AuthorizationFailed)"
    )
    assert found["summary"] == {"ready": 1, "not known": 1, "not ready": 0}
    assert found["vms"][0]["network"] == []
