"""What a caller may spend before the service refuses to answer for a while, and what has been spent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class ArmQuota:
    """Tokens in ARM's buckets when they are full, per subscription and principal; None: what the era documents."""

    reads: int | None = None
    writes: int | None = None
    deletes: int | None = None


@dataclass(frozen=True)
class Quotas:
    """Which quotas are kept. None and False: what they limit is without limit."""

    arm: ArmQuota | None = None
    backup: int | None = None
    """Requests an hour, of each action of the Backup provider, in each subscription."""
    graph: bool = False
    compute: int | None = None
    """Requests a minute to Compute, in each subscription."""
    retry_after: bool = False
    """Whether the refusals that were recorded without a Retry-After carry one."""


@dataclass
class Window:
    """Requests counted since a moment; when its time is over, the next begins with the next request."""

    began: datetime
    count: int = 0


@dataclass
class Spent:
    """What callers have spent."""

    buckets: dict[str, datetime] = field(default_factory=dict)
    """Token buckets: when each will be full again. So a bucket is one moment, and its arithmetic is exact."""
    windows: dict[str, Window] = field(default_factory=dict)
