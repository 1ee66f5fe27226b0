"""Kind VMAssignment: which VMs are protected, in which vault, by which policy. It becomes one protection per VM."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from backup_reconciler.spec import ranges
from backup_reconciler.spec.approval import Approval
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.disks import ALL, OS_ONLY, Disks
from backup_reconciler.spec.selector import Selector
from backup_reconciler.spec.values import Day

Protection = Literal["active", "stopped", "suspended", "deleted"]


class VaultChoice(Model):
    """The vault of each VM, chosen among several."""

    match_region: Items[str] = Field(
        description="Handles of vaults; each VM goes to the one in its region. Two in one region are an error.",
        examples=[["prod-jpe", "prod-jpw"]],
    )


class DiskSelection(Model):
    """Some of a VM's data disks, by their LUN. The disk of the operating system is always backed up."""

    include: Items[Annotated[int, ranges.LUN]] | None = Field(
        default=None, description="LUNs of the data disks that are backed up.", examples=[[0, 1]]
    )
    exclude: Items[Annotated[int, ranges.LUN]] | None = Field(
        default=None,
        description="LUNs of the data disks that are left out; others, new ones too, are backed up.",
        examples=[[2]],
    )


class InitialBackup(Model):
    """The first backup, started at once."""

    keep_days: Annotated[int, ranges.KEEP_DAYS] | None = Field(
        default=None, description="Days for which its recovery point is kept.", examples=[30]
    )
    keep_until: Day | None = Field(default=None, description="Last day on which its recovery point is kept.")

    def last_day(self, started: date) -> date:
        """The last day on which the point of a backup that is started on a day is kept."""
        if self.keep_until is not None:
            return self.keep_until
        assert self.keep_days is not None, "a mapping that is stated is not empty (rule empty-mapping)"
        return started + timedelta(days=self.keep_days)


class MoveToEnhanced(Model):
    """Consent to move VMs from a Standard policy to the Enhanced one of this assignment, in waves."""

    vms_per_run: Annotated[int, ranges.VMS_A_RUN] = Field(
        description="How many VMs one run moves, 1 to 1000; the others stay where they are until a later run.",
        examples=[10],
    )


class AssignmentSpec(Model):
    """VMs that are to be protected alike."""

    vault: str | None = Field(
        default=None, description="Handle of the vault. Either vault or vaults is stated.", examples=["prod-jpe"]
    )
    vaults: VaultChoice | None = Field(default=None, description="Several vaults, one for each region.")
    policy: str | None = Field(
        default=None,
        description="Handle of the policy, or the name of one that the service itself puts into a vault.",
        examples=["daily-30d", "DefaultPolicy"],
    )
    select: Selector = Field(description="The VMs.")
    exclude: Selector | None = Field(default=None, description="VMs that are not meant although they are selected.")
    protection: Protection = Field(
        default="active",
        description="active: backed up by the policy. stopped: no more backups, every recovery point kept. "
        "suspended: no more backups, points expire as the policy says; immutable vaults only. deleted: no more "
        "backups and no recovery points; needs approval.",
    )
    approval: Approval | None = Field(
        default=None, description="Consent to delete backup data; goes with protection: deleted."
    )
    move_to_enhanced: MoveToEnhanced | None = Field(
        default=None,
        description="Let VMs that a Standard policy protects move to this Enhanced one, some with each run. No way "
        "leads back, so apply also asks for --allow-one-way.",
    )
    disks: Literal["all", "osOnly"] | DiskSelection | None = Field(
        default=None,
        description="Which disks are backed up: all, osOnly, or data disks to include or to exclude.",
        examples=["all", {"exclude": [2]}],
    )
    initial_backup: InitialBackup | None = Field(
        default=None, description="Start the first backup of newly protected VMs at once, instead of by the schedule."
    )

    def vault_handles(self) -> tuple[str, ...]:
        """The handles of every vault that a VM may go to."""
        if self.vaults is not None:
            return self.vaults.match_region
        return (self.vault,) if self.vault is not None else ()

    def disks_wished(self) -> Disks | None:
        """Which disks are to be backed up; None where nothing is said of them."""
        match self.disks:
            case DiskSelection(include=tuple(luns)):
                return Disks(frozenset(luns), included=True)
            case DiskSelection(exclude=tuple(luns)):
                return Disks(frozenset(luns))
            case "all" | "osOnly":
                return ALL if self.disks == "all" else OS_ONLY
        return None


@dataclass(frozen=True, slots=True)
class ProtectionSettings:
    """How one VM is protected: what an assignment wishes for it, and what Azure says of it, in the same words."""

    protection: Protection
    policy: ArmId | None = None
    """The policy that is bound; None where backups are not made, when the service holds none."""
    disks: Disks | None = None
    """None in a wish that does not speak of disks."""

    def stated(self) -> dict[str, Any]:
        """What is told, in the words of a manifest."""
        told = {"policy": self.policy and self.policy.name, "disks": self.disks and self.disks.words}
        return {"protection": self.protection, **{name: value for name, value in told.items() if value is not None}}
