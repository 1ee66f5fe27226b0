"""The SDK's asynchronous clients: what can be asked at the same time is asked at the same time.

`read` prints how many items the vaults protect; `protect` protects the VMs that standard input names.
"""

import asyncio
import sys

from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.recoveryservices.aio import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup.aio import RecoveryServicesBackupClient

from benchmarks.peers.fleet import SUBSCRIPTION
from benchmarks.peers.sdk import ITEMS, cloud, given


async def read(vaults: RecoveryServicesClient, backup: RecoveryServicesBackupClient) -> None:
    """A list of the vaults, and one of the items of each."""

    async def items(vault: str, group: str) -> int:
        return len([item async for item in backup.backup_protected_items.list(vault, group, filter=ITEMS)])

    places = [(vault.name, vault.id.split("/")[4]) async for vault in vaults.vaults.list_by_subscription_id()]
    print(sum(await asyncio.gather(*(items(*place) for place in places))))


async def protect(backup: RecoveryServicesBackupClient) -> None:
    """A PUT for each VM, and the SDK's own poller until it is done."""
    put = backup.protected_items.begin_create_or_update
    pollers = await asyncio.gather(*(put(*vm.place, vm.protected()) for vm in given()))
    await asyncio.gather(*(poller.result() for poller in pollers))


async def main(verb: str) -> None:
    async with (
        DefaultAzureCredential() as credential,
        RecoveryServicesClient(credential, SUBSCRIPTION, **cloud()) as vaults,
        RecoveryServicesBackupClient(credential, SUBSCRIPTION, **cloud()) as backup,
    ):
        await (read(vaults, backup) if verb == "read" else protect(backup))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
