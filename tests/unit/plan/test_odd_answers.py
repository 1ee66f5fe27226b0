"""What a plan says of answers of Azure that no box gives: they are told by rule and nothing is done to them."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from backup_reconciler.azure import policy as policy_codec
from backup_reconciler.azure import protection, storage_config, vault, vm
from backup_reconciler.manifest import load
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.plan import Plan
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests import conftest as write

VAULT = f"/subscriptions/{write.SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
ITEM = f"{VAULT}/backupFabrics/Azure/protectionContainers/c/protectedItems/vm;iaasvmcontainerv2;rg-web;web-01"


def planned(folder: Path, vault_properties: dict[str, Any], state: str = "Protected") -> Plan:
    """The plan for one VM that is to be backed up, and that Azure says is, in a vault with these properties."""
    documents = write.vault(redundancy="GeoRedundant"), write.policy(), write.assignment()
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
