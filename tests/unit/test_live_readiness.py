"""Reading readiness: what Azure would not tell is told as such, and only silence is an error."""

import asyncio

import pytest

from backup_reconciler.azure.errors import AzureError, NotArm
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import read_readiness
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness, ReadinessScope
from backup_reconciler.state.snapshot_group import SnapshotGroupNames
from tests.unit.fakes import Answer, Cut, road

NAMES = SnapshotGroupNames("s", "japaneast", "AzureBackupRG_japaneast_")
SCOPE = ReadinessScope(frozenset({"s"}), frozenset({NAMES}))
LISTS = ("virtualMachines", "locks", "resourceGroups")


def readiness(answers: dict[str, Answer], *groups: str) -> tuple[Readiness, list[ArmRequest]]:
    """What is read where some paths, by their ends, get their own answers, and the rest is as it should be."""
    there = [{"id": f"/subscriptions/s/resourceGroups/{name}"} for name in groups]

    def script(request: ArmRequest) -> Answer:
        end = request.path.rpartition("/")[2]
        return answers.get(end) or Answer(200, {"value": there if end == "resourceGroups" else []})

    arm, clients, _ = road(script)
    return asyncio.run(read_readiness(arm, SCOPE)), clients.sent


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
