"""Export leaves out, with the reason, what would not validate: the service still runs what it would refuse today."""

from pathlib import Path
from typing import Any

import pytest

from backup_reconciler.azure.codec import policy, protection, vault
from backup_reconciler.manifest import load
from backup_reconciler.report.export import export
from backup_reconciler.spec.arm_id import vault_id
from backup_reconciler.state.snapshot import VaultContents
from tests.unit.azure.test_codecs import changed

VAULT = vault_id("11111111-1111-1111-1111-111111111111", "rg", "rsv")
DURATION = ("retentionPolicy", "dailySchedule", "retentionDuration")

LEGACY = {
    "daily-retention": changed(*DURATION, to={"count": 10000, "durationType": "Days"}),
    "schedule-time": changed("schedulePolicy", "scheduleRunTimes", to=["2021-01-01T12:15:00Z"]),
    "instant-restore-days": changed("instantRpRetentionRangeInDays", to=7),
}


def contents(arm: dict[str, Any], item_policy: str) -> VaultContents:
    live = policy.decode({**arm, "id": f"{VAULT}/backupPolicies/old"})
    names = "iaasvmcontainerv2;rg;web-01"
    item = protection.decode(
        {
            "id": f"{VAULT}/backupFabrics/Azure/protectionContainers/{names}/protectedItems/VM;{names}",
            "properties": {"protectionState": "Protected", "policyId": item_policy},
        }
    )
    holder = vault.decode({"id": VAULT.text, "location": "japaneast", "properties": {}})
    return VaultContents(holder, {live.id: live}, {item.vm: item})


@pytest.mark.parametrize("rule", LEGACY)
def test_a_policy_that_breaks_a_rule_is_left_out_with_its_vms(rule: str, tmp_path: Path) -> None:
    (exported,) = export([contents(LEGACY[rule], f"{VAULT}/backupPolicies/old")])
    first, second = exported.left_out
    assert first.startswith("policy old: ")
    assert first.endswith(f"[{rule}]")
    assert second == "VM web-01: its policy old is left out"
    (tmp_path / "rsv.yaml").write_text(exported.text)
    assert len(load([tmp_path])) == 1


def test_a_setting_of_a_vault_that_breaks_a_rule_is_left_out_and_nothing_else(tmp_path: Path) -> None:
    properties = {
        "securitySettings": {
            "softDeleteSettings": {"softDeleteState": "Enabled", "softDeleteRetentionPeriodInDays": 7},
            "immutabilitySettings": {"state": "Frozen"},
        },
        "redundancySettings": {"standardTierStorageRedundancy": "ReadAccessGeoZoneRedundant"},
        "publicNetworkAccess": "Enabled",
    }
    live = vault.decode({"id": VAULT.text, "location": "japaneast", "tags": {"a/b": "c"}, "properties": properties})
    (exported,) = export([VaultContents(live)])
    assert exported.left_out == (
        "immutability: it is Frozen in Azure",
        "redundancy: it is ReadAccessGeoZoneRedundant in Azure",
        "softDelete.retentionDays: 7 is not from 14 to 180 [soft-delete-retention]",
        'tags["a/b"]: the tag\'s name holds "/" [tag-form]',
    )
    (tmp_path / "rsv.yaml").write_text(exported.text)
    (declared,) = load([tmp_path]).vaults
    assert declared.spec.settings().stated() == {
        "location": "japaneast",
        "crossRegionRestore": "Disabled",
        "publicNetworkAccess": "Enabled",
    }


def test_a_vm_whose_policy_is_not_told_is_left_out(tmp_path: Path) -> None:
    (exported,) = export([contents(LEGACY["daily-retention"], "")])
    assert exported.left_out[1] == "VM web-01: its policy is not told and is left out"
