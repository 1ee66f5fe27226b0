"""What a plan says of answers of Azure that no box gives: they are told by rule and nothing is done to them."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from backup_reconciler.azure.codec import policy as policy_codec
from backup_reconciler.azure.codec import protection, storage_config, vault, vm
from backup_reconciler.manifest import load
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.action import Risk
from backup_reconciler.plan.plan import Plan
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests import conftest as write

VAULT = f"/subscriptions/{write.SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
ITEM = f"{VAULT}/backupFabrics/Azure/protectionContainers/c/protectedItems/vm;iaasvmcontainerv2;rg-web;web-01"


APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [write.vm_id("web-01")]}
BACKED_UP = write.vault(redundancy="GeoRedundant"), write.policy(), write.assignment()
TORN_DOWN = (write.vault(state="absent", approval=APPROVAL),)


def planned(
    folder: Path,
    vault_properties: dict[str, Any],
    state: str = "Protected",
    documents: tuple[dict[str, Any], ...] = BACKED_UP,
) -> Plan:
    """The plan for one VM that is to be backed up, and that Azure says is, in a vault with these properties."""
    (folder / "all.yaml").write_text(yaml.safe_dump_all(documents))
    arm = {"id": VAULT, "location": "japaneast", "properties": vault_properties}
    policy = policy_codec.decode({"id": f"{VAULT}/backupPolicies/daily", "properties": write.daily_policy(30)})
    properties = {
        "protectionState": state,
        "sourceResourceId": write.vm_id("web-01"),
        "policyId": policy.id.text,
        "lastBackupTime": "2026-11-22T23:00:00Z",
    }
    item = protection.decode({"id": ITEM, "properties": properties})
    machine = vm.decode({"id": write.vm_id("web-01"), "location": "japaneast", "tags": {"env": "prod"}})
    contents = VaultContents(vault.decode(arm), {policy.id: policy}, {item.vm: item})
    return make_plan(
        load([folder]), Snapshot({contents.vault.id: contents}, vms={machine.id: machine}), date(2026, 11, 23)
    )


GEO = {"redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant"}}


def test_what_is_as_declared_needs_nothing(tmp_path: Path) -> None:
    plan = planned(tmp_path, GEO)
    assert (plan.actions, plan.findings) == ((), ())


def test_a_vault_that_is_being_deleted_is_left_alone(tmp_path: Path) -> None:
    plan = planned(tmp_path, {**GEO, "provisioningState": "Deleting"})
    assert plan.actions == ()
    assert [(finding.rule.id, finding.message) for finding in plan.findings] == [
        ("vault-not-ready", "its provisioning state is Deleting")
    ]


def test_a_redundancy_that_is_not_told_is_not_compared(tmp_path: Path) -> None:
    plan = planned(tmp_path, {})
    assert plan.actions == ()
    assert [finding.rule.id for finding in plan.findings] == ["redundancy-unknown"]


def test_a_vault_that_held_backups_once_gets_no_first_key(tmp_path: Path) -> None:
    identity = {"type": "SystemAssigned", "principalId": "x"}
    found = vault.decode({"id": VAULT, "location": "japaneast", "properties": {}, "identity": identity})
    key = {"key": "https://kv-a.vault.azure.net/keys/k"}
    (tmp_path / "all.yaml").write_text(yaml.safe_dump(write.vault(encryption=key)))
    contents = VaultContents(storage_config.completed(found, {"properties": {"storageTypeState": "Locked"}}))
    plan = make_plan(load([tmp_path]), Snapshot({found.id: contents}), date(2026, 11, 23))
    assert [(finding.rule.id, finding.message) for finding in plan.findings] == [
        ("first-key", "the vault has no key and held backups once, so it can get none")
    ]


def test_a_redundancy_that_is_locked_stays_also_where_the_vault_holds_nothing(tmp_path: Path) -> None:
    """A machine was registered once, and only the storage configuration still tells."""
    local = {"redundancySettings": {"standardTierStorageRedundancy": "LocallyRedundant"}}
    found = vault.decode({"id": VAULT, "location": "japaneast", "properties": local})
    (tmp_path / "all.yaml").write_text(yaml.safe_dump(write.vault(redundancy="GeoRedundant")))
    for state, rules in (("Locked", ["redundancy-locked"]), ("Unlocked", [])):
        contents = VaultContents(storage_config.completed(found, {"properties": {"storageTypeState": state}}))
        plan = make_plan(load([tmp_path]), Snapshot({found.id: contents}), date(2026, 11, 23))
        assert [finding.rule.id for finding in plan.findings] == rules
        assert [action.verb for action in plan.actions] == ([] if rules else ["updateVault"])


def test_a_protection_in_a_state_of_a_name_we_do_not_know_is_left_alone(tmp_path: Path) -> None:
    plan = planned(tmp_path, GEO, "Hibernated")
    assert plan.actions == ()
    (finding,) = plan.findings
    assert finding.rule.id == "item-state-unknown"
    assert "Hibernated" in finding.message


def test_a_soft_delete_that_is_not_told_is_not_promised(tmp_path: Path) -> None:
    stop, delete, _, last = planned(tmp_path, GEO, documents=TORN_DOWN).actions
    assert stop.verb == "stop"
    assert delete.data_effect == "deleted; where the vault's soft delete is on, they can be brought back for its days"
    assert last.data_effect.endswith("can be brought back with it until they are purged")
    assert last.risk is Risk.SAFE


def test_backups_in_a_state_that_is_not_active_are_deleted_without_being_stopped(tmp_path: Path) -> None:
    delete, *_ = planned(tmp_path, GEO, "ProtectionPaused", TORN_DOWN).actions
    assert (delete.verb, delete.changes[0].found) == ("deleteData", "ProtectionPaused")
    unapproved = (write.vault(state="absent"),)
    (finding,) = planned(tmp_path, GEO, "ProtectionPaused", unapproved).findings
    assert finding.message.endswith(f"{write.vm_id('web-01')} (ProtectionPaused)")


def test_a_vault_that_was_never_finished_is_not_torn_down(tmp_path: Path) -> None:
    plan = planned(tmp_path, {**GEO, "provisioningState": "Failed"}, documents=TORN_DOWN)
    assert plan.actions == ()
    assert [finding.rule.id for finding in plan.findings] == ["vault-not-ready"]
