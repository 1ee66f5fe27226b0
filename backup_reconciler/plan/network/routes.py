"""Which route the connections of a subnet take: one of those that somebody wrote, or one of Azure's own.

Routes that come over BGP, from a gateway or from Virtual WAN, are listed nowhere and not seen here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from backup_reconciler.plan.network.addresses import addresses, addresses_of
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.network.path import Path
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.route_table import Route, RouteTable

_ANYWHERE = "0.0.0.0/0"
_EVERYTHING = Intervals(((0, 2**32),))
"""All of IPv4, and the number that stands for a tag which is not on the list of service tags."""
_NOT_ROUTED = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Private addresses outside the network (source: Azure virtual network traffic routing, default routes)."""


@dataclass(frozen=True, slots=True)
class Leg:
    """Some of the addresses that are gone to, and the route that connections to them take."""

    route: Route
    table: ArmId | None
    """The route table that it is written in; None for one of Azure's own."""
    addresses: Intervals


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A route with those of its addresses whose prefixes are of one length."""

    length: int
    route: Route
    table: ArmId | None
    addresses: Intervals

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """The longest prefix wins; of equal ones the written route, of those the one with a prefix and not a tag, and
        of tags the one for a region (source: Azure virtual network traffic routing, service tags for routes)."""
        is_tag = addresses(self.route.prefix) is None
        return -self.length, self.table is None, is_tag, "." not in self.route.prefix


def legs(path: Path, destination: Intervals) -> Iterator[Leg]:
    """The routes to these addresses, each with its part of them."""
    left = destination
    for candidate in sorted(_candidates(path), key=lambda one: one.rank):
        taken = left & candidate.addresses
        if taken:
            yield Leg(candidate.route, candidate.table, taken)
            left -= taken


def _candidates(path: Path) -> Iterator[_Candidate]:
    for prefix in (*path.virtual_network.prefixes, *path.virtual_network.peered_prefixes):
        yield from _of_route(Route("", prefix, "VnetLocal"), path)
    for prefix in _NOT_ROUTED:
        yield from _of_route(Route("", prefix, ""), path)
    yield from _of_route(Route("", _ANYWHERE, "Internet"), path)
    for route in path.route_table.routes if path.route_table else ():
        yield from _of_route(route, path, path.route_table)


def _of_route(route: Route, path: Path, table: RouteTable | None = None) -> Iterator[_Candidate]:
    by_length: dict[int, list[str]] = {}
    for prefix in path.space.tags.of(route.prefix) or (route.prefix,):
        if addresses(prefix):
            by_length.setdefault(IPv4Network(prefix, strict=False).prefixlen, []).append(prefix)
    for length, prefixes in by_length.items():
        reach = addresses_of(tuple(prefixes)) if length else _EVERYTHING
        yield _Candidate(length, route, table.id if table else None, reach)
