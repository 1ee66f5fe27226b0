"""Which lock a run takes, and what it says where it can take none. How locks are had is in tests/azurite."""

import pytest

from backup_reconciler.cli import locking
from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world
from tests.end_to_end.test_settings import settle
from tests.unit.fakes import FakeClock

IN_AZURE = "https://stbackup.blob.core.windows.net/locks/run"
NOBODY = "http://127.0.0.1:9/devstoreaccount1/locks/run"


@pytest.fixture
def declared(estate: Estate) -> Estate:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    return estate


@pytest.mark.parametrize(("url", "fault"), [
    (f"{IN_AZURE}?sig=c2VjcmV0", "the URL has a query, which may be a signature"),
    ("http://stbackup.blob.core.windows.net/locks/run", "plain http is for an emulator on this machine alone"),
    ("locks/c2VjcmV0", "this is not the URL of a blob in Azure Blob Storage"),
])  # fmt: skip
def test_what_is_no_lock_is_refused_where_it_is_written_and_not_repeated(
    declared: Estate, cli: Cli, url: str, fault: str
) -> None:
    told = cli("apply", *declared.sandboxed, "--auto-approve", "--lock", url)
    asked = cli("unlock", "https://" + url.partition("://")[2] if "://" in url else url, "--auto-approve")
    settle(declared.manifests, lock={"blob": url})
    file = declared.manifests / "backup-reconciler.yaml"
    stated = cli("apply", *declared.sandboxed, "--auto-approve")
    assert {told.status, asked.status, stated.status} == {1}
    assert f"{fault}; write https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME." in told.err
    assert stated.err == (
        f"{file}:5:11  Settings  spec.lock.blob: {fault}; write https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME "
        "[settings-lock]\n"
    )
    assert "c2VjcmV0" not in told.err + stated.err
    assert declared.requests() == []


def test_a_rehearsal_leaves_the_lock_in_azure_alone(declared: Estate, cli: Cli) -> None:
    settle(declared.manifests, lock={"blob": IN_AZURE})
    told = cli("apply", *declared.sandboxed, "--auto-approve", "-v")
    assert told.status == 0
    assert "the lock of the settings is left alone, because this is a rehearsal" in told.err
    asked = cli("apply", *declared.sandboxed, "--auto-approve", "--lock", IN_AZURE)
    unlocked = cli("unlock", *declared.sandboxed)
    assert {asked.status, unlocked.status} == {1}
    assert asked.err == unlocked.err == f"error: the lock {IN_AZURE} is in Azure, and a rehearsal leaves that alone\n"


def test_who_talks_to_a_box_in_another_terminal_is_told_that_the_lock_is_left_alone(
    declared: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    settle(declared.manifests, lock={"blob": IN_AZURE})
    told = cli("apply", declared.manifests, "--auto-approve", "--arm-endpoint", "http://127.0.0.1:9")
    assert told.status == 1
    assert "the lock of the settings is left alone, because this is a rehearsal\n" in told.err


def test_a_lock_on_this_machine_is_none_for_azure(declared: Estate, cli: Cli) -> None:
    for arguments in [("apply", declared.manifests, "--auto-approve", "--lock", NOBODY), ("unlock", NOBODY)]:
        told = cli(*arguments)
        assert told.status == 1
        assert "is on this machine, and keeps no other away from Azure; name a blob in Azure\n" in told.err


def test_an_emulator_gets_no_token(declared: Estate, cli: Cli) -> None:
    told = cli("apply", *declared.sandboxed, "--auto-approve", "--lock", NOBODY)
    assert told.status == 1
    assert f"so the lock {NOBODY} needs a signature in AZURE_STORAGE_SAS_TOKEN" in told.err
    assert declared.requests() == []


def test_a_storage_account_that_does_not_answer_is_asked_three_times(
    declared: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr(locking, "SystemClock", lambda: clock)
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2025-01-05&sig=c2VjcmV0")
    told = cli("apply", *declared.sandboxed, "--auto-approve", "-v", "--lock", NOBODY)
    assert told.status == 1
    *_, last = told.err.splitlines()
    assert last.startswith(
        f"error: the lock {NOBODY}: no answer from Azure Storage: Cannot connect to host 127.0.0.1:9 "
    )
    assert last.endswith("; nothing was changed; check the account's name, network and proxy")
    assert clock.slept == [2, 4]
    assert "c2VjcmV0" not in told.err
    assert declared.requests() == []


def test_without_a_credential_nothing_is_asked(declared: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    told = cli("apply", declared.manifests, "--auto-approve", "--lock", IN_AZURE)
    assert told.status == 1
    assert told.err.startswith(f"error: the lock {IN_AZURE}: no token for it could be had: DefaultAzureCredential")
    assert told.err.count("\n") == 1


def test_what_does_not_go_together_is_refused(declared: Estate, cli: Cli) -> None:
    both = cli("apply", *declared.sandboxed, "--lock", NOBODY, "--no-lock")
    assert (both.status, both.err) == (1, "error: --lock and --no-lock do not go together\n")
    two = cli("unlock", NOBODY, declared.manifests)
    assert (two.status, two.err) == (1, "error: unlock takes the URL of one blob, or paths of manifests\n")


def test_unlock_needs_settings_that_name_a_lock(declared: Estate, cli: Cli) -> None:
    told = cli("unlock", *declared.sandboxed)
    assert told.status == 1
    assert told.err == (f"error: the settings beside {declared.manifests} name no lock; name the blob by its URL\n")
    settle(declared.manifests, lock={"blob": "c2VjcmV0"})
    broken = cli("unlock", *declared.sandboxed)
    assert (broken.status, "[settings-lock]" in broken.err) == (1, True)


def test_each_shard_has_a_lock_of_its_own(declared: Estate, cli: Cli) -> None:
    told = cli("apply", *declared.sandboxed, "--auto-approve", "--lock", NOBODY, "--shard", "3/10")
    assert told.status == 1
    assert f"so the lock {NOBODY}.3-of-10 needs a signature in AZURE_STORAGE_SAS_TOKEN" in told.err
    assert declared.requests() == []
