"""Actions on the backups of VMs."""

from dataclasses import dataclass
from datetime import date

from backup_reconciler.plan.action.base import VaultAction
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.disks import Disks
from backup_reconciler.spec.policy import Retention
from backup_reconciler.state.protection import LiveItem


@dataclass(frozen=True, kw_only=True)
class VMAction(VaultAction):
    """What all actions on the backup of one VM have."""

    vm: ArmId
    found: LiveItem | None
    """The protected item that the action starts from, where there is one."""
    is_next_step: bool = False
    """Whether a step before it, of this plan, makes the item what `found` tells."""

    @property
    def touched(self) -> tuple[ArmId, ...]:
        return (self.vm,)

    @property
    def vm_name(self) -> str:
        """The VM in a person's words: its name, with its group where others bear that name too."""
        return self.label.removeprefix("backups of ").removeprefix("VM ").removesuffix(f" in {self.vault.name}")


@dataclass(frozen=True, kw_only=True)
class BindAction(VMAction):
    """Bind a VM to a policy; what that means depends on what it was before."""

    policy: ArmId
    disks: Disks | None = None
    """Which disks are backed up from then on; None leaves that as it is."""
    retention: Retention | None = None
    """How long the policy keeps the recovery points that are there, once this plan is applied; None where there are
    none to keep, where the policy stays the same one, or where that cannot be told."""


@dataclass(frozen=True, kw_only=True)
class Protect(BindAction):
    """Protect a VM that has no backup."""

    verb = "protect"


@dataclass(frozen=True, kw_only=True)
class Resume(BindAction):
    """Back up again a VM whose backups were stopped or suspended."""

    verb = "resume"


@dataclass(frozen=True, kw_only=True)
class ChangePolicy(BindAction):
    """Bind a protected VM to another policy."""

    verb = "changePolicy"


@dataclass(frozen=True, kw_only=True)
class ChangeDisks(BindAction):
    """Back up other disks of a VM than before, by the policy it has."""

    verb = "changeDisks"


@dataclass(frozen=True, kw_only=True)
class Migrate(BindAction):
    """Bind a VM of a Standard policy to an Enhanced one, from which no way leads back."""

    verb = "migrate"


@dataclass(frozen=True, kw_only=True)
class DeleteData(VMAction):
    """Delete the backups of a VM; soft delete keeps them for a while."""

    verb = "deleteData"

    found: LiveItem
    kept_days: int | None = None
    """Days for which they can be brought back, as the plan tells: 0 for none, None where Azure does not tell."""


@dataclass(frozen=True, kw_only=True)
class Stop(VMAction):
    """Stop the backups of a VM and keep its recovery points."""

    verb = "stop"


@dataclass(frozen=True, kw_only=True)
class Suspend(VMAction):
    """Stop the backups of a VM and let its recovery points expire as its policy says."""

    verb = "suspend"


@dataclass(frozen=True, kw_only=True)
class Undelete(VMAction):
    """Bring back the backups of a VM that were soft-deleted."""

    verb = "undelete"

    found: LiveItem


@dataclass(frozen=True, kw_only=True)
class BackUpNow(VMAction):
    """Start the first backup of a VM, once, instead of waiting for the schedule."""

    verb = "backUpNow"
    awaited = False

    kept_until: date
    """The last day, in UTC, on which its recovery point is kept."""
