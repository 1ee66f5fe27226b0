"""What an immutable vault denies: keeping the points of a VM for less than they are kept now."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from backup_reconciler.azure.codec import policy as policy_codec
from backup_reconciler.azure.codec import protection, vault, vm
from backup_reconciler.manifest import load
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.plan import Plan
from backup_reconciler.spec.vault import Immutability, VaultSettings
from backup_reconciler.state.guard import CriticalOperation, LiveGuard
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests import conftest as write

VAULT = f"/subscriptions/{write.SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
ITEM = f"{VAULT}/backupFabrics/Azure/protectionContainers/c/protectedItems/vm;iaasvmcontainerv2;rg-web;web-01"


def planned(
    folder: Path,
    immutability: Immutability,
    *documents: dict[str, Any],
    bound: str = "daily",
    guard: LiveGuard | None = None,
) -> Plan:
    """The plan for a vault of some immutability with the policies daily (30 days) and long (60), and one VM."""
    (folder / "all.yaml").write_text(yaml.safe_dump_all(documents))
    holder = vault.decode({"id": VAULT, "location": "japaneast", "properties": {}})
    holder = replace(holder, settings=VaultSettings(location="japaneast", immutability=immutability))
    policies = [
        policy_codec.decode({"id": f"{VAULT}/backupPolicies/{name}", "properties": write.daily_policy(days)})
        for name, days in (("daily", 30), ("long", 60))
    ]
    properties = {
        "protectionState": "Protected",
        "sourceResourceId": write.vm_id("web-01"),
        "policyId": f"{VAULT}/backupPolicies/{bound}",
    }
    item = protection.decode({"id": ITEM, "properties": properties})
    machine = vm.decode({"id": write.vm_id("web-01"), "location": "japaneast", "tags": {"env": "prod"}})
    contents = VaultContents(holder, {each.id: each for each in policies}, {item.vm: item}, guard)
    snapshot = Snapshot({holder.id: contents}, vms={machine.id: machine})
    return make_plan(load([folder]), snapshot, date(2026, 11, 23))


def told(plan: Plan) -> tuple[list[str], list[tuple[str, str]]]:
    """The verbs, and the findings that block."""
    findings = [(found.rule.id, found.message) for found in plan.findings if found.drift]
    return [action.verb for action in plan.actions], findings


SHORTER = write.policy(retention={"daily": {"days": 7}})
LESS = "the vault is immutable, and VMs are bound to the policy: daily points are kept 7 instead of 30 days"


@pytest.mark.parametrize("immutability", ["Unlocked", "Locked"])
def test_a_policy_that_vms_are_bound_to_is_not_shortened(tmp_path: Path, immutability: Immutability) -> None:
    plan = planned(tmp_path, immutability, write.vault(), SHORTER)
    assert told(plan) == ([], [("immutable-retention", LESS)])


def test_elsewhere_it_is(tmp_path: Path) -> None:
    assert told(planned(tmp_path, "Disabled", write.vault(), SHORTER)) == (["updatePolicy"], [])


def test_a_policy_of_no_vm_and_a_longer_one_are_changed(tmp_path: Path) -> None:
    assert told(planned(tmp_path, "Locked", write.vault(), SHORTER, bound="long")) == (["updatePolicy"], [])
    longer = write.policy(retention={"daily": {"days": 31}, "weekly": {"weeks": 4, "days": ["Sunday"]}})
    assert told(planned(tmp_path, "Locked", write.vault(), longer)) == (["updatePolicy"], [])


def test_a_vm_does_not_go_to_a_policy_that_keeps_less(tmp_path: Path) -> None:
    wish = write.assignment()
    documents = (write.vault(), write.policy("long", retention={"daily": {"days": 60}}), write.policy(), wish)
    message = "the vault is immutable, and the policy keeps less: daily points are kept 30 instead of 60 days"
    assert told(planned(tmp_path, "Unlocked", *documents, bound="long")) == ([], [("immutable-retention", message)])
    assert told(planned(tmp_path, "Disabled", *documents, bound="long")) == (["changePolicy"], [])
    wish["spec"]["policy"] = "long"
    assert told(planned(tmp_path, "Unlocked", *documents)) == (["changePolicy"], [])


def test_what_is_planned_for_the_policy_counts(tmp_path: Path) -> None:
    documents = (write.vault(), write.policy(retention={"daily": {"days": 61}}), write.assignment())
    plan = planned(tmp_path, "Unlocked", *documents, bound="long")
    assert told(plan) == (["updatePolicy", "changePolicy"], [])


def test_a_vault_that_is_owned_elsewhere_stays_as_it_is(tmp_path: Path) -> None:
    elsewhere = write.vault(existing=True)
    assert told(planned(tmp_path, "Locked", elsewhere, SHORTER)) == ([], [("immutable-retention", LESS)])


def test_a_vault_whose_guard_has_to_approve_is_immutable_until_it_has(tmp_path: Path) -> None:
    free = write.vault(immutability="Disabled")
    assert told(planned(tmp_path, "Unlocked", free, SHORTER)) == (["updateVault", "updatePolicy"], [])
    guard = LiveGuard("/guards/watch", frozenset({CriticalOperation.LOWER_IMMUTABILITY.casefold()}))
    verbs, found = told(planned(tmp_path, "Unlocked", free, SHORTER, guard=guard))
    assert (verbs, found) == (["weakenVault"], [("immutable-retention", LESS)])


@pytest.mark.parametrize("immutability", ["Unlocked", "Locked"])
def test_backups_are_not_deleted_and_may_be_suspended(tmp_path: Path, immutability: Immutability) -> None:
    approval = {"by": "Ada", "reason": "ticket 4711", "expires": "2099-12-31", "vms": [write.vm_id("web-01")]}
    wish = write.assignment(protection="deleted", approval=approval)
    verbs, blocked = told(planned(tmp_path, immutability, write.vault(), write.policy(), wish))
    assert not verbs
    assert [rule for rule, _ in blocked] == ["delete-immutable"]
    plan = planned(tmp_path, immutability, write.vault(), write.policy(), write.assignment(protection="suspended"))
    assert [action.verb for action in plan.actions] == ["suspend"]
