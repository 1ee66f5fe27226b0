"""What VMs reach over their own networks, and what keeps them from it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import chain

from backup_reconciler.plan.network.access import Access, Barrier
from backup_reconciler.plan.network.filtering import Filtered, filtered
from backup_reconciler.plan.network.flow import Flow
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.side import End
from backup_reconciler.plan.network.way_out import Way, ways_out
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.private_endpoint import PrivateEndpoint

__all__ = ["Access", "Barrier", "Verdict", "Verdicts", "verdict"]

_BEHIND_ENDPOINTS = frozenset({"azurebackup", "storage"})
"""What is reached through a private endpoint of a vault; Microsoft Entra ID has none (source: Private endpoints for
Azure Backup, Microsoft Learn)."""
_HTTPS = 443
_VAULTS = "/providers/microsoft.recoveryservices/vaults/"
_BEST_FIRST = (Access.ALLOWED, Access.UNKNOWN, Access.PARTLY, Access.BLOCKED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a VM reaches something over TCP."""

    destination: str
    """A service tag, an address or a prefix."""
    port: int
    access: Access
    barriers: tuple[Barrier, ...] = ()
    """All that blocks some of it, in the order in which it is met: taking one away helps where there is no other."""
    way: str = ""
    """How what is let through gets there, or who decides that nobody can see into, in words."""


def verdict(path: Path, destination: str, port: int, network: Network) -> Verdict:
    """Whether a VM reaches a destination."""
    endpoints = _endpoints(path, destination, port, network)
    ways = (_through(endpoint, path, destination, port, network) for endpoint in endpoints)
    found = chain([_directly(path, destination, port, network)], ways)
    return min(found, key=lambda each: _BEST_FIRST.index(each.access))


class Verdicts:
    """What the VMs of one network reach. What is alike for many of them is worked out once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[object, ...], Verdict] = {}
        self._edges: dict[tuple[object, ...], Sequence[int]] = {}
        self._asked_by_firewalls = frozenset(_sources_of_firewalls(network))

    def of(self, path: Path, destination: str, port: int) -> Verdict:
        """The same as `verdict`."""
        key = (*self._alike(path), destination, port)
        if key not in self._known:
            self._known[key] = verdict(path, destination, port, self._network)
        return self._known[key]

    def _alike(self, path: Path) -> tuple[object, ...]:
        """All of a path that decides; of its address, between which of those that rules are written about it lies."""
        around = path.subnet.id, path.interface.security_group
        if around not in self._edges:
            self._edges[around] = _edges(path, self._asked_by_firewalls)
        mine = path.configuration
        place = bisect_right(self._edges[around], int(IPv4Address(path.address)))
        return *around, place, mine.application_groups, mine.public_ip is not None, mine.backend_pools


def _edges(path: Path, others: Iterable[str]) -> Sequence[int]:
    """Where the sources that rules ask for begin, and after which number they end."""
    texts = {text for group in path.security_groups for rule in group.rules for text in rule.source.addresses}
    meant = (End(text, frozenset(), path.space).addresses for text in texts.union(others))
    return sorted({edge for each in meant for first, last in each.parts for edge in (first, last + 1)})


def _sources_of_firewalls(network: Network) -> Iterator[str]:
    own = (firewall.collections for firewall in network.firewalls.values())
    groups = (group for policy in network.firewall_policies.values() for group in policy.groups.values())
    for collection in chain(chain.from_iterable(own), *(group.collections for group in groups)):
        for rule in collection.rules:
            yield from rule.sources


# ---- one destination -----------------------------------------------------------------------------------------------


def _directly(path: Path, destination: str, port: int, network: Network) -> Verdict:
    """What the security groups say, and what the way out is; both are told, because opening one may not be enough."""
    flow = Flow(path.address, destination, port, source_groups=path.configuration.application_groups)
    everything = End(destination, frozenset(), path.space).addresses
    groups = [filtered(group, flow, path.space, everything) for group in path.security_groups]
    ways = list(ways_out(path, flow, everything, network))
    barriers = [barrier for group in groups for barrier in group.barriers]
    barriers += [way.barrier for way in ways if way.barrier]
    words = [doubt for group in groups for doubt in group.doubts]
    words += [way.words for way in ways if not way.barrier]
    access = _access(everything, groups, ways, blocked=bool(barriers))
    return Verdict(destination, port, access, tuple(dict.fromkeys(barriers)), "; ".join(dict.fromkeys(words)))


def _access(everything: Intervals, groups: Iterable[Filtered], ways: Iterable[Way], *, blocked: bool) -> Access:
    through = Intervals.union(way.addresses for way in ways if way.access is not Access.BLOCKED)
    surely = Intervals.union(way.addresses for way in ways if way.access is Access.ALLOWED)
    for group in groups:
        through &= group.allowed | group.unsure
        surely &= group.allowed - group.unsure
    if not through:
        return Access.BLOCKED
    if blocked:
        return Access.PARTLY
    return Access.ALLOWED if surely == everything else Access.UNKNOWN


# ---- private endpoints ---------------------------------------------------------------------------------------------


def _endpoints(path: Path, destination: str, port: int, network: Network) -> Iterator[PrivateEndpoint]:
    """The private endpoints of vaults in the virtual network and in those that it is peered with."""
    if port != _HTTPS or destination.casefold().partition(".")[0] not in _BEHIND_ENDPOINTS:
        return
    near = {path.virtual_network.id, *path.virtual_network.peers}
    for endpoint in network.private_endpoints:
        if endpoint.subnet.parent(2) in near and any(_VAULTS in target.key for target in endpoint.targets):
            yield endpoint


def _through(endpoint: PrivateEndpoint, path: Path, destination: str, port: int, network: Network) -> Verdict:
    """What becomes of connections to the address of a private endpoint, which may be any of its subnet.

    Whether the vault is the one that backs the VM up, and whether its names lead there, is not looked into.
    """
    subnet = network.subnet(endpoint.subnet)
    found = [_directly(path, prefix, port, network) for prefix in (subnet.prefixes if subnet else ())]
    kinds = {one.access for one in found}
    access = kinds.pop() if len(kinds) == 1 and Access.PARTLY not in kinds else Access.UNKNOWN
    barriers = tuple(barrier for one in found for barrier in one.barriers)
    return Verdict(destination, port, access, barriers, f"private endpoint {endpoint.id.name}")
