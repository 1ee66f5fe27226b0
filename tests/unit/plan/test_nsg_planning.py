"""Rules in network security groups: where they are wished for, what they say, and what keeps them from it."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.plan.action import CreateSecurityRule
from backup_reconciler.plan.outbound.scope import network_scope
from backup_reconciler.plan.outbound.security_rule import in_words
from backup_reconciler.spec.document import Manifests, Place
from backup_reconciler.state.network.security_group import SecurityRule
from tests.unit.plan.networks import (
    DENY_ALL,
    group,
    group_id,
    interface,
    network,
    outbound,
    rule,
    subnet_id,
    vm,
    vm_id,
)
from tests.unit.plan.nsg_plans import NAME, ONE_VM, STORAGE, plan, written

# ---- where ---------------------------------------------------------------------------------------------------------


def test_both_groups_on_the_way_get_the_rules_that_they_lack_and_no_other() -> None:
    lets_storage_out = rule("Allow_Storage", 300, allow=True, to="Storage", port="443")
    of_card = group("nsg-card", lets_storage_out, rule("Deny_Internet", 400, to="Internet"))
    found = network(
        of_card, group("nsg-web", DENY_ALL), group("nsg-free"), group("nsg-elsewhere", DENY_ALL),
        subnets={"web": ("10.1.1.0/24", "nsg-web"), "free": ("10.1.2.0/24", "nsg-free")},
        interfaces=[interface("web-01", "web", "10.1.1.4", "nsg-card"), interface("web-02", "free", "10.1.2.4")],
    )  # fmt: skip
    planned = plan(found, outbound(), vms=[vm("web-01"), vm("web-02")])
    names = [f"backup-reconciler-web-{tag}" for tag in ("AzureBackup", "Storage", "AzureActiveDirectory")]
    assert planned.rules == {
        f"create nsg-card/{names[0]}": ("AzureBackup", 443, 398),
        f"create nsg-card/{names[2]}": ("AzureActiveDirectory", 443, 399),
        f"create nsg-web/{names[0]}": ("AzureBackup", 443, 997),
        f"create nsg-web/{names[1]}": ("Storage", 443, 998),
        f"create nsg-web/{names[2]}": ("AzureActiveDirectory", 443, 999),
    }
    assert planned.same == ["nothing there stops the traffic"] * 4
    assert {vm for vm, _ in planned.opened} == {vm_id("web-01")}
    assert {action for _, action in planned.opened} == set(planned.draft.actions)
    written(found, outbound(), vms=[vm("web-01"), vm("web-02")])


def test_what_is_denied_to_others_is_not_overtaken() -> None:
    quarantine = rule("Quarantine", 150, source="10.1.9.0/24")
    found = network(group("nsg-web", quarantine), interfaces=ONE_VM)
    assert plan(found, outbound(nsg=STORAGE)).rules == {}
    found = network(group("nsg-web", quarantine, DENY_ALL), interfaces=ONE_VM)
    assert [priority for _, _, priority in plan(found, outbound(nsg=STORAGE)).rules.values()] == [999]


def test_a_subnet_without_vms_is_opened_for_its_own_addresses() -> None:
    for source, number in (("10.1.1.0/24", 1), ("10.1.2.0/24", 0)):
        found = network(group("nsg-web", rule("Deny", 500, source=source)))
        document = outbound(**{"for": {"subnets": [subnet_id("web").text]}}, nsg=STORAGE)
        assert len(plan(found, document, vms=[]).rules) == number


def test_a_named_group_is_opened_for_what_is_behind_it_or_will_be() -> None:
    document = outbound(**{"for": {"networkSecurityGroups": [group_id("nsg-web").text]}}, nsg=STORAGE)
    only_one = group("nsg-web", rule("Deny_One", 500, source="10.1.1.4"))
    assert len(plan(network(only_one, interfaces=ONE_VM), document).rules) == 1, "the VM that is behind it"
    others = [interface("web-02", "web", "10.1.1.5")]
    assert plan(network(only_one, interfaces=others), document).rules == {}
    assert len(plan(network(group("nsg-web", DENY_ALL), subnets={}), document).rules) == 1, "nothing uses it yet"


def test_fifty_groups_get_a_rule_for_each_destination() -> None:
    numbers = range(50)
    groups = [group(f"nsg-{number}", DENY_ALL) for number in numbers]
    subnets = {f"web-{number}": (f"10.1.{number}.0/24", f"nsg-{number}") for number in numbers}
    names = [(number, f"vm-{number}-{host}") for number in numbers for host in range(3)]
    cards = [interface(name, f"web-{number}", f"10.1.{number}.{4 + int(name[-1])}") for number, name in names]
    found = network(*groups, subnets=subnets, interfaces=cards)
    planned = plan(found, outbound(), vms=[vm(name) for _, name in names])
    assert len(planned.rules) == 150
    assert len(planned.opened) == 450


# ---- what they say -------------------------------------------------------------------------------------------------


def test_the_rule_of_2019() -> None:
    found = network(group("nsg-web", DENY_ALL), interfaces=ONE_VM)
    planned = plan(found, outbound(nsg=STORAGE | {"port": "byDiskKind"}))
    (action,) = planned.draft.actions.values()
    assert isinstance(action, CreateSecurityRule)
    assert in_words(action.rule) == {
        "destination": "Storage.japaneast",
        "port": 8443,
        "priority": 999,
        "source": "VirtualNetwork",
        "sourcePort": "*",
        "protocol": "Tcp",
        "direction": "Outbound",
        "access": "Allow",
    }


@pytest.mark.parametrize(
    ("kinds", "port"),
    [
        (["managed", "managed"], 8443),
        (["unmanaged encrypted"], 443),
        (["unmanaged"], [80, 443]),
        (["managed", "unmanaged"], [80, 443, 8443]),
        ([], 8443),
    ],
)
def test_ports_by_the_disks_of_the_vms_behind_a_group(kinds: list[Any], port: object) -> None:
    vms = [vm(f"web-{number}", kind) for number, kind in enumerate(kinds)]
    cards = [interface(one.name, "web", f"10.1.1.{4 + number}") for number, one in enumerate(vms)]
    found = network(group("nsg-web", DENY_ALL), interfaces=cards)
    for target in ({"subnets": [subnet_id("web").text]}, {"networkSecurityGroups": [group_id("nsg-web").text]}):
        document = outbound(**{"for": target}, nsg=STORAGE | {"port": "byDiskKind"})
        assert [told for _, told, _ in plan(found, document, vms=vms).rules.values()] == [port]


def test_vms_behind_a_group_are_read_where_their_disks_decide() -> None:
    target = {"networkSecurityGroups": [group_id("nsg-web").text]}
    for nsg, read in ((STORAGE, set[str]()), (STORAGE | {"port": "byDiskKind"}, {"s"})):
        scope = network_scope(Manifests(outbound=(outbound(**{"for": target}, nsg=nsg),)))
        assert (scope.subscriptions, scope.vm_subscriptions) == ({"s"}, read)


def test_storage_of_a_region_goes_to_the_groups_of_that_region() -> None:
    groups = [group("nsg-web", DENY_ALL), group("nsg-west", DENY_ALL, location="japanwest")]
    document = outbound(
        **{"for": {"networkSecurityGroups": [one.id.text for one in groups]}},
        nsg={"destinations": ["Storage.japaneast", "Storage.japanwest", "AzureActiveDirectory"]},
    )
    planned = plan(network(*groups), document)
    assert [name.removeprefix("create ") for name in planned.rules] == [
        "nsg-web/backup-reconciler-web-Storage.japaneast",
        "nsg-web/backup-reconciler-web-AzureActiveDirectory",
        "nsg-west/backup-reconciler-web-Storage.japanwest",
        "nsg-west/backup-reconciler-web-AzureActiveDirectory",
    ]


def test_storage_of_another_region_than_the_groups_is_refused() -> None:
    found = network(group("nsg-web", DENY_ALL), interfaces=ONE_VM)
    planned = plan(found, outbound(nsg={"destinations": ["AzureActiveDirectory", "Storage.japanwest"]}))
    message = "Storage.japanwest is not of japaneast, where the network security group is nsg-web"
    assert planned.findings == [("blocked", "service-tag-region", message)]
    assert len(planned.rules) == 1, "the rest goes on"


# ---- what keeps them from being written ----------------------------------------------------------------------------


def test_somebody_elses_rule_of_our_name_is_never_written_over() -> None:
    for description, whose in (
        ("mine", "no mark of ours"),
        ("backup-reconciler other 0123456789abcdef", "the mark of another document, OutboundAccess/other"),
    ):
        theirs = replace(rule(NAME.upper(), 1500, allow=True, to="10.0.0.4"), description=description)
        planned = plan(network(group("nsg-web", theirs, DENY_ALL), interfaces=ONE_VM), outbound(nsg=STORAGE))
        message = f"there is a rule of this name, and its description has {whose}"
        assert planned.findings == [("blocked", "owned-name-taken", message)]
        assert planned.draft.actions == {}


def test_no_room_and_unfit_priorities_name_the_rules_in_the_way() -> None:
    def findings(*rules: SecurityRule, **nsg: Any) -> list[tuple[str, str, str]]:
        planned = plan(network(group("nsg-web", *rules), interfaces=ONE_VM), outbound(nsg=STORAGE | nsg))
        assert planned.draft.actions == {}
        return planned.findings

    first = rule("Deny_All", 100)
    assert findings(first) == [("blocked", "nsg-no-room", "no priority is free before Deny_All (priority 100)")]
    holder = rule("Allow_Dns", 100, allow=True, to="10.0.0.4")
    message = "no priority is free before Deny_All (priority 101): Allow_Dns (priority 100) has what there is"
    assert findings(replace(first, priority=101), holder) == [("blocked", "nsg-no-room", message)]
    assert findings(DENY_ALL, holder, priority=100) == [
        ("blocked", "nsg-priority-unfit", "the stated priority 100 is that of Allow_Dns")
    ]
    message = "with the stated priority 2000 it comes after Deny_All (priority 1000), which denies it"
    assert findings(DENY_ALL, priority=2000) == [("blocked", "nsg-priority-unfit", message)]


def test_a_priority_that_another_method_takes_in_the_same_run_is_taken() -> None:
    of_proxy = CreateSecurityRule(
        address="r", label="r", changes=(), data_effect="", place=Place("f", 1, 1), group=group_id("nsg-web"),
        rule=rule("backup-reconciler-proxy-out", 999, allow=True, to="10.0.0.4"),
    )  # fmt: skip
    planned = plan(network(group("nsg-web", DENY_ALL), interfaces=ONE_VM), outbound(nsg=STORAGE), before=[of_proxy])
    assert planned.rules[f"create nsg-web/{NAME}"] == ("Storage.japaneast", 443, 998)


def test_a_group_takes_no_more_than_a_thousand_rules() -> None:
    held = [rule(f"Allow_{number}", 2000 + number, allow=True, to="10.0.0.4") for number in range(998)]
    planned = plan(network(group("nsg-web", DENY_ALL, *held), interfaces=ONE_VM), outbound())
    message = "with it, nsg-web would have more rules than Azure takes"
    assert planned.findings == [("blocked", "nsg-full", message)] * 2
    assert len(planned.rules) == 1


def test_two_documents_that_state_one_priority_are_both_named() -> None:
    found = network(group("nsg-web", DENY_ALL), interfaces=ONE_VM)
    by_subnet = outbound("subnet", **{"for": {"subnets": [subnet_id("web").text]}}, nsg=STORAGE | {"priority": 200})
    planned = plan(found, outbound(nsg=STORAGE | {"priority": 200}), by_subnet)
    message = "priority 200 is stated by OutboundAccess/subnet and by OutboundAccess/web"
    assert planned.findings == [("blocked", "priority-taken", message)] * 2


def test_what_is_not_there_and_vms_without_a_network_are_told() -> None:
    target = {
        "assignments": ["production"],
        "subnets": [subnet_id("gone").text],
        "networkSecurityGroups": [group_id("gone").text],
    }
    planned = plan(network(group("nsg-web", DENY_ALL)), outbound(**{"for": target}))
    assert planned.findings == [
        ("blocked", "outbound-target-missing", "subnet gone of virtual network vnet is not there"),
        ("blocked", "outbound-target-missing", "network security group gone of resource group rg is not there"),
        ("warning", "vm-network-unknown", "no interface with an IPv4 address in a subnet was found for web-01"),
    ]


def test_what_these_rights_do_not_show_is_told_and_not_taken_for_absent() -> None:
    hidden = network(interfaces=ONE_VM)
    by_subnet = outbound("subnet", **{"for": {"subnets": [subnet_id("web").text]}})
    by_assignment = plan(hidden, outbound()).findings
    assert by_assignment == [
        ("warning", "network-unseen", "nsg-web, which stands around web-01, is not among what could be read")
    ]
    nobody = plan(replace(hidden, interfaces={}), by_subnet, vms=[]).findings
    assert nobody == [
        ("warning", "network-unseen", "nsg-web, which stands around web, is not among what could be read")
    ]
    no_subnets = plan(replace(hidden, virtual_networks={}), outbound()).findings
    assert no_subnets == [
        ("warning", "network-unseen", "web, which stands around web-01, is not among what could be read")
    ]


def test_no_rule_helps_a_vm_without_a_way_out() -> None:
    found = network(group("nsg-web", DENY_ALL), interfaces=ONE_VM, private={"web"})
    planned = plan(found, outbound())
    assert len(planned.rules) == 3, "they are wished for all the same"
    ((severity, id_, message),) = planned.findings
    assert (severity, id_) == ("warning", "nsg-cannot-help")
    assert message.startswith("subnet web is private")
    assert message.endswith("so no security rule can help web-01")
