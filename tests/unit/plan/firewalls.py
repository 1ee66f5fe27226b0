"""A hub with a classic firewall and a firewall policy, two subnets behind them, and documents about these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from backup_reconciler.plan.action import UpdateFirewall
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding
from backup_reconciler.plan.outbound.firewall.absence import tell_left
from backup_reconciler.plan.outbound.firewall.planning import plan_firewalls
from backup_reconciler.plan.outbound.targets import Outbound, Targets
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.state.network.firewall import (
    AzureFirewall,
    FirewallPolicy,
    FirewallRule,
    RuleCollection,
    RuleCollectionGroup,
    RuleKind,
)
from backup_reconciler.state.network.interface import Interface, IpConfiguration
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.route_table import Route, RouteTable
from backup_reconciler.state.network.service_tags import ServiceTags
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork
from backup_reconciler.state.vm import LiveVM

GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers"
NETWORK = f"{GROUP}/Microsoft.Network"
FIREWALL, POLICY = ArmId(f"{NETWORK}/azureFirewalls/fw"), ArmId(f"{NETWORK}/firewallPolicies/fwp")
RCG = POLICY.child("ruleCollectionGroups", "rcg")
CLASSIC = {"azureFirewall": FIREWALL.text}
IN_POLICY = {"firewallPolicy": POLICY.text, "ruleCollectionGroup": "rcg"}
TAGS = ServiceTags(
    {
        "azurebackup": ("198.18.0.0/24",),
        "storage": ("198.18.1.0/24", "198.18.2.0/24"),
        "storage.japaneast": ("198.18.1.0/24",),
        "azureactivedirectory": ("198.18.3.0/24",),
        "sql": ("198.18.9.0/24",),
    }
)
ALL = ("AzureBackup", "Storage", "AzureActiveDirectory")
NETWORK_RULE = {"destinations": list(ALL), "port": 443}


def subnet_id(name: str) -> ArmId:
    return ArmId(f"{NETWORK}/virtualNetworks/vnet/subnets/{name}")


def live_vm(name: str, **fields: Any) -> LiveVM:
    return LiveVM(ArmId(f"{GROUP}/Microsoft.Compute/virtualMachines/{name}"), "japaneast", {}, **fields)


VMS = {"web": (live_vm("web-1"), live_vm("web-2", disk_kind="unmanaged")), "app": (live_vm("app-1"),)}
"""By subnet."""


def network_with(
    classic: Iterable[RuleCollection] = (),
    groups: Mapping[str, tuple[int, Iterable[RuleCollection]]] | None = None,
    base: Iterable[RuleCollection] = (),
) -> Network:
    """`groups` are those of the policy beside `rcg`, or in its place, by name, with their priorities."""
    all_groups = {"rcg": (300, ()), **(groups or {})}
    subnets = {
        subnet_id("web"): Subnet(subnet_id("web"), ("10.1.1.0/24", "fd00::/64"), route_table=ArmId("/rt")),
        subnet_id("app"): Subnet(subnet_id("app"), ("10.0.9.0/24", "10.1.0.128/25")),
    }
    vnet = VirtualNetwork(ArmId(f"{NETWORK}/virtualNetworks/vnet"), "japaneast", ("10.0.0.0/8",), subnets)
    hub = AzureFirewall(FIREWALL, "japaneast", frozenset({"10.1.2.4"}), collections=tuple(classic))
    ruled = AzureFirewall(ArmId(f"{FIREWALL}-ruled"), "japaneast", frozenset({"10.1.2.5"}), POLICY)
    parent = ArmId(f"{POLICY}-base")
    return Network(
        interfaces={vm.id: interface_of(vm, name) for name, vms in VMS.items() for vm in vms},
        virtual_networks={vnet.id: vnet},
        route_tables={ArmId("/rt"): RouteTable(ArmId("/rt"), (route("10.1.2.4"), route("10.1.2.5")))},
        firewalls={hub.id: hub, ruled.id: ruled},
        firewall_policies={
            POLICY: policy(POLICY, all_groups, base=parent),
            parent: policy(parent, {"first": (500, base)}),
        },
        service_tags=TAGS,
    )


def policy(id_: ArmId, groups: Mapping[str, tuple[int, Iterable[RuleCollection]]], **fields: Any) -> FirewallPolicy:
    made = [
        RuleCollectionGroup(id_.child("ruleCollectionGroups", name), priority, tuple(collections))
        for name, (priority, collections) in groups.items()
    ]
    return FirewallPolicy(id_, "japaneast", {one.id: one for one in made}, **fields)


def interface_of(vm: LiveVM, subnet: str) -> Interface:
    return Interface(ArmId("/nic"), vm.id, True, (IpConfiguration(True, "10.1.1.4", subnet_id(subnet)),))


def route(address: str) -> Route:
    return Route("all", "0.0.0.0/0", "VirtualAppliance", address)


def outbound(handle: str, *subnets: str, state: str = "present", **firewall: Any) -> Outbound:
    """A document for subnets, in the rule collection group where nothing else is said."""
    where = {} if firewall.keys() & {"azureFirewall", "firewallPolicy"} else IN_POLICY
    spec = {
        "for": {"subnets": [subnet_id(name).text for name in subnets or ("web",)]},
        "method": "firewall",
        "firewall": {**where, **firewall},
        "state": state,
    }
    places = {(): Place(f"{handle}.yaml", 1, 1)}
    return Declaration("OutboundAccess", handle, OutboundAccessSpec.model_validate(spec), Source(places))


def collection(name: str, priority: int, kind: RuleKind = "application", *, allows: bool = False, **rule: Any) -> Any:
    """One of somebody else's: of one rule, about all HTTPS where nothing else is said."""
    usual: dict[str, Any] = {"sources": ("*",)}
    usual |= {"protocols": ("https:443",), "fqdns": ("*",)} if kind == "application" else {}
    usual |= {"protocols": ("TCP",), "destinations": ("*",), "ports": ("*",)} if kind == "network" else {}
    return RuleCollection(name, kind, priority, allows, (FirewallRule("rule", **usual | rule),))


@dataclass(frozen=True)
class Planned:
    """What came of planning."""

    draft: Draft
    opened: list[tuple[ArmId, str]]

    @property
    def actions(self) -> list[UpdateFirewall]:
        return [action for action in self.draft.actions.values() if isinstance(action, UpdateFirewall)]

    @property
    def action(self) -> UpdateFirewall:
        (only,) = self.actions
        return only

    @property
    def numbers(self) -> dict[str, int]:
        """The priorities that are written, by what stands behind the prefix of ours."""
        return {one.name.removeprefix("backup-reconciler-"): one.priority for one in self.action.written}

    @property
    def findings(self) -> list[tuple[str, str, str]]:
        return [(one.rule.id, one.severity.value, one.message) for one in self.draft.findings]

    @property
    def reasons(self) -> dict[str, str]:
        return {same.address: same.reason for same in self.draft.unchanged}

    def finding(self, rule: str) -> Finding:
        (only,) = [one for one in self.draft.findings if one.rule.id == rule]
        return only


def planned(network: Network, *documents: Outbound) -> Planned:
    draft = Draft(date(2026, 11, 23))
    targets = Targets({}, {subnet_id(name): vms for name, vms in VMS.items()}, {})
    opened = list(plan_firewalls(documents, targets, network, draft))
    tell_left(documents, network, draft)
    return Planned(draft, opened)


def after(network: Network, planned_before: Planned) -> Network:
    """The network once what was planned is carried out."""
    firewalls, policies = dict(network.firewalls), dict(network.firewall_policies)
    for action in planned_before.actions:
        live = action.live
        gone = {one.name.casefold() for one in (*action.removed, *action.written)}
        kept = tuple(one for one in live.collections if one.name.casefold() not in gone)
        made = replace(live, collections=(*kept, *action.written))
        if isinstance(made, AzureFirewall):
            firewalls[made.id] = made
        else:
            parent = policies[made.id.parent(2)]
            policies[parent.id] = replace(parent, groups={**parent.groups, made.id: made})
    return replace(network, firewalls=firewalls, firewall_policies=policies)
