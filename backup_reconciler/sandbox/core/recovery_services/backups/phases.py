"""The two phases of a backup, and what they leave on the job and on the item.

A backup takes a snapshot, from which the item counts as protected, then transfers it to the vault. Backups that begin
together and take equally long go through their phases as one run: three effects, however many VMs there are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.extension import install_snapshot
from backup_reconciler.sandbox.core.estate import Failure, RecoveryPoint, Task, fold
from backup_reconciler.sandbox.core.recovery_services.backups import obstacles, points, snapshots
from backup_reconciler.sandbox.core.recovery_services.jobs import job as jobs
from backup_reconciler.sandbox.core.recovery_services.policies import retention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Job, ProtectedItem, Vault

_SNAPSHOT_DONE, _TRANSFER_BEGINS = 0.125, 0.17
"""Shares of the whole job: 7.5 and 10.5 minutes of an hour in the recording (R21 job.json)."""
_POINT_AFTER = timedelta(seconds=3)
"""The recovery point is of a moment just after the start (R21 job.json)."""
_BUSY = Failure(
    "UserErrorBackupOperationInProgress", "Unable to initiate backup as another backup operation is in progress."
)


def outcome(snapshot: str, transfer: str) -> str:
    """The status of a job whose phases have ended so (Learn: VM backup job-status table)."""
    if snapshot == "Failed":
        return "Failed"
    return "CompletedWithWarnings" if transfer == "Failed" else "Completed"


def begin(estate: Estate, vault: Vault, started: list[tuple[ProtectedItem, Job]], now: datetime) -> None:
    """Let backups begin. Those that take equally long are one run."""
    runs: dict[float, list[str]] = {}
    for item, job in started:
        earlier = [vault.jobs[other] for other in item.backups]
        item.backups.append(job.id)
        if any(other.tasks[0].status == "InProgress" for other in earlier):
            _fail_both(job)
            jobs.end(vault, job, now, "Failed", _BUSY)
            continue
        # Two transfers do not overlap: the later snapshot stays where it is (Learn: VM backup job-status table).
        job.tasks = [Task("Take Snapshot", "InProgress"),
                     Task("Transfer data to vault", "Skipped" if earlier else "NotStarted")]  # fmt: skip
        durations = estate.settings.durations
        runs.setdefault(durations.backup if item.recovery_points else durations.first_backup, []).append(job.id)
    for seconds, ids in runs.items():
        _schedule(estate, vault, ids, now, timedelta(seconds=seconds))


def _schedule(estate: Estate, vault: Vault, ids: list[str], now: datetime, length: timedelta) -> None:
    run = ids[0]
    vault.runs[run] = ids
    estate.schedule(now + length * _SNAPSHOT_DONE, "snapshot", vault, run)
    estate.schedule(now + length * _TRANSFER_BEGINS, "transfer", vault, run)
    estate.schedule(now + length, "transferred", vault, run)


def finish_snapshots(estate: Estate, vault: Vault, run: str, now: datetime, _rng: Random) -> None:
    for item, job in _running(vault, vault.runs.get(run, []), now):
        failure = obstacles.against_snapshot(estate, item)
        if failure:
            _fail_both(job)
            _end(vault, item, job, now, failure)
        else:
            _take_snapshot(estate, vault, item, job, now)
            if job.tasks[1].status == "Skipped":
                _end(vault, item, job, now)


def _take_snapshot(estate: Estate, vault: Vault, item: ProtectedItem, job: Job, now: datetime) -> None:
    """There is a recovery point: the item is Protected while `lastBackupStatus` is still empty (R21)."""
    job.tasks[0].status = "Completed"
    assert job.expires is not None
    points.add(item, _point(vault, item, job, job.expires), now)
    vm = estate.virtual_machine(item.source)
    if vm and vm.power == "running":
        install_snapshot(vm, now)
    if vm:
        snapshots.note(estate, item, vm, job.started)
    if item.state == "IRPending":
        item.state = "Protected"


def _point(vault: Vault, item: ProtectedItem, job: Job, expires: datetime) -> RecoveryPoint:
    """A scheduled point is kept as the policy says now, which may have changed since the run began."""
    point = RecoveryPoint(job.started + _POINT_AFTER, expires, job.levels)
    policy = vault.policies.get(fold(item.policy_name))
    return replace(point, expires=retention.expiry_anew(policy.properties, point)) if policy else point


def begin_transfers(_estate: Estate, vault: Vault, run: str, now: datetime, _rng: Random) -> None:
    for _, job in _running(vault, vault.runs.get(run, []), now):
        job.tasks[1].status = "InProgress"


def finish_transfers(estate: Estate, vault: Vault, run: str, now: datetime, _rng: Random) -> None:
    for item, job in _running(vault, vault.runs.pop(run, []), now):
        failure = obstacles.against_transfer(estate, item)
        job.tasks[1].status = "Failed" if failure else "Completed"
        if failure is None:
            job.properties["Backup Size"] = "11782 MB"
        _end(vault, item, job, now, failure)


def _running(vault: Vault, ids: list[str], now: datetime) -> Iterator[tuple[ProtectedItem, Job]]:
    """Those of a run that still go on: none if the vault was made anew. Whose item was deleted under them end here."""
    for job_id in ids:
        job = vault.jobs.get(job_id)
        if job is None or job.status != "InProgress":
            continue
        item = vault.items.get(job.key)
        if item is None:
            jobs.end(vault, job, now, "Cancelled", jobs.CANCELLED)
        else:
            yield item, job


def _fail_both(job: Job) -> None:
    job.tasks = [Task("Take Snapshot", "Failed"), Task("Transfer data to vault", "Failed")]


def _end(vault: Vault, item: ProtectedItem, job: Job, now: datetime, failure: Failure | None = None) -> None:
    status = outcome(*(task.status for task in job.tasks))
    jobs.end(vault, job, now, status, failure)
    # A snapshot without its transfer is a backup all the same; that its status is then Completed is INFERRED.
    item.last_backup_status = "Failed" if status == "Failed" else "Completed"
    item.last_backup_time = job.started
    item.last_failure = failure


EFFECTS = {"snapshot": finish_snapshots, "transfer": begin_transfers, "transferred": finish_transfers}
