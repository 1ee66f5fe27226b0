"""Actions: what a plan would do, one frozen type per verb, complete enough to be executed as they are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.spec.vault import VaultSettings
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

    @property
    def id(self) -> str:
        return f"{self.verb}:{self.address}"

    @property
    def risk(self) -> Risk:
        """The worst of its risks."""
        return max(self.risks, key=list(Risk).index, default=Risk.SAFE)


@dataclass(frozen=True, kw_only=True)
class CreateVault(Action):
    """Create a vault."""

    verb = "createVault"

    vault: ArmId
    settings: VaultSettings


@dataclass(frozen=True, kw_only=True)
class AwaitVault(Action):
    """Wait for a vault that Azure is still creating; nothing is sent."""

    verb = "awaitVault"

    vault: ArmId
    settings: VaultSettings | None
    """What it must be when it is there; None for a vault that is owned elsewhere."""


@dataclass(frozen=True, kw_only=True)
class UpdateVault(Action):
    """Change fields of a vault."""

    verb = "updateVault"

    live: LiveVault
    settings: VaultSettings
    """The fields that change, and nothing else."""

    @property
    def vault(self) -> ArmId:
        return self.live.id


@dataclass(frozen=True, kw_only=True)
class CreatePolicy(Action):
    """Create a policy in a vault."""

    verb = "createPolicy"

    vault: ArmId
    policy: ArmId
    settings: PolicySettings


@dataclass(frozen=True, kw_only=True)
class UpdatePolicy(Action):
    """Change a policy in place, for all the VMs that are bound to it."""

    verb = "updatePolicy"

    vault: ArmId
    live: LivePolicy
    settings: PolicySettings
    vms: tuple[ArmId, ...]
    """The VMs that are backed up by it."""

    @property
    def policy(self) -> ArmId:
        return self.live.id


@dataclass(frozen=True, kw_only=True)
class VMAction(Action):
    """What all actions on the backup of one VM have."""

    vault: ArmId
    vm: ArmId
    found: LiveItem | None
    """The protected item that the plan was made from, where there was one."""

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
class Stop(VMAction):
    """Stop the backups of a VM and keep its recovery points."""

    verb = "stop"


AnyAction = (
    CreateVault | AwaitVault | UpdateVault | CreatePolicy | UpdatePolicy | Protect | Resume | ChangePolicy | Stop
)
