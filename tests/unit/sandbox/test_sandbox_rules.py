"""The rules of vaults, policies and items that the service answers with a code: one row each.

`{rsv}` is the vault, `{a}` the item of VM `a`, `{vm}` the group's VMs; a row may begin in a world of its own and after
other requests. What only a job ends in is not here.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.unit.sandbox_policies import TIME, daily, hourly, weekly

GUARD = "/subscriptions/g/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"
Ask = tuple[str, str, Any]


@dataclass(frozen=True)
class Rule:
    """`after`: what is asked before, each taken, half a minute and more apart."""

    name: str
    ask: Ask
    status: int
    code: str
    words: str = ""
    after: tuple[Ask, ...] = ()
    vault: dict[str, Any] = field(default_factory=dict)
    machines: dict[str, Any] = field(default_factory=dict)
    world: dict[str, Any] = field(default_factory=dict)
    api: str = "2026-10-01"


MONTHLY = {
    "retentionScheduleFormatType": "Weekly",
    "retentionScheduleWeekly": {"daysOfTheWeek": ["Sunday"], "weeksOfTheMonth": ["First"]},
    "retentionTimes": [TIME],
    "retentionDuration": {"count": 12, "durationType": "Months"},
}


def archive(mode: str, duration: int = 3) -> dict[str, Any]:
    return {"ArchivedRP": {"tieringMode": mode, "duration": duration, "durationType": "Months"}}


def put_policy(properties: dict[str, Any], name: str = "mine") -> Ask:
    return ("PUT", f"{{rsv}}/backupPolicies/{name}", {"properties": properties})


def patch(**properties: Any) -> Ask:
    return ("PATCH", "{rsv}", {"properties": properties})


def security(**settings: Any) -> Ask:
    return patch(securitySettings=settings)


def soft_delete(**settings: Any) -> Ask:
    return security(softDeleteSettings=settings)


def immutability(state: str) -> Ask:
    return security(immutabilitySettings={"state": state})


def create(**properties: Any) -> Ask:
    return ("PUT", "{new}", {"location": "japaneast", "sku": {"name": "Standard"}, "properties": properties})


def item(vm: str = "a", *, policy: str = "DefaultPolicy", path: str = "", **more: Any) -> Ask:
    properties = {
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "sourceResourceId": f"{{vm}}/{vm}",
        "policyId": f"{{rsv}}/backupPolicies/{policy}",
        **more,
    }
    return ("PUT", path or f"{{{vm}}}", {"properties": properties})


def stop(state: str = "ProtectionStopped", **more: Any) -> Ask:
    return item(policyId="", protectionState=state, **more)


PROTECTED = item()
DELETED: Ask = ("DELETE", "{a}", None)
STORAGE = "{rsv}/backupstorageconfig/vaultstorageconfig"
CONFIG = "{rsv}/backupconfig/vaultconfig"
UNDER_GUARD = {"resourceGuard": {"id": GUARD}}
IMMUTABLE = {"immutability": "Unlocked"}
REDUNDANCY = {"standardTierStorageRedundancy": "LocallyRedundant"}
GEO = {"standardTierStorageRedundancy": "GeoRedundant"}
IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u"

SELF: Ask = ("PATCH", "{rsv}", {"identity": {"type": "SystemAssigned"}})
KEY = {"keyVaultProperties": {"keyUri": "k"}, "kekIdentity": {"useSystemAssignedIdentity": True}}

POLICY = "BMSUserErrorInvalidPolicyInput"
CONFIGURE = "BMSUserErrorInvalidConfigureProtectionRequest"
PARAMETER = "InvalidRestApiParameter"
IMMUTABLE_ITEM = "UserErrorOperationDeniedOnImmutableItem"
STEP = "UserErrorUnsupportedVaultImmutabilityStateChange"
FULL = "ServiceResourceNotEmptyWithBackendMessage"
GUARDED = "UserErrorResourceGuardOperationRequestRequired"
LINKED = "LinkedAuthorizationFailed"
VAGUE = "Input for create or update policy is not in proper format"
LOST = "BMSUserErrorDataSourceObjectNotFound"

POLICIES = [
    Rule("a Standard policy is no hourly one", put_policy(hourly(policyType="V1")), 400, POLICY, VAGUE),
    Rule("an interval is 4, 6, 8 or 12 hours",
         put_policy(hourly(schedulePolicy__hourlySchedule__interval=5)), 400, POLICY, VAGUE),
    Rule("a window is 4 to 24 hours",
         put_policy(hourly(schedulePolicy__hourlySchedule__scheduleWindowDuration=28)), 400, POLICY),
    Rule("a window is a multiple of the interval",
         put_policy(hourly(schedulePolicy__hourlySchedule__scheduleWindowDuration=10)), 400, POLICY),
    Rule("a time is on the hour or half hour",
         put_policy(daily(schedulePolicy__scheduleRunTimes=["2026-01-01T23:15:00Z"])), 400, POLICY),
    Rule("there is one time",
         put_policy(daily(schedulePolicy__scheduleRunTimes=[TIME, TIME])), 400, POLICY),
    Rule("retention times are the schedule's",
         put_policy(daily(retentionPolicy__dailySchedule__retentionTimes=["2026-01-01T22:00:00Z"])), 400, POLICY),
    Rule("a daily schedule needs daily retention",
         put_policy(daily(retentionPolicy__dailySchedule=None)), 400, POLICY),
    Rule("a weekly schedule forbids daily retention",
         put_policy(weekly(retentionPolicy__dailySchedule=daily()["retentionPolicy"]["dailySchedule"])), 400, POLICY),
    Rule("a weekly schedule needs weekly retention",
         put_policy(weekly(retentionPolicy__weeklySchedule=None)), 400, POLICY),
    Rule("weekly points are of days the schedule runs on",
         put_policy(weekly(schedulePolicy__scheduleRunDays=["Monday"])), 400, POLICY),
    Rule("Standard keeps snapshots 5 days at most",
         put_policy(daily(instantRpRetentionRangeInDays=6)), 400, POLICY),
    Rule("a weekly policy keeps snapshots 5 days",
         put_policy(weekly(instantRpRetentionRangeInDays=4)), 400, POLICY),
    Rule("Enhanced keeps snapshots 30 days at most",
         put_policy(hourly(instantRpRetentionRangeInDays=31)), 400, POLICY),
    Rule("snapshots go before the points they belong to",
         put_policy(hourly(instantRpRetentionRangeInDays=30)), 400,
         "BMSUserErrorInstantRPRetentionExceedsVaultedRetention"),
    Rule("daily points are not kept 2 days", put_policy(daily(2)), 400, POLICY),
    Rule("daily points are not kept 6 days", put_policy(daily(6)), 400, POLICY),
    Rule("a count is 9999 at most", put_policy(daily(10000)), 400, POLICY),
    Rule("each level has its unit",
         put_policy(daily(retentionPolicy__dailySchedule__retentionDuration__durationType="Weeks")), 400, POLICY),
    Rule("a month has no day 32",
         put_policy(daily(retentionPolicy__monthlySchedule={**MONTHLY, "retentionScheduleFormatType": "Daily",
                          "retentionScheduleDaily": {"daysOfTheMonth": [{"date": 32, "isLast": False}]}})),
         400, POLICY),
    Rule("only Enhanced is crash-consistent",
         put_policy(daily(snapshotConsistencyType="OnlyCrashConsistent")), 400, POLICY),
    Rule("snapshots' group is named by text",
         put_policy(daily(instantRPDetails={"azureBackupRGNamePrefix": 1})), 400, POLICY),
    Rule("only Enhanced gives instant access",
         put_policy(daily(instantAccessSnapshotEnabled=True)), 400, POLICY),
    Rule("instant access lasts an hour at least",
         put_policy(hourly(instantAccessDurationMinutes=59)), 400, POLICY),
    Rule("instant access lasts five hours at most",
         put_policy(hourly(instantAccessDurationMinutes=301)), 400, POLICY),
    Rule("the archive takes monthly and yearly points only",
         put_policy(daily(tieringPolicy=archive("TierRecommended"))), 400, POLICY),
    Rule("points are archived after 3 months at least",
         put_policy(daily(retentionPolicy__monthlySchedule=MONTHLY, tieringPolicy=archive("TierAfter", 2))),
         400, POLICY),
    Rule("no archive beside zone-redundant storage",
         put_policy(daily(retentionPolicy__monthlySchedule=MONTHLY, tieringPolicy=archive("TierAfter"))),
         400, POLICY, vault={"redundancy": "ZoneRedundant"}),
    Rule("time zones have Windows names", put_policy(daily(timeZone="Asia/Tokyo")), 400, POLICY),
    Rule("Standard does not turn Enhanced in place",
         put_policy(hourly()), 400, POLICY, after=(put_policy(daily()),)),
    Rule("a policy's name begins with a letter", put_policy(daily(), "1st"), 400, POLICY),
    Rule("a policy in use stays",
         ("DELETE", "{rsv}/backupPolicies/DefaultPolicy", None), 400, "BMSUserErrorPolicyObjectInUse",
         after=(PROTECTED,)),
    Rule("200 policies to a vault",
         put_policy(daily()), 400, "QuotaExceeded", "limit of 3 backup policies",
         world={"limits": {"policiesPerVault": 3}}),
    Rule("50 policy writes in 24 hours",
         put_policy(daily(31)), 400, "CloudDosAbsoluteLimitReached", "permitted in 24 hours",
         after=(put_policy(daily()),), world={"limits": {"policyWritesPerDay": 1}}),
    Rule("an immutable vault keeps as much as it kept",
         put_policy(daily(7), "DefaultPolicy"), 400, IMMUTABLE_ITEM, "Bakcup Item is in Immutable state",
         after=(PROTECTED,), vault=IMMUTABLE),
    Rule("a guard watches over less retention",
         put_policy(daily(7), "DefaultPolicy"), 403, GUARDED, "updateProtectionPolicyRequests", vault=UNDER_GUARD),
    Rule("and over snapshots that go sooner",
         put_policy(daily(instantRpRetentionRangeInDays=1), "DefaultPolicy"), 403, GUARDED, vault=UNDER_GUARD),
    Rule("and over fewer backups a day",
         put_policy(hourly(schedulePolicy__hourlySchedule__interval=12), "EnhancedPolicy"), 403, GUARDED,
         vault=UNDER_GUARD),
]  # fmt: skip

SOFT_DELETE_NAMED = patch(
    securitySettings={"softDeleteSettings": {"softDeleteState": "Disabled"}},
    resourceGuardOperationRequests=[f"{GUARD}/disableSoftDeleteRequests/default"],
)

VAULTS = [
    Rule("a vault is named by 2 letters at least", ("PUT", "{vaults}/x", create()[2]), 400, "InvalidResourceName"),
    Rule("a sku is Standard or RS0",
         ("PUT", "{new}", {"location": "japaneast", "sku": {"name": "Premium"}, "properties": {}}), 400, PARAMETER,
         "sku parameter is invalid.\r\nPlease provide a valid sku"),
    Rule("redundancy is locked by the first machine",
         patch(redundancySettings=REDUNDANCY), 400, "StorageModelModifyError", "cannot be modified thereafter",
         after=(PROTECTED,)),
    Rule("so it is by the old endpoint",
         ("PUT", STORAGE, {"properties": {"storageModelType": "LocallyRedundant"}}), 400, "StorageModelModifyError",
         after=(PROTECTED,)),
    Rule("whom the vault API told, the old endpoint does not",
         ("PATCH", STORAGE, {"properties": {"storageModelType": "GeoRedundant"}}), 400,
         "BMSUserErrorRedundancySettingsUseVaultApi", "again use the Vault API",
         after=(patch(redundancySettings=REDUNDANCY),)),
    Rule("cross-region restore needs geo-redundancy",
         patch(redundancySettings={**REDUNDANCY, "crossRegionRestore": "Enabled"}), 400, PARAMETER),
    Rule("cross-region restore is for good",
         patch(redundancySettings={**GEO, "crossRegionRestore": "Disabled"}), 400, PARAMETER,
         vault={"crossRegionRestore": True}),
    Rule("immutability is not locked at once", immutability("Locked"), 400, STEP, "cannot be disabled"),
    Rule("nor at birth",
         create(securitySettings={"immutabilitySettings": {"state": "Locked"}}), 400, STEP),
    Rule("what is locked stays", immutability("Unlocked"), 400, STEP, vault={"immutability": "Locked"}),
    Rule("soft delete lasts 14 days at least",
         soft_delete(softDeleteRetentionPeriodInDays=13), 400, PARAMETER),
    Rule("soft delete lasts 180 days at most",
         soft_delete(softDeleteRetentionPeriodInDays=181), 400, PARAMETER),
    Rule("always on is for good",
         soft_delete(softDeleteState="Disabled"), 400, "BMSUserErrorDisablingSoftDeleteStateNotAllowed",
         "not allowed for this vault", vault={"softDelete": {"state": "AlwaysON"}}),
    Rule("so it is by the old endpoint, too",
         ("PUT", CONFIG, {"properties": {"softDeleteFeatureState": "Disabled"}}), 400,
         "BMSUserErrorDisablingSoftDeleteStateNotAllowed", vault={"softDelete": {"state": "AlwaysON"}}),
    Rule("whom the vault API told, the security configuration does not",
         ("PATCH", CONFIG, {"properties": {"softDeleteFeatureState": "Disabled"}}), 400,
         "BMSUserErrorSoftDeleteUseVaultApi", after=(soft_delete(softDeleteState="Enabled"),)),
    Rule("secure by default, a vault is born always on",
         create(securitySettings={"softDeleteSettings": {"softDeleteState": "Enabled"}}), 400,
         "BMSUserErrorSoftDeleteStateNotSetToAlwaysON", "must be set to AlwaysON for this API version",
         world={"secureByDefault": True}),
    Rule("and stays so",
         ("PATCH", "{new}", soft_delete(softDeleteState="Disabled")[2]), 400,
         "BMSUserErrorDisablingSoftDeleteStateNotAllowed", after=(create(),), world={"secureByDefault": True}),
    Rule("a vault with items is not deleted",
         ("DELETE", "{rsv}", None), 400, FULL, "The registered items are : a\n", after=(PROTECTED,)),
    Rule("nor one with private endpoints",
         ("DELETE", "{rsv}", None), 400, FULL, vault={"privateEndpoints": ["/subscriptions/s/pe"]}),
    Rule("soft-deleted items held a vault before there were deleted vaults",
         ("DELETE", "{rsv}", None), 400, FULL, "items in soft deleted state", after=(PROTECTED, DELETED),
         api="2025-02-01"),
    Rule("some vaults keep classic alerts",
         patch(monitoringSettings={"classicAlertSettings": {"alertsForCriticalOperations": "Disabled"}}),
         400, PARAMETER, "monitoringSettings", vault={"classicAlertsStay": True}),
    Rule("restores elsewhere, once off for good, stay off",
         patch(restoreSettings={"crossSubscriptionRestoreSettings": {"crossSubscriptionRestoreState": "Enabled"}}),
         400, PARAMETER, "crossSubscriptionRestoreState",
         after=(patch(restoreSettings={"crossSubscriptionRestoreSettings":
                      {"crossSubscriptionRestoreState": "PermanentlyDisabled"}}),)),
    Rule("public access is on or off", patch(publicNetworkAccess="Maybe"), 400, PARAMETER, "publicNetworkAccess"),
    Rule("a customer's key is read by an identity",
         patch(encryption=KEY), 400, PARAMETER, "encryption.kekIdentity"),
    Rule("a first key comes before the first machine",
         patch(encryption=KEY), 400, PARAMETER, "encryption parameter", after=(SELF, PROTECTED)),
    Rule("also where that was deleted again",
         patch(encryption=KEY), 400, PARAMETER, "encryption parameter", after=(SELF, PROTECTED, DELETED)),
    Rule("an identity is of a known kind",
         ("PATCH", "{rsv}", {"identity": {"type": "Borrowed"}}), 400, PARAMETER, "identity.type"),
    Rule("one change of a vault at a time",
         ("PATCH", "{rsv}", {"tags": {}}), 409, "RSVaultUpdateErrorConflictingOperationInProgress",
         after=(("PATCH", "{rsv}", {"identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}}),),
         world={"durations": {"vault": 3600}}),
    Rule("500 vaults to a region",
         create(), 400, "QuotaExceeded", "limit of 2 Recovery Services vaults",
         world={"limits": {"vaultsPerRegion": 2}}),
    Rule("a guard watches over soft delete",
         soft_delete(softDeleteState="Disabled"), 403, GUARDED, "disableSoftDeleteRequests", vault=UNDER_GUARD),
    Rule("and its length", ("PUT", CONFIG, {"properties": {"softDeleteRetentionPeriodInDays": 14}}), 403, GUARDED,
         vault={**UNDER_GUARD, "softDelete": {"retentionDays": 20}}),
    Rule("and immutability", immutability("Disabled"), 403, GUARDED, "reduceImmutabilityStateRequests",
         vault={**UNDER_GUARD, **IMMUTABLE}),
    Rule("and over itself",
         ("DELETE", "{rsv}/backupResourceGuardProxies/VaultProxy", None), 403, GUARDED,
         "deleteResourceGuardProxyRequests", vault=UNDER_GUARD),
    Rule("a tie is named VaultProxy",
         ("PUT", "{rsv}/backupResourceGuardProxies/Mine", {"properties": {"resourceGuardResourceId": GUARD}}),
         400, PARAMETER),
    Rule("no tie, no answer", ("GET", "{rsv}/backupResourceGuardProxies/VaultProxy", None), 404, LOST),
    Rule("who has no role on the guard is refused",
         SOFT_DELETE_NAMED, 403, LINKED, "does not have permission to perform action(s)",
         vault={"resourceGuard": {"id": GUARD, "approves": False}}),
    Rule("who is not known in the guard's tenant, too",
         SOFT_DELETE_NAMED, 403, LINKED, "not authorized to access linked subscription 'g'",
         vault={"resourceGuard": {"id": GUARD, "otherTenant": True}}),
    Rule("no vault, no answer", ("GET", "{vaults}/nothing", None), 404, "ResourceNotFound", "aka.ms/ARMResource"),
]  # fmt: skip

NEWER_DISKS = {"location": "japaneast", "disks": [{"lun": 0, "storage": "PremiumV2_LRS"}]}
CONFIDENTIAL = {"location": "japaneast", "securityType": "ConfidentialVM"}

ITEMS = [
    Rule("a VM is in its vault's region", item("far"), 400, CONFIGURE, "Please ensure that container exists"),
    Rule("a VM exists", item("none", path="{none}"), 400, CONFIGURE),
    Rule("a path names the VM of the body", item("b", path="{a}"), 400, CONFIGURE),
    Rule("a policy is of the vault", item(policy="Nothing"), 400, CONFIGURE),
    Rule("a policy is for VMs", item(policy="HourlyLogBackup"), 400, CONFIGURE),
    Rule("one operation on an item at a time",
         item(), 400, "BMSUserErrorConflictingProtectionOperation", after=(item(),),
         world={"durations": {"protect": 3600}}),
    Rule("what is soft-deleted is undeleted first", item(), 400, CONFIGURE, after=(PROTECTED, DELETED)),
    Rule("what is not deleted is not undeleted", item(isRehydrate=True), 404, LOST, after=(PROTECTED,)),
    Rule("what is not protected is not stopped", stop(), 404, LOST),
    Rule("Enhanced does not go back to Standard",
         item(), 400, CONFIGURE, after=(item(policy="EnhancedPolicy"),)),
    Rule("newer disks need an Enhanced policy", item("n"), 400, CONFIGURE, machines={"n": NEWER_DISKS}),
    Rule("so do confidential VMs", item("n"), 400, CONFIGURE, machines={"n": CONFIDENTIAL}),
    Rule("1000 VMs to a vault",
         item("b"), 400, "QuotaExceeded", "limit of 1 protected", after=(PROTECTED,),
         world={"limits": {"vmsPerVault": 1}}),
    Rule("an immutable vault deletes nothing", DELETED, 400, IMMUTABLE_ITEM, after=(PROTECTED,), vault=IMMUTABLE),
    Rule("nor does it move an item to a policy that keeps less",
         item(policy="mine"), 400, IMMUTABLE_ITEM, after=(put_policy(daily(7)), PROTECTED), vault=IMMUTABLE),
    Rule("only immutable vaults suspend, and that is how others say so",
         stop("BackupsSuspended"), 400, IMMUTABLE_ITEM, "aka.ms/AB-ImmutableVaults-States", after=(PROTECTED,)),
    Rule("a guard watches over deletion",
         DELETED, 403, GUARDED, "deleteProtectedItemRequests", after=(PROTECTED,), vault=UNDER_GUARD),
    Rule("and over a stop that keeps the data",
         stop(), 403, GUARDED, "stopProtectionWithRetainDataRequests", after=(PROTECTED,), vault=UNDER_GUARD),
    Rule("and over a policy that keeps less",
         item(policy="mine"), 403, GUARDED, "updateProtectedItemRequests", after=(put_policy(daily(7)), PROTECTED),
         vault=UNDER_GUARD),
    Rule("no item, no answer", ("GET", "{a}", None), 404, LOST, "Item not found"),
]  # fmt: skip


def filled(value: Any, places: dict[str, str]) -> Any:
    """A value with its places named."""
    match value:
        case str():
            return value.format_map(places)
        case dict():
            return {key: filled(part, places) for key, part in value.items()}
        case list():
            return [filled(part, places) for part in value]
        case _:
            return value


class Places(dict[str, str]):
    """The vault, its neighbours, and any VM's item by the VM's name."""

    def __init__(self, service: Any) -> None:
        super().__init__(rsv=service.vault(), new=service.vault("new"), vm=service.vm("").rstrip("/"))
        self["vaults"] = service.vault("").rstrip("/")
        self._service = service

    def __missing__(self, vm: str) -> str:
        item: str = self._service.item(vm)
        return item


@pytest.mark.parametrize(
    "policy",
    [
        daily(),
        daily(1),
        daily(7),
        hourly(instantAccessSnapshotEnabled=True, snapshotConsistencyType="OnlyCrashConsistent"),
        weekly(),
        daily(retentionPolicy__monthlySchedule=MONTHLY, tieringPolicy=archive("TierAfter")),
    ],
)
def test_what_the_rows_of_policies_begin_with_is_taken(service, policy):
    method, path, body = put_policy(policy)
    assert service.ask(method, path.format_map(Places(service)), body).status == 200


@pytest.mark.parametrize("rule", POLICIES + VAULTS + ITEMS, ids=lambda rule: rule.name)
def test_what_a_rule_forbids_is_refused_with_its_code_and_changes_nothing(world, open_service, rule):
    described = world(**rule.world)
    (subscription,) = described["subscriptions"].values()
    group = subscription["resourceGroups"]["rg"]
    group["vaults"]["rsv"] = {**group["vaults"]["rsv"], **rule.vault}
    group["virtualMachines"] = {**group["virtualMachines"], **rule.machines}
    service = open_service(**rule.world, subscriptions=described["subscriptions"])
    places = Places(service)
    for method, path, body in rule.after:
        assert service.ask(method, path.format_map(places), filled(body, places)).status < 300
        service.later(60)
    service.api = rule.api
    method, path, body = rule.ask
    service.get(service.vault())  # what came due meanwhile is done
    before = copy.deepcopy(service.state.estate.subscriptions)
    response = service.ask(method, path.format_map(places), filled(body, places))
    assert (response.status, response.body["error"]["code"]) == (rule.status, rule.code)
    assert rule.words in response.body["error"]["message"]
    assert service.state.estate.subscriptions == before
