"""Reading readiness: what Azure would not tell is told as such, and only silence is an error."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.azure.codec import protection
from backup_reconciler.azure.errors import AzureError, NotArm
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import read_readiness
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness, ReadinessScope
from backup_reconciler.state.snapshot_group import SnapshotGroupNames
from tests.unit.fakes import Answer, Cut, road

NAMES = SnapshotGroupNames("s", "japaneast", "AzureBackupRG_japaneast_")
SCOPE = ReadinessScope(frozenset({"s"}), frozenset({NAMES}))
VAULT = vault_id("s", "rg", "rsv")
LISTS = ("virtualMachines", "locks", "resourceGroups")


def readiness(
    answers: dict[str, Answer], *groups: str, scope: ReadinessScope = SCOPE
) -> tuple[Readiness, list[ArmRequest]]:
    """What is read where some paths, by their ends, get their own answers, and the rest is as it should be."""
    there = [{"id": f"/subscriptions/s/resourceGroups/{name}"} for name in groups]

    def script(request: ArmRequest) -> Answer:
        end = request.path.rpartition("/")[2]
        return answers.get(end) or Answer(200, {"value": there if end == "resourceGroups" else []})

    arm, clients, _ = road(script)
    return asyncio.run(read_readiness(arm, scope)), clients.sent


@pytest.mark.parametrize(
    ("answer", "why", "forbidden"),
    [
        (Answer(403, {"error": {"code": "AuthorizationFailed"}}), "403 AuthorizationFailed", True),
        (
            Answer(409, {"error": {"code": "MissingSubscriptionRegistration"}}),
            "409 MissingSubscriptionRegistration",
            False,
        ),
        (Answer(429, {"error": {"code": "TooManyRequests"}}), "429 TooManyRequests", False),
        (Answer(503, {"error": {}}), "503", False),
    ],
)
@pytest.mark.parametrize("end", [*LISTS, "checkPolicyRestrictions"])
def test_an_answer_that_tells_nothing_is_not_known(answer: Answer, why: str, forbidden: bool, end: str) -> None:
    found, _ = readiness({end: answer})
    (group,) = found.snapshot_groups[NAMES]
    parts = dict(zip(LISTS, (found.statuses["s"], found.locks["s"], found.groups["s"]), strict=True))
    assert ({**parts, "checkPolicyRestrictions": group.point_denials})[end] == NotRead(why, forbidden)
    assert [name for name, part in parts.items() if isinstance(part, NotRead)] == [end] * (end in LISTS)


@pytest.mark.parametrize("end", [*LISTS, "checkPolicyRestrictions"])
def test_silence_and_what_is_not_azure_are_errors(end: str) -> None:
    with pytest.raises(AzureError):
        readiness({end: Cut()})
    with pytest.raises(NotArm):
        readiness({end: Answer(200, b"<html>")})


def test_every_group_that_is_there_is_asked_about_and_no_other() -> None:
    first, tenth = "AzureBackupRG_japaneast_1", "azurebackuprg_JAPANEAST_10"
    found, sent = readiness({}, first, tenth, "AzureBackupRG_japaneast_", "AzureBackupRG_japaneast_1x", "rg-web")
    assert [(one.id.name, one.exists) for one in found.snapshot_groups[NAMES]] == [(first, True), (tenth, True)]
    asked = [request.path.split("/")[4] for request in sent if request.method == "POST"]
    assert sorted(asked) == sorted([first, tenth])
    assert found.requests == len(sent) == 5


def test_a_group_that_is_to_be_made_is_asked_about_as_it_would_be_made() -> None:
    _, sent = readiness({})
    contents = [request.body["resourceDetails"]["resourceContent"] for request in sent if request.body]
    assert {one["type"]: (one["name"], one["location"], one["tags"]) for one in contents} == {
        "Microsoft.Resources/subscriptions/resourceGroups": ("AzureBackupRG_japaneast_1", "japaneast", {}),
        "Microsoft.Compute/restorePointCollections": ("AzureBackup_vm", "japaneast", {}),
    }
    assert all(request.repeatable and not request.changes for request in sent)


def test_the_newest_failed_backup_of_each_vm_is_what_counts() -> None:
    one, other, well = (
        ArmId(f"/subscriptions/s/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/{name}")
        for name in ("web-01", "web-02", "web-03")
    )
    newest_first = [
        job("iaasvmcontainerv2;rg;WEB-01", "ExtensionSnapshotFailedNoNetwork"),
        job("iaasvmcontainerv2;rg;web-01", "UserErrorFsFreezeFailed"),
        job("iaasvmcontainerv2;rg;web-02", "ResourceNotFound"),
        job("iaasvmcontainerv2;rg;others", "ExtensionSnapshotFailedNoNetwork"),
    ]
    asked = replace(SCOPE, failures={VAULT: frozenset({one, other, well})})
    found, sent = readiness({"backupJobs": Answer(200, {"value": newest_first})}, scope=asked)
    assert found.last_errors == {
        VAULT: {one: "ExtensionSnapshotFailedNoNetwork", other: "ResourceNotFound"},
    }
    assert len([request for request in sent if request.path.endswith("/backupJobs")]) == 1
    refused = Answer(403, {"error": {"code": "AuthorizationFailed"}})
    found, _ = readiness({"backupJobs": refused}, scope=asked)
    assert found.last_errors == {VAULT: NotRead("403 AuthorizationFailed", forbidden=True)}


def test_a_firewall_policy_that_is_not_told_leaves_the_rest_of_the_network_known() -> None:
    base = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
    policy = {"firewallPolicy": {"id": f"{base}/firewallPolicies/fwp"}}
    firewall = {"id": f"{base}/azureFirewalls/fw", "location": "japaneast", "properties": policy}
    answers = {"azureFirewalls": Answer(200, {"value": [firewall]}), "fwp": Answer(503, {"error": {}})}
    found, _ = readiness(answers, scope=replace(SCOPE, networks=frozenset({"s"})))
    assert (len(found.network.firewalls), found.network.firewall_policies, found.unread_networks) == (1, {}, {})


def job(container: str, error: str) -> dict[str, Any]:
    details = [{"errorCode": 1, "errorTitle": error, "errorString": "So it is."}]
    properties = {"containerName": container, "operation": "Backup", "status": "Failed", "errorDetails": details}
    return {"name": container, "properties": properties}


@pytest.mark.parametrize(
    ("health", "error"),
    [
        (
            {"healthDetails": [{"code": 1, "title": "ExtensionSnapshotFailedNoNetwork"}]},
            "ExtensionSnapshotFailedNoNetwork",
        ),
        (
            {
                "healthDetails": [{"code": 400239, "title": "IaasVmHealthGreenDefault"}],
                "kpisHealths": {
                    "BackupOperationStatusKPI": {"resourceHealthDetails": [{"title": "UserErrorFsFreezeFailed"}]}
                },
            },
            "UserErrorFsFreezeFailed",
        ),
        ({"healthDetails": [{"title": "Unheard of"}], "kpisHealths": None}, ""),
        ({"healthDetails": None}, ""),
    ],
)
def test_an_item_tells_why_its_last_backup_failed_where_its_health_names_a_known_code(
    health: dict[str, Any], error: str
) -> None:
    item: dict[str, Any] = {
        "id": "/subscriptions/s/x;rg;web-01",
        "properties": {"lastBackupStatus": "Failed", **health},
    }
    assert protection.decode(item).last_error == error
    well = {**item, "properties": {**item["properties"], "lastBackupStatus": "Completed"}}
    assert protection.decode(well).last_error == "", "what an earlier one failed with does not count"
