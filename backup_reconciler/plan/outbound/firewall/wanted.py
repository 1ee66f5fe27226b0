"""The rule collections that a document wants, before their priorities are chosen.

An application rule with the FQDN tag AzureBackup, which goes with https alone (source: Azure Firewall FQDN tags), and
where it is stated a network rule for each port and each set of service tags.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network

from backup_reconciler.plan.outbound.destinations import ports_of, tags_in
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.outbound import Traffic, owned_name
from backup_reconciler.spec.service_tag import region_of
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection, RuleKind
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.virtual_network import Subnet
from backup_reconciler.state.vm import LiveVM

_FQDN_TAG = "AzureBackup"
_HTTPS = "https:443"
PARTS: tuple[RuleKind, ...] = ("application", "network")
"""A document has one rule collection of each kind at most, and its name ends with the kind."""
_UNNUMBERED = 0
"""The priority of a rule collection for which none is chosen yet."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A subnet that backups come from."""

    subnet: Subnet
    region: str
    vms: tuple[LiveVM, ...]
    """The VMs in it that a document means."""

    @property
    def prefixes(self) -> Iterator[str]:
        """Those of IPv4: Azure Firewall knows no other (source: Azure Firewall FAQ)."""
        return (prefix for prefix in self.subnet.prefixes if isinstance(ip_network(prefix, strict=False), IPv4Network))


def origins_of(document: Outbound, targets: Targets, network: Network) -> tuple[Origin, ...]:
    """The subnets that a document names, and those of the VMs it means, by their ids."""
    vms: dict[ArmId, list[LiveVM]] = {ArmId(id_): [] for id_ in document.spec.for_.subnets or ()}
    for vm in targets.vms_of(document):
        interface = network.interfaces.get(vm.id)
        address = interface.outgoing if interface else None
        if address and address.subnet:
            vms.setdefault(address.subnet, []).append(vm)
    return tuple(_origins(vms, network))


def _origins(vms: dict[ArmId, list[LiveVM]], network: Network) -> Iterator[Origin]:
    for id_, inside in sorted(vms.items()):
        subnet, around = network.subnet(id_), network.network_of(id_)
        if subnet and around:
            yield Origin(subnet, around.location, tuple(inside))


def wanted_collections(document: Outbound, origins: Sequence[Origin]) -> tuple[RuleCollection, ...]:
    """What is to be there for a document, unnumbered and without a mark; nothing where nobody needs it."""
    sending = [origin for origin in origins if any(origin.prefixes)]
    if not sending:
        return ()
    rules: dict[RuleKind, tuple[FirewallRule, ...]] = {"application": (_application_rule(sending),)}
    if document.spec.firewall and document.spec.firewall.network_rule:
        rules["network"] = tuple(_network_rules(document.spec.firewall.network_rule, sending))
    return tuple(
        RuleCollection(owned_name(document.handle, kind), kind, _UNNUMBERED, allows=True, rules=each)
        for kind, each in rules.items()
        if each
    )


def _application_rule(origins: Sequence[Origin]) -> FirewallRule:
    return FirewallRule(_FQDN_TAG, sources=_sources(origins), protocols=(_HTTPS,), fqdn_tags=(_FQDN_TAG,))


def _network_rules(traffic: Traffic, origins: Sequence[Origin]) -> Iterator[FirewallRule]:
    """A rule for all subnets that need the same, so that none gets more than it needs."""
    alike: dict[tuple[tuple[str, ...], int], list[Origin]] = defaultdict(list)
    for origin in origins:
        destinations = tuple(tag for _, tag in tags_in(origin.region, traffic))
        for port in ports_of(traffic, {vm.disk_kind for vm in origin.vms}) if destinations else ():
            alike[destinations, port].append(origin)
    of_regions = any(region_of(tag) for destinations, _ in alike for tag in destinations)
    for (destinations, port), same in sorted(alike.items(), key=lambda item: item[0]):
        name = f"{same[0].region}-{port}" if of_regions else f"port-{port}"
        ports, protocols = (str(port),), ("TCP",)
        yield FirewallRule(name, sources=_sources(same), destinations=destinations, ports=ports, protocols=protocols)


def _sources(origins: Sequence[Origin]) -> tuple[str, ...]:
    prefixes = {prefix for origin in origins for prefix in origin.prefixes}
    return tuple(sorted(prefixes, key=lambda prefix: ip_network(prefix, strict=False)))
