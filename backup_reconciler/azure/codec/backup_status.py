"""What the service itself says of whether a VM is backed up, whichever vault that is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """The answer for one VM."""

    is_protected: bool
    """Whether some vault holds it, or is about to; a soft-deleted backup does not count."""
    vault: ArmId | None
    """The vault, where it is told."""


def status_request(vm: ArmId, location: str) -> ArmRequest:
    """Ask of one VM. It changes nothing, and needs no right on the vault that holds the VM."""
    path = f"/subscriptions/{vm.subscription}/providers/Microsoft.RecoveryServices/locations/{location}/backupStatus"
    return ArmRequest("POST", path, Api.BACKUP, body={"resourceType": "VM", "resourceId": vm.text}, reads=True)


def decode(arm: Mapping[str, Any]) -> BackupStatus:
    vault = arm.get("vaultId")
    return BackupStatus(arm["protectionStatus"] != "NotProtected", ArmId(vault) if vault else None)
