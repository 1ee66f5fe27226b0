"""The headers that stand on every answer of Azure Resource Manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.gateway import quotas, throttling
from backup_reconciler.sandbox.core.wire.call import guid

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.messages import Request

_REMAINING = {
    2021: {"GET": ("subscription-reads", 11999), "DELETE": ("subscription-deletes", 14999)},
    2026: {"GET": ("subscription-global-reads", 16499), "DELETE": ("subscription-deletes", 199)},
}
_REMAINING_WRITES = {2021: ("subscription-writes", 1199), 2026: ("subscription-writes", 799)}


def usual(estate: Estate, request: Request, now: datetime, rng: Random) -> dict[str, str]:
    remaining = throttling.remaining if estate.settings.quotas.arm is not None else _unspent
    return {
        "x-ms-request-id": guid(rng),
        "x-ms-correlation-request-id": guid(rng),
        **{f"x-ms-ratelimit-remaining-{name}": str(left) for name, left in remaining(estate, request, now).items()},
        **quotas.remaining_headers(estate, request, now),
    }


def _unspent(estate: Estate, request: Request, _now: datetime) -> dict[str, int]:
    """Where nothing is counted, what was recorded of a caller's first request (R21, R26)."""
    era = estate.settings.era
    name, remaining = _REMAINING[era].get(request.method, _REMAINING_WRITES[era])
    if era == 2026 and "/vaults/" in fold(request.path) and request.method == "GET":
        name, remaining = "subscription-resource-requests", 1099
    return {name: remaining}
