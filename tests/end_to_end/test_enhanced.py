"""Standard to Enhanced: a move that is asked for, made in waves, and never made back; and VMs that ask for it."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, vault, vms, world

NAMES = ("web-01", "web-02", "web-03")
CONSENT = ("--auto-approve", "--allow-one-way")


def held(*names: str, policy: str = "DefaultPolicy") -> dict[str, Any]:
    items = [{"vm": f"rg-web/{name}", "policy": policy} for name in names]
    return {"rsv": {"location": "japaneast", "protectedItems": items}}


def test_a_vm_is_not_moved_to_an_enhanced_policy_unless_its_assignment_says_so(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-04"), held("web-01")))
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy"))
    told = cli("plan", *estate.sandboxed, "--format", "json").json
    assert [(action["verb"], action["address"].rpartition("/")[2]) for action in told["actions"]] == [
        ("protect", "web-04")
    ], "a VM that has no backup is not moved, it begins"
    (blocked,) = told["findings"]
    assert (blocked["rule"], blocked["message"]) == (
        "move-to-enhanced",
        "it is bound to the Standard policy DefaultPolicy, and EnhancedPolicy is Enhanced",
    )
    assert "moveToEnhanced: {vmsPerRun: 10}" in blocked["remedy"]
    drifted = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    assert [(one["state"], one["blockedBy"]) for one in drifted] == [
        ("differs", "move-to-enhanced"),
        ("missing", None),
    ]


def test_vms_move_in_waves_until_all_are_moved(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms(*NAMES), held(*NAMES)))
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy", moveToEnhanced={"vmsPerRun": 2}))
    told = cli("plan", *estate.sandboxed)
    assert "migrate 2 VMs in rsv by EnhancedPolicy (one-way)" in told.text
    assert "later migrate VM web-03 in rsv" in told.text
    assert "Plan: 2 VMs to move to an Enhanced policy. 1 left for a later run." in told.text
    found = cli("plan", *estate.sandboxed, "--format", "json").json
    (later,) = found["heldBack"]
    assert later["address"].endswith("/rg-web/web-03")
    assert (later["verb"], later["because"], later["why"]) == ("migrate", "VMAssignment/production", "later wave")
    assert (found["summary"]["postponed"], found["summary"]["blocked"]) == (1, 0)
    assert len(cli("drift", *estate.sandboxed, "--format", "json").json["differences"]) == 3
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 1, "no way leads back, so it needs consent"
    for moved in (2, 3):
        assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
        assert len(estate.requests("PUT", "/protectedItems/")) == moved
    assert cli("plan", *estate.sandboxed, "--format", "json").json["summary"] == {
        "blocked": 0,
        "postponed": 0,
        "unchanged": 4,
    }


NEEDING = {
    "a disk": ({"disks": [{"lun": 3, "storage": "PremiumV2_LRS"}]}, "its disk web-01_DataDisk_3 is PremiumV2_LRS"),
    "its kind": ({"securityType": "ConfidentialVM"}, "it is a confidential VM"),
}


@pytest.mark.parametrize("why", NEEDING)
def test_a_vm_that_no_standard_policy_backs_up_is_named_with_what_of_it(estate: Estate, cli: Cli, why: str) -> None:
    entry, reason = NEEDING[why]
    estate.exists(**world(vms("web-01", **entry), {"rsv": {"location": "japaneast"}}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("plan", *estate.sandboxed, "--format", "json").json
    assert told["actions"] == []
    (blocked,) = told["findings"]
    assert (blocked["rule"], blocked["severity"]) == ("vm-needs-enhanced", "blocked")
    assert blocked["message"] == f"{reason}, and DefaultPolicy is a Standard policy"
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert cli("plan", *estate.sandboxed, "--format", "json").json["actions"] == []


def test_trusted_launch_does_well_under_a_standard_policy(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", securityType="TrustedLaunch"), {"rsv": {"location": "japaneast"}}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0


def test_a_disk_that_came_after_the_policy_is_a_warning(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", disks=[{"lun": 0, "storage": "UltraSSD_LRS"}]), held("web-01")))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("plan", *estate.sandboxed, "--format", "json").json
    assert (told["actions"], told["summary"]["unchanged"]) == ([], 2)
    assert [(one["rule"], one["severity"]) for one in told["findings"]] == [("vm-needs-enhanced", "warning")]
