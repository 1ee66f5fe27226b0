"""ARM's own throttling: token buckets per subscription and principal, and for all principals of a subscription.

A bucket is kept as the moment at which it will be full again. Drawing a token moves that moment, and so no fraction of
a token is ever lost to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.messages import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Era, Estate, Spent
    from backup_reconciler.sandbox.core.wire.messages import Request

Kind = Literal["reads", "writes", "deletes"]

_KINDS: dict[str, Kind] = {"GET": "reads", "DELETE": "deletes"}


@dataclass(frozen=True)
class Rate:
    """How many tokens a full bucket holds, and how many come back in a second."""

    size: int
    per_second: float

    @property
    def interval(self) -> timedelta:
        """The time in which one token comes back."""
        return timedelta(seconds=1 / self.per_second)

    def times(self, factor: int) -> Rate:
        return Rate(self.size * factor, self.per_second * factor)


RATES: Mapping[Era, Mapping[Kind, Rate]] = {
    # Learn, request-limits-and-throttling: of today, and as it was until 2024. Then the limits were so many an hour;
    # how the hours were cut is in no source, and here they come back evenly.
    2026: {"reads": Rate(250, 25), "writes": Rate(200, 10), "deletes": Rate(200, 10)},
    2021: {
        "reads": Rate(12_000, 12_000 / 3600),
        "writes": Rate(1_200, 1_200 / 3600),
        "deletes": Rate(15_000, 15_000 / 3600),
    },
}
_ALL_PRINCIPALS = 15
"""How many times the limit of one principal a subscription has for all of them, since 2024 (Learn)."""


@dataclass(frozen=True)
class Bucket:
    """One of the buckets that a request draws from. `name` is what the header of its remaining tokens ends in."""

    key: str
    name: str
    rate: Rate

    def wait(self, spent: Spent, now: datetime) -> timedelta:
        """How long until there is a token; nothing where there is one."""
        missing = max(spent.buckets.get(self.key, now) - now, timedelta(0))
        return max(missing - self.rate.interval * (self.rate.size - 1), timedelta(0))

    def draw(self, spent: Spent, now: datetime) -> None:
        """Take a token that is there."""
        spent.buckets[self.key] = max(spent.buckets.get(self.key, now), now) + self.rate.interval

    def remaining(self, spent: Spent, now: datetime) -> int:
        """Whole tokens left."""
        missing = max(spent.buckets.get(self.key, now) - now, timedelta(0))
        return max(self.rate.size + -missing // self.rate.interval, 0)


def admit(estate: Estate, request: Request, now: datetime) -> None:
    """Draw a token from each bucket of a request, or refuse it; what is refused costs nothing."""
    if estate.settings.quotas.arm is None:
        return
    buckets = list(_buckets(estate, request))
    wait = max(bucket.wait(estate.spent, now) for bucket in buckets)
    if wait:
        raise _throttled(request, whole_seconds(wait))
    for bucket in buckets:
        bucket.draw(estate.spent, now)


def remaining(estate: Estate, request: Request, now: datetime) -> dict[str, int]:
    """Tokens left to this caller for such requests, under the names of the headers that tell them."""
    return {bucket.name: bucket.remaining(estate.spent, now) for bucket in _buckets(estate, request)}


def whole_seconds(length: timedelta) -> int:
    """Seconds, rounded up: who waits so long has waited long enough."""
    return -(-length // timedelta(seconds=1))


def _buckets(estate: Estate, request: Request) -> Iterator[Bucket]:
    """Requests without a subscription draw from their tenant's, which are as large (Learn)."""
    era, kind, subscription = estate.settings.era, _kind(request), subscription_of(request)
    size = getattr(estate.settings.quotas.arm, kind)
    usual = RATES[era][kind]
    rate = Rate(size, usual.per_second) if size is not None else usual
    scope = "subscription" if subscription else "tenant"
    yield Bucket(f"arm/{subscription}/{request.principal}/{kind}", f"{scope}-{_named(era, kind, request)}", rate)
    if subscription and era == 2026:
        yield Bucket(f"arm/{subscription}//{kind}", f"subscription-global-{kind}", rate.times(_ALL_PRINCIPALS))


def _kind(request: Request) -> Kind:
    """By the method alone: a query that is POSTed counts as a write (as its header says in R21)."""
    return _KINDS.get(request.method, "writes")


def _named(era: Era, kind: Kind, request: Request) -> str:
    """Reads below a vault are told under a name of their own (R26)."""
    below_vault = kind == "reads" and "/vaults/" in fold(request.path)
    return "resource-requests" if below_vault and era == 2026 else kind


def subscription_of(request: Request) -> str:
    """The id of the subscription that a path begins with; empty where it begins with none."""
    match fold(request.path).split("/"):
        case ["", "subscriptions", subscription, *_]:
            return subscription
        case _:
            return ""


def _throttled(request: Request, seconds: int) -> Refused:
    """As ARM says it in 2025, seen in the logs of public repositories; those of a tenant are INFERRED from it."""
    subscription = subscription_of(request)
    scope = f"subscription '{subscription}'" if subscription else "tenant"
    return Refused(
        429,
        "SubscriptionRequestsThrottled" if subscription else "TenantRequestsThrottled",
        f"Number of '{_kind(request).removesuffix('s')}' requests for {scope} actor '{request.principal}' exceeded. "
        f"Please try again after '{seconds}' seconds after additional tokens are available. Refer to "
        "https://aka.ms/arm-throttling for additional information.",
        of_gateway=True,
        headers={"Retry-After": str(seconds)},
    )
