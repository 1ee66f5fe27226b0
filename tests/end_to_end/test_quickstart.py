"""The quickstart, step by step, as `make demo` walks it; and the demo itself."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "manifests" / "quickstart"


@pytest.fixture
def quickstart(estate: Estate) -> Estate:
    estate.manifests.mkdir()
    for manifest in ("vault.yaml", "policy.yaml", "assignment.yaml"):
        shutil.copy(QUICKSTART / manifest, estate.manifests)
    shutil.copy(QUICKSTART / "quickstart.world.yaml", estate.world)
    return estate


def test_the_whole_walk(quickstart: Estate, cli: Cli) -> None:
    where = quickstart.sandboxed
    assert cli("validate", quickstart.manifests).out == "Valid: 1 vault, 1 policy and 1 assignment.\n"

    planned = cli("plan", *where)
    assert planned.status == 0
    assert "1 vault to create, 1 policy to create and 8 VMs to protect. 2 blocked." in planned.out
    assert "it is in japanwest, the vault is in japaneast [vm-region]" in planned.out
    assert "the vault rsv-legacy in rg-legacy holds it already [vm-in-other-vault]" in planned.out

    assert cli("apply", *where, "--auto-approve").status == 0
    converged = cli("plan", *where, "--detailed-exitcode")
    assert converged.status == 0
    assert "Plan: nothing to do. 2 blocked. 10 as declared." in converged.out
    assert cli("drift", *where).status == 0

    by_hand = (sys.executable, QUICKSTART / "by_hand.py")
    assert cli("sandbox", quickstart.world, "--pace", 600, "--", *by_hand).status == 0

    drifted = cli("drift", *where, "--format", "json")
    assert drifted.status == 2
    policy_yaml, assignment_yaml = (quickstart.manifests / f"{name}.yaml" for name in ("policy", "assignment"))
    assert [
        (one["address"].rpartition("/")[2], change["path"], change["from"], change["to"], change["source"])
        for one in drifted.json["differences"]
        for change in one["changes"]
    ] == [
        ("daily-30d", "retention.daily.days", 7, 30, f"{policy_yaml}:14"),
        ("web-03", "protection", "stopped", "active", f"{assignment_yaml}:7"),
        ("web-03", "policy", None, "daily-30d", f"{assignment_yaml}:8"),
    ]

    assert cli("apply", *where, "--auto-approve").status == 0
    assert "Plan: nothing to do. 2 blocked. 10 as declared." in cli("plan", *where).out


def test_reading_and_applying_take_exactly_these_requests(quickstart: Estate, cli: Cli) -> None:
    where = quickstart.sandboxed
    planned = cli("plan", *where, "--format", "json").json
    # Lists of vaults and VMs, the graph, the resource group of the vault that does not exist, and whether the vault
    # that the graph names still holds db-02. Then, because VMs are to be protected, lists of their status, locks and
    # resource groups, and two questions to Azure Policy.
    assert planned["requests"]["read"] == len(quickstart.requests()) == 5 + 3 + 2

    quickstart.forget()
    applied = cli("apply", *where, "--auto-approve")
    assert [seen.method for seen in quickstart.writes()] == ["PUT"] * 10
    # Behind the plan's 10: is the vault, is the policy still missing; list and GET of the vault; list of the policies;
    # and three looks of two lists at the vault: before, and while protecting takes 32 seconds, 30 apart.
    assert len(quickstart.requests()) == 10 + 10 + 2 + 2 + 1 + 6
    assert "10 done; 10 writes and 11 reads were sent." in applied.out

    quickstart.forget()
    cli("plan", *where)
    # The list of vaults and VMs, the graph, of the one vault GET, policies and items, and db-02 again.
    assert len(quickstart.requests()) == 7


def test_the_demo_runs_by_itself(tmp_path: Path) -> None:
    copy = tmp_path / "manifests" / "quickstart"
    shutil.copytree(QUICKSTART, copy, ignore=shutil.ignore_patterns(".sandbox"))
    done = subprocess.run([sys.executable, copy / "demo.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The demo ends here" not in done.stdout
    assert done.stderr == ""
