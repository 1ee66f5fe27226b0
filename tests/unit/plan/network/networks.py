"""Networks in a few words: one VM in one subnet, with whatever stands around it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.verdict import Verdict, verdict
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.interface import Interface, IpConfiguration
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.route_table import Route, RouteTable
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from backup_reconciler.state.network.service_tags import ServiceTags
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork

GROUP = "/subscriptions/s/resourceGroups/rg/providers"
VM = ArmId(f"{GROUP}/Microsoft.Compute/virtualMachines/web-01")
ADDRESS = "10.0.1.4"
TAGS = ServiceTags(
    {
        "azurebackup": ("20.0.0.0/24",),
        "storage": ("20.1.0.0/24", "20.2.0.0/24"),
        "storage.japaneast": ("20.1.0.0/24",),
        "azureactivedirectory": ("20.3.0.0/24",),
    }
)


def id_(path: str) -> ArmId:
    return ArmId(f"{GROUP}/Microsoft.Network/{path}")


VNET, WEB = id_("virtualNetworks/vnet"), id_("virtualNetworks/vnet/subnets/web")
POOL = id_("loadBalancers/lb/backendAddressPools/pool")


def rule(priority: int, access: str, destination: str, **more: Any) -> SecurityRule:
    """An outbound rule for any port; `source` and `ports` where they matter."""
    return SecurityRule(
        name=more.get("name") or f"{access}_{priority}",
        priority=priority,
        direction="Outbound",
        allows=access == "Allow",
        protocol="*",
        source=RuleSide((more.get("source", "*"),)),
        destination=RuleSide((destination,), ports=more.get("ports", ("*",))),
        is_default=priority >= 65000,
    )


DEFAULTS = (
    rule(65000, "Allow", "VirtualNetwork", name="AllowVnetOutBound", source="VirtualNetwork"),
    rule(65001, "Allow", "Internet", name="AllowInternetOutBound"),
    rule(65500, "Deny", "*", name="DenyAllOutBound"),
)
DENY_ALL = rule(1000, "Deny", "*", name="Deny_All")


def security_group(name: str, *rules: SecurityRule) -> SecurityGroup:
    return SecurityGroup(id_(f"networkSecurityGroups/{name}"), "japaneast", (*rules, *DEFAULTS))


def network(
    *,
    outer: Iterable[SecurityRule] | None = None,
    inner: Iterable[SecurityRule] | None = None,
    routes: Iterable[Route] = (),
    subnet: Mapping[str, Any] | None = None,
    nic: Mapping[str, Any] | None = None,
    around: Mapping[str, Any] | None = None,
    **more: Any,
) -> Network:
    """A VM at 10.0.1.4. `outer` are the rules of its subnet's security group, `inner` those of its interface's; where
    None, there is no such group."""
    groups = {
        name: security_group(name, *told) for name, told in (("outer", outer), ("inner", inner)) if told is not None
    }
    named = {name: group.id for name, group in groups.items()}
    table = RouteTable(id_("routeTables/rt"), tuple(routes))
    web = Subnet(WEB, ("10.0.1.0/24",), named.get("outer"), table.id if table.routes else None, **(dict(subnet or {})))
    configuration = IpConfiguration(primary=True, address=ADDRESS, subnet=WEB, **(dict(nic or {})))
    vnet = VirtualNetwork(VNET, "japaneast", ("10.0.0.0/16",), {WEB: web}, **(dict(around or {})))
    return replace(
        Network(
            interfaces={VM: Interface(id_("networkInterfaces/nic"), VM, True, (configuration,), named.get("inner"))},
            virtual_networks={VNET: vnet},
            security_groups={group.id: group for group in groups.values()},
            route_tables={table.id: table},
            service_tags=TAGS,
        ),
        **more,
    )


def path_in(net: Network, vm: ArmId = VM) -> Path:
    found = Path.of(vm, net)
    assert found is not None
    return found


def judged(net: Network, destination: str = "AzureBackup", port: int = 443) -> Verdict:
    return verdict(path_in(net), destination, port, net)
