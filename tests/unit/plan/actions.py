"""An action of every kind, with something in each of its fields."""

from datetime import UTC, date, datetime
from typing import Any

from backup_reconciler.plan.action import (
    Action,
    AnyAction,
    AwaitVault,
    BackUpNow,
    Change,
    ChangeDisks,
    ChangePolicy,
    CreatePolicy,
    CreateSecurityRule,
    CreateVault,
    DeleteData,
    DeletePolicy,
    DeleteRunCommand,
    DeleteSecurityRule,
    DeleteVault,
    LockVault,
    Migrate,
    Protect,
    Resume,
    Risk,
    RunScript,
    Stop,
    Suspend,
    Undelete,
    UpdateFirewall,
    UpdatePolicy,
    UpdateSecurityRule,
    UpdateVault,
    WeakenVault,
)
from backup_reconciler.plan.runs import next_runs
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from backup_reconciler.spec.disks import Disks
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.policy import PolicySettings, Retention
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection, RuleCollectionGroup
from backup_reconciler.state.network.run_command import RunCommand
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.vault import LiveVault
from tests.conftest import SUBSCRIPTION, vm_id

DAY = date(2026, 11, 23)
VAULT = vault_id(SUBSCRIPTION, "rg-backup", "rsv")
POLICY = policy_id(VAULT, "daily")
VM = ArmId(vm_id("web-01"))
GROUP = ArmId(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg")
FIREWALL = ArmId(f"{GROUP}/firewallPolicies/fw/ruleCollectionGroups/backup")
SETTINGS = PolicySettings.model_validate(
    {
        "schedule": {"frequency": "Daily", "time": "23:00"},
        "retention": {"daily": {"days": 30}},
        "timeZone": "Asia/Tokyo",
    }
)
VAULT_SETTINGS = VaultSettings(immutability="Unlocked", location="japaneast")

LIVE_POLICY = LivePolicy(
    POLICY, SETTINGS, "why", "Standard", Retention.model_validate({"daily": {"days": 9}}), {"a": 1}
)
LIVE_VAULT = LiveVault(
    VAULT, VAULT_SETTINGS, "Succeeded", {"a": 1}, {"softDelete": {"state": "Disabled"}}, True, ("x",)
)
ITEM = LiveItem(
    VAULT.child("items", "web-01"),
    VM,
    ItemState.ACTIVE,
    "Protected",
    POLICY,
    has_points=True,
    disks=Disks(frozenset({1}), included=True),
    deleted_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
)
RULE = SecurityRule("rule", 200, "Outbound", True, "Tcp", RuleSide(("*",)), RuleSide(("AzureBackup",), frozenset({VM})))
COLLECTION = RuleCollection("ours", "network", 300, True, (FirewallRule("rule", "words", ("10.0.0.0/8",)),), {"a": 1})
COMMAND = VM.child("runCommands", "ours")

_COMMON: dict[str, Any] = {
    "address": "Protection/somewhere",
    "label": "VM web-01 in rsv",
    "changes": (Change("policy", "weekly", {"name": "daily"}, Place("all.yaml", 1, 1)),),
    "data_effect": "not touched",
    "risks": frozenset({Risk.ONE_WAY}),
    "place": Place("all.yaml", 1, 1),
    "depends_on": ("updateVault:Vault/rsv",),
    "critical": frozenset({CriticalOperation.LOWER_ITEM}),
    "guard": "guard",
    "earliest": DAY,
}
_IN_VAULT = {**_COMMON, "vault": VAULT}
_CHANGE_VAULT: dict[str, Any] = {**_IN_VAULT, "live": LIVE_VAULT, "settings": VAULT_SETTINGS}
_OF_VM: dict[str, Any] = {**_IN_VAULT, "vm": VM, "found": ITEM}
_BIND: dict[str, Any] = {**_OF_VM, "policy": POLICY, "disks": Disks(frozenset({2}))}

EXAMPLES: tuple[AnyAction, ...] = (
    CreateVault(**_IN_VAULT, settings=VAULT_SETTINGS),
    AwaitVault(**_IN_VAULT, settings=VAULT_SETTINGS),
    UpdateVault(**_CHANGE_VAULT),
    WeakenVault(**_CHANGE_VAULT),
    LockVault(**_CHANGE_VAULT),
    DeleteVault(**_IN_VAULT, live=LIVE_VAULT, emptied_on=DAY),
    CreatePolicy(**_IN_VAULT, policy=POLICY, tier="Standard", settings=SETTINGS, runs=next_runs(SETTINGS, DAY)),
    UpdatePolicy(**_IN_VAULT, live=LIVE_POLICY, settings=SETTINGS, vms=(VM,), runs=next_runs(SETTINGS, DAY)),
    DeletePolicy(**_IN_VAULT, policy=POLICY, live=LIVE_POLICY),
    CreateSecurityRule(**_COMMON, group=GROUP, rule=RULE),
    UpdateSecurityRule(**_COMMON, group=GROUP, rule=RULE, live=RULE),
    DeleteSecurityRule(**_COMMON, group=GROUP, live=RULE),
    UpdateFirewall(
        **_COMMON,
        live=RuleCollectionGroup(FIREWALL, 100, (COLLECTION,), {"a": 1}),
        written=(COLLECTION,),
        removed=(COLLECTION,),
    ),
    RunScript(
        **_COMMON,
        command=COMMAND,
        location="japaneast",
        script="echo " * 100,
        found=RunCommand(COMMAND, "japaneast", "echo", "Succeeded"),
    ),
    DeleteRunCommand(**_COMMON, command=COMMAND, script="echo"),
    Protect(**_BIND),
    Resume(**_BIND),
    ChangePolicy(**_BIND),
    ChangeDisks(**_BIND),
    Migrate(**_BIND),
    Stop(**_OF_VM),
    Suspend(**_OF_VM),
    Undelete(**_OF_VM),
    DeleteData(**_OF_VM, kept_days=14),
    BackUpNow(**_OF_VM, kept_until=DAY),
)


def example(kind: type[Action]) -> AnyAction:
    """The one of this kind."""
    (found,) = [action for action in EXAMPLES if type(action) is kind]
    return found
