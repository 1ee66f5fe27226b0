"""Recovery Services vaults: read, list, create, change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Vault, fold
from backup_reconciler.sandbox.core.recovery_services import api_versions
from backup_reconciler.sandbox.core.recovery_services.policies.default_policies import default_policies
from backup_reconciler.sandbox.core.recovery_services.vaults import vault_operation as operations
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_identity import identity, takes_time
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_rules import change, invalid
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import new_settings
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response, gateway, section, unreadable
from backup_reconciler.sandbox.core.wire.router import RECOVERY_SERVICES, SUBSCRIPTION, VAULT, VAULTS, Route
from backup_reconciler.sandbox.core.wire.times import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, Operation
    from backup_reconciler.sandbox.core.wire.call import Call

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{1,49}")

_SHOWN_IN_LISTS = {"provisioningState", "privateEndpointStateForBackup", "privateEndpointStateForSiteRecovery",
                   "publicNetworkAccess"}  # fmt: skip


def show(vault: Vault, path: str, *, version: str | None = None, in_list: bool = False) -> Json:
    """A vault as an api-version reads it. Lists leave the settings out."""
    endpoints = "Enabled" if vault.private_endpoints else "None"
    properties: Json = {
        "provisioningState": vault.provisioning,
        "privateEndpointStateForBackup": endpoints,
        "privateEndpointStateForSiteRecovery": "None",
        **api_versions.known(vault.properties, api_versions.VAULT, version),
    }
    if vault.private_endpoints:
        properties["privateEndpointConnections"] = [_connection(path, each) for each in vault.private_endpoints]
    if vault.provisioning == "Provisioning" and "backupStorageVersion" in properties:
        del properties["backupStorageVersion"]
        if "multiUserAuthorization" in properties.get("securitySettings", {}):
            properties["securitySettings"] = {**properties["securitySettings"], "multiUserAuthorization": "Invalid"}
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


def _connection(path: str, endpoint: str) -> Json:
    """One private endpoint, approved (SPEC)."""
    return {
        "id": f"{path}/privateEndpointConnections/{endpoint.rpartition('/')[2]}",
        "properties": {
            "provisioningState": "Succeeded",
            "privateEndpoint": {"id": endpoint},
            "privateLinkServiceConnectionState": {"status": "Approved", "description": "", "actionsRequired": ""},
        },
    }


def show_in(call: Call, vault: Vault) -> Json:
    return show(vault, call.vault_path, version=call.api_version)


def get_vault(call: Call) -> Response:
    return Response(200, show_in(call, call.vault))


def list_by_subscription(call: Call) -> Response:
    vaults = [vault for group in call.subscription.groups.values() for vault in group.vaults.values()]
    return _listed(call, vaults)


def list_by_group(call: Call) -> Response:
    return _listed(call, list(call.group.vaults.values()))


def _listed(call: Call, vaults: list[Vault]) -> Response:
    newest_first = vaults[::-1]
    return paged(call, newest_first, lambda vault: show(vault, vault.id, version=call.api_version, in_list=True))


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
    if call.settings.secure_by_default:
        vault.properties = new_settings("AlwaysON")
    _write(call, vault, creating=True)
    _refuse_too_many(call, vault.location)
    group.vaults[fold(name)] = vault
    if call.settings.era == 2021:
        return Response(201, show_in(call, vault))
    vault.provisioning = "Provisioning"
    begun = operations.begin(call, vault, operations.CREATE, "createVault")
    link = operations.link(call, "operationStatus", begun)
    return Response(201, show_in(call, vault), {"Azure-AsyncOperation": link})


def _refuse_too_many(call: Call, location: str) -> None:
    """500 in a subscription and region (Learn: backup-support-matrix). The service's code is in no source."""
    most = call.settings.limits.vaults_per_region
    groups = call.subscription.groups.values()
    here = sum(normal_location(vault.location) == location for group in groups for vault in group.vaults.values())
    if here >= most:
        raise Refused(
            400,
            "QuotaExceeded",
            f"The subscription has reached its limit of {most} Recovery Services vaults in the region {location}.",
        )


def _hour(call: Call) -> str:
    # 2026: midnight (third-party page).
    return default_hour(call.rng.randrange(48)) if call.settings.era == 2021 else "00:00"


def _replace(call: Call, vault: Vault) -> Response:
    operations.refuse_while_updating(call, vault)
    _write(call, vault, creating=False)
    return Response(200, show_in(call, vault))


def _write(call: Call, vault: Vault, *, creating: bool) -> None:
    """What a PUT states. Settings it leaves out stay as they are: no value of theirs means absent (INFERRED)."""
    body = call.body
    if not isinstance(body.get("location"), str) or not body["location"]:
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
    sku, tags, held_by = section(body, "sku"), _tags(call), identity(call, vault.identity)
    if sku.get("name") not in ("Standard", "RS0"):
        raise invalid("sku")
    _set_properties(call, vault, held_by, creating=creating)
    vault.location, vault.sku, vault.changed = location, sku, call.now
    vault.tags, vault.identity = tags, held_by


def _set_properties(call: Call, vault: Vault, held_by: Json | None, *, creating: bool = False) -> None:
    """What a request says of the settings, as far as its api-version knows them; who set them may from now on."""
    asked = api_versions.known(call.properties, api_versions.VAULT, call.api_version)
    _check_key_holder(asked, held_by)
    change(call, vault, asked, creating=creating)
    if section(asked, "redundancySettings").get("standardTierStorageRedundancy"):
        vault.redundancy_by_vault_api = True
    if section(section(asked, "securitySettings"), "softDeleteSettings").get("softDeleteState"):
        vault.soft_delete_by_vault_api = True


def _check_key_holder(asked: Json, held_by: Json | None) -> None:
    """A customer's key is read by an identity of the vault, which it must have (SPEC PUTVault_WithCMK)."""
    key = section(asked, "encryption")
    if not key:
        return
    holder = section(key, "kekIdentity")
    users = {fold(user) for user in section(held_by or {}, "userAssignedIdentities")}
    by_system = bool(holder.get("useSystemAssignedIdentity")) and "principalId" in (held_by or {})
    if not (by_system or fold(str(holder.get("userAssignedIdentity"))) in users):
        raise invalid("encryption.kekIdentity")


def _tags(call: Call) -> dict[str, str] | None:
    """The tags that a request states; None where it states none."""
    tags = section(call.body, "tags")
    if not all(isinstance(value, str) for value in tags.values()):
        raise unreadable()
    return tags if call.body.get("tags") is not None else None


def patch_vault(call: Call) -> Response:
    """Tags are replaced as a whole when given, properties are merged object by object, as in all of ARM.

    200 with the vault, or 202 while a user-assigned identity is fetched (R22 test_backup_identity).
    """
    vault = call.vault
    operations.refuse_while_updating(call, vault)
    tags, held_by = _tags(call), identity(call, vault.identity)
    _set_properties(call, vault, held_by)
    vault.tags = vault.tags if tags is None else tags
    vault.changed = call.now
    if takes_time(call):
        return operations.accepted(
            call, operations.begin(call, vault, operations.UPDATE, "updateVault", {"identity": held_by})
        )
    vault.identity = held_by
    return Response(200, show_in(call, vault))


def finish_create(_estate: Estate, vault: Vault, _done: Operation, now: datetime) -> None:
    vault.provisioning, vault.changed = "Succeeded", now


def finish_update(_estate: Estate, vault: Vault, done: Operation, now: datetime) -> None:
    vault.identity, vault.changed = done.intent["identity"], now


ROUTES = (
    Route("GET", f"{SUBSCRIPTION}/{RECOVERY_SERVICES}/vaults", list_by_subscription),
    Route("GET", VAULTS, list_by_group),
    Route("GET", VAULT, get_vault),
    Route("PUT", VAULT, put_vault),
    Route("PATCH", VAULT, patch_vault),
)
