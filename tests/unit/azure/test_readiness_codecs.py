"""The codecs of what decides whether backups succeed: status, locks, and what Azure Policy denies."""

from typing import Any

import pytest

from backup_reconciler.azure.codec import lock, policy_restrictions, vm_status
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.vm_status import FailedExtension, LiveAgent, VMStatus

SUBSCRIPTION = "/subscriptions/s"
GROUP = f"{SUBSCRIPTION}/resourceGroups/AzureBackupRG_japaneast_1"
READY = {"code": "ProvisioningState/succeeded"}
FAILED = {"code": "ProvisioningState/failed/VMExtensionHandlerError", "message": "It\n crashed."}


def status(**view: Any) -> VMStatus:
    return vm_status.decode({"properties": {"instanceView": view}})


def extension(type_: str, *statuses: dict[str, Any]) -> dict[str, Any]:
    return {"name": "mine", "type": type_, "statuses": list(statuses)}


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({}, None),
        ({"provisioningState": "Updating"}, None),
        ({"provisioningState": "Failed"}, ""),
        ({"provisioningState": "Failed", "instanceView": {"statuses": [FAILED]}}, "It crashed."),
        ({"instanceView": {"statuses": [READY, {"code": "PowerState/running"}]}}, None),
    ],
)
def test_a_change_of_a_vm_that_failed(properties: dict[str, Any], why: str | None) -> None:
    assert vm_status.decode({"properties": properties}).provisioning_failure == why


@pytest.mark.parametrize("type_", ["VMSnapshot", "VMSnapshotLinux"])
def test_of_extensions_only_azure_backups_own_counts_and_only_where_it_failed(type_: str) -> None:
    mine = f"Microsoft.Azure.RecoveryServices.{type_}"
    assert status(extensions=[extension(mine, READY)]).snapshot_extension is None
    assert status(extensions=[extension("Contoso.Other", FAILED)]).snapshot_extension is None
    assert status(extensions=[{"type": mine}]).snapshot_extension is None
    found = status(extensions=[extension("Contoso.Other", FAILED), extension(mine.upper(), FAILED)])
    assert found.snapshot_extension == FailedExtension("mine", "It crashed.")


def test_an_agent_that_is_unavailable_is_silent_whatever_its_version() -> None:
    silent = {"code": "ProvisioningState/Unavailable", "displayStatus": "Not Ready"}
    assert status(vmAgent={"vmAgentVersion": "2.7.1", "statuses": [silent]}).agent == LiveAgent(None)
    assert status(vmAgent={"vmAgentVersion": "2.7.1", "statuses": [READY]}).agent == LiveAgent("2.7.1")


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        (SUBSCRIPTION, True),
        (GROUP.upper(), True),
        (f"{GROUP}/providers/Microsoft.Compute/restorePointCollections/one", True),
        (f"{GROUP}0", False),
        (f"{SUBSCRIPTION}/resourceGroups/other", False),
    ],
)
@pytest.mark.parametrize(("level", "holds"), [("CanNotDelete", True), ("ReadOnly", True), ("NotSpecified", False)])
def test_what_a_lock_holds(scope: str, covers: bool, level: str, holds: bool) -> None:
    id_ = f"{scope}/providers/Microsoft.Authorization/locks/keep"
    found = lock.decode({"id": id_, "name": "keep", "properties": {"level": level}})
    assert (found.name, found.scope, found.holds) == ("keep", ArmId(scope), holds)
    assert found.covers(ArmId(GROUP)) is covers


def test_a_lock_without_a_scope_is_no_lock() -> None:
    with pytest.raises(NotArm, match="cannot be understood"):
        read(lock.decode, {"id": "/subscriptions/s", "properties": {"level": "ReadOnly"}})


def evaluation(result: str = "NonCompliant", effect: str | None = "Deny", *paths: str) -> dict[str, Any]:
    return {
        "policyInfo": {"policyAssignmentId": "/a"},
        "evaluationResult": result,
        "evaluationDetails": {"evaluatedExpressions": [{"path": path} for path in paths]},
        **({"effectDetails": {"policyEffect": effect}} if effect else {}),
    }


@pytest.mark.parametrize(
    ("found", "fields"),
    [
        (evaluation("NonCompliant", "Deny", "type", "tags.owner", "tags.owner"), ("tags.owner",)),
        (evaluation("NonCompliant", "deny"), ()),
        (evaluation("NonCompliant", None, "location"), ("location",)),
        (evaluation("NonCompliant", "Audit", "location"), None),
        (evaluation("Compliant"), None),
    ],
)
def test_only_what_would_be_denied_counts(found: dict[str, Any], fields: tuple[str, ...] | None) -> None:
    denials = policy_restrictions.decode({"contentEvaluationResult": {"policyEvaluations": [found]}})
    assert [one.fields for one in denials] == ([fields] if fields is not None else [])
    assert policy_restrictions.decode({}) == []
