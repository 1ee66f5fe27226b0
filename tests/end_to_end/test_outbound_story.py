"""From a first backup that fails for want of a way out to the next one, which succeeds."""

from typing import Any

from tests.conftest import Cli, Estate, assignment, document, pass_time, planned, vault
from tests.end_to_end.checks import checked, declare, said
from tests.end_to_end.jobs import MIDNIGHT
from tests.end_to_end.networks import RESOURCES, inside, surrounded
from tests.end_to_end.somebody import somebody

FLEET = ["web-01", "web-02", "web-03"]
HOUR, DAY = 3600, 86400
FAILED = "ExtensionSnapshotFailedNoNetwork"
TAGS = ["AzureBackup", "Storage.japaneast", "AzureActiveDirectory"]


def after_the_first_backup(estate: Estate, **around: Any) -> None:
    """A fleet whose backups go over its own network, an hour after its policy has run for the first time."""
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy", "state": "IRPending"} for name in FLEET]
    surrounded(estate, inside(*FLEET, needsNetwork=True, **around), {"protectedItems": items}, clock=MIDNIGHT)
    declare(estate, vault(), assignment(policy="DefaultPolicy"))
    pass_time(estate, HOUR)


def last_backups(estate: Estate, cli: Cli) -> list[tuple[str, str]]:
    """Status and error of the newest backup of each VM."""
    told = cli("jobs", *estate.sandboxed, "--format", "json")
    assert told.status == 0, told.err
    newest = {one["vm"]: one for one in reversed(told.json["jobs"])}
    return [(newest[vm]["status"], "".join(one["code"] for one in newest[vm]["errors"])) for vm in sorted(newest)]


def test_a_fleet_behind_a_rule_that_denies_everything(estate: Estate, cli: Cli) -> None:
    after_the_first_backup(estate)
    assert last_backups(estate, cli) == [("Failed", FAILED)] * 3
    assert "see OutboundAccess in docs/manifests/outbound.md" in cli("jobs", *estate.sandboxed).text

    found = checked(estate, cli, 2)
    assert said(found) == [("warning", "network-blocked", FLEET)]
    assert found["findings"][0]["message"] == (
        "AzureBackup, Storage.japaneast, AzureActiveDirectory (port 443) cannot be reached: "
        f"rule Deny_All (priority 1000) of network security group nsg-web; the last backup failed with {FAILED}"
    )
    assert {one["needsNetwork"] for one in found["vms"]} == {f"the last backup failed with {FAILED}"}

    method = {"method": "nsg", "nsg": {"destinations": ["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]}}
    out = document("OutboundAccess", "out", **{"for": {"assignments": ["production"]}}, **method)
    declare(estate, vault(), assignment(policy="DefaultPolicy"), out)
    assert [one["address"].rpartition("/")[2] for one in planned(estate, cli)["actions"]] == [
        f"backup-reconciler-out-{tag}".lower() for tag in sorted(TAGS)
    ]
    assert checked(estate, cli, 2)["findings"][0]["remedy"] == "run apply: OutboundAccess/out opens it"
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0

    assert said(checked(estate, cli, 0)) == []
    pass_time(estate, DAY + HOUR)
    assert last_backups(estate, cli) == [("Completed", "")] * 3
    assert planned(estate, cli)["actions"] == []
    assert said(checked(estate, cli, 0)) == []


def test_a_fleet_in_a_private_subnet_is_helped_by_no_rule(estate: Estate, cli: Cli) -> None:
    after_the_first_backup(estate, subnet="private")
    assert last_backups(estate, cli) == [("Failed", FAILED)] * 3

    found = checked(estate, cli, 2)
    assert said(found) == [("warning", "no-way-out", FLEET)]
    assert "subnet private is private, with neither NAT gateway" in found["findings"][0]["message"]
    assert found["findings"][0]["remedy"].startswith(
        "no rule of a network security group can help: give the subnet a NAT gateway"
    )

    subnet = f"{RESOURCES}/virtualNetworks/vnet-web/subnets/private"
    properties = somebody(estate, "GET", subnet)["properties"]
    gateway = {"id": f"{RESOURCES}/natGateways/nat-web"}
    somebody(estate, "PUT", subnet, {"properties": properties | {"natGateway": gateway}})

    assert said(checked(estate, cli, 0)) == []
    assert "NAT gateway nat-web" in cli("check", *estate.sandboxed, "-v").text
    pass_time(estate, DAY + HOUR)
    assert last_backups(estate, cli) == [("Completed", "")] * 3
