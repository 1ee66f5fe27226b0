"""What is made of what VMs reach: who needs it, what is enough, and what a plan takes away."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.network import said_of_networks
from backup_reconciler.plan.readiness.reach import Reach, Surroundings, reaches
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.state.network.interface import Interface, IpConfiguration
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from backup_reconciler.state.network.service_tags import ServiceTags
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.vm import LiveVM
from tests.property.security_groups import DEFAULTS

RG = "/subscriptions/s/resourceGroups/rg/providers"
VM = ArmId(f"{RG}/Microsoft.Compute/virtualMachines/web-01")
VAULT = vault_id("s", "rg", "rsv")
VNET = ArmId(f"{RG}/Microsoft.Network/virtualNetworks/vnet")
SUBNET = VNET.child("subnets", "web")
GROUP = ArmId(f"{RG}/Microsoft.Network/networkSecurityGroups/nsg")
PLACE = Place(Path("all.yaml"), 1, 1)
TAGS = ["AzureBackup", "Storage.japaneast", "AzureActiveDirectory"]
ERROR = "ExtensionSnapshotFailedNoNetwork"


def network(*rules: SecurityRule, private: bool = False) -> Network:
    """A VM in a subnet that a security group guards."""
    subnet = Subnet(SUBNET, ("10.0.0.0/24",), GROUP, default_outbound=not private)
    return Network(
        interfaces={VM: Interface(ArmId("nic"), VM, True, (IpConfiguration(True, "10.0.0.4", SUBNET),))},
        virtual_networks={VNET: VirtualNetwork(VNET, "japaneast", ("10.0.0.0/16",), {SUBNET: subnet})},
        security_groups={GROUP: SecurityGroup(GROUP, "japaneast", (*rules, *DEFAULTS))},
        service_tags=ServiceTags({tag.casefold(): (f"198.18.{number}.0/24",) for number, tag in enumerate(TAGS)}),
    )


def rule(name: str, priority: int, destination: str = "*", ports: str = "*", *, allows: bool = False) -> SecurityRule:
    to = RuleSide((destination,), ports=(ports,))
    return SecurityRule(name, priority, "Outbound", allows, "*", RuleSide(("*",)), to)


DENY = rule("Deny_All", 1000)


def item(*, failed: bool = False, error: str = "") -> LiveItem:
    when = datetime(2026, 11, 22, tzinfo=UTC)
    return LiveItem(
        ArmId("item"), VM, ItemState.ACTIVE, "Protected", None, True, last_backup=when, last_backup_failed=failed,
        last_error=error,
    )  # fmt: skip


def candidate(backup: LiveItem | None = None, **of_vm: Any) -> Candidate:
    vm = LiveVM(VM, "japaneast", {}, **of_vm)
    policy = policy_id(VAULT, "daily")
    return Candidate(vm, VAULT, policy, "Protection/web-01", "VM web-01", PLACE, PolicySettings(), backup)


def outbound(method: str = "nsg", **block: Any) -> Outbound:
    spec = OutboundAccessSpec.model_validate({"for": {"assignments": ["a"]}, "method": method, **block})
    return Declaration("OutboundAccess", "out", spec, Source({(): PLACE}))


def reach(one: Candidate, around: Network, *documents: Outbound, opened: bool = False, error: str = "") -> Reach:
    errors = {VM: error} if error else {}
    return reaches(
        [one], Surroundings(around, {}, errors, {VM: documents}, frozenset({VM}) if opened else frozenset())
    )[0]


def said(found: Reach) -> list[tuple[str, str]]:
    """(severity, rule)."""
    return [(one.severity.value, one.rule.id) for one, _ in said_of_networks([found], {})]


@pytest.mark.parametrize(
    ("one", "documents", "error", "need"),
    [
        (candidate(), (), "", ""),
        (candidate(item(failed=True)), (), "UserErrorFsFreezeFailed", ""),
        (
            candidate(needs_own_network="its disk d has write acceleration"),
            (),
            "",
            "disks with write acceleration are backed up over the VM's own network",
        ),
        (
            candidate(needs_own_network="its disks are unmanaged", disk_kind="unmanaged"),
            (),
            "",
            "unmanaged disks are backed up over the VM's own network",
        ),
        (candidate(item(failed=True, error=ERROR)), (), "", f"the last backup failed with {ERROR}"),
        (
            candidate(item(failed=True)),
            (),
            "ExtensionFailedTimeoutVMNetworkUnresponsive",
            "the last backup failed with ExtensionFailedTimeoutVMNetworkUnresponsive",
        ),
        (candidate(), (outbound(),), "", "OutboundAccess/out declares that they need it"),
    ],
)
def test_why_a_vm_is_known_to_need_its_network(
    one: Candidate, documents: Sequence[Outbound], error: str, need: str
) -> None:
    found = reach(one, network(DENY), *documents, error=error)
    assert found.need == need
    assert said(found) == [("warning" if need else "info", "network-blocked")]


def test_one_way_that_is_whole_is_enough() -> None:
    storage = rule("Storage", 900, "Storage.japaneast", "8443", allows=True)
    assert said(reach(candidate(), network(storage, DENY))) == [("info", "network-blocked")]
    by_kind = outbound(nsg={"destinations": ["Storage.{region}"], "port": "byDiskKind"})
    found = reach(candidate(), network(storage, DENY), by_kind)
    assert said(found) == []
    asked_for = found.verdicts[0]
    assert (asked_for.destination, asked_for.port, asked_for.access) == ("Storage.japaneast", 8443, "allowed")
    elsewhere = outbound(nsg={"destinations": ["Storage.japanwest"], "port": "byDiskKind"})
    assert said(reach(candidate(), network(storage, DENY), elsewhere)) == [("warning", "network-blocked")]
    tags = [rule(tag, 900 + number, tag, "443", allows=True) for number, tag in enumerate(TAGS)]
    assert said(reach(candidate(), network(*tags, DENY), by_kind)) == []
    (blocked,) = [one for one, _ in said_of_networks([reach(candidate(), network(DENY), by_kind)], {})]
    assert "Storage.japaneast (port 8443) cannot be reached" in blocked.message


def test_a_proxy_reaches_the_services_once_it_is_used_and_is_reached_itself() -> None:
    near, far, named = (
        outbound("proxy", proxy={"host": host, "port": 3128}) for host in ("10.0.0.9", "192.0.2.9", "proxy.example")
    )
    internal = rule("Internal", 900, "VirtualNetwork", allows=True)
    assert said(reach(candidate(), network(internal, DENY), near)) == []
    assert said(reach(candidate(), network(internal, DENY), named)) == [], "only the VM knows its address"
    (blocked,) = [one for one, _ in said_of_networks([reach(candidate(), network(internal, DENY), far)], {})]
    assert blocked.message.startswith("192.0.2.9 (port 3128) cannot be reached: rule Deny_All (priority 1000)")
    assert said(reach(candidate(), network(internal, DENY), near, opened=True)) == [("warning", "network-blocked")]


@pytest.mark.parametrize(
    ("document", "private", "remedies", "left"),
    [
        (outbound(), False, ["run apply: OutboundAccess/out opens it"], []),
        (
            outbound(),
            True,
            ["run apply: OutboundAccess/out opens it", "no rule of a network security group can help"],
            ["no-way-out"],
        ),
        (
            outbound("proxy", proxy={"host": "10.0.0.9", "port": 3128}),
            True,
            ["run apply: OutboundAccess/out opens it"] * 2,
            [],
        ),
    ],
)
def test_what_a_plan_opens_is_told_so_and_the_rest_as_it_is(
    document: Outbound, private: bool, remedies: list[str], left: list[str]
) -> None:
    found = reach(candidate(), network(DENY, private=private), document, opened=True)
    told = [one.remedy for one, _ in said_of_networks([found], {})]
    assert [remedy.startswith(start) for remedy, start in zip(told, remedies, strict=True)] == [True] * len(remedies)
    assert [rule for _, rule in said(found.after())] == left
    closed = reach(candidate(), network(DENY, private=private), document)
    assert closed.after() == closed


def test_what_is_declared_and_not_carried_out_is_looked_for_in_the_plan() -> None:
    (told,) = [one for one, _ in said_of_networks([reach(candidate(), network(DENY), outbound())], {})]
    assert told.remedy.startswith("see what a plan says of OutboundAccess/out")


def test_what_cannot_be_seen_did_not_stop_a_backup_that_went_well() -> None:
    unseen = network(rule("Deny_Unheard", 1000, "UnheardOf"))
    need = {"needs_own_network": "its disks are unmanaged", "disk_kind": "unmanaged"}
    assert said(reach(candidate(**need), unseen)) == [("warning", "network-not-known")]
    assert said(reach(candidate(item(), **need), unseen)) == [("info", "network-not-known")]
    assert said(reach(candidate(item(failed=True), **need), unseen)) == [("warning", "network-not-known")]
    assert said(reach(candidate(**need), unseen, outbound(), opened=True).after()) == [("warning", "network-not-known")]


def test_a_vm_without_an_interface_is_not_known() -> None:
    found = reach(candidate(), Network())
    assert (found.seen, found.verdicts, said(found)) == (False, (), [("info", "network-not-known")])


def test_a_rule_that_stops_some_of_a_destination_is_told_so() -> None:
    found = reach(candidate(), network(rule("Deny_Some", 1000, "198.18.1.128/25")))
    (told,) = [one for one, _ in said_of_networks([found], {})]
    assert told.message.startswith("Storage.japaneast (port 443) cannot be reached in part: rule Deny_Some")
