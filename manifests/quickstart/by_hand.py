"""Two changes that somebody makes by hand, with the Azure SDK and without telling anyone.

The policy keeps daily points for 7 days instead of 30, and the backups of web-03 are stopped.
"""

import os

from azure.identity import DefaultAzureCredential
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
VAULT = ("rsv-quickstart", "rg-backup")
VM = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-03"
NAMES = "iaasvmcontainerv2;rg-web;web-03"

plain_http = {
    "enforce_https": False
}  # the box is on loopback and speaks http; the SDK wants to be told that it is meant
client = RecoveryServicesBackupClient(
    DefaultAzureCredential(), SUBSCRIPTION, base_url=os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"], polling_interval=1
)

policy = client.protection_policies.get(*VAULT, "daily-30d", **plain_http).as_dict()
policy["properties"]["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] = 7
client.protection_policies.create_or_update(*VAULT, "daily-30d", {"properties": policy["properties"]}, **plain_http)
print("The policy daily-30d now keeps daily points for 7 days.")

stop = {
    "protectedItemType": "Microsoft.Compute/virtualMachines",
    "sourceResourceId": VM,
    "policyId": "",
    "protectionState": "ProtectionStopped",
}
while True:  # the change of the policy is still being spread to its VMs; until then the service refuses others
    try:
        client.protected_items.begin_create_or_update(
            *VAULT, "Azure", f"IaasVMContainer;{NAMES}", f"VM;{NAMES}", {"properties": stop}, **plain_http
        ).result()
        break
    except Exception as error:
        if "ConflictingProtectionOperation" not in str(error):
            raise
print("The backups of web-03 are stopped.")
