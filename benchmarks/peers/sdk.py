"""What both programs of the SDK need: where Azure is, the names of a protected VM, and the VMs that they are given."""

import os
import sys
from dataclasses import dataclass
from typing import Any

from azure.mgmt.recoveryservicesbackup.models import AzureIaaSComputeVMProtectedItem, ProtectedItemResource

from benchmarks.peers.fleet import POLICY, SUBSCRIPTION

FABRIC = "Azure"
ITEMS = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"


def cloud() -> dict[str, Any]:
    """Where Azure Resource Manager is, and for whom tokens are meant."""
    endpoint = os.environ["BACKUP_RECONCILER_ARM_ENDPOINT"]
    return {"base_url": endpoint, "credential_scopes": [f"{endpoint}/.default"]}


@dataclass(frozen=True, slots=True)
class Vm:
    """A VM, and the vault of its resource group."""

    group: str
    name: str

    @property
    def vault(self) -> str:
        return self.group.replace("rg-", "rsv-")

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """Its protected item, as the operations of the SDK take it."""
        name = f"iaasvmcontainerv2;{self.group};{self.name}"
        return self.vault, self.group, FABRIC, f"IaasVMContainer;{name}", f"VM;{name}"

    def protected(self) -> ProtectedItemResource:
        """The body that protects it."""
        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{self.group}/providers"
        return ProtectedItemResource(
            properties=AzureIaaSComputeVMProtectedItem(
                source_resource_id=f"{group}/Microsoft.Compute/virtualMachines/{self.name}",
                policy_id=f"{group}/Microsoft.RecoveryServices/vaults/{self.vault}/backupPolicies/{POLICY}",
            )
        )


def given() -> list[Vm]:
    """The VMs that standard input names, a line `group name` for each."""
    return [Vm(*line.split()) for line in sys.stdin]
