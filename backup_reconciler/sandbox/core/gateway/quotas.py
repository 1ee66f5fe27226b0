"""The quotas of single providers: of Backup per action, of Resource Graph per user, of Compute per subscription."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Window, fold
from backup_reconciler.sandbox.core.gateway.throttling import Bucket, Rate, subscription_of, whole_seconds
from backup_reconciler.sandbox.core.wire.messages import Refused
from backup_reconciler.sandbox.core.wire.times import stamp, time_span

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Json, Request

_HOUR = timedelta(hours=1)
_GRAPH_QUERIES, _GRAPH_SPAN = 15, timedelta(seconds=5)
"""Queries of a user, and the time in which they may be sent (Learn: guidance-for-throttled-requests)."""
_COMPUTE_TOKENS = 24_000
"""What Compute's header counts down from (R26)."""
_COMPUTE_BUCKET = "LowCostGetSubscriptionMaximum"
_OF_VAULTS_AND_BACKUP, _OF_BACKUP = "microsoft.recoveryservices/vaults/", "microsoft.recoveryservices/locations/backup"
_OF_VAULTS = {"read", "write", "delete", "operationstatus", "operationresults", "usages", "replicationusages"}
"""What follows `…/vaults/` in actions that the vault provider answers, which was never seen to throttle by action."""


def check(call: Call) -> None:
    """Count a call against the quota of its provider, or refuse it; what is refused costs nothing."""
    quotas, action = call.settings.quotas, fold(call.route.action)
    if quotas.backup is not None and _reads_backup(action):
        _count_action(call, quotas.backup)
    elif quotas.graph and action == "microsoft.resourcegraph/resources/read":
        _count_query(call)
    elif quotas.compute is not None and action.startswith("microsoft.compute/"):
        _draw_from_compute(call, quotas.compute)


def _reads_backup(action: str) -> bool:
    """Reads and queries of the Backup provider. Of its writes no refusal by action was ever recorded."""
    below_vault = action.removeprefix(_OF_VAULTS_AND_BACKUP)
    if below_vault == action:
        return action.startswith(_OF_BACKUP)
    return action.endswith("/read") and below_vault.partition("/")[0] not in _OF_VAULTS


def _count_action(call: Call, limit: int) -> None:
    """So many an hour of each action in a subscription; the hour begins with the first (R21 item, R22)."""
    key = f"action/{fold(call.names['subscription'])}/{fold(call.route.action)}"
    window = _window(call.estate, key, call.now, _HOUR)
    if window.count < limit:
        _count(call.estate, key, window)
        return
    seconds = whole_seconds(window.began + _HOUR - call.now)
    raise Refused(
        429,
        "ResourceRequestsThrottled",
        f"Number of requests for action '{call.route.action}' exceeded the limit of '{limit}' for time interval "
        f"'{time_span(_HOUR)}'. Please try again after '{seconds}' seconds.",
        of_gateway=True,
        headers=_retry_after(call, seconds),
    )


def _count_query(call: Call) -> None:
    """Its own shape, the reason in the details (azure-cli-extensions issue 3325)."""
    key = _graph_key(call.request)
    window = _window(call.estate, key, call.now, _GRAPH_SPAN)
    if window.count < _GRAPH_QUERIES:
        _count(call.estate, key, window)
        return
    correlation = call.request.headers.get("x-ms-correlation-request-id", "")
    raise Refused(
        429,
        "RateLimiting",
        f"Please provide below info when asking for support: timestamp = {stamp(call.now)}, "
        f"correlationId = {correlation}.",
        of_gateway=True,
        details=[
            {
                "code": "RateLimiting",
                "message": "Client application has been throttled and should not attempt to repeat the request until "
                "an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.",
            }
        ],
        headers=_retry_after(call, whole_seconds(window.began + _GRAPH_SPAN - call.now)),
    )


def _draw_from_compute(call: Call, limit: int) -> None:
    """One bucket for all, refilled within a minute (Learn: compute-throttling-limits has one for each group of calls).

    The shape of the refusal: Learn, troubleshooting-throttling-errors, and aks-engine issue 2295.
    """
    bucket = _compute_bucket(call.request, limit)
    wait = bucket.wait(call.estate.spent, call.now)
    if not wait:
        bucket.draw(call.estate.spent, call.now)
        return
    raise Refused(
        429,
        "OperationNotAllowed",
        "The server rejected the request because too many requests have been received for this subscription.",
        of_gateway=True,
        details=[_compute_detail(call.now, limit)],
        headers={"x-ms-failure-cause": "service", "Retry-After": str(whole_seconds(wait))},
    )


def _compute_detail(now: datetime, limit: int) -> Json:
    times = f'"startTime":"{stamp(now - timedelta(minutes=1))}","endTime":"{stamp(now)}"'
    counts = f'"allowedRequestCount":{limit},"measuredRequestCount":{limit + 1}'
    message = f'{{"operationGroup":"{_COMPUTE_BUCKET}",{times},{counts}}}'
    return {"code": "TooManyRequests", "target": _COMPUTE_BUCKET, "message": message}


def remaining_headers(estate: Estate, request: Request, now: datetime) -> dict[str, str]:
    """What a provider tells of the caller's quota on each of its answers."""
    path = fold(request.path)
    if "/microsoft.compute/" in path:
        left = _compute_left(estate, request, now)
        return {"x-ms-ratelimit-remaining-resource": f"Microsoft.Compute/{_COMPUTE_BUCKET};{left}"}
    if path.startswith("/providers/microsoft.resourcegraph/"):
        return _graph_left(estate, request, now)
    return {}


def _compute_left(estate: Estate, request: Request, now: datetime) -> int:
    """Where nothing is counted, as if this were the first request."""
    limit = estate.settings.quotas.compute
    return _COMPUTE_TOKENS - 1 if limit is None else _compute_bucket(request, limit).remaining(estate.spent, now)


def _graph_left(estate: Estate, request: Request, now: datetime) -> dict[str, str]:
    left, resets = _GRAPH_QUERIES - 1, _GRAPH_SPAN
    if estate.settings.quotas.graph:
        window = _window(estate, _graph_key(request), now, _GRAPH_SPAN)
        left = _GRAPH_QUERIES - window.count
        resets = timedelta(seconds=whole_seconds(window.began + _GRAPH_SPAN - now))
    return {"x-ms-user-quota-remaining": str(left), "x-ms-user-quota-resets-after": time_span(resets)}


def _graph_key(request: Request) -> str:
    return f"graph/{request.principal}"


def _compute_bucket(request: Request, limit: int) -> Bucket:
    return Bucket(f"compute/{subscription_of(request)}", _COMPUTE_BUCKET, Rate(limit, limit / 60))


def _retry_after(call: Call, seconds: int) -> dict[str, str]:
    """None was recorded on these refusals; a world may ask for one all the same."""
    return {"Retry-After": str(seconds)} if call.settings.quotas.retry_after else {}


def _window(estate: Estate, key: str, now: datetime, span: timedelta) -> Window:
    """The window that is open now; where its time is over, one that a request would open."""
    window = estate.spent.windows.get(key)
    return Window(now) if window is None or now >= window.began + span else window


def _count(estate: Estate, key: str, window: Window) -> None:
    window.count += 1
    estate.spent.windows[key] = window
