"""The day of an administrator with az, from signing in to deleting a vault."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from tests.clients.az import Az
from tests.clients.steps import GROUP, GROUP_ID, SUBSCRIPTION, Steps, same

VAULT = f"-g {GROUP} -v rsv-az"
OLD = f"-g {GROUP} -v rsv-old"
ITEM = f"{VAULT} -c web-02 -i web-02 --backup-management-type AzureIaasVM"


def run(steps: Steps) -> None:
    with tempfile.TemporaryDirectory() as configuration:
        az = Az(Path(configuration))
        _sign_in(az, steps)
        _look(az, steps)
        _make_a_vault(az, steps)
        _protect(az, steps)
        _back_up(az, steps)
        _stop_and_go_on(az, steps)
        _delete(az, steps)
        _be_refused(az, steps)


def _names(listed: list[dict[str, Any]]) -> list[str]:
    return sorted(each["name"] for each in listed)


def _sign_in(az: Az, steps: Steps) -> None:
    endpoint = os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"]
    with steps.step("az cloud register --endpoint-resource-manager …, az cloud set"):
        az(f"cloud register -n Sandbox --endpoint-resource-manager {endpoint}")
        az("cloud set -n Sandbox")
    with steps.step("az login --identity"):
        (account,) = az("login --identity")
        same((account["id"], account["environmentName"], account["isDefault"]), (SUBSCRIPTION, "Sandbox", True))
    with steps.step("az account show"):
        same(az("account show")["tenantId"], account["tenantId"])


def _look(az: Az, steps: Steps) -> None:
    with steps.step("az group list, az vm list, az vm show"):
        same(_names(az("group list")), [GROUP])
        same(az("group list --tag env=test"), [])
        same(_names(az("vm list")), ["broken", "web-01", "web-02", "web-03"])
        same(az(f"vm show -g {GROUP} -n web-01")["tags"], {"env": "prod"})
    with steps.step("az provider show"):
        same(az("provider show -n Microsoft.RecoveryServices")["registrationState"], "Registered")
    with steps.step("az backup vault list"):
        same(_names(az("backup vault list")), ["rsv-old"])
        same(_names(az(f"backup vault list -g {GROUP}")), ["rsv-old"])
    with steps.step("az backup vault show"):
        shown = az(f"backup vault show -g {GROUP} -n rsv-old")
        same(shown["id"], f"{GROUP_ID}/providers/Microsoft.RecoveryServices/vaults/rsv-old")
        same((shown["tags"], shown["properties"]["provisioningState"]), ({"owner": "platform"}, "Succeeded"))
    with steps.step("az backup vault backup-properties show"):
        storage, security = az(f"backup vault backup-properties show -g {GROUP} -n rsv-old")
        same(storage["properties"]["storageTypeState"], "Locked")
        same(security["properties"]["softDeleteFeatureState"], "Enabled")
    with steps.step("az backup policy list, az backup policy show"):
        same(_names(az(f"backup policy list {OLD}")), ["DefaultPolicy", "EnhancedPolicy", "HourlyLogBackup"])
        same(az(f"backup policy show {OLD} -n DefaultPolicy")["properties"]["protectedItemsCount"], 1)
    with steps.step("az backup item list, az backup item show"):
        (item,) = az(f"backup item list {OLD}")
        same((item["properties"]["friendlyName"], item["properties"]["protectionState"]), ("web-01", "Protected"))
        same(az(f"backup item show {OLD} -c web-01 -n web-01 --backup-management-type AzureIaasVM"), item)
    with steps.step("az backup container list"):
        (container,) = az(f"backup container list {OLD} --backup-management-type AzureIaasVM")
        same(container["properties"]["registrationStatus"], "Registered")


def _make_a_vault(az: Az, steps: Steps) -> None:
    with steps.step("az backup vault create"):
        made = az(f"backup vault create -g {GROUP} -n rsv-az -l japaneast --tags a=b")
        same((made["properties"]["provisioningState"], made["tags"]), ("Succeeded", {"a": "b"}))
    with steps.step("az backup vault update --tags"):
        same(az(f"backup vault update -g {GROUP} -n rsv-az --tags a=c d=e")["tags"], {"a": "c", "d": "e"})
    with steps.step("az backup policy create"):
        wanted = az(f"backup policy get-default-for-vm {VAULT}")
        wanted["properties"]["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] = 45
        az(
            f"backup policy create {VAULT} -n daily-45 --backup-management-type AzureIaasVM --policy",
            json.dumps(wanted),
        )
        kept = az(f"backup policy show {VAULT} -n daily-45")["properties"]["retentionPolicy"]
        same(kept["dailySchedule"]["retentionDuration"], {"count": 45, "durationType": "Days"})


def _item(az: Az) -> dict[str, Any]:
    (item,) = az(f"backup item list {VAULT}")
    found: dict[str, Any] = item["properties"]
    return found


def _protect(az: Az, steps: Steps) -> None:
    with steps.step("az backup protection enable-for-vm"):
        job = az(f"backup protection enable-for-vm {VAULT} --vm web-02 --policy-name DefaultPolicy")["properties"]
        same((job["operation"], job["status"]), ("ConfigureBackup", "Completed"))
        same((_item(az)["protectionState"], _item(az)["policyName"]), ("IRPending", "DefaultPolicy"))
    with steps.step("az backup protection check-vm"):
        same(az(f"backup protection check-vm -g {GROUP} --vm web-02").rpartition("/")[2], "rsv-az")
        same(az(f"backup protection check-vm -g {GROUP} --vm web-03"), None)
    with steps.step("az backup protection enable-for-vm, of a VM whose agent is gone"):
        job = az(f"backup protection enable-for-vm {VAULT} --vm broken --policy-name DefaultPolicy")["properties"]
        same((job["status"], job["errorDetails"][0]["errorString"]), ("Failed", "The agent does not answer."))
    with steps.step("az backup item set-policy"):
        az(f"backup item set-policy {VAULT} -c web-02 -n web-02 --backup-management-type AzureIaasVM -p daily-45")
        same(_item(az)["policyName"], "daily-45")
    with steps.step("az backup policy list-associated-items"):
        listed = az(f"backup policy list-associated-items {VAULT} -n daily-45 --backup-management-type AzureIaasVM")
        same([each["properties"]["friendlyName"] for each in listed], ["web-02"])
    with steps.step("az backup protection update-for-vm"):
        az(f"backup protection update-for-vm {VAULT} -c web-02 -i web-02 --disk-list-setting include --diskslist 0")
        same(_item(az)["extendedProperties"]["diskExclusionProperties"]["isInclusionList"], True)


def _back_up(az: Az, steps: Steps) -> None:
    with steps.step("az backup protection backup-now"):
        job = az(f"backup protection backup-now {ITEM}")
        same((job["properties"]["operation"], job["properties"]["status"]), ("Backup", "InProgress"))
    with steps.step("az backup job list --status InProgress"):
        same(_names(az(f"backup job list {VAULT} --status InProgress")), [job["name"]])
    with steps.step("az backup job wait, az backup job show"):
        az(f"backup job wait {VAULT} -n {job['name']} --timeout 300")
        done = az(f"backup job show {VAULT} -n {job['name']}")["properties"]
        same(done["status"], "Completed")
        same([task["status"] for task in done["extendedInfo"]["tasksList"]], ["Completed", "Completed"])
        same((_item(az)["protectionState"], _item(az)["lastBackupStatus"]), ("Protected", "Completed"))


def _stop_and_go_on(az: Az, steps: Steps) -> None:
    with steps.step("az backup protection disable, data kept"):
        same(az(f"backup protection disable {ITEM} --yes")["properties"]["operation"], "DisableBackup")
        same((_item(az)["protectionState"], _item(az)["policyName"]), ("ProtectionStopped", ""))
    with steps.step("az backup protection resume"):
        az(f"backup protection resume {ITEM} --policy-name daily-45")
        same((_item(az)["protectionState"], _item(az)["policyName"]), ("Protected", "daily-45"))
    with steps.step("az backup protection disable --delete-backup-data"):
        az(f"backup protection disable {ITEM} --delete-backup-data true --yes")
        same((_item(az)["protectionState"], _item(az)["isScheduledForDeferredDelete"]), ("ProtectionStopped", True))
    with steps.step("az backup protection undelete"):
        az(f"backup protection undelete {ITEM}")
        same(_item(az).get("isScheduledForDeferredDelete"), None)
    with steps.step("az backup job list"):
        done = [job["properties"]["operation"] for job in az(f"backup job list {VAULT}")]
        expected = ["Undelete", "DeleteBackupData", "ConfigureBackup", "DisableBackup", "Backup"]
        same(done[:5], expected)
        same(done[5:], ["ConfigureBackup"] * 4)


def _delete(az: Az, steps: Steps) -> None:
    with steps.step("az backup policy delete"):
        az(f"backup policy delete {VAULT} -n daily-45")
        same(_names(az(f"backup policy list {VAULT}")), ["DefaultPolicy", "EnhancedPolicy", "HourlyLogBackup"])
    with steps.step("az backup vault create, az backup vault delete"):
        az(f"backup vault create -g {GROUP} -n rsv-short -l japaneast")
        az(f"backup vault delete -g {GROUP} -n rsv-short --yes")
        same(_names(az("backup vault list")), ["rsv-az", "rsv-old"])


def _be_refused(az: Az, steps: Steps) -> None:
    with steps.step("refused: az backup vault show, of no vault"):
        az.refused(f"backup vault show -g {GROUP} -n rsv-short", "ResourceNotFound")
    with steps.step("refused: az backup vault delete, of a vault in use"):
        az.refused(f"backup vault delete -g {GROUP} -n rsv-old --yes", "ServiceResourceNotEmptyWithBackendMessage")
    with steps.step("refused: az backup policy delete, of a policy in use"):
        az.refused(f"backup policy delete {OLD} -n DefaultPolicy", "BMSUserErrorPolicyObjectInUse")
    with steps.step("refused: az backup policy delete, under a lock (az lock create, list, delete)"):
        az(f"lock create -g {GROUP} -n keep --lock-type CanNotDelete")
        same(_names(az(f"lock list -g {GROUP}")), ["keep"])
        az.refused(f"backup policy delete {OLD} -n EnhancedPolicy", "ScopeLocked")
        az(f"lock delete -g {GROUP} -n keep")
        same(az(f"lock list -g {GROUP}"), [])
    with steps.step("refused: az backup recoverypoint list, which the box does not serve"):
        where = f"{OLD} -c web-01 -i web-01 --backup-management-type AzureIaasVM"
        az.refused(f"backup recoverypoint list {where}", "InvalidResourceType")
