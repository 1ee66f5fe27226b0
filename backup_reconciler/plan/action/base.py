"""What all actions have."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from backup_reconciler.plan.runs import NextRuns
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.state.guard import CriticalOperation


class Risk(StrEnum):
    """What an action can cost."""

    SAFE = "safe"
    ONE_WAY = "one-way"
    """The service cannot take it back."""
    DESTRUCTIVE = "destructive"
    """Recovery points are deleted earlier than they would have been."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `path` is the field's path in the spec; `place` is where the manifest states it."""

    path: str
    found: Any
    declared: Any
    place: Place


@dataclass(frozen=True, kw_only=True)
class Action:
    """What all actions have."""

    verb: ClassVar[str]
    awaited: ClassVar[bool] = True
    """Whether what needs its address waits for it."""

    address: str
    label: str
    """The resource in a person's words."""
    changes: tuple[Change, ...]
    data_effect: str
    """What happens to recovery points."""
    risks: frozenset[Risk] = frozenset()
    """What it can cost, each of which needs consent; empty for what is safe."""
    place: Place
    """Where the manifest declares it."""
    depends_on: tuple[str, ...] = ()
    """Ids of the actions that must be done first."""
    critical: frozenset[CriticalOperation] = frozenset()
    """What it does that a Resource Guard may watch over."""
    guard: str = ""
    """The name of the Resource Guard that has to approve it; empty where none has to. Apply leaves it out."""
    earliest: date | None = None
    """The first day on which it can succeed, of the steps of a teardown."""
    runs: NextRuns | None = None
    """When the policy runs that it writes; None where that cannot be told, and for all else."""

    @property
    def sends(self) -> bool:
        """Whether it takes a request; else something that is under way is waited for."""
        return True

    @property
    def id(self) -> str:
        return f"{self.verb}:{self.address}"

    @property
    def touched(self) -> tuple[ArmId, ...]:
        """The VMs whose backups it changes."""
        return ()

    @property
    def risk(self) -> Risk:
        """The worst of its risks."""
        return max(self.risks, key=list(Risk).index, default=Risk.SAFE)


@dataclass(frozen=True, kw_only=True)
class VaultAction(Action):
    """What all actions on a vault, or on something in one, have."""

    vault: ArmId
    """The vault that it changes, or changes something in."""
