"""Somebody changes things while the question is on the screen: nothing of it is undone.

The box runs in a process of its own here, because the change must come from another client than the one that asks.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    absent_policy,
    assignment,
    daily_policy,
    policy,
    vault,
    vm_id,
    vms,
    world,
)

VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
NAMES = "iaasvmcontainerv2;rg-web;web-01"
ITEM = f"{VAULT}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{NAMES}/protectedItems/VM;{NAMES}"

PROGRAM = """
import json, os, sys, urllib.request
from backup_reconciler.cli import applying, main

endpoint = os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"]
token_url = os.environ["IDENTITY_ENDPOINT"] + "?api-version=2019-08-01&resource=x"
token_request = urllib.request.Request(token_url, headers={"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]})
token = json.load(urllib.request.urlopen(token_request))["access_token"]

def meanwhile(question):
    for method, path, body in json.load(open(sys.argv[2])):
        url, data = f"{endpoint}{path}?api-version=2026-10-01", json.dumps(body).encode()
        request = urllib.request.Request(url, data, method=method)
        request.add_header("Authorization", f"Bearer {token}")
        request.add_header("Content-Type", "application/json")
        urllib.request.urlopen(request)
    return True

applying.typer.confirm = meanwhile
sys.stdin.isatty = lambda: True
sys.exit(main.main(["apply", *sys.argv[1:2], *sys.argv[3:]]))
"""


IDENTITY = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
)
SOURCE = {"protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": vm_id("web-01")}

APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("web-01")]}
CONSENT = ("--allow-destructive", "--allow-one-way")

BOUND = {"policy": "other", "state": "IRPending"}

# What is declared, and what somebody does to the same thing meanwhile.
CASES: dict[str, tuple[list[dict[str, Any]], tuple[str, str, dict[str, Any]]]] = {
    "tags": ([vault(tags={"b": "2"})], ("PATCH", VAULT, {"tags": {"a": "1", "theirs": "x"}})),
    "identities": (
        [vault(identity={"userAssigned": [f"{IDENTITY}-ours"]})],
        ("PATCH", VAULT, {"identity": {"type": "UserAssigned", "userAssignedIdentities": {f"{IDENTITY}-theirs": {}}}}),
    ),
    "a policy": (
        [vault(), policy()],
        ("PUT", f"{VAULT}/backupPolicies/daily", {"properties": daily_policy(3650)}),
    ),
    "a policy that was missing": (
        [vault(), policy("new")],
        ("PUT", f"{VAULT}/backupPolicies/new", {"properties": daily_policy(3650)}),
    ),
    "a vault that was missing": (
        [vault("rsv-new")],
        ("PUT", f"{VAULT}-new", {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}}),
    ),
    "a VM": (
        [vault(), assignment(policy="DefaultPolicy")],
        ("PUT", ITEM, {"properties": {**SOURCE, "policyId": f"{VAULT}/backupPolicies/daily"}}),
    ),
    "a policy that is to go": (
        [vault(), absent_policy("daily")],
        ("PUT", f"{VAULT}/backupPolicies/daily", {"properties": daily_policy(3650)}),
    ),
    "the soft delete of a vault that is to go": (
        [vault(state="absent", approval=APPROVAL)],
        ("PATCH", VAULT, {"properties": {"securitySettings": {"softDeleteSettings": {"softDeleteState": "Disabled"}}}}),
    ),
    "backups that are to go": (
        [vault(state="absent", approval=APPROVAL)],
        ("PUT", ITEM, {"properties": {**SOURCE, "policyId": f"{VAULT}/backupPolicies/daily"}}),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_somebody_changed_while_the_question_was_asked_is_left_alone(
    case: str, estate: Estate, cli: Cli, tmp_path: Path
) -> None:
    declared, change = CASES[case]
    torn_down = declared[0]["spec"].get("state") == "absent"
    item = {"vm": "rg-web/web-01", **({"state": "ProtectionStopped"} if torn_down else BOUND)}
    policies = {"daily": daily_policy(7), "other": daily_policy(7)}
    live = {"location": "japaneast", "tags": {"a": "1"}, "policies": policies, "protectedItems": [item]}
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    estate.declare("all", *declared)
    (tmp_path / "changes.json").write_text(json.dumps([change]))
    (tmp_path / "program.py").write_text(PROGRAM)
    program = (sys.executable, tmp_path / "program.py", estate.manifests, tmp_path / "changes.json", *CONSENT)

    # So fast that what they started is over before our apply looks.
    assert cli("sandbox", estate.world, "--pace", 20000, "--", *program).status == 1

    method, path, _ = change
    assert [(seen.method, seen.path) for seen in estate.writes()] == [(method, path)], "their write, and none of ours"


# By VM: how it is found, what is wished for it, and what somebody does to it meanwhile.
OTHER = {"policyId": f"{VAULT}/backupPolicies/other"}
STOPPED = {"policyId": "", "protectionState": "ProtectionStopped"}
VERBS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "resume": ({"state": "ProtectionStopped"}, {}, OTHER),
    "stop": ({"policy": "daily"}, {"protection": "stopped"}, OTHER),
    "suspend": ({"policy": "daily"}, {"protection": "suspended"}, STOPPED),
    "undelete": ({"state": "SoftDeleted"}, {"protection": "stopped"}, {**STOPPED, "isRehydrate": True}),
    "disks": (
        {"policy": "daily"},
        {"disks": "osOnly"},
        {
            "policyId": f"{VAULT}/backupPolicies/daily",
            "extendedProperties": {"diskExclusionProperties": {"diskLunList": [1], "isInclusionList": False}},
        },
    ),
}


def item_of(name: str) -> str:
    return ITEM.replace("web-01", name)


def test_no_verb_undoes_what_somebody_did_to_a_vm_meanwhile(estate: Estate, cli: Cli, tmp_path: Path) -> None:
    """Nor does it what they did already: the VM that was to be brought back is."""
    policies = {"daily": daily_policy(30), "other": daily_policy(30)}
    items = [{"vm": f"rg-web/{name}", **found} for name, (found, _, _) in VERBS.items()]
    live = {"location": "japaneast", "policies": policies, "protectedItems": items, "immutability": "Unlocked"}
    estate.exists(**world(vms(*VERBS), {"rsv": live}))
    wishes = [assignment(name, select={"names": [name]}, **wished) for name, (_, wished, _) in VERBS.items()]
    estate.declare("all", vault(), policy(), *wishes)
    theirs = [
        ("PUT", item_of(name), {"properties": {**SOURCE, "sourceResourceId": vm_id(name), **change}})
        for name, (_, _, change) in VERBS.items()
    ]
    (tmp_path / "changes.json").write_text(json.dumps(theirs))
    (tmp_path / "program.py").write_text(PROGRAM)
    program = (sys.executable, tmp_path / "program.py", estate.manifests, tmp_path / "changes.json", *CONSENT)
    assert cli("sandbox", estate.world, "--pace", 20000, "--", *program).status == 3
    assert [seen.path.rpartition(";")[2] for seen in estate.writes()] == list(VERBS), "their writes, and none of ours"


def test_backups_that_somebody_resumes_meanwhile_are_not_deleted(estate: Estate, cli: Cli, tmp_path: Path) -> None:
    item = {"vm": "rg-web/web-01", "state": "ProtectionStopped"}
    live = {"location": "japaneast", "policies": {"other": daily_policy(30)}, "protectedItems": [item]}
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", protection="deleted", approval=APPROVAL))
    theirs = ("PUT", ITEM, {"properties": {**SOURCE, **OTHER}})
    (tmp_path / "changes.json").write_text(json.dumps([theirs]))
    (tmp_path / "program.py").write_text(PROGRAM)
    program = (sys.executable, tmp_path / "program.py", estate.manifests, tmp_path / "changes.json", *CONSENT)
    assert cli("sandbox", estate.world, "--pace", 20000, "--", *program).status == 1
    assert [seen.method for seen in estate.writes()] == ["PUT"]


def test_a_vault_in_which_somebody_protects_a_vm_meanwhile_is_not_deleted(
    estate: Estate, cli: Cli, tmp_path: Path
) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": {"location": "japaneast"}}))
    estate.declare("all", vault(state="absent"))
    theirs = ("PUT", ITEM, {"properties": {**SOURCE, "policyId": f"{VAULT}/backupPolicies/DefaultPolicy"}})
    (tmp_path / "changes.json").write_text(json.dumps([theirs]))
    (tmp_path / "program.py").write_text(PROGRAM)
    program = (sys.executable, tmp_path / "program.py", estate.manifests, tmp_path / "changes.json", *CONSENT)
    told = cli("sandbox", estate.world, "--pace", 20000, "--", *program)
    assert told.status == 1
    assert [(seen.method, seen.path) for seen in estate.writes()] == [theirs[:2]]
