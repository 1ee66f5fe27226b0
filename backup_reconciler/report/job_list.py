"""Jobs as a report tells them: by how they stand, the worst first."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job
from backup_reconciler.state.job_look import JobLook, VMInVault


class Standing(StrEnum):
    """How a job stands, from the worst on."""

    FAILED = "failed"
    WARNING = "warning"
    RUNNING = "running"
    CANCELLED = "cancelled"
    OTHER = "other"
    """Something that Azure calls by a word unknown here."""
    COMPLETED = "completed"

    @classmethod
    def of(cls, job: Job) -> "Standing":
        if job.running:
            return cls.RUNNING
        return _BY_STATUS.get(job.status, cls.OTHER)


_BY_STATUS = {
    "Failed": Standing.FAILED,
    "CompletedWithWarnings": Standing.WARNING,
    "Cancelled": Standing.CANCELLED,
    "Completed": Standing.COMPLETED,
}


@dataclass(frozen=True, slots=True)
class ListedJob:
    """A job with its VM in a person's words."""

    where: VMInVault
    label: str
    job: Job

    @property
    def standing(self) -> Standing:
        return Standing.of(self.job)


@dataclass(frozen=True, slots=True)
class JobList:
    """The jobs of the selected VMs."""

    at: datetime
    since: datetime
    jobs: tuple[ListedJob, ...]
    """The worst first, and of those that stand alike the newest."""
    without: Mapping[VMInVault, str]
    """The VMs that had no job, with their labels."""
    missing_vaults: tuple[ArmId, ...]
    of_others: int
    """How many jobs there are of VMs that no manifest selects."""
    requests: int

    def of(self, standing: Standing) -> Iterator[ListedJob]:
        return (one for one in self.jobs if one.standing is standing)

    @property
    def counts(self) -> Counter[Standing]:
        return Counter(one.standing for one in self.jobs)


def job_list(look: JobLook, labels: Mapping[VMInVault, str], requests: int) -> JobList:
    """What a look saw, of VMs with these labels; `requests` are those of the whole report."""
    jobs = (ListedJob(where, labels[where], job) for where, job in look)
    return JobList(
        at=look.at,
        since=look.since,
        jobs=tuple(sorted(jobs, key=_worst_and_newest_first)),
        without={where: label for where, label in labels.items() if not look.jobs.get(where)},
        missing_vaults=tuple(sorted(look.missing_vaults)),
        of_others=look.of_others,
        requests=requests,
    )


def _worst_and_newest_first(one: ListedJob) -> tuple[int, float, str, str]:
    started = one.job.started
    return (list(Standing).index(one.standing), -started.timestamp() if started else 0.0, one.label, one.job.id)
