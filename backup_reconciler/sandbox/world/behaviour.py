"""How the service behaves in a world: how long it takes, and what goes wrong."""

from __future__ import annotations

from typing import Annotated, Literal

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


Method = Literal["*", "GET", "PUT", "POST", "PATCH", "DELETE"]


class SlowPathModel(Model):
    """Requests that are answered in a time of their own."""

    method: Method = "*"
    path: Name
    seconds: Seconds
    jitter: Seconds = 0.0


class LatencyModel(Model):
    """How long an answer takes, in seconds: `jitter` more or less than `seconds`, evenly spread, and never less than
    none. `where` names requests that are answered in another time; the first that matches counts.
    """

    seconds: Seconds = 0.0
    jitter: Seconds = 0.0
    where: list[SlowPathModel] = []


Requests = Annotated[int, Field(ge=1)]


class ArmQuotaModel(Model):
    """ARM's token buckets, by the tokens in a full one; what is left out is what the era documents: since 2024
    250 reads, 200 writes and 200 deletes, of which 25, 10 and 10 come back in a second.
    """

    reads: Requests | None = None
    writes: Requests | None = None
    deletes: Requests | None = None


class QuotasModel(Model):
    """Which quotas are kept; what is left out is without limit.

    `arm: {}` is ARM's own as documented; `backup` the requests an hour of each action of the Backup provider (150 were
    recorded in 2021, 300 in 2022); `graph` the 15 queries in 5 seconds of Resource Graph; `compute` requests a minute.
    `retryAfter` puts a Retry-After on the refusals of Backup and Resource Graph, which were recorded without.
    """

    arm: ArmQuotaModel | None = None
    backup: Requests | None = None
    graph: bool = False
    compute: Requests | None = None
    retry_after: bool = False


class FaultModel(Model):
    """Requests that meet a status in place of an answer, or whose connection is cut before or after the effect."""

    method: Method = "*"
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
