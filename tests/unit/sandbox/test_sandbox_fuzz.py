"""Whatever a client sends, the service answers: it never breaks, and what it refuses changes nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backup_reconciler.sandbox.core.estate import Failure, Fault
from backup_reconciler.sandbox.core.recovery_services.policies.policy_rules import BrokenRuleError, normalise
from tests.unit.sandbox_bodies import places, put_at

WORDS = st.sampled_from(
    ["", "Daily", "Weekly", "Hourly", "Enabled", "Disabled", "None", "V1", "V2", "Standard", "AzureIaasVM", "TierAfter",
     "2026-01-01T08:30:00Z", "not a time", "/subscriptions/x", "Microsoft.Compute/virtualMachines", "ProtectionStopped"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10000) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)

POLICY: dict[str, Any] = {
    "backupManagementType": "AzureIaasVM",
    "policyType": "V2",
    "instantRpRetentionRangeInDays": 5,
    "timeZone": "UTC",
    "schedulePolicy": {
        "schedulePolicyType": "SimpleSchedulePolicyV2",
        "scheduleRunFrequency": "Weekly",
        "weeklySchedule": {"scheduleRunDays": ["Sunday"], "scheduleRunTimes": ["2026-01-01T08:30:00Z"]},
    },
    "retentionPolicy": {
        "retentionPolicyType": "LongTermRetentionPolicy",
        "weeklySchedule": {
            "daysOfTheWeek": ["Sunday"],
            "retentionTimes": ["2026-01-01T08:30:00Z"],
            "retentionDuration": {"count": 12, "durationType": "Weeks"},
        },
        "monthlySchedule": {
            "retentionScheduleFormatType": "Daily",
            "retentionScheduleDaily": {"daysOfTheMonth": [{"date": 1, "isLast": False}, {"date": 0, "isLast": True}]},
            "retentionTimes": ["2026-01-01T08:30:00Z"],
            "retentionDuration": {"count": 12, "durationType": "Months"},
        },
        "yearlySchedule": {
            "retentionScheduleFormatType": "Weekly",
            "retentionScheduleWeekly": {"daysOfTheWeek": ["Sunday"], "weeksOfTheMonth": ["First"]},
            "monthsOfYear": ["January"],
            "retentionTimes": ["2026-01-01T08:30:00Z"],
            "retentionDuration": {"count": 7, "durationType": "Years"},
        },
    },
    "tieringPolicy": {"ArchivedRP": {"tieringMode": "TierAfter", "duration": 3, "durationType": "Months"}},
}
VAULT: dict[str, Any] = {
    "location": "japaneast",
    "sku": {"name": "Standard"},
    "tags": {"a": "b"},
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "publicNetworkAccess": "Enabled",
        "redundancySettings": {"standardTierStorageRedundancy": "GeoRedundant", "crossRegionRestore": "Disabled"},
        "securitySettings": {
            "softDeleteSettings": {"softDeleteState": "Enabled", "softDeleteRetentionPeriodInDays": 14},
            "immutabilitySettings": {"state": "Unlocked"},
        },
        "restoreSettings": {"crossSubscriptionRestoreSettings": {"crossSubscriptionRestoreState": "Disabled"}},
        "monitoringSettings": {"classicAlertSettings": {"alertsForCriticalOperations": "Disabled"}},
        "encryption": {
            "keyVaultProperties": {"keyUri": "x"},
            "kekIdentity": {"useSystemAssignedIdentity": True},
            "infrastructureEncryption": "Disabled",
        },
    },
}
ITEM: dict[str, Any] = {
    "properties": {
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "sourceResourceId": "x",
        "policyId": "y",
        "protectionState": "ProtectionStopped",
        "isRehydrate": False,
        "extendedProperties": {"diskExclusionProperties": {"diskLunList": [0], "isInclusionList": True}},
    }
}
GUARD_ID = "/subscriptions/g/resourceGroups/g/providers/Microsoft.DataProtection/resourceGuards/g"
UNLOCK: dict[str, Any] = {
    "resourceGuardOperationRequests": [f"{GUARD_ID}/deleteProtectedItemRequests/default"],
    "resourceToBeDeleted": "x",
}
GRAPH: dict[str, Any] = {"subscriptions": ["x"], "query": "resources", "options": {"$top": 1, "$skipToken": "x"}}
LOCK: dict[str, Any] = {"properties": {"level": "ReadOnly", "notes": "x", "owners": [{"applicationId": "x"}]}}
RESTRICTIONS: dict[str, Any] = {
    "resourceDetails": {
        "resourceContent": {"type": "x", "name": "x", "location": "x", "tags": {"a": "b"}},
        "apiVersion": "2026-01-01",
        "scope": "/subscriptions/x",
    },
    "pendingFields": [{"field": "location", "values": ["x"]}, {"field": "tags"}],
    "includeAuditEffect": True,
}
RUN_COMMAND: dict[str, Any] = {
    "location": "japaneast",
    "tags": {"a": "b"},
    "properties": {
        "source": {"script": "x"},
        "parameters": [{"name": "x", "value": "y"}],
        "asyncExecution": True,
        "timeoutInSeconds": 60,
        "treatFailureAsDeploymentFailure": False,
    },
}
STATUS: dict[str, Any] = {"resourceType": "VM", "resourceId": "x"}


def spoiled(whole: Any) -> st.SearchStrategy[Any]:
    """A good body with one part of it replaced by anything."""
    return st.builds(lambda path, new: put_at(whole, path, new), st.sampled_from(places(whole)), VALUES)


def test_the_whole_policy_is_good() -> None:
    assert normalise(POLICY)["retentionPolicy"]["weeklySchedule"]["retentionTimes"] == ["2026-01-01T08:30:00+00:00"]


@given(spoiled(POLICY))
def test_a_policy_is_refused_by_a_rule_or_reads_back_as_it_can_be_written(policy: Any) -> None:
    if not isinstance(policy, dict):
        return
    try:
        kept = normalise(policy)
    except BrokenRuleError:
        return
    assert normalise(kept) == kept  # what is read back can be written again, and then says the same


BODIES = {
    "vault": ("PUT", "{vault}", VAULT),
    "vault patch": ("PATCH", "{vault}", VAULT),
    "policy": ("PUT", "{vault}/backupPolicies/weekly", {"properties": POLICY}),
    "item": ("PUT", "{item}", ITEM),
    "backup": ("POST", "{item}/backup", {"properties": {"objectType": "x", "recoveryPointExpiryTimeInUTC": "x"}}),
    "cancel": ("POST", "{vault}/backupJobs/x/cancel", {"properties": {}}),
    "security": ("PATCH", "{vault}/backupconfig/vaultconfig", {"properties": {"softDeleteFeatureState": "Enabled"}}),
    "storage": (
        "PUT",
        "{vault}/backupstorageconfig/vaultstorageconfig",
        {"properties": {"storageModelType": "GeoRedundant", "crossRegionRestoreFlag": False}},
    ),
    "guard": (
        "PUT",
        "{vault}/backupResourceGuardProxies/VaultProxy",
        {"properties": {"resourceGuardResourceId": GUARD_ID}},
    ),
    "unlock": ("POST", "{guarded}/backupResourceGuardProxies/VaultProxy/unlockDelete", UNLOCK),
    "undelete": (
        "POST",
        "{locations}/japaneast/deletedVaults/{deleted}/undelete",
        {"properties": {"recoveryResourceGroupId": "/subscriptions/x/resourceGroups/rg"}},
    ),
    "validation": (
        "POST",
        "{locations}/japaneast/backupPreValidateProtection",
        {"resourceType": "VM", "resourceId": "x", "vaultId": "y"},
    ),
    "name": (
        "POST",
        "{group}/providers/Microsoft.RecoveryServices/locations/japaneast/checkNameAvailability",
        {"name": "rsv", "type": "Microsoft.RecoveryServices/Vaults"},
    ),
    "graph": ("POST", "/providers/Microsoft.ResourceGraph/resources", GRAPH),
    "lock": ("PUT", "{vault}/providers/Microsoft.Authorization/locks/l", LOCK),
    "restrictions": ("POST", "{group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions", RESTRICTIONS),
    "run command": ("PUT", "{vm}/runCommands/c", RUN_COMMAND),
    "run action": ("POST", "{vm}/runCommand", {"commandId": "RunShellScript", "script": ["x"], "parameters": []}),
    "vm put": ("PUT", "{vm}", {"location": "japaneast", "tags": {"a": "b"}, "properties": {"hardwareProfile": {}}}),
    "vm patch": ("PATCH", "{vm}", {"tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}, "properties": {}}),
    "status": ("POST", "{locations}/japaneast/backupStatus", STATUS),
}


POLICIES = [
    {"name": "everywhere", "requiredTags": ["none"], "allowedLocations": ["japaneast", "x"], "effect": "Audit"},
    {"name": "names", "deniedNames": ["denied*"]},
]


@pytest.mark.parametrize("kind", BODIES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_body_is_answered(open_service: Any, kind: str, data: st.DataObject) -> None:
    service = open_service(access=[{"actions": ["*"]}], azurePolicies=POLICIES)
    path = prepared(service, kind)
    before = copy.deepcopy(service.state.estate.subscriptions)
    response = service.ask(BODIES[kind][0], path, data.draw(spoiled(BODIES[kind][2])))
    assert 200 <= response.status < 500
    if response.status >= 400:
        assert response.body["error"]["code"]
        assert service.state.estate.subscriptions == before


FAULTS = st.sampled_from(
    [
        {"ignored": True},
        {"late": 30.0},
        {"operation": Failure("CloudInternalError", "It broke.")},
        {"slow": 2.0},
        {"pages": "repeat"},
        {"pages": "skip"},
    ]
)


@pytest.mark.parametrize("kind", BODIES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), fault=FAULTS)
def test_every_body_is_answered_under_pressure(open_service: Any, kind: str, data: st.DataObject, fault: Any) -> None:
    service = open_service(graphLagSeconds=60, latency={"seconds": 1, "jitter": 2})
    path = prepared(service, kind)
    service.state.estate.faults.append(Fault("*", "*", **fault))
    response = service.ask(BODIES[kind][0], path, data.draw(spoiled(BODIES[kind][2])))
    assert 200 <= response.status < 500
    for seconds in (1, 100, 10_000):
        service.later(seconds)
        assert service.ask("GET", service.vault()).status == 200
    assert service.state.estate.postponed == {}


def prepared(service: Any, kind: str) -> str:
    """The path of a body, where there is something of everything that a path may name."""
    service.protect("a")
    assert service.properties("a")["protectionState"] == "IRPending"
    locations = f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations"
    places = {"vault": service.vault(), "item": service.item("a"), "vm": service.vm("b"), "group": service.group}
    proxy = f"{service.vault('rsv2')}/backupResourceGuardProxies/VaultProxy"
    service.put(proxy, {"properties": {"resourceGuardResourceId": GUARD_ID}})
    service.put(service.vault("gone"), {"location": "japaneast", "sku": {"name": "Standard"}}, 201)
    service.ask("DELETE", service.vault("gone"))
    service.later(10)
    (deleted,) = service.names(f"{locations}/japaneast/deletedVaults")
    places |= {"guarded": service.vault("rsv2"), "deleted": deleted}
    return BODIES[kind][1].format(locations=locations, **places)


GROUP_ID = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg"
PATH_PARTS = st.sampled_from(
    ["subscriptions", "11111111-1111-1111-1111-111111111111", "resourceGroups", "rg", "providers", "Microsoft.Compute",
     "virtualMachines", "a", "Microsoft.Authorization", "locks", "permissions", "Microsoft.RecoveryServices", "vaults",
     "rsv", "runCommands", "extensions", "tenants", "metadata", "endpoints", "register", "İ", "",
     "providers/Microsoft.Authorization/locks/l"]
)  # fmt: skip


@given(st.sampled_from(["GET", "PUT", "PATCH", "POST", "DELETE"]), st.lists(PATH_PARTS, max_size=12).map("/".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_path_is_answered(open_service: Any, method: str, path: str) -> None:
    for more in (
        {},
        {"access": [{"actions": ["*/read"], "scopes": [GROUP_ID]}]},
        {"azurePolicies": POLICIES},
        {"quotas": {"arm": {}, "backup": 1, "graph": True, "compute": 1}},
        {"era": 2021, "quotas": {"arm": {"reads": 1}}, "faults": [{"path": "*", "ignored": True}]},
        {"faults": [{"path": "*", "late": 0}]},
    ):
        response = open_service(**more).ask(method, f"/{path}", LOCK)
        assert 200 <= response.status < 500


QUERY_PARTS = st.sampled_from(
    ["resources", "recoveryservicesresources", "|", "where", "extend", "project", "order", "by", "limit", "and", "type",
     "properties", ".", "=~", "==", "in~", "(", ")", "'x'", "1", ",", "=", "tolower", "[", "]", "#", "asc", "//x\n"]
)  # fmt: skip


@given(st.lists(QUERY_PARTS, max_size=10).map(" ".join))
@example("")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_query_is_answered(service: Any, query: str) -> None:
    response = service.ask("POST", "/providers/Microsoft.ResourceGraph/resources", {"query": query})
    assert response.status in {200, 400}
    if response.status == 400:
        assert response.body["error"]["details"][1]["message"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policy=spoiled(POLICY))
def test_whatever_policy_is_accepted_can_be_lived_by(open_service: Any, policy: Any) -> None:
    service = open_service(clock="2026-11-23T08:00:00Z")
    response = service.ask("PUT", f"{service.vault()}/backupPolicies/weekly", {"properties": policy})
    if response.status == 200:
        service.protect("a", policy="weekly")
        service.later(15 * 86400)
        assert service.get(f"{service.vault()}/backupJobs")["value"]


FILTER_PARTS = st.sampled_from(
    ["startTime", "endTime", "jobId", "tagname", "tagvalue", "operation", "status", " eq ", " and ", " ", "''", "'",
     "'Backup'", "'2026-11-23 08:00:10 AM'",
     "'0001-01-01 00:00:00 AM'", "'9999-12-31 12:59:59 PM'", "'2026-13-01 99:00:00 AM'"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=st.lists(FILTER_PARTS, max_size=7).map("".join))
def test_every_filter_of_a_list_is_answered(service: Any, condition: str) -> None:
    assert service.ask("GET", service.group.rpartition("/")[0], filter=condition).status in {200, 400}
    assert service.ask("GET", f"{service.vault()}/backupJobs", filter=condition).status in {200, 400}
