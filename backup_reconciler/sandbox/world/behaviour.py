"""How the service behaves in a world: how long it takes, and what goes wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.base import Model, Moment, Name, Seconds
from backup_reconciler.sandbox.world.machine import FailureModel


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


_KINDS = ("status", "cut", "ignored", "late", "operation", "slow", "pages")


class FaultModel(Model):
    """Something that goes wrong with the requests that match `method` and `path`; exactly one kind of it.

    `status`: that error in place of an answer. `cut`: the connection breaks, before or after the effect. `ignored`:
    accepted, said to be done, not done. `late`: done only so many seconds after it was said to be. `operation`:
    accepted, and the operation and its job fail with that code. `slow`: operations take so many times as long. `pages`:
    the list changes while it is paged, so that an element is given twice, or never.

    Of the requests that match, the first `skip` pass, the next `times` meet it (all, where it is left out), each with
    the probability `rate`, and only those from a moment on and until another.
    """

    method: Method = "*"
    path: Name
    status: int | None = Field(default=None, ge=400, le=599)
    code: str = "InternalServerError"
    message: str = "The server encountered an error."
    retry_after: int | None = Field(default=None, ge=0)
    cut: Literal["before", "after"] | None = None
    ignored: bool = False
    late: Seconds | None = None
    operation: FailureModel | None = None
    slow: Annotated[float, Field(ge=1, le=1000, strict=False)] | None = None
    pages: Literal["repeat", "skip"] | None = None
    times: int | None = Field(default=None, ge=1)
    skip: int = Field(default=0, ge=0)
    rate: Annotated[float, Field(gt=0, le=1, strict=False)] | None = None
    since: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> FaultModel:
        stated = [kind for kind in _KINDS if (value := getattr(self, kind)) is not None and value is not False]
        if len(stated) != 1:
            found = " and ".join(f"'{kind}'" for kind in stated) or "none"
            raise ValueError(f"a fault needs exactly one of {', '.join(map(repr, _KINDS))}; it has {found}")
        return self
