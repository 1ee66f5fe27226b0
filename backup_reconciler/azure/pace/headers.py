"""What an answer tells of the limits that it counted against."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["reads", "writes", "deletes"]

_KINDS: Mapping[str, Kind] = {"GET": "reads", "DELETE": "deletes"}
_PER_SECOND: Mapping[Kind, float] = {"reads": 25, "writes": 10, "deletes": 10}
"""How fast ARM's buckets fill, of a subscription or tenant, for one principal (Learn, "Understand how Azure Resource
Manager throttles requests", as what follows)."""
_ALL_PRINCIPALS = 15
"""How many times as fast the bucket of all principals of a subscription fills."""
_REMAINING = "x-ms-ratelimit-remaining-"
_OF_PROVIDER = "x-ms-ratelimit-remaining-resource"
_OF_QUERIES, _RESETS = "x-ms-user-quota-remaining", "x-ms-user-quota-resets-after"
_DIGITS = 10
"""A number that has so many is none of requests."""
_QUERIES_SPAN = 5.0
"""Seconds in which a user may send 15 queries (Learn, "Guidance for throttled requests in Azure Resource Graph")."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many requests are left of a limit."""

    limit: str
    remaining: int
    per_second: float | None = None
    """How many come back in a second, where that is documented."""
    resets_after: float | None = None
    """Seconds until all are there again; None where they come back one by one."""


@dataclass(frozen=True, slots=True)
class Teller:
    """A header that tells of a limit."""

    header: str
    limit: str
    per_second: float


def kind_of(method: str) -> Kind:
    """As what ARM counts a request: by its method alone, so that a query which is POSTed counts as a write."""
    return _KINDS.get(method, "writes")


def tellers_of_arm(subscription: str, kind: Kind) -> tuple[Teller, ...]:
    """The headers in which ARM may tell of requests of this kind, the usual one first.

    A provider can have a limit of its own at ARM, which is told as `resource-requests`.
    """
    if not subscription:
        return (_teller(f"tenant-{kind}", _PER_SECOND[kind]),)
    return (
        _teller(f"subscription-{kind}", _PER_SECOND[kind]),
        _teller(f"subscription-global-{kind}", _PER_SECOND[kind] * _ALL_PRINCIPALS),
        _teller("subscription-resource-requests", _PER_SECOND[kind]),
    )


def _teller(name: str, per_second: float) -> Teller:
    return Teller(_REMAINING + name, name.replace("-", " "), per_second)


def told_by_arm(tellers: Iterable[Teller], headers: Mapping[str, str]) -> Iterator[Told]:
    """What ARM tells. What cannot be read is not told, here and below."""
    for teller in tellers:
        remaining = _number(headers.get(teller.header, ""))
        if remaining is not None:
            yield Told(teller.limit, remaining, teller.per_second)


def told_by_provider(headers: Mapping[str, str]) -> Iterator[Told]:
    """What the resource provider tells: Compute `Microsoft.Compute/…;23999`, several with commas between them, and
    Resource Graph its user's queries.
    """
    of_provider = headers.get(_OF_PROVIDER, "")
    for one in of_provider.split(",") if of_provider else ():
        limit, _, number = one.strip().rpartition(";")
        remaining = _number(number.strip())
        if limit and remaining is not None:
            yield Told(limit, remaining)
    queries = _number(headers.get(_OF_QUERIES, ""))
    if queries is not None:
        yield Told("Resource Graph queries", queries, resets_after=_seconds(headers.get(_RESETS, "")))


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and text.isascii() and len(text) < _DIGITS else None


def _seconds(time_span: str) -> float:
    """Of `hh:mm:ss`."""
    match [_number(part) for part in time_span.split(":")]:
        case [int(hours), int(minutes), int(seconds)]:
            return 3600.0 * hours + 60.0 * minutes + seconds
        case _:
            return _QUERIES_SPAN
