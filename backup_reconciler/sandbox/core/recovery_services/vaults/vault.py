"""Recovery Services vaults: read, list, create, change, delete, and the operations of the last two."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Estate, Operation, Vault, fold
from backup_reconciler.sandbox.core.recovery_services.policies.default_policies import default_policies
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import change, new_settings
from backup_reconciler.sandbox.core.wire.call import guid, normal_location
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response, gateway, section, unreadable
from backup_reconciler.sandbox.core.wire.router import RECOVERY_SERVICES, SUBSCRIPTION, VAULT, VAULTS, Route
from backup_reconciler.sandbox.core.wire.times import stamp

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Failure
    from backup_reconciler.sandbox.core.wire.call import Call

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{1,49}")
_CREATE, _DELETE = 2047, 1023
"""The number inside a vault operation's id says what it does (R26)."""

_SHOWN_IN_LISTS = {"provisioningState", "privateEndpointStateForBackup", "privateEndpointStateForSiteRecovery",
                   "publicNetworkAccess"}  # fmt: skip


def show(vault: Vault, path: str, *, old_api: bool = False, in_list: bool = False) -> Json:
    """A vault as it is read. The settings came later than 2021, and lists leave them out."""
    properties: Json = {
        "provisioningState": vault.provisioning,
        "privateEndpointStateForBackup": "None",
        "privateEndpointStateForSiteRecovery": "None",
    }
    if not old_api:
        properties |= vault.properties
    if vault.provisioning == "Provisioning" and not old_api:
        properties["securitySettings"] = {**properties["securitySettings"], "multiUserAuthorization": "Invalid"}
        del properties["backupStorageVersion"]
    if in_list:
        properties = {key: value for key, value in properties.items() if key in _SHOWN_IN_LISTS}
    shown: Json = {
        "location": vault.location,
        "name": vault.name,
        "etag": f"W/\"datetime'{stamp(vault.changed).replace(':', '%3A')}'\"",
        "properties": properties,
        "id": path,
        "type": "Microsoft.RecoveryServices/vaults",
        "sku": vault.sku,
    }
    if vault.tags is not None:
        shown["tags"] = vault.tags
    if vault.identity is not None:
        shown["identity"] = vault.identity
    return shown


def get_vault(call: Call) -> Response:
    return Response(200, show(call.vault, call.vault_path, old_api=call.old_api))


def list_by_subscription(call: Call) -> Response:
    vaults = [vault for group in call.subscription.groups.values() for vault in group.vaults.values()]
    return _listed(call, vaults)


def list_by_group(call: Call) -> Response:
    return _listed(call, list(call.group.vaults.values()))


def _listed(call: Call, vaults: list[Vault]) -> Response:
    newest_first = vaults[::-1]
    return paged(call, newest_first, lambda vault: show(vault, vault.id, old_api=call.old_api, in_list=True))


def put_vault(call: Call) -> Response:
    existing = call.group.vaults.get(fold(call.names["vault"]))
    return _create(call) if existing is None else _replace(call, existing)


def new_vault(estate: Estate, group: str, subscription: str, name: str, now: datetime, hour: str) -> Vault:
    """A vault with what a new one holds in the world's era; `hour` is when its DefaultPolicy runs."""
    vault = Vault(subscription, group, name, "", {"name": "Standard"}, now, properties=new_settings())
    for policy in default_policies(estate.settings.era, now, hour):
        vault.policies[fold(policy.name)] = policy
    return vault


def default_hour(call_rng_choice: int) -> str:
    """The half-hour at which a new vault's DefaultPolicy runs: any, in 2021 (R21, R22)."""
    return f"{call_rng_choice // 2:02d}:{30 * (call_rng_choice % 2):02d}"


def _create(call: Call) -> Response:
    group, name = call.group, call.names["vault"]
    if not _NAME.fullmatch(name):
        raise gateway(400, "InvalidResourceName", f"Resource name {name} is invalid.")
    vault = new_vault(call.estate, group.name, group.subscription, name, call.now, _hour(call))
    _write(call, vault, creating=True)
    group.vaults[fold(name)] = vault
    if call.settings.era == 2021:
        return Response(201, show(vault, call.vault_path, old_api=call.old_api))
    vault.provisioning = "Provisioning"
    operation = _begin(call, vault, _CREATE, "createVault")
    body = show(vault, call.vault_path, old_api=call.old_api)
    return Response(201, body, {"Azure-AsyncOperation": _operation_link(call, "operationStatus", operation)})


def _hour(call: Call) -> str:
    # 2026: midnight (third-party page).
    return default_hour(call.rng.randrange(48)) if call.settings.era == 2021 else "00:00"


def _replace(call: Call, vault: Vault) -> Response:
    _write(call, vault, creating=False)
    return Response(200, show(vault, call.vault_path, old_api=call.old_api))


def _write(call: Call, vault: Vault, *, creating: bool) -> None:
    """What a PUT states. Settings it leaves out stay as they are: no value of theirs means absent (INFERRED)."""
    body = call.body
    if not body.get("location"):
        raise gateway(400, "LocationRequired", "The location property is required for this definition.")
    location = normal_location(str(body["location"]))
    if not creating and location != normal_location(vault.location):
        raise gateway(
            409,
            "InvalidResourceLocation",
            f"The resource '{vault.name}' already exists in location '{vault.location}' in resource group "
            f"'{vault.group}'. A resource with the same name cannot be created in location '{location}'. Please "
            "select a new resource name.",
        )
    sku, tags, identity = section(body, "sku"), _tags(call), _identity(call)
    if sku.get("name") not in ("Standard", "RS0"):
        raise Refused(400, "InvalidRestApiParameter", "The value of the parameter sku.name is not valid.")
    _set_properties(vault, call.properties, creating=creating)
    vault.location, vault.sku, vault.changed = location, sku, call.now
    vault.tags, vault.identity = tags, identity


def _set_properties(vault: Vault, properties: Json, *, creating: bool = False) -> None:
    change(vault, properties, creating=creating)
    if section(properties, "redundancySettings").get("standardTierStorageRedundancy"):
        vault.redundancy_by_vault_api = True


def _tags(call: Call) -> dict[str, str] | None:
    """The tags that a request states; None where it states none."""
    tags = section(call.body, "tags")
    if not all(isinstance(value, str) for value in tags.values()):
        raise unreadable()
    return tags if call.body.get("tags") is not None else None


def _identity(call: Call) -> Json | None:
    asked = section(call.body, "identity")
    if asked.get("type") in (None, "None"):
        return None
    return {**asked, "principalId": guid(call.rng), "tenantId": guid(call.rng)}


def patch_vault(call: Call) -> Response:
    """Tags are replaced as a whole when given, properties are merged object by object, as in all of ARM."""
    vault = call.vault
    body, tags = call.body, _tags(call)
    identity = _identity(call) if "identity" in body else vault.identity
    _set_properties(vault, call.properties)
    vault.tags = vault.tags if tags is None else tags
    vault.identity = identity
    vault.changed = call.now
    return Response(200, show(vault, call.vault_path, old_api=call.old_api))


def delete_vault(call: Call) -> Response:
    vault = call.group.vaults.get(fold(call.names["vault"]))
    if vault is None:
        return Response(204)
    _refuse_unless_empty(vault)
    if call.settings.era == 2021:
        del call.group.vaults[fold(vault.name)]
        return Response(200 if call.old_api else 204)
    vault.provisioning = "Deleting"
    operation = _begin(call, vault, _DELETE, "deleteVault")
    return Response(
        202,
        headers={
            "Azure-AsyncOperation": _operation_link(call, "operationStatus", operation),
            "Location": _operation_link(call, "operationResults", operation),
        },
    )


def _refuse_unless_empty(vault: Vault) -> None:
    """R21 job.json has the words for soft-deleted items; Learn (delete-vault) those for live ones."""
    coming = _being_registered(vault)
    if not vault.items and not coming:
        return
    names = ", ".join([item.vm for item in vault.items.values()] + coming)
    days = vault.properties["securitySettings"]["softDeleteSettings"]["softDeleteRetentionPeriodInDays"]
    if not coming and all(item.deleted for item in vault.items.values()):
        reason = (
            "Recovery Services vault cannot be deleted as there are backup items in soft deleted state in the vault. "
            f"The soft deleted items are permanently deleted after {days} days of delete operation. Please try vault "
            "deletion after the backup items are permanently deleted and there is no item in soft deleted state left "
            "in the vault.For more information, refer https://aka.ms/SoftDeleteCloudWorkloads."
        )
    else:
        reason = (
            "Vault cannot be deleted as there are existing resources within the vault. Please ensure there are no "
            "backup items, protected servers, or backup management servers associated with this vault."
        )
    raise Refused(
        400,
        "ServiceResourceNotEmptyWithBackendMessage",
        f"{reason} The registered items are : {names}\nPlease ensure all containers have been unregistered from the "
        "vault and all private endpoints associated with the vault have been deleted, and retry operation. For more "
        "details, see https://aka.ms/AB-AA4ecq5",
    )


def _being_registered(vault: Vault) -> list[str]:
    """VMs that are being protected and are no items yet."""
    return [
        str(operation.intent["vm"])
        for operation in vault.operations.values()
        if operation.status == "InProgress" and operation.verb == "protect" and operation.items[0] not in vault.items
    ]


def _begin(call: Call, vault: Vault, number: int, verb: str) -> Operation:
    """A vault's operation; its id is the base64 of `2047;{guid}` (R26)."""
    name = base64.b64encode(f"{number};{guid(call.rng)}".encode()).decode()
    operation = Operation(name, verb, call.now)
    call.estate.vault_operations[name] = operation
    due = call.now + timedelta(seconds=call.settings.durations.vault)
    call.estate.schedule(due, "vault", vault, name)
    return operation


def _operation_link(call: Call, kind: str, operation: Operation) -> str:
    return call.poll_link(f"{call.vault_path}/{kind}/{operation.id}")


def finish(estate: Estate, vault: Vault, name: str, now: datetime, _rng: Random) -> None:
    """A vault's creation or deletion comes to its end."""
    operation = estate.vault_operations[name]
    operation.status = "Succeeded"
    if operation.verb == "createVault":
        vault.provisioning, vault.changed = "Succeeded", now
    else:
        del estate.subscriptions[fold(vault.subscription)].groups[fold(vault.group)].vaults[fold(vault.name)]


def fail(estate: Estate, vault: Vault, name: str, now: datetime, error: Failure) -> None:
    """A creation that fails leaves a vault in that state behind, a deletion the vault as it was."""
    operation = estate.vault_operations[name]
    operation.status, operation.error = "Failed", error
    if operation.verb == "createVault":
        vault.provisioning, vault.changed = "Failed", now


def _operation(call: Call) -> Operation:
    operation = call.estate.vault_operations.get(call.names["operation"])
    if operation is None:
        raise Refused(404, "OperationNotFound", f"Operation {call.names['operation']} was not found.")
    return operation


def operation_status(call: Call) -> Response:
    """Answered also when the vault has gone (R26)."""
    operation = _operation(call)
    path = f"{call.vault_path}/operationStatus/{operation.id}"
    status: Json = {"id": path, "name": operation.id, "status": operation.status}
    if operation.error:
        status["error"] = {"code": operation.error.code, "message": operation.error.message}
    return Response(200, status)


def operation_result(call: Call) -> Response:
    operation = _operation(call)
    if operation.status == "InProgress":
        return Response(202, headers={"Location": _operation_link(call, "operationResults", operation)})
    if operation.error:
        raise Refused(400, operation.error.code, operation.error.message)
    return get_vault(call) if operation.verb == "createVault" else Response(200)


ROUTES = (
    Route("GET", f"{SUBSCRIPTION}/{RECOVERY_SERVICES}/vaults", list_by_subscription),
    Route("GET", VAULTS, list_by_group),
    Route("GET", VAULT, get_vault),
    Route("PUT", VAULT, put_vault),
    Route("PATCH", VAULT, patch_vault),
    Route("DELETE", VAULT, delete_vault),
    Route("GET", f"{VAULT}/operationStatus/{{operation}}", operation_status),
    Route("GET", f"{VAULT}/operationResults/{{operation}}", operation_result),
)
EFFECTS = {"vault": finish}
FAILURES = {"vault": fail}
