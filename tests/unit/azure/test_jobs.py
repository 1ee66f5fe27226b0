"""Jobs as Azure tells them: the status by the phases, moments, and errors by name or by number."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backup_reconciler.azure.codec import job
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read
from backup_reconciler.spec.arm_id import vault_id
from backup_reconciler.state.job import SNAPSHOT, TRANSFER, Phase

VAULT = vault_id("s", "rg", "rsv")


def arm(**properties: Any) -> dict[str, Any]:
    usual = {"containerName": "iaasvmcontainerv2;RG;Web-01", "operation": "Backup", "status": "InProgress"}
    return {"name": "j", "properties": usual | properties}


def phased(snapshot: str, transfer: str, status: str) -> dict[str, Any]:
    tasks = [
        {"taskId": "Take Snapshot", "duration": "PT0S", "status": snapshot},
        {"taskId": "Transfer data to vault", "duration": "PT0S", "status": transfer},
    ]
    return arm(status=status, extendedInfo={"tasksList": tasks})


@pytest.mark.parametrize(
    ("snapshot", "transfer", "whole"),
    [
        ("Completed", "InProgress", "InProgress"),
        ("Completed", "Skipped", "Completed"),
        ("Completed", "Completed", "Completed"),
        ("Completed", "Failed", "CompletedWithWarnings"),
        ("Failed", "Failed", "Failed"),
    ],
)
def test_the_phases_say_how_the_whole_job_stands(snapshot: str, transfer: str, whole: str) -> None:
    found = job.decode(phased(snapshot, transfer, "Unheard of"))
    assert found.status == whole
    assert found.phases == (Phase(SNAPSHOT, snapshot), Phase(TRANSFER, transfer))
    assert found.transfer_skipped is (transfer == "Skipped")


@pytest.mark.parametrize(
    ("snapshot", "transfer"), [("Completed", "NotStarted"), ("Cancelled", "Cancelled"), ("Completed", "InProgress")]
)
def test_where_the_phases_do_not_say_azures_word_counts(snapshot: str, transfer: str) -> None:
    assert job.decode(phased(snapshot, transfer, "Cancelled")).status == "Cancelled"


def test_a_listed_job_tells_no_phases_and_one_that_has_none_tells_that() -> None:
    assert job.decode(arm()).phases is None
    assert job.decode(arm(extendedInfo={"tasksList": []})).phases == ()


def test_moments_are_read_to_the_microsecond_and_the_year_one_is_none() -> None:
    found = job.decode(arm(startTime="2026-11-23T00:00:01.1234567Z", endTime="0001-01-01T00:00:00"))
    assert found.started == datetime(2026, 11, 23, 0, 0, 1, 123456, UTC)
    assert found.ended is None
    assert found.took(datetime(2026, 11, 23, 0, 1, 1, 123456, UTC)).total_seconds() == 60  # type: ignore[union-attr]
    with pytest.raises(NotArm, match="cannot be understood"):
        read(job.decode, arm(startTime="yesterday"))


def test_the_filter_is_written_as_the_service_takes_it() -> None:
    request = job.list_request(VAULT, datetime(2026, 11, 23, 0, 30, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=UTC))
    assert request.query["$filter"] == (
        "backupManagementType eq 'AzureIaasVM' and startTime eq '2026-11-23 12:30:00 AM' "
        "and endTime eq '2026-11-24 01:00:00 PM'"
    )
    assert job.get_request(VAULT, "j").path.endswith("/vaults/rsv/backupJobs/j")


EXPLAINED = {
    "UserErrorGuestAgentStatusUnavailable": "restart its agent",
    "GuestAgentSnapshotTaskStatusError": "restart its agent",
    "ExtensionSnapshotFailedNoNetwork": "docs/manifests/outbound.md",
    "ExtensionSnapshotFailedNoSecureNetwork": "strong cryptography",
    "ExtensionFailedTimeoutVMNetworkUnresponsive": "docs/manifests/outbound.md",
    "UserErrorVmNotInDesirableState": "running or deallocated",
    "VmNotInDesirableState": "running or deallocated",
    "UserErrorRpCollectionLimitReached": "remove the lock",
    "UserErrorBackupOperationInProgress": "when it has ended",
    "UserErrorKeyvaultPermissionsNotConfigured": "key vault",
    "UserErrorRequestDisallowedByPolicy": "exempt",
    "UserErrorFsFreezeFailed": "file systems",
    "ExtensionStuckInDeletionState": "uninstall the extension",
    "CloudInternalError": "next backup",
    "BCMV2VMNotFound": "stop its backups, which keeps its recovery points",
    "AzureVmOffline": "start the VM",
}


@pytest.mark.parametrize(("code", "remedy"), EXPLAINED.items())
def test_each_documented_error_says_what_it_means_and_what_to_do(code: str, remedy: str) -> None:
    (error,) = job.decode(arm(errorDetails=[{"errorCode": 0, "errorTitle": code, "errorString": "so"}])).errors
    assert (error.code, error.message) == (code, "so")
    assert error.meaning
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("number", "title", "meaning"),
    [
        (320001, "ResourceNotFound", "the VM does not exist any more"),
        (400094, "", "the VM does not exist any more"),
        (380008, "AzureVmOffline", "the VM is off, or does not answer"),
    ],
)
def test_an_error_is_known_by_its_number_too(number: int, title: str, meaning: str) -> None:
    (error,) = job.decode(arm(errorDetails=[{"errorCode": number, "errorTitle": title}])).errors
    assert (error.code, error.meaning) == (title or str(number), meaning)


def test_of_an_error_that_is_not_known_azures_own_advice_is_told() -> None:
    details = [
        {"errorTitle": "Odd", "errorString": "It broke.", "recommendations": ["Do this.", "Or that."]},
        {"errorTitle": "Odder"},
    ]
    first, second = job.decode(arm(errorDetails=details)).errors
    assert (first.meaning, first.remedy) == ("", "Do this. Or that.")
    assert (second.message, second.remedy) == ("", "")
