"""What goes wrong in a scenario, and what the service limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.scenario import Json

_PATHS = (
    "*",
    "*/protectedItems/*",
    "*/backupProtectedItems",
    "*/backupPolicies*",
    "*/backupJobs",
    "*/vaults/*",
    "*/vaults",
    "*/virtualMachines",
    "*/resources",
)
_LISTS = ("*", "*/backupProtectedItems", "*/virtualMachines", "*/backupPolicies")
_WRITES = ("*/protectedItems/*", "*/backupPolicies/*", "*/vaults/rsv", "*/vaults/*")
_THROTTLED = {"status": 429, "code": "TooManyRequests", "message": "Please try again after '12' seconds."}
_FAILED = {"code": "UserErrorVmNotInDesirableState", "message": "It cannot be done."}


def some_faults(rng: Random) -> list[Json]:
    return [_fault(rng) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))]


def _fault(rng: Random) -> Json:
    kind = rng.choice(_KINDS)(rng)
    of_writes = not {"status", "cut", "pages"} & kind.keys()
    fault: Json = {"path": rng.choice(_WRITES if of_writes else _PATHS), **kind}
    if "pages" in kind:
        fault["path"] = rng.choice(_LISTS)
    elif not of_writes and rng.random() < 0.4:
        fault |= {"method": rng.choice(["GET", "PUT", "POST", "DELETE", "PATCH"]), "path": "*"}
    return fault | {"times": rng.randint(1, 7), "skip": rng.choice([0, 0, 0, 1, 3])}


def _throttles(rng: Random) -> Json:
    how: Json = {"code": "TooManyRequests", "message": "Too many."} if rng.random() < 0.5 else {}
    return {**_THROTTLED, **how, **({"retryAfter": rng.choice([0, 1, 7, 90])} if rng.random() < 0.5 else {})}


def _unavailable(rng: Random) -> Json:
    return {"status": rng.choice([500, 502, 503, 504]), **({"retryAfter": 3} if rng.random() < 0.3 else {})}


def _cut(rng: Random) -> Json:
    return {"cut": rng.choice(["before", "after"])}


def _ignored(_: Random) -> Json:
    return {"ignored": True}


def _late(rng: Random) -> Json:
    return {"late": rng.choice([5.0, 60.0, 600.0])}


def _slow(rng: Random) -> Json:
    return {"slow": rng.choice([3, 30])}


def _fails(_: Random) -> Json:
    return {"operation": _FAILED}


def _pages(rng: Random) -> Json:
    return {"pages": rng.choice(["repeat", "skip"])}


_KINDS: Any = (_throttles, _unavailable, _cut, _cut, _ignored, _late, _slow, _fails, _pages)


def some_pressure(rng: Random) -> Json:
    """How long answers take, and quotas."""
    latency = rng.choice(
        [{"seconds": 0.08, "jitter": 0.07}, {"seconds": 0.08, "jitter": 0.07}, {"seconds": 2, "jitter": 2}]
    )
    quotas: Json = {"retryAfter": rng.random() < 0.5}
    if rng.random() < 0.2:
        quotas["arm"] = {"reads": rng.choice([3, 20]), "writes": rng.choice([2, 10])}
    if rng.random() < 0.2:
        quotas["backup"] = rng.choice([6, 20, 150])
    if rng.random() < 0.2:
        quotas["graph"] = True
    if rng.random() < 0.1:
        quotas["compute"] = rng.choice([2, 10])
    return {"latency": latency, "quotas": quotas}
