"""The security rules that let a VM be a proxy: in from its virtual network, and out to the Internet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backup_reconciler.plan.address import security_rule_address
from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.outbound.nsg.source import VIRTUAL_NETWORK, Source, distinct
from backup_reconciler.plan.outbound.nsg.wish import UNCHOSEN, Wish
from backup_reconciler.plan.outbound.proxy.errand import proxy_of
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.outbound import owned_name
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule

_INTERNET, _WEB = "Internet", ("80", "443")
_IN, _OUT = "proxy-in", "proxy-out"
_TOLD: dict[str, FieldPath] = dict.fromkeys(("source", "destination", "port", "priority"), ("proxy", "vm"))
"""What is told of a rule when it is created, and where it is stated."""


@dataclass(frozen=True, slots=True)
class Place:
    """A VM that is a proxy, with what stands around it and who goes through it."""

    path: Path
    clients: Sequence[ArmId]
    """The VMs that are made to use it."""


Places = Sequence[tuple[Outbound, Place]]
"""Documents, each with the VM that is its proxy."""


def wishes_by_group(places: Places, network: Network) -> Mapping[ArmId, list[Wish]]:
    """The rules that are wished for around these proxies, by the group that they are wished for in."""
    wishes: dict[ArmId, list[Wish]] = defaultdict(list)
    for document, place in places:
        for group in place.path.security_groups:
            wishes[group.id] += [_inwards(place, group, document, network), _outwards(place, document)]
    return wishes


def addresses_at(place: Place, document: Outbound) -> list[str]:
    """What the rules around a proxy are called in a plan."""
    names = [owned_name(document.handle, part) for part in (_IN, _OUT)]
    return [security_rule_address(group.id, name) for group in place.path.security_groups for name in names]


def _inwards(place: Place, group: SecurityGroup, document: Outbound, network: Network) -> Wish:
    port, own = proxy_of(document).port, place.path.configuration
    rule = _rule(document, _IN, RuleSide((VIRTUAL_NETWORK,)), RuleSide((place.path.address,), ports=(str(port),)))
    to_proxy = Flow(VIRTUAL_NETWORK, place.path.address, port, "Inbound", destination_groups=own.application_groups)
    return Wish(
        document=document,
        rule=replace(rule, direction="Inbound"),
        flows=[
            (replace(to_proxy, source=source.address, source_groups=source.groups), source.space)
            for source in _clients(place, group, network)
        ],
        vms=frozenset(place.clients),
        fields=_TOLD | {"port": ("proxy", "port")},
    )


def _clients(place: Place, group: SecurityGroup, network: Network) -> list[Source]:
    """Who begins the connections: the VMs of the document, or whoever will, where it has none yet.

    What the group takes for its virtual network is that of the proxy, wherever they are.
    """
    paths = [path for vm in place.clients if (path := Path.of(vm, network)) is not None]
    space = place.path.space
    sources = [Source(path.address, space, path.subnet.id, path.configuration.application_groups) for path in paths]
    return distinct(sources, group) or [Source(VIRTUAL_NETWORK, space)]


def _outwards(place: Place, document: Outbound) -> Wish:
    path = place.path
    rule = _rule(document, _OUT, RuleSide((path.address,)), RuleSide((_INTERNET,), ports=_WEB))
    groups = path.configuration.application_groups
    flows: list[tuple[Flow, Space]] = [
        (Flow(path.address, _INTERNET, int(port), source_groups=groups), path.space) for port in _WEB
    ]
    return Wish(document, rule, flows, frozenset(place.clients), fields=_TOLD)


def _rule(document: Outbound, part: str, source: RuleSide, destination: RuleSide) -> SecurityRule:
    return SecurityRule(
        name=owned_name(document.handle, part),
        priority=UNCHOSEN,
        direction="Outbound",
        allows=True,
        protocol="Tcp",
        source=source,
        destination=destination,
    )
