"""What can be expected of a vault's VMs, and when it is so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backup_reconciler.apply.failure import AcceptedNotApplied, Failure
from backup_reconciler.apply.read_back import differences
from backup_reconciler.apply.watching.sight import Sight
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.job import Job
from backup_reconciler.state.protection import LiveItem

_LOOKS_WITHOUT_A_JOB = 10
"""An accepted change of a VM shows a job or its effect well before this many looks."""
_LOOKS_WITHOUT_EFFECT = 3
"""Items and jobs are two lists, and lists lag: a job that ended without effect is not believed at first sight."""


class VMExpectation(Protocol):
    """Something that is expected of VMs."""

    @property
    def vms(self) -> tuple[ArmId, ...]: ...

    def met(self, sight: Sight) -> bool:
        """Whether it is so. Raises `Failure` once it is known that it will not be, as a whole sight can tell."""
        ...

    def seems_met(self, sight: Sight) -> bool:
        """Whether it seems so, or to have failed, in what Resource Graph shows, which may be from before the change.

        So nothing is believed but what follows from a job that has ended.
        """
        ...


@dataclass(frozen=True, slots=True)
class Mine:
    """Which jobs a write has started: those that were not known before it."""

    known: frozenset[str]
    began: datetime | None = None
    """When this run began on the vault, where it could not list the jobs of before; those are not the write's either,
    and Resource Graph shows them, as running at first, when the write has long been taken."""

    def of(self, vm: ArmId, sight: Sight) -> list[Job]:
        return [found for found in sight.jobs_of(vm) if found.id not in self.known and not self._is_older(found)]

    def _is_older(self, found: Job) -> bool:
        return self.began is not None and found.started is not None and found.started < self.began


@dataclass(slots=True, eq=False)
class ItemIs:
    """A VM's item is as wished."""

    vm: ArmId
    wished: ProtectionSettings
    started: Mine
    looks: int = 0
    ended_without_effect: int = 0

    @property
    def vms(self) -> tuple[ArmId, ...]:
        return (self.vm,)

    def met(self, sight: Sight) -> bool:
        mine = self.started.of(self.vm, sight)
        _raise_if_failed(mine)
        if not sight.whole:
            return self.seems_met(sight)
        if any(found.running for found in mine):
            return False
        item = sight.items.get(self.vm)
        if self._is_wished(item):
            return True
        self.looks += 1
        self.ended_without_effect += bool(mine)
        ended = self.ended_without_effect >= _LOOKS_WITHOUT_EFFECT
        if ended or (not mine and self.looks >= _LOOKS_WITHOUT_A_JOB):
            still = _difference(item, self.wished)
            raise AcceptedNotApplied(f"accepted, not applied: Azure took the change, and {still}")
        return False

    def seems_met(self, sight: Sight) -> bool:
        mine = self.started.of(self.vm, sight)
        if any(found.failed for found in mine):
            return True
        return _all_over(mine) and self._is_wished(sight.items.get(self.vm))

    def _is_wished(self, item: LiveItem | None) -> bool:
        return item.meets(self.wished) if item else self.wished.protection == "deleted"


def _difference(item: LiveItem | None, wished: ProtectionSettings) -> str:
    """What is not as wished, field by field; Azure's own word for a state that no manifest knows."""
    if item is None:
        return "the VM still reads not protected"
    found = item.settings.stated() if item.settings else {"protection": item.wire_state}
    return "; ".join(differences(wished.stated(), found))


@dataclass(slots=True, eq=False)
class BackupListed:
    """A backup of a VM is listed, which had none before."""

    vm: ArmId
    looks: int = 0

    @property
    def vms(self) -> tuple[ArmId, ...]:
        return (self.vm,)

    def met(self, sight: Sight) -> bool:
        found = sight.backups_of(self.vm)
        _raise_if_failed(found)
        self.looks += sight.whole
        if not found and self.looks >= _LOOKS_WITHOUT_A_JOB:
            raise AcceptedNotApplied("accepted, not applied: Azure took the request, and no backup of the VM is listed")
        return bool(found)

    def seems_met(self, sight: Sight) -> bool:
        return bool(sight.backups_of(self.vm))


@dataclass(slots=True, eq=False)
class NoneRunning:
    """No job configures a VM any more, whoever started it and however it ended; `item` is what it left behind."""

    vm: ArmId
    item: LiveItem | None = None

    @property
    def vms(self) -> tuple[ArmId, ...]:
        return (self.vm,)

    def met(self, sight: Sight) -> bool:
        self.item = sight.items.get(self.vm)
        jobs = sight.jobs_of(self.vm)
        return not any(found.running for found in jobs) if sight.whole else _all_over(jobs)

    def seems_met(self, sight: Sight) -> bool:
        return _all_over(sight.jobs_of(self.vm))


@dataclass(slots=True, eq=False)
class SpreadToAll:
    """Every VM's job of a policy's update has ended; after some looks without a job for a VM it needs none."""

    vms: tuple[ArmId, ...]
    started: Mine
    looks: int = 0

    def met(self, sight: Sight) -> bool:
        by_vm = self._mine(sight)
        for jobs in by_vm:
            _raise_if_failed(jobs)
        if not sight.whole:
            return all(map(_all_over, by_vm))
        self.looks += 1
        if any(found.running for jobs in by_vm for found in jobs):
            return False
        return all(by_vm) or self.looks >= _LOOKS_WITHOUT_EFFECT

    def seems_met(self, sight: Sight) -> bool:
        by_vm = self._mine(sight)
        return all(map(_all_over, by_vm)) or any(found.failed for jobs in by_vm for found in jobs)

    def _mine(self, sight: Sight) -> list[list[Job]]:
        return [self.started.of(vm, sight) for vm in self.vms]


def _all_over(jobs: list[Job]) -> bool:
    return bool(jobs) and not any(found.running for found in jobs)


def _raise_if_failed(jobs: Iterable[Job]) -> None:
    for found in jobs:
        if found.failed:
            message = found.error_message or f"its job was {found.status.lower()}"
            raise Failure(f"{found.vm}: {message}", code=found.error_code)
