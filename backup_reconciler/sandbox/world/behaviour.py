"""How the service behaves in a world: how long it takes, and what goes wrong."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.base import Model, Name, Seconds


class DurationsModel(Model):
    """Seconds the service takes; the defaults are medians of what was recorded."""

    vault: Seconds = 10.0
    """Creating or deleting a vault."""
    protect: Seconds = 32.0
    """Enabling, resuming or changing the policy of an item."""
    stop: Seconds = 13.0
    """Stopping protection and keeping the data."""
    delete: Seconds = 60.0
    """Deleting an item with its backups."""
    undelete: Seconds = 13.0
    """Bringing a soft-deleted item back."""
    policy_update: Seconds = 45.0
    """A change of a policy that has items."""
    first_backup: Seconds = 3600.0
    """The first backup of an item."""
    backup: Seconds = 900.0
    """A later backup of an item."""
    network: Seconds = 3.0
    """A change of a network resource."""
    firewall: Seconds = 14.0
    """A change of a firewall or its policy."""


class LimitsModel(Model):
    """How many of each the service takes; the defaults are the real ones, a test may want lower ones."""

    vaults_per_region: int = Field(default=500, ge=1)
    """Vaults in a region of a subscription."""
    vms_per_vault: int = Field(default=1000, ge=1)
    """VMs in a vault."""
    policies_per_vault: int = Field(default=200, ge=1)
    """Policies in a vault."""
    policy_writes_per_day: int = Field(default=50, ge=0)
    """Writes of a policy in a day."""


class FaultModel(Model):
    """Requests that meet a status in place of an answer, or whose connection is cut before or after the effect."""

    method: Literal["*", "GET", "PUT", "POST", "PATCH", "DELETE"] = "*"
    """The method it meets; `*` stands for any."""
    path: Name
    """The path it meets; `*` stands for anything."""
    status: int | None = Field(default=None, ge=400, le=599)
    """The status that is answered."""
    code: str = "InternalServerError"
    """`code` of the error that is answered."""
    message: str = "The server encountered an error."
    """`message` of the error that is answered."""
    retry_after: int | None = Field(default=None, ge=0)
    """Seconds in the answer's Retry-After; left out, it has none."""
    cut: Literal["before", "after"] | None = None
    """The connection breaks before or after the request takes effect; for this or `status` there is a choice."""
    times: int | None = Field(default=None, ge=1)
    """How many requests it meets; left out, all."""
    skip: int = Field(default=0, ge=0)
    """How many requests it lets pass first."""

    @model_validator(mode="after")
    def _one_kind(self) -> FaultModel:
        if (self.status is None) == (self.cut is None):
            raise ValueError("a fault needs either 'status' or 'cut', and not both")
        return self
