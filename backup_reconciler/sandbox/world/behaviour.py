"""How the service behaves in a world: how long it takes, and what goes wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.base import Model, Moment, Name, Seconds
from backup_reconciler.sandbox.world.machine import FailureModel


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


Method = Literal["*", "GET", "PUT", "POST", "PATCH", "DELETE"]


class SlowPathModel(Model):
    """Requests that are answered in a time of their own."""

    method: Method = "*"
    """The method it meets; `*` stands for any."""
    path: Name
    """The path it meets; `*` stands for anything."""
    seconds: Seconds
    """Seconds that the answer takes."""
    jitter: Seconds = 0.0
    """Seconds that it may take more or less."""


class LatencyModel(Model):
    """How long an answer takes, in seconds: `jitter` more or less than `seconds`, evenly spread, and never less than
    none. `where` names requests that are answered in another time; the first that matches counts.
    """

    seconds: Seconds = 0.0
    """Seconds that an answer takes."""
    jitter: Seconds = 0.0
    """Seconds that it may take more or less."""
    where: list[SlowPathModel] = []
    """Requests that are answered in another time; the first that matches counts."""


Requests = Annotated[int, Field(ge=1)]


class ArmQuotaModel(Model):
    """ARM's token buckets, by the tokens in a full one; what is left out is what the era documents: since 2024
    250 reads, 200 writes and 200 deletes, of which 25, 10 and 10 come back in a second.
    """

    reads: Requests | None = None
    """Tokens for GET."""
    writes: Requests | None = None
    """Tokens for PUT, PATCH and POST."""
    deletes: Requests | None = None
    """Tokens for DELETE."""


class QuotasModel(Model):
    """Which quotas are kept; what is left out is without limit.

    `arm: {}` is ARM's own as documented; `backup` the reads an hour of each action of the Backup provider (150 were
    recorded in 2021, 300 in 2022); `graph` the 15 queries in 5 seconds of Resource Graph; `compute` requests a minute.
    `retryAfter` puts a Retry-After on the refusals of Backup and Resource Graph, which were recorded without.
    """

    arm: ArmQuotaModel | None = None
    """ARM's token buckets; `{}` for the documented ones."""
    backup: Requests | None = None
    """Reads an hour of each action of the Backup provider."""
    graph: bool = False
    """Whether Resource Graph takes 15 queries in 5 seconds and no more."""
    compute: Requests | None = None
    """Requests a minute of Compute."""
    retry_after: bool = False
    """Whether refusals of Backup and Resource Graph have a Retry-After."""


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
    """The connection breaks before or after the request takes effect."""
    ignored: bool = False
    """Accepted, said to be done, and not done."""
    late: Seconds | None = None
    """Seconds after it was said to be done at which it is."""
    operation: FailureModel | None = None
    """Accepted, and the operation and its job fail with this."""
    slow: Annotated[float, Field(ge=1, le=1000, strict=False)] | None = None
    """How many times as long its operation takes."""
    pages: Literal["repeat", "skip"] | None = None
    """A list that changes while it is paged: an element is given twice, or never."""
    times: int | None = Field(default=None, ge=1)
    """How many requests it meets; left out, all."""
    skip: int = Field(default=0, ge=0)
    """How many requests it lets pass first."""
    rate: Annotated[float, Field(gt=0, le=1, strict=False)] | None = None
    """The share of the requests that meet it, drawn from the world's seed; left out, all."""
    since: Moment | None = Field(default=None, alias="from")
    """From when on."""
    until: Moment | None = None
    """Until when."""

    @model_validator(mode="after")
    def _one_kind(self) -> FaultModel:
        stated = [kind for kind in _KINDS if (value := getattr(self, kind)) is not None and value is not False]
        if len(stated) != 1:
            found = " and ".join(f"'{kind}'" for kind in stated) or "none"
            raise ValueError(f"a fault needs exactly one of {', '.join(map(repr, _KINDS))}; it has {found}")
        return self
