"""`check`: whether backups would succeed, asked before they fail."""

import re
from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vm_id, vms
from tests.end_to_end.checks import AROUND, GROUP, LIVE, NETWORK, ROOT, checked, declare, exists, said, text

WEST = "AzureBackupRG_japanwest_1"


@pytest.mark.parametrize("number", [1, 40])
def test_vms_that_are_ready_are_a_count_and_cost_no_request_each(estate: Estate, cli: Cli, number: int) -> None:
    exists(estate, vms(*[f"web-{index:02}" for index in range(number)]))
    declare(estate)
    found = checked(estate, cli, 0)
    assert found["summary"] == {"ready": number, "not known": 0, "not ready": 0}
    assert found["findings"] == []
    # Behind a plan's 6: lists, the network, the group of snapshots and what is made in it.
    assert found["requests"]["read"] == 6 + AROUND + NETWORK + 2
    told = text(estate, cli)
    assert f"{number} ready. Azure was read in 19 requests." in told
    assert f"{GROUP} in {SUBSCRIPTION} still to be made" in told
    assert checked(estate, cli, 0) == found, "a second time it is the same"


def test_what_to_install_is_told_for_each_operating_system(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("lin-01", "lin-02", agent=None) | vms("win-01", os="Windows", agent=None) | vms("ok-01"))
    declare(estate)
    found = checked(estate, cli, 2)
    assert said(found) == [("warning", "vm-agent", ["lin-01", "lin-02"]), ("warning", "vm-agent", ["win-01"])]
    remedies = {one["vms"][0].rpartition("/")[2]: one["remedy"] for one in found["findings"]}
    assert "MSI" in remedies["win-01"]
    assert "distribution's own package" in remedies["lin-01"]
    assert [one["verdict"] for one in found["vms"]] == ["not ready", "not ready", "ready", "not ready"]
    told = text(estate, cli)
    assert "lin-01 and lin-02" in told
    assert "1 ready and 3 not ready" in told


@pytest.mark.parametrize(
    ("version", "ready"),
    [("2.6.1198.717", False), ("2.6.1198.718", True), ("2.6.1198.1000", True), ("2.10.0.0", True), ("1.99.1", False)],
)
def test_the_version_of_a_windows_agent_is_compared_by_its_numbers(
    estate: Estate, cli: Cli, version: str, ready: bool
) -> None:
    exists(estate, vms("win-01", os="Windows", agent={"version": version}) | vms("lin-01", agent={"version": "2.2.0"}))
    declare(estate)
    found = checked(estate, cli, 0 if ready else 2)
    assert said(found) == ([] if ready else [("warning", "vm-agent-version", ["win-01"])])
    assert found["vms"][1]["agentVersion"] == version


def test_of_a_vm_that_is_off_nothing_is_made_up(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("off-01", power="deallocated", agent=None) | vms("off-02", power="stopped"))
    declare(estate)
    found = checked(estate, cli, 0)
    assert said(found) == [("info", "vm-off", ["off-01"]), ("info", "vm-off", ["off-02"])]
    assert found["summary"]["ready"] == 2
    assert "so its agent is not known" in text(estate, cli)


def test_the_consistency_to_expect(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("win-01", os="Windows") | vms("lin-01") | vms("off-01", os="Windows", power="stopped"))
    declare(estate)
    found = checked(estate, cli, 0)
    assert {one["id"].rpartition("/")[2]: one["consistency"] for one in found["vms"]} == {
        "win-01": "application-consistent",
        "lin-01": "file-system-consistent",
        "off-01": "crash-consistent",
    }


def test_a_policy_that_does_without_the_agent_asks_for_none(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("web-01", agent=None))
    crash = policy("crash", tier="Enhanced", snapshotConsistency="OnlyCrashConsistent")
    declare(estate, vault(), crash, assignment(policy="crash"))
    found = checked(estate, cli, 0)
    assert said(found) == [("info", "crash-consistent", ["web-01"])]
    assert found["vms"][0]["consistency"] == "crash-consistent"


def test_the_extension_of_azure_backup_that_failed_is_told_with_its_words(estate: Estate, cli: Cli) -> None:
    failed = {"state": "failed", "message": "The snapshot handler crashed."}
    machines = vms("lin-01", extensions={"VMSnapshotLinux": failed})
    machines |= vms("lin-02", extensions={"Custom": failed | {"publisher": "Contoso"}})
    exists(estate, machines)
    declare(estate)
    found = checked(estate, cli, 2)
    assert said(found) == [("warning", "snapshot-extension", ["lin-01"])]
    assert found["findings"][0]["message"] == "its extension VMSnapshotLinux failed: The snapshot handler crashed"


def test_vms_that_cannot_be_backed_up_come_first_and_are_not_looked_at_further(estate: Estate, cli: Cli) -> None:
    machines = vms("far-01", location="japanwest", agent=None) | vms(
        "ultra-01", disks=[{"lun": 0, "storage": "UltraSSD_LRS"}]
    )
    exists(estate, machines | vms("web-01", agent=None))
    declare(estate)
    found = checked(estate, cli, 2)
    assert said(found) == [
        ("blocked", "vm-region", ["far-01"]),
        ("blocked", "vm-needs-enhanced", ["ultra-01"]),
        ("warning", "vm-agent", ["web-01"]),
    ]
    assert [one["id"].rpartition("/")[2] for one in found["snapshotGroups"]] == [GROUP], "none of the other region"


def test_a_vault_that_cannot_be_there_concerns_all_its_vms(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("web-01", "web-02"))
    declare(estate, vault("new", resourceGroup="rg-none"), assignment(vault="new", policy="DefaultPolicy"))
    found = checked(estate, cli, 2)
    assert said(found) == [("blocked", "resource-group-missing", ["web-01", "web-02"])]
    assert found["findings"][0]["address"].startswith("Vault/")


def test_a_selection_that_brings_no_vm_is_told_too(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("web-01"))
    nothing = assignment("nothing", select={"tags": {"env": ["porduction"]}})
    gone = assignment("gone", select={"ids": [vm_id("gone-01")]})
    declare(estate, vault(), policy(), nothing, gone)
    found = checked(estate, cli, 2)
    assert said(found) == [("blocked", "vm-missing", []), ("warning", "selects-nothing", [])]
    assert found["summary"] == {"ready": 0, "not known": 0, "not ready": 0}
    assert found["requests"]["read"] == 6 + 1, "the id is asked for, and then there is nothing to look at"
    assert "no VM" in text(estate, cli)


def test_vms_that_are_backed_up_already_are_looked_at_and_stopped_ones_are_not(estate: Estate, cli: Cli) -> None:
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in ("web-01", "old-01")]
    exists(estate, vms("web-01", agent=None) | vms("old-01", agent=None), LIVE | {"protectedItems": items})
    active = assignment(policy="DefaultPolicy", select={"names": ["web-*"]})
    declare(
        estate,
        vault(),
        active,
        assignment("old", select={"names": ["old-*"]}, protection="stopped", policy="DefaultPolicy"),
    )
    assert said(checked(estate, cli, 2)) == [("warning", "vm-agent", ["web-01"])]


def test_what_is_declared_beside_the_selected_vms_is_not_their_concern(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("web-01"))
    declare(estate, vault(), vault("gone", resourceGroup="rg-none"), policy(), assignment())
    assert {one["rule"] for one in planned(estate, cli)["findings"]} == {"resource-group-missing"}
    assert said(checked(estate, cli, 0)) == []


def test_each_subscription_and_region_is_asked_about_once(estate: Estate, cli: Cli) -> None:
    other = "22222222-2222-2222-2222-222222222222"
    groups = {"rg-web": LIVE | {"virtualMachines": vms(*[f"web-{index:02}" for index in range(45)])}}
    west = {"rg-west": LIVE | {"virtualMachines": vms("west-01", location="japanwest")}}
    vaults = {"jpe": LIVE, "jpw": {"location": "japanwest"}}
    estate.exists(
        pageSize=20,
        subscriptions={
            SUBSCRIPTION: {"resourceGroups": {"rg-backup": LIVE | {"vaults": vaults}, **groups, **west}},
            other: {"resourceGroups": groups},
        },
    )
    everywhere = {"subscriptions": [SUBSCRIPTION, other]}
    declare(
        estate,
        *(vault(name, location=entry["location"]) for name, entry in vaults.items()),
        *(
            assignment(
                name, vault=name, policy="DefaultPolicy", select={**everywhere, "locations": [entry["location"]]}
            )
            for name, entry in vaults.items()
        ),
    )
    found = checked(estate, cli, 0)
    assert found["summary"]["ready"] == 91
    # A plan: one list of vaults, three pages of VMs each, the graph, three reads a vault. Then in each subscription
    # three pages of status, two lists, three pages of interfaces, three of security groups, and five lists; the service
    # tags; and of Azure Policy two questions for each of the three groups of snapshots.
    told = cli("check", *estate.sandboxed).out
    assert "ready  91 VMs" in told
    assert [line.split()[0] for line in told.splitlines() if "still to be made" in line] == [GROUP, WEST, GROUP]
    assert found["requests"]["read"] == (1 + 2 * 3 + 1 + 2 * 3) + 2 * (3 + 2 + 3 + 3 + 5) + 1 + 3 * 2


def test_many_vms_with_one_cause_are_one_row(estate: Estate, cli: Cli) -> None:
    groups: dict[str, Any] = {f"AzureBackupRG_japaneast_{number}": {} for number in range(1, 9)}
    exists(estate, vms(*[f"web-{index:02}" for index in range(30)], agent=None), groups=groups)
    declare(estate)
    told = cli("check", *estate.sandboxed).out
    assert told.count("[vm-agent]") == 1
    assert "warning  30 VMs" in told
    assert "web-05 and 24" in told
    assert "web-29" not in told
    assert f"at: {estate.manifests / 'all.yaml'}:" in " ".join(told.split())
    assert [f"{name} " in told for name in groups] == [True] * 6 + [False] * 2
    assert "and 2 more" in told
    whole = cli("check", *estate.sandboxed, "-v").out
    assert "web-29" in whole
    assert all(name in whole for name in groups)
    plan = cli("plan", *estate.sandboxed).text
    assert plan.count("[vm-agent]") == 1
    assert "warning 30 VMs in rsv" in plan


def test_the_page_on_check_shows_what_is_told(estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"app-{index:02}" for index in range(1, 41)]
    machines = vms("web-01", "web-02", "web-03", agent=None) | vms(*names, os="Windows")
    machines |= vms("old-1", "old-2", os="Windows", power="deallocated") | vms("lin-1")
    exists(estate, machines, groups={GROUP: {}})
    declare(estate)
    estate.manifests.rename(estate.folder / "backups")
    monkeypatch.chdir(estate.folder)
    told = cli("check", "backups", "--sandbox", estate.world)
    page = (ROOT / "docs" / "check.md").read_text()
    (shown,) = re.findall(r"^\$ backup-reconciler check [^\n]*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert (told.status, told.out) == (2, shown)
