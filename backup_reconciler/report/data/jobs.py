"""Jobs as JSON, format version 1: fields may be added, never renamed."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.plan import RequestsData
from backup_reconciler.report.job_list import JobList, ListedJob, Standing
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import JobError


class PhaseData(JsonData):
    """One phase of a job."""

    name: str = Field(description="Snapshot, Transfer data to vault, or the task of another job as Azure names it.")
    status: str = Field(description="Azure's word: NotStarted, InProgress, Completed, Skipped, Failed, …")


class JobErrorData(JsonData):
    """Why a job failed."""

    code: str = Field(description="Azure's name of the error, or its number where it has no name.")
    message: str = Field(description="What Azure says.")
    meaning: str | None = Field(description="What it means, where that is known.")
    remedy: str | None = Field(description="What to do, where that is known.")


class JobData(JsonData):
    """One job."""

    id: str = Field(description="Azure's name of the job.")
    vault: str = Field(description="ARM id of the vault.")
    vm: str = Field(description="ARM id of the VM.")
    operation: str = Field(description="Azure's word: Backup, ConfigureBackup, Restore, …")
    standing: Literal["failed", "warning", "running", "cancelled", "other", "completed"] = Field(
        description="How it stands; warning: there is a snapshot, and it did not reach the vault."
    )
    status: str = Field(description="Azure's word for that.")
    started: datetime | None = Field(description="When it started.")
    ended: datetime | None = Field(description="When it ended.")
    duration_seconds: int | None = Field(description="How long it took, or has taken until now.")
    phases: list[PhaseData] | None = Field(description="null: not read. Only single jobs tell them.")
    transfer_skipped: bool | None = Field(
        description="Whether its transfer was skipped because the one before it was still going on, which is a "
        "success; null where the phases were not read."
    )
    errors: list[JobErrorData] = Field(description="Why it failed.")


class VMWithoutJobData(JsonData):
    """A selected VM that had no job."""

    vault: str = Field(description="ARM id of the vault.")
    vm: str = Field(description="ARM id of the VM.")


class JobsData(JsonData):
    """The jobs of the VMs that manifests select."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    at: datetime = Field(description="When they were read.")
    since: datetime = Field(description="Jobs that started before are not told.")
    summary: dict[str, int] = Field(
        description="Number of jobs by standing, of VMs without any, and of jobs of VMs that no manifest selects."
    )
    jobs: list[JobData] = Field(description="The worst first, and of those that stand alike the newest.")
    without_jobs: list[VMWithoutJobData] = Field(description="The VMs that had no job.")
    missing_vaults: list[str] = Field(description="ARM ids of vaults that do not exist.")
    requests: RequestsData = Field(description="What it took to make the report.")


def jobs_data(found: JobList) -> JobsData:
    counts = found.counts
    return JobsData(
        at=found.at,
        since=found.since,
        summary={standing.value: counts[standing] for standing in Standing}
        | {"withoutJobs": len(found.without), "ofOthers": found.of_others},
        jobs=[_job(one, found.at) for one in found.jobs],
        without_jobs=[VMWithoutJobData(vault=_id(where.vault), vm=_id(where.vm)) for where in found.without],
        missing_vaults=[_id(vault) for vault in found.missing_vaults],
        requests=RequestsData(read=found.requests),
    )


def _job(one: ListedJob, at: datetime) -> JobData:
    job, took = one.job, one.job.took(at)
    return JobData(
        id=job.id,
        vault=_id(one.where.vault),
        vm=_id(one.where.vm),
        operation=job.operation,
        standing=one.standing.value,
        status=job.status,
        started=job.started,
        ended=job.ended,
        duration_seconds=None if took is None else round(took.total_seconds()),
        phases=None if job.phases is None else [PhaseData(name=one.name, status=one.status) for one in job.phases],
        transfer_skipped=None if job.phases is None else job.transfer_skipped,
        errors=[_error(error) for error in job.errors],
    )


def _error(error: JobError) -> JobErrorData:
    return JobErrorData(
        code=error.code, message=error.message, meaning=error.meaning or None, remedy=error.remedy or None
    )


def _id(id_: ArmId) -> str:
    return id_.text
