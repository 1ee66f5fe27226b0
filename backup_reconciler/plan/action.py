"""Actions: what a plan would do, one frozen type per verb, complete enough to be executed as they are."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from backup_reconciler.plan.runs import NextRuns
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.policy import PolicySettings, Tier
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.vault import LiveVault


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

    vault: ArmId
    """The vault that it changes, or changes something in."""
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
class CreateVault(Action):
    """Create a vault."""

    verb = "createVault"

    settings: VaultSettings


@dataclass(frozen=True, kw_only=True)
class AwaitVault(Action):
    """Wait for a vault that Azure is still creating; nothing is sent."""

    verb = "awaitVault"

    settings: VaultSettings | None
    """What it must be when it is there; None for a vault that is owned elsewhere."""

    @property
    def sends(self) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class ChangeVault(Action):
    """What all changes of a vault have."""

    live: LiveVault | None
    """What the plan was made from; None where this run creates the vault."""
    settings: VaultSettings
    """The fields that change, and nothing else."""


@dataclass(frozen=True, kw_only=True)
class UpdateVault(ChangeVault):
    """Change fields of a vault."""

    verb = "updateVault"


@dataclass(frozen=True, kw_only=True)
class WeakenVault(ChangeVault):
    """Change those fields of a vault that its Resource Guard watches over, apart from the others."""

    verb = "weakenVault"
    awaited = False


@dataclass(frozen=True, kw_only=True)
class LockVault(ChangeVault):
    """Lock the immutability of a vault, which has to be Unlocked before."""

    verb = "lockVault"
    awaited = False


@dataclass(frozen=True, kw_only=True)
class DeleteVault(Action):
    """Delete a vault that holds no backups any more, or soft-deleted ones only."""

    verb = "deleteVault"

    live: LiveVault
    emptied_on: date | None
    """The day on which the last soft-deleted backup in it is purged, None where none will be in it. Until then clouds
    that do not delete a vault with soft-deleted backups refuse."""

    @property
    def sends(self) -> bool:
        return not self.live.being_deleted


@dataclass(frozen=True, kw_only=True)
class CreatePolicy(Action):
    """Create a policy in a vault."""

    verb = "createPolicy"

    policy: ArmId
    tier: Tier
    settings: PolicySettings
    """What is written; where the policy keeps its local hour, in another time zone than is declared."""
    runs: NextRuns | None = None
    """When it runs; None where that cannot be told."""


@dataclass(frozen=True, kw_only=True)
class UpdatePolicy(Action):
    """Change a policy in place, for all the VMs that are bound to it."""

    verb = "updatePolicy"

    live: LivePolicy
    settings: PolicySettings
    """What is written; where the policy keeps its local hour, in another time zone than is declared."""
    vms: tuple[ArmId, ...]
    """The VMs that are backed up by it."""
    runs: NextRuns | None = None
    """When it runs from then on; None where that cannot be told."""

    @property
    def touched(self) -> tuple[ArmId, ...]:
        return self.vms

    @property
    def policy(self) -> ArmId:
        return self.live.id


@dataclass(frozen=True, kw_only=True)
class DeletePolicy(Action):
    """Delete a policy that no VM is bound to any more; no recovery point is touched by it."""

    verb = "deletePolicy"

    policy: ArmId
    live: LivePolicy | None
    """What the plan was made from; None for one that the service puts into a vault which this run creates."""


@dataclass(frozen=True, kw_only=True)
class VMAction(Action):
    """What all actions on the backup of one VM have."""

    vm: ArmId
    found: LiveItem | None
    """The protected item that the plan was made from, where there was one."""

    @property
    def touched(self) -> tuple[ArmId, ...]:
        return (self.vm,)

    @property
    def vm_name(self) -> str:
        """The VM in a person's words: its name, with its group where others bear that name too."""
        return self.label.removeprefix("VM ").removesuffix(f" in {self.vault.name}")


@dataclass(frozen=True, kw_only=True)
class BindAction(VMAction):
    """Bind a VM to a policy; what that means depends on what it was before."""

    policy: ArmId


@dataclass(frozen=True, kw_only=True)
class Protect(BindAction):
    """Protect a VM that has no backup."""

    verb = "protect"


@dataclass(frozen=True, kw_only=True)
class Resume(BindAction):
    """Back up again a VM whose protection was stopped."""

    verb = "resume"


@dataclass(frozen=True, kw_only=True)
class ChangePolicy(BindAction):
    """Bind a protected VM to another policy."""

    verb = "changePolicy"


@dataclass(frozen=True, kw_only=True)
class Migrate(BindAction):
    """Bind a VM of a Standard policy to an Enhanced one, from which no way leads back."""

    verb = "migrate"


@dataclass(frozen=True, kw_only=True)
class DeleteData(VMAction):
    """Delete the backups of a VM; soft delete keeps them for a while."""

    verb = "deleteData"

    found: LiveItem

    @property
    def vm_name(self) -> str:
        return super().vm_name.removeprefix("backups of VM ")


@dataclass(frozen=True, kw_only=True)
class Stop(VMAction):
    """Stop the backups of a VM and keep its recovery points."""

    verb = "stop"


AnyAction = (
    CreateVault
    | AwaitVault
    | UpdateVault
    | WeakenVault
    | LockVault
    | DeleteVault
    | CreatePolicy
    | UpdatePolicy
    | DeletePolicy
    | Protect
    | Resume
    | ChangePolicy
    | Migrate
    | Stop
    | DeleteData
)
