"""How long an answer takes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Latency
    from backup_reconciler.sandbox.core.wire.messages import Request


def matches(method: str, path: str, request: Request) -> bool:
    """Whether a request is one of those that a world means by a method, or `*`, and a path with `*` and `?`."""
    return method in {"*", request.method} and fnmatchcase(fold(request.path), fold(path))


def delay(latency: Latency, request: Request, rng: Random) -> float:
    """Seconds until the answer. Randomness is spent only on jitter: a world without it draws what it always drew."""
    exception = next((one for one in latency.where if matches(one.method, one.path, request)), None)
    seconds, jitter = (exception or latency).seconds, (exception or latency).jitter
    if jitter:
        seconds += rng.uniform(-jitter, jitter)
    return max(seconds, 0.0)
