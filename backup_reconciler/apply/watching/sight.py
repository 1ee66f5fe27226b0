"""What one look at a vault saw."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from backup_reconciler.azure.codec.protection import container_key_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job
from backup_reconciler.state.protection import LiveItem


@dataclass(frozen=True, slots=True)
class Sight:
    """The items of a vault by their VMs, and its jobs by the container that names their VM."""

    items: Mapping[ArmId, LiveItem]
    jobs: Mapping[str, list[Job]]
    """Those that change how a VM is protected."""
    backups: Mapping[str, list[Job]] = field(default_factory=dict)
    """Backups, likewise."""
    whole: bool = True
    """Whether items and jobs were listed; else at least one of them is as Resource Graph had it, minutes ago."""

    def jobs_of(self, vm: ArmId) -> list[Job]:
        return self.jobs.get(container_key_of(vm), [])

    def backups_of(self, vm: ArmId) -> list[Job]:
        return self.backups.get(container_key_of(vm), [])

    def with_jobs(self, jobs: Collection[Job]) -> "Sight":
        """The same items, with these jobs."""
        configuring = _by_container(one for one in jobs if one.configures)
        return replace(self, jobs=configuring, backups=_by_container(one for one in jobs if one.is_backup))


def sight(items: Mapping[ArmId, LiveItem], jobs: Collection[Job], *, whole: bool = True) -> Sight:
    return Sight(items, {}, whole=whole).with_jobs(jobs)


def _by_container(jobs: Iterable[Job]) -> Mapping[str, list[Job]]:
    found: dict[str, list[Job]] = defaultdict(list)
    for one in jobs:
        found[one.container].append(one)
    return found
