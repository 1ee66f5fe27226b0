"""The numbers of a report: every format tells these, and counts nothing by itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.model.resource import DIFFERING, Resource, ResourceState

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what; each mapping has every key, in the order of its enumeration."""

    resources: Mapping[ResourceState, int]
    findings: Mapping[Severity, int]
    standings: Mapping[Standing, int]
    health: Mapping[Health, int]
    stopped_as_declared: int
    """Of the VMs that are stopped, those of which a manifest declares it."""

    @classmethod
    def of(cls, resources: Iterable[Resource], findings: Iterable[Finding], machines: Iterable[Machine]) -> "Counts":
        machines = tuple(machines)
        return cls(
            _counted(ResourceState, (one.state for one in resources)),
            _counted(Severity, (one.severity for one in findings)),
            _counted(Standing, (one.standing for one in machines)),
            _counted(Health, (one.health for one in machines)),
            sum(one.standing is Standing.STOPPED and one.as_declared for one in machines),
        )

    @property
    def differences(self) -> int:
        """Resources that Azure has otherwise than declared."""
        return sum(self.resources[state] for state in DIFFERING)


def _counted(kind: type[E], values: Iterable[E]) -> dict[E, int]:
    counted = Counter(values)
    return {value: counted[value] for value in kind}
