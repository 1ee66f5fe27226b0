"""Backup policies: read, list, write, delete."""

from __future__ import annotations

import copy
import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Policy, fold
from backup_reconciler.sandbox.core.recovery_services import api_versions
from backup_reconciler.sandbox.core.recovery_services.backups import points, scheduled
from backup_reconciler.sandbox.core.recovery_services.items.refusals import denied_by_immutability
from backup_reconciler.sandbox.core.recovery_services.jobs import job, operation
from backup_reconciler.sandbox.core.recovery_services.policies.comparison import keeps_less, lowers
from backup_reconciler.sandbox.core.recovery_services.policies.policy_rules import accept, invalid_policy, tiers
from backup_reconciler.sandbox.core.recovery_services.vaults import guard
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_settings import immutability, redundancy
from backup_reconciler.sandbox.core.wire.listing import filters, paged, same
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Operation, ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_POLICY = f"{VAULT}/backupPolicies/{{policy}}"
_DAY = timedelta(days=1)
_NAME = re.compile(r"[a-zA-Z][-_!a-zA-Z0-9]{2,149}")


def show(path: str, policy: Policy, count: int, version: str | None = None) -> Json:
    """A policy as an api-version reads it; it has no etag. `path` is the vault's."""
    properties = api_versions.known(copy.deepcopy(policy.properties), api_versions.POLICY, version)
    return {
        "id": f"{path}/backupPolicies/{policy.name}",
        "name": policy.name,
        "type": "Microsoft.RecoveryServices/vaults/backupPolicies",
        "properties": {**properties, "protectedItemsCount": count},
    }


def items_of(vault: Vault, policy: Policy) -> list[ProtectedItem]:
    return [item for item in vault.items.values() if fold(item.policy_name) == fold(policy.name)]


def show_in(call: Call, vault: Vault, policy: Policy) -> Json:
    return show(call.backup_path, policy, len(items_of(vault, policy)), call.api_version)


def list_policies(call: Call) -> Response:
    """In no order a client could rely on; the count of items is 0 in every list, whatever it is (R21 policy.json)."""
    management = filters(call, {"backupmanagementtype": "management"}).get("management")
    policies = [
        policy
        for policy in call.vault.policies.values()
        if same(management, str(policy.properties["backupManagementType"]))
    ]
    policies.sort(key=_shuffled)
    return paged(call, policies, lambda policy: show(call.backup_path, policy, 0, call.api_version))


def _shuffled(policy: Policy) -> str:
    return "" if policy.name == "HourlyLogBackup" else hashlib.sha256(fold(policy.name).encode()).hexdigest()


def _find(call: Call) -> Policy:
    policy = call.vault.policies.get(fold(call.names["policy"]))
    if policy is None:
        # The service's own code for an unknown policy is not in any source; this is its code for other lost objects.
        raise Refused(404, "BMSUserErrorDataSourceObjectNotFound", "Policy not found.")
    return policy


def get_policy(call: Call) -> Response:
    return Response(200, show_in(call, call.vault, _find(call)))


def put_policy(call: Call) -> Response:
    """200 with the policy while it has no items, else 202 and a ConfigureBackup job per item (R21; live, Sep 2026)."""
    vault, name = call.vault, call.names["policy"]
    if not _NAME.fullmatch(name):
        raise invalid_policy()
    asked = api_versions.known(call.properties, api_versions.POLICY, call.api_version)
    properties = accept(asked)
    if call.settings.era == 2026:
        properties.setdefault("policyType", "V1")
    policy = vault.policies.get(fold(name))
    if policy and "tieringPolicy" in policy.properties:
        properties.setdefault("tieringPolicy", policy.properties["tieringPolicy"])
    if tiers(properties) and redundancy(vault)["standardTierStorageRedundancy"] == "ZoneRedundant":
        raise invalid_policy()  # there is no archive beside zone-redundant storage (Learn: archive-tier-support)
    if policy is None:
        return _create(call, vault, Policy(name, properties))
    items = items_of(vault, policy)
    _refuse_lowering(call, vault, policy, properties, items)
    if items:
        operation.refuse_conflict(vault, [item.key for item in items])
    _count_write(call, vault)
    if items:
        return _update(call, vault, policy, properties, items)
    policy.properties = properties
    return Response(200, show_in(call, vault, policy))


def _create(call: Call, vault: Vault, policy: Policy) -> Response:
    most = call.settings.limits.policies_per_vault
    if len(vault.policies) >= most:
        # 200 (Learn: backup-azure-backup-faq). The service's code is in no source.
        raise Refused(400, "QuotaExceeded", f"The vault has reached its limit of {most} backup policies.")
    _count_write(call, vault)
    vault.policies[fold(policy.name)] = policy
    return Response(200, show_in(call, vault, policy))


def _count_write(call: Call, vault: Vault) -> None:
    """50 creations and changes in 24 hours (Learn: FAQ); what the service says then is known of other workloads.

    That is CloudDosAbsoluteLimitReached (Learn: backup-sql-server-azure-troubleshoot); its status is INFERRED.
    """
    recent = [moment for moment in vault.policy_writes if moment > call.now - _DAY]
    if len(recent) >= call.settings.limits.policy_writes_per_day:
        raise Refused(
            400,
            "CloudDosAbsoluteLimitReached",
            "Operation is blocked as you have reached the limit on number of operations permitted in 24 hours.",
        )
    vault.policy_writes = [*recent, call.now]


def _refuse_lowering(call: Call, vault: Vault, policy: Policy, properties: Json, items: list[ProtectedItem]) -> None:
    """Retention applies to the points there are, so less of it is a loss (Learn: immutable-vault; CLI)."""
    _refuse_other_type(policy, properties)
    if items and immutability(vault) != "Disabled" and keeps_less(policy.properties, properties):
        raise denied_by_immutability()
    if lowers(policy.properties, properties):
        guard.require(call, vault, guard.UPDATE_POLICY)


def _refuse_other_type(policy: Policy, properties: Json) -> None:
    """Standard and Enhanced do not change into each other in place (INFERRED); an item moves to another policy."""
    if policy.properties["backupManagementType"] != "AzureIaasVM":
        raise invalid_policy()
    if (policy.properties.get("policyType") or "V1") != (properties.get("policyType") or "V1"):
        raise invalid_policy()


def _update(call: Call, vault: Vault, policy: Policy, properties: Json, items: list[ProtectedItem]) -> Response:
    keys = [item.key for item in items]
    jobs = [job.start(call, vault, "ConfigureBackup", item, {"Policy Name": policy.name}) for item in items]
    intent = {"policy": policy.name, "properties": properties}
    begun = operation.begin(call, vault, "policy", call.settings.durations.policy_update, keys, jobs, intent)
    path = f"{call.backup_path}/backupPolicies/{call.names['policy']}"
    return operation.accepted_under(call, path, begun, status="operations")


def finish_update(estate: Estate, vault: Vault, done: Operation, now: datetime, _rng: Random) -> None:
    """The policy says the new thing once every item has it: when it runs, and how long points are kept."""
    policy = vault.policies[fold(done.intent["policy"])]
    policy.properties = done.intent["properties"]
    for item in items_of(vault, policy):
        points.drop_expired(item, now)
        points.apply(item, policy.properties, now)
    scheduled.arm(estate, vault, policy, now)
    operation.conclude(vault, done, now)


def delete_policy(call: Call) -> Response:
    vault = call.vault
    policy = vault.policies.get(fold(call.names["policy"]))
    if policy is None:
        return Response(204)
    if items_of(vault, policy) or _awaited(vault, policy):
        # The code is seen in public repositories' notes on failed teardowns; its words are not.
        raise Refused(
            400,
            "BMSUserErrorPolicyObjectInUse",
            "The policy cannot be deleted because backup items are associated with it.",
        )
    del vault.policies[fold(policy.name)]
    return Response(200)


def _awaited(vault: Vault, policy: Policy) -> bool:
    """Whether an item is on its way to this policy."""
    return any(
        fold(str(running.intent.get("policyId", ""))).endswith(f"/{fold(policy.name)}")
        for running in vault.operations.values()
        if running.status == "InProgress"
    )


ROUTES = (
    Route("GET", f"{VAULT}/backupPolicies", list_policies),
    Route("GET", _POLICY, get_policy),
    Route("PUT", _POLICY, put_policy),
    Route("DELETE", _POLICY, delete_policy),
)
OPERATIONS = {"policy": finish_update}
