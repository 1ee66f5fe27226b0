"""Networks for plans, as they are read: groups with their rules, subnets, and VMs in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.state.network.interface import Interface, IpConfiguration
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from backup_reconciler.state.network.service_tags import ServiceTags
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork
from backup_reconciler.state.vm import DiskKind, LiveVM

RG = "/subscriptions/s/resourceGroups/rg/providers"
TAGS = ServiceTags(
    {
        "azurebackup": ("20.1.0.0/24", "20.2.0.0/24"),
        "storage": ("20.3.0.0/16",),
        "storage.japaneast": ("20.3.1.0/24",),
        "storage.japanwest": ("20.3.2.0/24",),
        "azureactivedirectory": ("20.4.0.0/24",),
    }
)
DEFAULTS = (("AllowVnetOutBound", 65000, "VirtualNetwork", True), ("AllowInternetOutBound", 65001, "Internet", True),
            ("DenyAllOutBound", 65500, "*", False))  # fmt: skip


def group_id(name: str) -> ArmId:
    return ArmId(f"{RG}/Microsoft.Network/networkSecurityGroups/{name}")


def subnet_id(name: str) -> ArmId:
    return ArmId(f"{RG}/Microsoft.Network/virtualNetworks/vnet/subnets/{name}")


def vm_id(name: str) -> ArmId:
    return ArmId(f"{RG}/Microsoft.Compute/virtualMachines/{name}")


def rule(
    name: str, priority: int, *, allow: bool = False, to: str = "*", port: str = "*", source: str = "*"
) -> SecurityRule:
    """An outbound rule of somebody's."""
    return SecurityRule(name, priority, "Outbound", allow, "*", RuleSide((source,)), RuleSide((to,), ports=(port,)))


DENY_ALL = rule("Deny_All", 1000)


def group(name: str, *rules: SecurityRule, location: str = "japaneast") -> SecurityGroup:
    defaults = [
        SecurityRule(own, priority, "Outbound", allow, "*", RuleSide(("*",)), RuleSide((to,)), is_default=True)
        for own, priority, to, allow in DEFAULTS
    ]
    return SecurityGroup(group_id(name), location, (*sorted(rules, key=lambda one: one.priority), *defaults))


def vm(name: str, kind: DiskKind = "managed") -> LiveVM:
    return LiveVM(vm_id(name), "japaneast", {}, disk_kind=kind)


def interface(name: str, subnet: str, address: str, group: str = "") -> Interface:
    """Of the VM of a name."""
    own = IpConfiguration(primary=True, address=address, subnet=subnet_id(subnet))
    card = ArmId(f"{RG}/Microsoft.Network/networkInterfaces/{name}")
    return Interface(card, vm_id(name), True, (own,), group_id(group) if group else None)


def network(
    *groups: SecurityGroup,
    subnets: Mapping[str, tuple[str, str]] | None = None,
    interfaces: Iterable[Interface] = (),
    **rest: Any,
) -> Network:
    """Subnets are told by name, each with its prefix and the name of its group, empty for none."""
    told = {"web": ("10.1.1.0/24", "nsg-web")} if subnets is None else subnets
    private = rest.pop("private", ())
    made = [
        Subnet(subnet_id(name), (prefix,), group_id(own) if own else None, default_outbound=name not in private)
        for name, (prefix, own) in told.items()
    ]
    around = VirtualNetwork(
        subnet_id("x").parent(2), "japaneast", ("10.1.0.0/16",), {subnet.id: subnet for subnet in made}
    )
    return Network(
        interfaces={one.vm: one for one in interfaces if one.vm},
        virtual_networks={around.id: around},
        security_groups={one.id: one for one in groups},
        service_tags=TAGS,
        **rest,
    )


def outbound(handle: str = "web", **spec: Any) -> Declaration[OutboundAccessSpec]:
    """A document of method nsg, for the assignment production where it states nothing else."""
    usual = {"for": {"assignments": ["production"]}, "method": "nsg"}
    places = {(): Place(f"{handle}.yaml", 1, 1)}
    return Declaration("OutboundAccess", handle, OutboundAccessSpec.model_validate(usual | spec), Source(places))
