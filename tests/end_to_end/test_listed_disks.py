"""The list of disks that an assignment has, against the disks that a VM has."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, planned, vault, vms, world

DISKS = [{"lun": lun} for lun in (0, 3, 7)]
LEFT_OUT = "LUN 3 (web-01_DataDisk_3), LUN 7 (web-01_DataDisk_7)"
UNLISTED = ("disk-not-listed", "info", f"not on the list of disks to back up: {LEFT_OUT}")


def exists(estate: Estate) -> None:
    item = {"vm": "rg-web/web-01", "policy": "DefaultPolicy"}
    held = {"rsv": {"location": "japaneast", "protectedItems": [item]}}
    estate.exists(**world(vms("web-01", disks=DISKS), held))


@pytest.mark.parametrize(
    ("disks", "told"),
    [
        ("all", []),
        ("osOnly", []),
        ({"include": [0, 3, 7]}, []),
        ({"include": [0]}, [UNLISTED]),
        ({"exclude": [3]}, []),
        ({"include": [0, 3, 5, 6, 7]}, [("disk-lun-missing", "warning", "it has no disk at LUN 5 and 6")]),
        ({"exclude": [5]}, [("disk-lun-missing", "info", "it has no disk at LUN 5")]),
    ],
    ids=str,
)
def test_a_list_of_disks_is_held_against_the_vm(
    estate: Estate, cli: Cli, disks: Any, told: list[tuple[str, str, str]]
) -> None:
    exists(estate)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", disks=disks))
    findings = planned(estate, cli)["findings"]
    assert [(one["rule"], one["severity"], one["message"]) for one in findings] == told


def test_a_new_disk_is_pointed_out_also_where_nothing_else_is_to_be_done(estate: Estate, cli: Cli) -> None:
    exists(estate)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", disks={"include": [0]}))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    plan = planned(estate, cli)
    assert plan["actions"] == []
    assert [one["rule"] for one in plan["findings"]] == ["disk-not-listed"]
