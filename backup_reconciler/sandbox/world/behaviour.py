"""How the service behaves in a world: how long it takes, and what goes wrong."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.base import Model, Name, Seconds


class DurationsModel(Model):
    """Seconds the service takes; the defaults are medians of what was recorded."""

    vault: Seconds = 10.0
    protect: Seconds = 32.0
    stop: Seconds = 13.0
    delete: Seconds = 60.0
    undelete: Seconds = 13.0
    policy_update: Seconds = 45.0
    first_backup: Seconds = 3600.0
    backup: Seconds = 900.0
    network: Seconds = 3.0
    firewall: Seconds = 14.0


class LimitsModel(Model):
    """How many of each the service takes; the defaults are the real ones, a test may want lower ones."""

    vaults_per_region: int = Field(default=500, ge=1)
    vms_per_vault: int = Field(default=1000, ge=1)
    policies_per_vault: int = Field(default=200, ge=1)
    policy_writes_per_day: int = Field(default=50, ge=0)


class FaultModel(Model):
    """Requests that meet a status in place of an answer, or whose connection is cut before or after the effect."""

    method: Literal["*", "GET", "PUT", "POST", "PATCH", "DELETE"] = "*"
    path: Name
    status: int | None = Field(default=None, ge=400, le=599)
    code: str = "InternalServerError"
    message: str = "The server encountered an error."
    retry_after: int | None = Field(default=None, ge=0)
    cut: Literal["before", "after"] | None = None
    times: int | None = Field(default=None, ge=1)
    skip: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one_kind(self) -> FaultModel:
        if (self.status is None) == (self.cut is None):
            raise ValueError("a fault needs either 'status' or 'cut', and not both")
        return self
