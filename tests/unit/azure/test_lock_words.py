"""What the lock tells: who has it, in headers and in sentences; what Azure Storage answers, with what to do."""

from datetime import UTC, datetime

import pytest
from azure.core.exceptions import AzureError as SdkError
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError

from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.lease_errors import LeaseGone, error_from
from backup_reconciler.cli.this_run import this_run
from backup_reconciler.spec.blob_url import BlobUrl

BLOB = BlobUrl.written("https://stbackup.blob.core.windows.net/locks/run")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_holder_reads_back_as_it_was_written_in_ascii() -> None:
    holder = Holder("Ada Löwe", "https://ci.example/日本?run=7", NOON)
    assert all(value.isascii() for value in holder.metadata.values())
    assert Holder.told({name.upper(): value for name, value in holder.metadata.items()}) == holder
    assert str(holder) == "Ada Löwe (https://ci.example/日本?run=7), since 2026-11-23 12:00 UTC"


@pytest.mark.parametrize("since", ["", "never", "2026-11-23T12:00:00"])
def test_a_time_that_is_none_is_not_told(since: str) -> None:
    holder = Holder.told({"lockedby": "ada", "lockedfrom": "build-07", "lockedsince": since})
    assert str(holder) == "ada (build-07)"


def test_a_blob_that_no_run_has_had_tells_of_nobody() -> None:
    assert Holder.told({"owner": "grace"}) is None


@pytest.mark.parametrize(("environment", "who", "where"), [
    (
        {"GITHUB_ACTOR": "ada", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r",
         "GITHUB_RUN_ID": "7"},
        "ada", "https://github.com/o/r/actions/runs/7",
    ),
    (
        {"BUILD_REQUESTEDFOR": "Ada", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/o/", "SYSTEM_TEAMPROJECT": "p",
         "BUILD_BUILDID": "7"},
        "Ada", "https://dev.azure.com/o/p/_build/results?buildId=7",
    ),
    ({"GITLAB_USER_LOGIN": "ada", "CI_JOB_URL": "https://gitlab.com/o/r/-/jobs/7"}, "ada", "https://gitlab.com/o/r/-/jobs/7"),
    ({"GITHUB_ACTOR": "somebody who sets one variable"}, "ada", "build-07"),
])  # fmt: skip
def test_a_run_of_a_pipeline_says_where_it_can_be_looked_at(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], who: str, where: str
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    monkeypatch.setattr("platform.node", lambda: "build-07")
    assert this_run(NOON, environment) == Holder(who, where, NOON)


def test_a_user_and_a_machine_may_have_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1001")

    monkeypatch.setattr("getpass.getuser", nobody)
    monkeypatch.setattr("platform.node", lambda: "")
    assert str(this_run(NOON, {})) == "a user without a name (a machine without a name), since 2026-11-23 12:00 UTC"


def answered(status: int, code: str = "", message: str = "odd\nRequestId: 1") -> HttpResponseError:
    error = HttpResponseError(message)
    vars(error).update(status_code=status, error_code=code)  # the SDK sets them as it reads an answer
    return error


@pytest.mark.parametrize(("error", "told", "passing"), [
    (ClientAuthenticationError("no credential\nadvice"), "no token for it could be had: no credential; nothing", False),
    (ServiceRequestError("Cannot connect."), "no answer from Azure Storage: Cannot connect; nothing was", True),
    (answered(503, "ServerBusy"), "Azure Storage fails (503 ServerBusy); nothing was changed; run again later", True),
    (answered(429), "Azure Storage fails (429); nothing was changed; run again later", True),
    (answered(401, "NoAuthenticationInformation"), "may not use it (401 NoAuthenticationInformation)", False),
    (answered(409, "BlobImmutableDueToPolicy"), "refuses it (409 BlobImmutableDueToPolicy: odd); nothing was", False),
    (answered(412, "LeaseIdMismatchWithBlobOperation"), "another run has taken it meanwhile; nothing", False),
])  # fmt: skip
def test_what_azure_storage_answers_is_told_in_one_line(error: SdkError, told: str, passing: bool) -> None:
    lock_error = error_from(BLOB, error)
    assert told in str(lock_error)
    assert str(lock_error).startswith("the lock https://stbackup.blob.core.windows.net/locks/run: ")
    assert (lock_error.passing, "\n" in str(lock_error)) == (passing, False)


@pytest.mark.parametrize(("code", "what"), [
    ("LeaseIsBrokenAndCannotBeRenewed", "somebody broke it"),
    ("LeaseIsBreakingAndCannotBeChanged", "somebody broke it"),
    ("LeaseIdMismatchWithLeaseOperation", "somebody else has taken it"),
])  # fmt: skip
def test_how_a_lease_was_lost_is_told(code: str, what: str) -> None:
    assert LeaseGone(BLOB, code).what == what
