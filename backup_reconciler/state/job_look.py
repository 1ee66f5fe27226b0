"""What one look at the jobs of some VMs saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job


class VMInVault(NamedTuple):
    """A VM, and the vault in which its jobs are looked for."""

    vault: ArmId
    vm: ArmId


@dataclass(frozen=True, slots=True)
class JobLook:
    """The jobs that some VMs had when they were looked at."""

    at: datetime
    since: datetime
    """Jobs that started before are not in it."""
    jobs: Mapping[VMInVault, tuple[Job, ...]]
    """Newest first; empty for a VM that had none."""
    missing_vaults: frozenset[ArmId] = frozenset()
    """Vaults that do not exist."""
    of_others: int = 0
    """How many jobs there are of VMs that were not asked for."""
    reads_at_most: int = 0
    """Pages of lists that one subscription had to answer, at most."""

    def __iter__(self) -> Iterator[tuple[VMInVault, Job]]:
        return ((where, job) for where, jobs in self.jobs.items() for job in jobs)

    def of_backups(self) -> "JobLook":
        """The backups alone."""
        jobs = {where: tuple(job for job in mine if job.is_backup) for where, mine in self.jobs.items()}
        return replace(self, jobs=jobs)

    @property
    def running(self) -> int:
        """How many of the jobs go on."""
        return sum(job.running for _, job in self)
