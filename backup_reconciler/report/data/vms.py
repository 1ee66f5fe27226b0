"""Every VM that is known of as JSON: how it stands, and how its backups fare."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.standing.machine import Machine
from backup_reconciler.report.data.base import JsonData


class KnownVMData(JsonData):
    """A VM that is known of, or a backup whose VM is not."""

    id: str = Field(description="Its ARM id.")
    standing: Literal[
        "protected", "wrong policy", "uncovered", "stopped", "orphan", "exempt", "not looked for", "unknown"
    ] = Field(description="How it stands.")
    health: Literal["in time", "overdue", "failed", "no backup yet", "none due", "unknown"] = Field(
        description="Whether the backups that are due are made."
    )
    as_declared: bool = Field(description="Whether an assignment declares its protection just so; also of a stop.")
    vault: str | None = Field(description="ARM id of the vault that holds it; null where none is known to.")
    state: Literal["active", "stopped", "suspended", "soft-deleted", "unknown"] | None = Field(
        description="What that vault does for it."
    )
    policy: str | None = Field(description="Name of the policy that it is bound to.")
    last_backup: datetime | None = Field(description="When it was last tried; null before the first time.")
    age_days: int | None = Field(description="Days from the last backup to the day of the report, in UTC.")
    allowed_days: int | None = Field(description="The most days that the schedule leaves between two backups.")
    last_error: str | None = Field(description="Azure's code of a backup that failed, where the vault's list tells it.")


def vm_data(machine: Machine) -> KnownVMData:
    return KnownVMData(
        id=machine.vm.text,
        standing=machine.standing.value,
        health=machine.health.value,
        as_declared=machine.as_declared,
        vault=machine.vault.text if machine.vault else None,
        state=machine.state.value if machine.state else None,
        policy=machine.policy or None,
        last_backup=machine.last_backup,
        age_days=machine.age_days,
        allowed_days=machine.allowed_days,
        last_error=machine.last_error or None,
    )
