"""When a request is sent again, and after how long."""

import re
from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.request import ArmRequest

MAX_ATTEMPTS = 6
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 60.0
_FAILING_FOR_NOW = frozenset({500, 502, 503, 504})
MAYBE_TAKEN = frozenset({500, 502, 504})
"""After these a write may have been carried out all the same; after a 503 or a 429 it was not."""
_SECONDS = re.compile("[0-9]{1,6}")
"""Of eleven days at most; nobody means more."""
_SECONDS_IN_MESSAGE = re.compile(r"after '([0-9]{1,6})' seconds")


def may_repeat(request: ArmRequest, status: int) -> bool:
    """Whether an answer leaves it safe to send the request again. A 429 was not carried out, whatever it asked for."""
    return status == 429 or (status in _FAILING_FOR_NOW and request.repeatable)


def wait_seconds(attempt: int, headers: Mapping[str, str], body: Any) -> float:
    """How long to wait after attempt number `attempt` (from 1), in seconds.

    The header decides. The backup service throttles without one and writes the seconds into the message (recorded
    answer: "Please try again after '324' seconds"). Otherwise the wait doubles from two seconds to a minute.
    """
    header = headers.get("Retry-After", "")
    if _SECONDS.fullmatch(header):
        return float(header)
    told = _SECONDS_IN_MESSAGE.search(str(body))
    if told:
        return float(told.group(1))
    return float(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)))


def refused_by_arm(code: str) -> bool:
    """Whether a 429 is for all requests of its kind to a subscription or tenant, and not for its action alone."""
    return code in {"SubscriptionRequestsThrottled", "TenantRequestsThrottled"}
