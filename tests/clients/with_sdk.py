"""The same day with the Azure SDK for Python, synchronous, as its documentation shows it.

Nothing is changed but where Azure is and for whom tokens are meant.
"""

from __future__ import annotations

import os
import time
from typing import Any

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservices.models import PatchVault, Sku, Vault, VaultProperties
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient
from azure.mgmt.recoveryservicesbackup.models import (
    AzureIaaSComputeVMProtectedItem,
    BackupRequestResource,
    IaasVMBackupRequest,
    ProtectedItemResource,
)

from tests.clients.steps import GROUP, GROUP_ID, SUBSCRIPTION, Difference, Steps, same

NAME = f"iaasvmcontainerv2;{GROUP};web-03"
PLACE = ("rsv-sdk", GROUP, "Azure", f"IaasVMContainer;{NAME}", f"VM;{NAME}")
VM_ID = f"{GROUP_ID}/providers/Microsoft.Compute/virtualMachines/web-03"
POLICY_ID = f"{GROUP_ID}/providers/Microsoft.RecoveryServices/vaults/rsv-sdk/backupPolicies/DefaultPolicy"
ITEMS = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"


def run(steps: Steps) -> None:
    endpoint = os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"]
    cloud: dict[str, Any] = {"base_url": endpoint, "credential_scopes": [f"{endpoint}/.default"]}
    with (
        DefaultAzureCredential() as credential,
        RecoveryServicesClient(credential, SUBSCRIPTION, **cloud) as vaults,
        RecoveryServicesBackupClient(credential, SUBSCRIPTION, **cloud) as backup,
    ):
        _vaults(vaults, steps)
        _lists(backup, steps)
        _protect(backup, steps)
        _back_up(backup, steps)
        _disable(backup, steps)
        _end(vaults, steps)


def _vaults(client: RecoveryServicesClient, steps: Steps) -> None:
    with steps.step("vaults.begin_create_or_update(…).result()"):
        wanted = Vault(
            location="japaneast", sku=Sku(name="Standard"), properties=VaultProperties(public_network_access="Enabled")
        )
        made = client.vaults.begin_create_or_update(GROUP, "rsv-sdk", wanted).result()
        same((made.name, made.properties.provisioning_state), ("rsv-sdk", "Succeeded"))
    with steps.step("vaults.begin_update(…).result(), tags"):
        same(client.vaults.begin_update(GROUP, "rsv-sdk", PatchVault(tags={"a": "b"})).result().tags, {"a": "b"})
    with steps.step("vaults.list_by_subscription_id(), vaults.list_by_resource_group(…)"):
        same({"rsv-old", "rsv-sdk"} - {vault.name for vault in client.vaults.list_by_subscription_id()}, set())
        same({"rsv-old", "rsv-sdk"} - {vault.name for vault in client.vaults.list_by_resource_group(GROUP)}, set())
    with steps.step("vaults.get(…)"):
        shown = client.vaults.get(GROUP, "rsv-sdk")
        same((shown.location, shown.tags, shown.sku.name), ("japaneast", {"a": "b"}, "Standard"))


def _lists(client: RecoveryServicesBackupClient, steps: Steps) -> None:
    with steps.step("backup_policies.list(…), protection_policies.get(…)"):
        listed = {policy.name for policy in client.backup_policies.list("rsv-sdk", GROUP)}
        same(listed, {"DefaultPolicy", "EnhancedPolicy", "HourlyLogBackup"})
        policy = client.protection_policies.get("rsv-sdk", GROUP, "DefaultPolicy")
        same(policy.properties.retention_policy.daily_schedule.retention_duration.count, 30)
    with steps.step("backup_protected_items.list(…)"):
        (item,) = client.backup_protected_items.list("rsv-old", GROUP, filter=ITEMS)
        same(_property(item.properties, "friendlyName", "friendly_name"), "web-01")
    with steps.step("backup_protection_containers.list(…)"):
        condition = "backupManagementType eq 'AzureIaasVM' and status eq 'Registered'"
        (container,) = client.backup_protection_containers.list("rsv-old", GROUP, filter=condition)
        same(_property(container.properties, "friendlyName", "friendly_name"), "web-01")


def _property(model: Any, on_the_wire: str, in_python: str) -> Any:
    """A value of a model: some versions of the SDK know a protected item only by the names of the wire."""
    return getattr(model, in_python, None) or model[on_the_wire]


def _state(client: RecoveryServicesBackupClient) -> str:
    found: str = _property(client.protected_items.get(*PLACE).properties, "protectionState", "protection_state")
    return found


def _jobs(client: RecoveryServicesBackupClient, condition: str | None = None) -> list[tuple[str, str]]:
    return [
        (str(job.properties.operation), str(job.properties.status))
        for job in client.backup_jobs.list("rsv-sdk", GROUP, filter=condition)
    ]


def _wait_for_jobs(client: RecoveryServicesBackupClient) -> None:
    """Until no job runs. The SDK has no poller for jobs: its users look again."""
    for _ in range(60):
        if not _jobs(client, "status eq 'InProgress'"):
            return
        time.sleep(2)
    raise Difference("jobs still run after two minutes")


def _protect(client: RecoveryServicesBackupClient, steps: Steps) -> None:
    with steps.step("protected_items.begin_create_or_update(…).result(), protect"):
        wanted = AzureIaaSComputeVMProtectedItem(source_resource_id=VM_ID, policy_id=POLICY_ID)
        client.protected_items.begin_create_or_update(*PLACE, ProtectedItemResource(properties=wanted)).result()
        same(_state(client), "IRPending")
        same(_jobs(client), [("ConfigureBackup", "Completed")])


def _back_up(client: RecoveryServicesBackupClient, steps: Steps) -> None:
    with steps.step("backups.trigger(…), backup_jobs.list(…)"):
        client.backups.trigger(*PLACE, BackupRequestResource(properties=IaasVMBackupRequest()))
        same(_jobs(client)[0], ("Backup", "InProgress"))
    with steps.step("job_details.get(…)"):
        running = next(iter(client.backup_jobs.list("rsv-sdk", GROUP)))
        tasks = client.job_details.get("rsv-sdk", GROUP, running.name).properties.extended_info.tasks_list
        same([task.task_id for task in tasks], ["Take Snapshot", "Transfer data to vault"])
    with steps.step("backup_jobs.list(…) until the backup is done"):
        _wait_for_jobs(client)
        same((_jobs(client)[0], _state(client)), (("Backup", "Completed"), "Protected"))


def _disable(client: RecoveryServicesBackupClient, steps: Steps) -> None:
    with steps.step("protected_items.begin_create_or_update(…).result(), stop and keep the data"):
        stopped = AzureIaaSComputeVMProtectedItem(
            source_resource_id=VM_ID, policy_id="", protection_state="ProtectionStopped"
        )
        client.protected_items.begin_create_or_update(*PLACE, ProtectedItemResource(properties=stopped)).result()
        same(_state(client), "ProtectionStopped")
    with steps.step("protected_items.delete(…)"):
        client.protected_items.delete(*PLACE)
        _wait_for_jobs(client)
        (item,) = client.backup_protected_items.list("rsv-sdk", GROUP, filter=ITEMS)
        deleted = _property(item.properties, "isScheduledForDeferredDelete", "is_scheduled_for_deferred_delete")
        same((deleted, _jobs(client)[0]), (True, ("DeleteBackupData", "Completed")))


def _end(client: RecoveryServicesClient, steps: Steps) -> None:
    with steps.step("vaults.begin_delete(…).result(), of an empty vault"):
        empty = Vault(location="japaneast", sku=Sku(name="Standard"), properties=VaultProperties())
        client.vaults.begin_create_or_update(GROUP, "rsv-empty", empty).result()
        client.vaults.begin_delete(GROUP, "rsv-empty").result()
        try:
            client.vaults.get(GROUP, "rsv-empty")
        except ResourceNotFoundError as error:
            same(error.error.code, "ResourceNotFound")
        else:
            raise Difference("the vault is still there")
    with steps.step("refused: a vault with a bad name"):
        try:
            client.vaults.begin_create_or_update(GROUP, "-bad-", Vault(location="japaneast", sku=Sku(name="Standard")))
        except HttpResponseError as error:
            same(error.status_code, 400)
        else:
            raise Difference("the vault was made")
