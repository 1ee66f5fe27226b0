"""The headers that stand on every answer of Azure Resource Manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.call import guid

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.messages import Request

_REMAINING = {
    2021: {"GET": ("subscription-reads", 11999), "DELETE": ("subscription-deletes", 14999)},
    2026: {"GET": ("subscription-global-reads", 16499), "DELETE": ("subscription-deletes", 199)},
}
_REMAINING_WRITES = {2021: ("subscription-writes", 1199), 2026: ("subscription-writes", 799)}


def usual(estate: Estate, request: Request, rng: Random) -> dict[str, str]:
    """The remaining quota is the full one: nothing spends it here (R21, R26)."""
    era = estate.settings.era
    name, remaining = _REMAINING[era].get(request.method, _REMAINING_WRITES[era])
    if era == 2026 and "/vaults/" in fold(request.path) and request.method == "GET":
        name, remaining = "subscription-resource-requests", 1099
    headers = {
        "x-ms-request-id": guid(rng),
        "x-ms-correlation-request-id": guid(rng),
        f"x-ms-ratelimit-remaining-{name}": str(remaining),
    }
    if "/microsoft.compute/" in fold(request.path):
        headers["x-ms-ratelimit-remaining-resource"] = "Microsoft.Compute/LowCostGetSubscriptionMaximum;23999"
    return headers
