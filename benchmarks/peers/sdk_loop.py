"""The SDK's synchronous clients, a resource at a time: what a program asks that knows its resources one by one.

These are the requests of Terraform's refresh (2 for a vault, 1 for a policy, 1 for a protected VM), as its provider's
source has them; Terraform itself is not run. `read N` and `protect N` work on N resources at a time.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from azure.identity import DefaultAzureCredential
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient

from benchmarks.peers.fleet import POLICY, SUBSCRIPTION
from benchmarks.peers.sdk import Vm, cloud, given


def read(vaults: RecoveryServicesClient, backup: RecoveryServicesBackupClient, at_a_time: int) -> None:
    """Each vault with its settings and its policy, and each VM that standard input names; prints how many VMs."""

    def read_vault(vault: str, group: str) -> None:
        vaults.vaults.get(group, vault)
        backup.backup_resource_vault_configs.get(vault, group)
        backup.protection_policies.get(vault, group, POLICY)

    def read_item(vm: Vm) -> str:
        return str(backup.protected_items.get(*vm.place).id)

    vms = given()
    with ThreadPoolExecutor(at_a_time) as workers:
        list(workers.map(lambda place: read_vault(*place), sorted({(vm.vault, vm.group) for vm in vms})))
        print(len(set(workers.map(read_item, vms))))


def protect(backup: RecoveryServicesBackupClient, at_a_time: int) -> None:
    """Each VM until it is done, with the SDK's own poller."""

    def protect_one(vm: Vm) -> None:
        backup.protected_items.begin_create_or_update(*vm.place, vm.protected()).result()

    with ThreadPoolExecutor(at_a_time) as workers:
        list(workers.map(protect_one, given()))


def main(verb: str, at_a_time: int) -> None:
    with (
        DefaultAzureCredential() as credential,
        RecoveryServicesClient(credential, SUBSCRIPTION, **cloud()) as vaults,
        RecoveryServicesBackupClient(credential, SUBSCRIPTION, **cloud()) as backup,
    ):
        if verb == "read":
            read(vaults, backup, at_a_time)
        else:
            protect(backup, at_a_time)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
