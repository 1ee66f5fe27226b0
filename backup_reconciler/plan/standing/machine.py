"""A VM as a report tells it: how it stands, what backs it up, and how old its last backup is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import ItemState


class Standing(StrEnum):
    """How a VM stands, each VM in one of these."""

    PROTECTED = "protected"
    """Backups are made, by the policy that is declared where one is."""
    WRONG_POLICY = "wrong policy"
    """Backups are made, by another policy than the one that is declared."""
    UNCOVERED = "uncovered"
    """No backups are made, and no exemption says that none are needed. A backup that is soft-deleted is none."""
    STOPPED = "stopped"
    """Backups were made and are stopped or suspended; recovery points are kept."""
    ORPHAN = "orphan"
    """A backup whose VM is gone."""
    EXEMPT = "exempt"
    """Meant to have no backup."""
    NOT_LOOKED_FOR = "not looked for"
    """A vault holds a backup of it, and no assignment looks into its subscription."""
    UNKNOWN = "unknown"
    """It cannot be told with these rights; never taken for uncovered."""


class Health(StrEnum):
    """Whether the backups that are due are made."""

    IN_TIME = "in time"
    """The last one succeeded and is no older than the policy's schedule allows."""
    OVERDUE = "overdue"
    """The last one is older than that."""
    FAILED = "failed"
    """The last one failed."""
    NEVER = "no backup yet"
    """The first one is still due; since when, a vault's list does not tell."""
    NONE_DUE = "none due"
    """No backups are made of it, or the VM is gone."""
    UNKNOWN = "unknown"
    """It is not told: the vault's own list was not read, or its policy is not understood."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A VM that is known of, or a backup whose VM is not."""

    vm: ArmId
    standing: Standing
    health: Health
    vault: ArmId | None = None
    """The vault that holds it, also one that no manifest names; None where none does, as far as it is known."""
    policy: str = ""
    """The policy's name in Azure; empty where it is bound to none or that is not told."""
    last_backup: datetime | None = None
    """When it was last tried; None before the first time, and where that is not told."""
    last_error: str = ""
    """Azure's code of a failure, where the item tells it."""
    age_days: int | None = None
    """Days from the last backup to the report's day; None where there is none."""
    allowed_days: int | None = None
    """The most days that the schedule leaves between two backups; None where none is due or that is not known."""
    address: str = ""
    """The address of its protection; empty where no vault holds it."""
    state: ItemState | None = None
    """What that vault does for it; None where none holds it."""
    as_declared: bool = False
    """Whether an assignment declares its protection just so: a stop that somebody decided on is one of these."""

    @property
    def ails(self) -> bool:
        """Whether backups are due of it and not made."""
        return self.health in {Health.OVERDUE, Health.FAILED, Health.NEVER}
