"""One run at a time: the lock is taken, kept, told of, given back, lost and broken."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ServiceRequestError
from azure.storage.blob import BlobLeaseClient

from backup_reconciler.apply import Interrupt
from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.lease import Seen
from backup_reconciler.cli import applying, locking, unlocking
from backup_reconciler.sandbox import Exchange
from tests.azurite.clock import SteppedClock
from tests.azurite.conftest import Storage, signature
from tests.conftest import Cli, Estate, assignment, interrupt_at, policy, vault, vms, world
from tests.end_to_end.test_settings import settle

ROOT = Path(__file__).parents[2]
Arguments = tuple[object, ...]
Execute = Callable[..., Awaitable[Any]]


@pytest.fixture(autouse=True)
def declared(estate: Estate) -> None:
    estate.exists(**world(vms("web-01", "web-02")))
    estate.declare("all", vault(), policy(), assignment())


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs the command, and on which machine."""
    for name in ("GITHUB_ACTOR", "BUILD_REQUESTEDFOR", "GITLAB_USER_LOGIN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOGNAME", "ada")
    monkeypatch.setattr("platform.node", lambda: "build-07")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SteppedClock:
    stepped = SteppedClock()
    monkeypatch.setattr(locking, "SystemClock", lambda: stepped)
    return stepped


@pytest.fixture
def run(estate: Estate, storage: Storage) -> Arguments:
    """An apply that takes the lock."""
    return ("apply", *estate.sandboxed, "--auto-approve", "--lock", storage.url)


def before_execution(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Interrupt], Awaitable[object]]) -> None:
    """Let something happen in a run that has been agreed to, before its first write."""
    really: Execute = applying.execute

    async def execute(plan: object, arm: object, gate: object, interrupt: Interrupt, on_outcome: object) -> object:
        await happens(interrupt)
        return await really(plan, arm, gate, interrupt, on_outcome)

    monkeypatch.setattr(applying, "execute", execute)


def test_a_second_run_is_refused_and_told_who_has_the_lock(
    estate: Estate, cli: Cli, storage: Storage, run: Arguments, clock: SteppedClock
) -> None:
    refused: list[subprocess.CompletedProcess[str]] = []
    environment = dict(os.environ)  # the box leaves its own credentials alone in it

    def meanwhile(exchange: Exchange) -> None:
        if exchange.method == "PUT" and not refused:
            command = [sys.executable, "-m", "backup_reconciler", *map(str, run)]
            refused.append(
                subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            )

    estate.on_exchange = meanwhile
    assert cli(*run).status == 0
    (second,) = refused
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"error: the lock {storage.url}: another run has it: ada (build-07), since 2026-11-23 09:00 UTC; nothing was "
        f"changed; wait for its end; or, if it hangs, take it from there: backup-reconciler unlock {storage.url}\n"
    )
    assert storage.state() == "available"
    assert "nothing to do" in cli(*run).out, "the next run has the lock"


def test_the_lock_is_given_back_when_the_run_fails(estate: Estate, cli: Cli, storage: Storage, run: Arguments) -> None:
    fault = {"method": "PUT", "path": "*/backupPolicies/*", "status": 400, "code": "UserErrorOdd", "message": "odd"}
    estate.exists(**world(vms("web-01"), faults=[fault]))
    assert cli(*run).status == 3
    assert storage.state() == "available"


def test_a_run_that_only_watches_backups_holds_up_no_other(
    estate: Estate, cli: Cli, storage: Storage, run: Arguments
) -> None:
    estate.declare("all", vault(), policy(), assignment(initialBackup={"keepDays": 30}))
    states: list[str] = []

    def look(exchange: Exchange) -> None:
        if exchange.method == "GET" and "/backupJobs" in exchange.path:
            states.append(storage.state())

    estate.on_exchange = look
    assert cli(*run, "--wait").status == 0
    assert (states[0], states[-1]) == ("leased", "available")


@pytest.mark.parametrize(("method", "containing"), [("GET", "/virtualMachines"), ("PUT", "/vaults/rsv")])
def test_the_lock_is_given_back_on_ctrl_c(
    estate: Estate, cli: Cli, storage: Storage, run: Arguments, method: str, containing: str
) -> None:
    interrupt_at(estate, 1, method, containing)
    assert cli(*run).status == 130
    assert storage.state() == "available"


def test_the_lock_is_given_back_where_the_answer_is_ctrl_c(
    estate: Estate, cli: Cli, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> bool:
        assert storage.state() == "leased"
        raise KeyboardInterrupt

    monkeypatch.setattr(applying, "agreed", pressed)
    assert cli("apply", *estate.sandboxed, "--lock", storage.url).status == 130
    assert storage.state() == "available"


def test_the_lock_is_renewed_as_long_as_the_run_goes_on(
    cli: Cli, run: Arguments, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def two_minutes(_: Interrupt) -> None:
        for _ in range(6):
            await clock.pass_(20)

    before_execution(monkeypatch, two_minutes)
    told = cli(*run, "-v")
    assert told.status == 0, told.err
    assert told.err.count("the lock was renewed") == 7, "and once right before, since it has been a while"


def test_a_lock_that_is_not_renewed_in_time_stops_the_run(
    estate: Estate, cli: Cli, storage: Storage, run: Arguments, clock: SteppedClock
) -> None:
    """As on a machine that slept: what Azure has accepted goes on there, and nothing new is sent."""

    def slept(exchange: Exchange) -> None:
        if exchange.method == "PUT":
            clock.move(61)

    estate.on_exchange = slept
    told = cli(*run)
    assert told.status == 3
    assert "\nThe lock is lost: it was not renewed in time. Nothing new is sent.\n" in told.err
    assert "running vault rsv" in told.text
    assert "Azure accepted it and works on it" in told.text
    assert "Apply: 1 running and 3 not started" in told.text
    assert len(estate.writes()) == 1
    assert storage.state() == "available"


def test_a_run_whose_lock_is_broken_sends_nothing_new(
    estate: Estate,
    cli: Cli,
    storage: Storage,
    run: Arguments,
    clock: SteppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(interrupt: Interrupt) -> None:
        storage.break_()
        clock.move(20)
        await interrupt.wait()

    before_execution(monkeypatch, broken)
    told = cli(*run)
    assert told.status == 1
    assert "\nThe lock is lost: somebody broke it. Nothing new is sent.\n" in told.err
    assert "4 not started" in told.text
    assert estate.writes() == []


def test_a_lock_that_was_lost_before_anything_was_sent_is_an_error(
    estate: Estate, cli: Cli, storage: Storage, run: Arguments
) -> None:
    """While a question is open the lease may end, and another run may have had it."""

    def taken(exchange: Exchange) -> None:
        if exchange.path.endswith("/virtualMachines"):
            storage.break_()

    estate.on_exchange = taken
    told = cli(*run)
    assert told.status == 1
    assert told.err == f"error: the lock {storage.url}: somebody broke it; nothing was changed; run again\n"
    assert estate.writes() == []


def test_what_changes_nothing_takes_no_lock(estate: Estate, cli: Cli, storage: Storage, run: Arguments) -> None:
    settle(estate.manifests, lock={"blob": storage.url})
    for verb in ("plan", "drift"):
        cli(verb, *estate.sandboxed)
    assert cli(*run, "--dry-run").status == 0
    assert not storage.blob.exists()


def test_the_settings_name_the_lock_and_the_command_line_comes_first(
    estate: Estate, cli: Cli, storage: Storage
) -> None:
    settle(estate.manifests, lock={"blob": storage.url})
    apply = ("apply", *estate.sandboxed, "--auto-approve")
    assert cli(*apply, "--no-lock").status == 0
    assert not storage.blob.exists()
    assert cli(*apply, "--lock", f"{storage.url}-2").status == 0
    assert not storage.blob.exists()
    assert cli(*apply).status == 0
    assert (storage.state(), storage.blob.get_blob_properties().size) == ("available", 0)


def test_a_blob_that_holds_data_is_left_as_it_is(estate: Estate, cli: Cli, storage: Storage, run: Arguments) -> None:
    storage.blob.upload_blob(b"somebody's", metadata={"owner": "grace"})
    told = cli(*run)
    assert told.status == 1
    assert "this blob holds data, so it is no lock; nothing was changed; name a blob that nothing else uses" in told.err
    assert storage.blob.download_blob().readall() == b"somebody's"
    assert storage.blob.get_blob_properties().metadata == {"owner": "grace"}
    assert estate.requests() == []


def test_a_blob_that_another_run_has_just_made_will_do(
    cli: Cli, storage: Storage, run: Arguments, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = locking.BlobLease.look

    async def look(lease: locking.BlobLease) -> Seen | None:
        before = await really(lease)
        storage.blob.upload_blob(b"")
        return before

    monkeypatch.setattr(locking.BlobLease, "look", look)
    assert cli(*run).status == 0
    assert storage.state() == "available"


def test_a_lock_that_cannot_be_given_back_does_not_change_what_was_done(
    cli: Cli, storage: Storage, run: Arguments, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(_: object) -> None:
        raise ServiceRequestError("Cannot connect")

    monkeypatch.setattr("azure.storage.blob.aio.BlobLeaseClient.release", cut)
    told = cli(*run)
    assert (told.status, storage.state()) == (0, "leased")
    assert "was not given back: no answer from Azure Storage: Cannot connect; it ends by itself in a minute" in told.err


def test_what_an_empty_blob_says_beside_stays(cli: Cli, storage: Storage, run: Arguments) -> None:
    storage.blob.upload_blob(b"", metadata={"owner": "grace"})
    assert cli(*run).status == 0
    assert storage.blob.get_blob_properties().metadata["owner"] == "grace"


def test_what_another_run_says_of_itself_is_harmless(cli: Cli, storage: Storage, run: Arguments) -> None:
    evil = {"lockedby": "%1b]0;evil%07%E2%80%AE", "lockedfrom": "a%0Aerror: b", "lockedsince": "never"}
    storage.blob.upload_blob(b"", metadata=evil)
    storage.blob.acquire_lease(60)
    told = cli(*run)
    assert told.status == 1
    assert "another run has it: �]0;evil�� (a�error: b); nothing was changed" in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(("may", "container", "message"), [
    ("rwc", "missing", "its container is not there; nothing was changed; create the container"),
    ("r", "", "this identity may not use it (403 AuthorizationPermissionMismatch); nothing was changed; grant it"),
])  # fmt: skip
def test_what_azure_storage_refuses_is_told_before_azure_is_asked_anything(
    estate: Estate, cli: Cli, storage: Storage, monkeypatch: pytest.MonkeyPatch, may: str, container: str, message: str
) -> None:
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", signature(may))
    url = f"{storage.account_url}/{container or storage.container}/run"
    told = cli("apply", *estate.sandboxed, "--auto-approve", "--lock", url)
    assert told.status == 1
    assert told.err.startswith(f"error: the lock {url}: {message}")
    assert (told.err.count("\n"), "sig=" in told.err) == (1, False)
    assert estate.requests() == []


def test_unlock_shows_who_has_the_lock_and_breaks_it(cli: Cli, estate: Estate, storage: Storage) -> None:
    lease = held_by_grace(storage)
    rehearsed = ("--sandbox", estate.world)
    asked = cli("unlock", storage.url, *rehearsed)
    assert (asked.status, storage.state()) == (1, "leased")
    assert f"The lock {storage.url} is held by grace (build-01), since 2026-11-23 08:00 UTC." in asked.text
    assert asked.err == "error: unlock asks before it changes anything, and there is no terminal; add --auto-approve\n"
    settle(estate.manifests, lock={"blob": storage.url})
    broken = cli("unlock", *estate.sandboxed, "--auto-approve")
    assert (broken.status, storage.state()) == (0, "breaking")
    assert "The lock is broken. The next run can have it in 30 seconds." in broken.text
    with pytest.raises(HttpResponseError):
        lease.renew()

    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert "it was broken a moment ago, and can be had in half a minute; nothing was changed; run again" in refused.err
    again = cli("unlock", storage.url, *rehearsed, "--auto-approve")
    assert (again.status, "was broken a moment ago." in again.text) == (0, True)
    lease.release()
    free = cli("unlock", storage.url, *rehearsed)
    assert (free.status, free.out) == (0, f"No run has the lock {storage.url}.\n")


def test_unlock_does_nothing_without_a_yes(
    cli: Cli, estate: Estate, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_by_grace(storage)
    monkeypatch.setattr(unlocking, "agreed", lambda *_: False)
    told = cli("unlock", storage.url, "--sandbox", estate.world)
    assert (told.status, told.out.endswith("Nothing was changed.\n"), storage.state()) == (1, True, "leased")


def test_unlock_breaks_the_lock_of_the_run_it_has_shown_and_of_no_other(
    cli: Cli, estate: Estate, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = held_by_grace(storage)

    def another_takes_it(*_: object) -> bool:
        lease.release()
        held_by_grace(storage)
        return True

    monkeypatch.setattr(unlocking, "agreed", another_takes_it)
    told = cli("unlock", storage.url, "--sandbox", estate.world)
    assert (told.status, storage.state()) == (1, "leased")
    assert "another run has taken it meanwhile; nothing was changed; look who that is, and decide again" in told.err


def test_unlock_of_a_blob_that_is_not_there_finds_no_lock(cli: Cli, estate: Estate, storage: Storage) -> None:
    told = cli("unlock", storage.url, "--sandbox", estate.world)
    assert (told.status, told.out) == (0, f"No run has the lock {storage.url}.\n")
    assert not storage.blob.exists()


def held_by_grace(storage: Storage) -> BlobLeaseClient:
    """The lock, taken by a run elsewhere."""
    if not storage.blob.exists():
        storage.blob.upload_blob(b"")
    lease = storage.blob.acquire_lease(60)
    holder = Holder("grace", "build-01", datetime(2026, 11, 23, 8, tzinfo=UTC))
    storage.blob.set_blob_metadata(holder.metadata, lease=lease)
    return lease
