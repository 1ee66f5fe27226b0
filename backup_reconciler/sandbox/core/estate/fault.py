"""What goes wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from backup_reconciler.sandbox.core.estate.failure import Failure


@dataclass
class Fault:
    """Something that goes wrong with the requests it matches. Exactly one of the kinds is set."""

    method: str
    path: str
    status: int | None = None
    """Kind: an error in place of the answer."""
    code: str = ""
    message: str = ""
    retry_after: int | None = None
    cut: Literal["before", "after"] | None = None
    """Kind: the connection breaks, before or after the effect."""
    ignored: bool = False
    """Kind: accepted, reported as done, not done."""
    late: float | None = None
    """Kind: seconds from when it is reported as done until it is."""
    operation: Failure | None = None
    """Kind: accepted, and what its operation and job end in."""
    slow: float | None = None
    """Kind: how many times as long its operation takes."""
    pages: Literal["repeat", "skip"] | None = None
    """Kind: the list changes between two of its pages, so that one element is given twice, or never."""
    times: int | None = None
    skip: int = 0
    rate: float | None = None
    """How likely it is to strike when it is its turn; None: certain."""
    since: datetime | None = None
    until: datetime | None = None
    met: int = 0
    """How many requests have matched so far."""


@dataclass(frozen=True)
class Postponed:
    """A request that was reported as carried out, and will be."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Without the token it came with."""
    body: Any = None
    endpoint: str = ""
