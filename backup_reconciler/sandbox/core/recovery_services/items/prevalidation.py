"""Whether a VM could be protected in a vault, without trying: `backupPreValidateProtection`.

The service validates the vault's capacity and whether the VM is protected already (SDKB).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Vault, VirtualMachine, fold
from backup_reconciler.sandbox.core.recovery_services.items import refusals
from backup_reconciler.sandbox.core.recovery_services.items.protection import HELD_ELSEWHERE
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import RECOVERY_SERVICES, SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.call import Call


def prevalidate(call: Call) -> Response:
    body = call.body
    source, vault_id = body.get("resourceId"), body.get("vaultId")
    own = f"/subscriptions/{fold(call.subscription.id)}/"
    known = body.get("resourceType") == "VM" and isinstance(source, str) and isinstance(vault_id, str)
    vault = call.estate.vault(str(vault_id)) if known else None
    if vault is None or not fold(str(vault_id)).startswith(own):
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid.")
    return Response(200, _verdict(call, vault, call.estate.virtual_machine(str(source))))


def _verdict(call: Call, vault: Vault, vm: VirtualMachine | None) -> Json:
    if vm is None or normal_location(vm.location) != normal_location(vault.location):
        refused = refusals.invalid()
        return _failed(refused.code, refused.message)
    if _is_held(call.estate, vm):
        return _failed(HELD_ELSEWHERE.code, HELD_ELSEWHERE.message)
    most = call.settings.limits.vms_per_vault
    if len(vault.items) >= most:
        refused = refusals.vault_is_full(most)
        return _failed(refused.code, refused.message)
    token = fold(f"iaasvmcontainerv2;{vm.group};{vm.name}")
    return {
        "status": "Succeeded",
        "errorCode": "Success",
        "errorMessage": "",
        "recommendation": "",
        "containerName": f"iaasvmcontainer;{token}",
        "protectedItemName": f"vm;{token}",
    }


def _is_held(estate: Estate, vm: VirtualMachine) -> bool:
    return fold(vm.id) in estate.holders


def _failed(code: str, message: str) -> Json:
    return {
        "status": "Failed",
        "errorCode": code,
        "errorMessage": message,
        "recommendation": "",
        "containerName": "",
        "protectedItemName": "",
    }


ROUTES = (
    Route(
        "POST", f"{SUBSCRIPTION}/{RECOVERY_SERVICES}/locations/{{location}}/backupPreValidateProtection", prevalidate
    ),
)
