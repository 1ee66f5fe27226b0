"""What the codecs cannot tell is said so, and Azure's noise dies in them."""

import asyncio
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from backup_reconciler.azure import codes
from backup_reconciler.azure.codec import backup_status, graph, job, moment, policy, protection, vault, vm
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.vault import LiveVault
from tests.conftest import hourly_policy
from tests.unit.fakes import Answer, in_turn, road

POLICY: dict[str, Any] = {
    "id": "/subscriptions/s/…/backupPolicies/p",
    "properties": {
        "backupManagementType": "AzureIaasVM",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": ["2021-05-26T12:00:00Z"],
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {"retentionDuration": {"count": 30, "durationType": "Days"}},
        },
    },
}


def changed(*path: str, to: Any) -> dict[str, Any]:
    arm = deepcopy(POLICY)
    inner = arm["properties"]
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = to
    return arm


def hourly(every: int) -> dict[str, Any]:
    """The properties of an Enhanced policy."""
    properties = hourly_policy()
    properties["schedulePolicy"]["hourlySchedule"]["interval"] = every
    return properties


NOT_TOLD = {
    "its schedule is of type SimpleSchedulePolicy": changed("policyType", to="V2"),
    "its schedule is of type LogSchedulePolicy": changed(
        "schedulePolicy", "schedulePolicyType", to="LogSchedulePolicy"
    ),
    "its schedule is Hourly, which no Standard policy can be": changed(
        "schedulePolicy", "scheduleRunFrequency", to="Hourly"
    ),
    "its schedule is Monthly, which no Standard policy can be": changed(
        "schedulePolicy", "scheduleRunFrequency", to="Monthly"
    ),
    "it runs weekly on no day": changed("schedulePolicy", "scheduleRunFrequency", to="Weekly"),
    "its backups are 0 hours apart": {"id": POLICY["id"], "properties": hourly(0)},
    "its snapshot resource groups have the suffix -x and no prefix": changed(
        "instantRPDetails", to={"azureBackupRGNameSuffix": "-x"}
    ),
    "its snapshot_consistency is 'Other'": changed("snapshotConsistencyType", to="Other"),
    "its archive_tier.mode is 'Other'": changed("tieringPolicy", to={"ArchivedRP": {"tieringMode": "Other"}}),
    "its points move to the archive tier after 90 Days": changed(
        "tieringPolicy",
        to={"ArchivedRP": {"tieringMode": "TierAfter", "duration": 90, "durationType": "Days"}},
    ),
    "it has 2 schedule times": changed("schedulePolicy", "scheduleRunTimes", to=["x", "y"]),
    "it has 0 schedule times": changed("schedulePolicy", "scheduleRunTimes", to=None),
    "its retention is of type SimpleRetentionPolicy": changed(
        "retentionPolicy", "retentionPolicyType", to="SimpleRetentionPolicy"
    ),
    "its daily retention is counted in Weeks": changed(
        "retentionPolicy", "dailySchedule", "retentionDuration", to={"count": 1, "durationType": "Weeks"}
    ),
    "its instant_restore_days is 'two'": changed("instantRpRetentionRangeInDays", to="two"),
}


@pytest.mark.parametrize("why", NOT_TOLD)
def test_a_policy_that_manifests_have_no_words_for_says_why(why: str) -> None:
    found = policy.decode(NOT_TOLD[why])
    assert (found.settings, found.not_understood) == (None, why)


def settings_of(arm: dict[str, Any]) -> dict[str, Any]:
    found = policy.decode(arm).settings
    assert found is not None
    return found.stated()


def test_what_a_policy_leaves_out_is_what_the_service_means_by_it() -> None:
    assert settings_of(POLICY) == {
        "schedule": {"frequency": "Daily", "time": "12:00"},
        "retention": {"daily": {"days": 30}},
        "timeZone": "UTC",
        "snapshotConsistency": "ApplicationConsistent",
        "archiveTier": {"mode": "DoNotTier"},
    }
    assert policy.encode(PolicySettings(), "Standard", POLICY)["timeZone"] == "UTC", "always sent"


@pytest.mark.parametrize(
    ("archived", "told"),
    [
        (None, {"mode": "DoNotTier"}),
        ({}, {"mode": "DoNotTier"}),
        ({"tieringMode": "Invalid", "duration": 0, "durationType": "Invalid"}, {"mode": "DoNotTier"}),
        ({"tieringMode": "TierRecommended", "duration": 0, "durationType": "Invalid"}, {"mode": "TierRecommended"}),
        ({"tieringMode": "TierAfter", "duration": 4, "durationType": "Months"}, {"mode": "TierAfter", "months": 4}),
        ({"tieringMode": "TierAfter", "duration": 2, "durationType": "Years"}, {"mode": "TierAfter", "months": 24}),
    ],
)
def test_the_archive_tier_is_read_in_months(archived: dict[str, Any] | None, told: dict[str, Any]) -> None:
    live = changed("tieringPolicy", to={"ArchivedRP": archived, "Other": 1})
    assert settings_of(live)["archiveTier"] == told
    sent = policy.encode(PolicySettings.model_validate({"archiveTier": told}), "Standard", live)
    assert sent["tieringPolicy"] == {"ArchivedRP": archived, "Other": 1}, "what is so already is not written anew"


def test_a_suffix_that_is_not_stated_and_the_consistency_of_before_go() -> None:
    live = {"id": POLICY["id"], "properties": hourly(4)}
    live["properties"] |= {
        "instantRPDetails": {"azureBackupRGNamePrefix": "a", "azureBackupRGNameSuffix": "b", "other": 1},
        "snapshotConsistencyType": "OnlyCrashConsistent",
    }
    assert settings_of(live)["snapshotResourceGroup"] == {"prefix": "a", "suffix": "b"}
    stated = {"snapshotResourceGroup": {"prefix": "c"}, "snapshotConsistency": "ApplicationConsistent"}
    sent = policy.encode(PolicySettings.model_validate(stated), "Enhanced", live)
    assert sent["instantRPDetails"] == {"azureBackupRGNamePrefix": "c", "other": 1}
    assert "snapshotConsistencyType" not in sent


def test_parts_of_other_frequencies_that_read_null_stay_so() -> None:
    live = {"id": POLICY["id"], "properties": hourly(4)}
    nulls = {"dailySchedule": None, "weeklySchedule": None, "scheduleRunTimes": None, "scheduleWindowStartTime": None}
    live["properties"]["schedulePolicy"] |= nulls
    sent = policy.encode(PolicySettings(instant_restore_days=3), "Enhanced", live)["schedulePolicy"]
    assert {name: sent[name] for name in nulls} == nulls
    assert sent["hourlySchedule"]["scheduleWindowStartTime"] == "2020-01-01T08:00:00Z"


def test_a_date_that_stays_keeps_what_azure_says_of_it() -> None:
    days = [{"date": 1, "isLast": False, "other": 1}, {"date": 0, "isLast": True, "other": 2}]
    monthly = {
        "retentionScheduleFormatType": "Daily",
        "retentionScheduleDaily": {"daysOfTheMonth": days},
        "retentionDuration": {"count": 12, "durationType": "Months"},
    }
    live = changed("retentionPolicy", "monthlySchedule", to=monthly)
    stated = {"daily": {"days": 30}, "monthly": {"months": 12, "dates": [15, "last"]}}
    sent = policy.encode(PolicySettings.model_validate({"retention": stated}), "Standard", live)
    found = sent["retentionPolicy"]["monthlySchedule"]["retentionScheduleDaily"]["daysOfTheMonth"]
    assert found == [{"date": 15, "isLast": False}, days[1]]


@pytest.mark.parametrize("arm", [{"id": "/x"}, {"id": "/x", "properties": None}, {"id": "/x", "properties": {}}])
def test_answers_with_nothing_in_them_are_survived(arm: dict[str, Any]) -> None:
    assert policy.decode(arm).settings is None
    assert not policy.is_for_vms(arm)
    assert vault.decode(arm).ready
    with pytest.raises(NotArm, match="/x cannot be understood"):
        read(protection.decode, arm)
    assert not protection.is_vm(arm)
    assert vm.decode(arm).tags == {}
    assert not job.decode(arm).running


@pytest.mark.parametrize(
    ("state", "deleted", "expected"),
    [
        ("IRPending", False, ItemState.ACTIVE),
        ("Protected", False, ItemState.ACTIVE),
        ("ProtectionError", False, ItemState.ACTIVE),
        ("ProtectionStopped", False, ItemState.STOPPED),
        ("ProtectionStopped", True, ItemState.SOFT_DELETED),
        ("Protected", True, ItemState.SOFT_DELETED),
        ("ProtectionPaused", False, ItemState.UNKNOWN),
        ("BackupsSuspended", False, ItemState.SUSPENDED),
        ("Invalid", False, ItemState.UNKNOWN),
    ],
)
def test_the_state_of_an_item(state: str, deleted: bool, expected: ItemState) -> None:
    properties = {"protectionState": state, "isScheduledForDeferredDelete": deleted, "sourceResourceId": "/vm"}
    found = protection.decode({"id": "/x", "properties": properties})
    assert found.state is expected
    assert (found.settings is None) == (expected is ItemState.UNKNOWN)


def test_a_redundancy_that_manifests_have_no_word_for_is_not_told() -> None:
    settings = {"standardTierStorageRedundancy": "ReadAccessGeoZoneRedundant"}
    found = vault.decode({"id": "/x", "location": "x", "properties": {"redundancySettings": settings}})
    assert found.settings.redundancy is None


def test_what_manifests_have_no_word_for_is_kept_as_azure_says_it() -> None:
    security = {"immutabilitySettings": {"state": "FROZEN"}, "softDeleteSettings": {"softDeleteState": "disabled"}}
    found = vault.decode({"id": "/x", "location": "x", "properties": {"securitySettings": security}})
    assert found.unsayable == {"immutability": "FROZEN", "softDelete": {"state": "Disabled"}}


@pytest.mark.parametrize(
    ("soft_delete", "told"),
    [
        ({"softDeleteState": "alwayson", "softDeleteRetentionPeriodInDays": 14}, ("AlwaysOn", 14, {})),
        ({"softDeleteState": "Enabled", "softDeleteRetentionPeriodInDays": "14"}, ("Enabled", None, {})),
        ({"softDeleteState": "Invalid", "softDeleteRetentionPeriodInDays": 14}, (None, None, {"retentionDays": 14})),
        ({}, (None, None, {})),
        (None, (None, None, {})),
    ],
)
def test_what_is_told_of_soft_delete(soft_delete: Any, told: tuple[Any, ...]) -> None:
    found = vault.decode({"id": "/x", "properties": {"securitySettings": {"softDeleteSettings": soft_delete}}})
    state = found.settings.soft_delete
    assert (state and state.state, state and state.retention_days, found.unsayable.get("softDelete", {})) == told


@pytest.mark.parametrize(
    ("state", "being_created", "ready"),
    [
        ("Provisioning", True, False),
        ("provisioning", True, False),
        ("Updating", False, False),  # it holds what it held, and must be read
        ("Failed", False, False),
        ("Succeeded", False, True),
    ],
)
def test_only_a_vault_that_is_being_created_is_empty_for_sure(state: str, being_created: bool, ready: bool) -> None:
    found = vault.decode({"id": "/x", "properties": {"provisioningState": state}})
    assert (found.being_created, found.ready) == (being_created, ready)


def test_what_deleting_a_vault_depends_on_is_told_or_not() -> None:
    def decoded(**properties: Any) -> LiveVault:
        return vault.decode({"id": "/x", "properties": properties})

    def kept(**soft_delete: Any) -> int | None:
        return decoded(securitySettings={"softDeleteSettings": soft_delete}).deleted_kept_days

    assert (decoded().deleted_kept_days, decoded().private_endpoints) == (None, ())
    assert kept(softDeleteState="AlwaysON", softDeleteRetentionPeriodInDays=30) == 30
    assert kept(softDeleteState="Disabled", softDeleteRetentionPeriodInDays=30) == 0
    assert kept(softDeleteRetentionPeriodInDays=30) == 30
    connected = {"id": "/c", "properties": {"privateEndpoint": {"id": "/pe"}}}
    assert decoded(privateEndpointConnections=[connected, {"id": "/d"}]).private_endpoints == ("/pe", "/d")


def test_the_day_of_a_deletion_is_that_of_a_deleted_item_alone() -> None:
    deleted = {"isScheduledForDeferredDelete": True, "deferredDeleteTimeInUTC": "2026-11-20T08:00:00.1234567Z"}
    assert protection.decode({"id": "/x;g;v", "properties": deleted}).deleted_on == date(2026, 11, 20)
    untold = {"isScheduledForDeferredDelete": True}
    assert protection.decode({"id": "/x;g;v", "properties": untold}).deleted_on is None


@pytest.mark.parametrize(
    ("decode", "arm"),
    [
        (policy.decode, changed("schedulePolicy", "scheduleRunTimes", to=[None])),
        (vault.decode, {"id": "/v", "location": None}),
        (vault.decode, {"location": "x"}),
        (vault.decode, None),
        (vm.decode, {"name": "x"}),
    ],
)
def test_an_answer_that_cannot_be_understood_is_an_error_and_not_a_crash(decode: Any, arm: Any) -> None:
    with pytest.raises(NotArm, match="cannot be understood"):
        read(decode, arm)


def test_an_item_that_does_not_tell_its_vm_is_named_by_its_id() -> None:
    id_ = "/subscriptions/s/resourceGroups/rg/providers/x/vaults/v/…/protectedItems/VM;iaasvmcontainerv2;rg-web;web-01"
    found = protection.decode({"id": id_, "properties": {"protectionState": "Protected", "sourceResourceId": None}})
    expected = "/subscriptions/s/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-01"
    assert found.vm == ArmId(expected)


def test_the_graph_is_asked_page_by_page_and_in_parts() -> None:
    item = f"{vault_id('s', 'rg', 'rsv')}/backupFabrics/Azure/x"

    def row(vm: str, state: str, deleted: str = "") -> dict[str, str]:
        return {"id": f"{item}{vm}", "vm": vm, "state": state, "deleted": deleted}

    first = Answer(200, {"data": [row("/vm/1", "Protected"), row("", "Protected")], "$skipToken": "more"})
    second = Answer(200, {"data": [row("/vm/2", "ProtectionStopped", "true")]})
    arm, clients, _ = road(in_turn(first, second))
    found = asyncio.run(graph.protected_vms(arm, [f"s{number}" for number in range(301)]))
    told = {(one.vm.text, one.vault, one.state) for one in found}
    rsv = vault_id("s", "rg", "rsv")
    assert told == {("/vm/1", rsv, ItemState.ACTIVE), ("/vm/2", rsv, ItemState.SOFT_DELETED)}
    bodies = [dict(request.body or {}) for request in clients.sent]
    assert [len(body["subscriptions"]) for body in bodies] == [300, 300, 1]
    assert [body["options"].get("$skipToken") for body in bodies] == [None, "more", None]
    assert {body["query"].rpartition(" | ")[2] for body in bodies} == {"order by id asc"}
    for no_answer in ({"rows": []}, {"data": [], "resultTruncated": "true"}):
        lost, _, _ = road(in_turn(Answer(200, no_answer)))
        with pytest.raises(NotArm):
            asyncio.run(graph.protected_vms(lost, ["s"]))


def test_the_graph_is_asked_again_when_rows_come_or_go_between_its_pages() -> None:
    """One that goes from the first page lets another slip off the second (Learn, "Guidance for pagination")."""
    rows = [{"id": f"/{number}"} for number in range(4)]

    def page(found: list[dict[str, str]], total: int, token: str | None = None) -> Answer:
        return Answer(200, {"data": found, "totalRecords": total, **({"$skipToken": token} if token else {})})

    changing = (page(rows[:2], 4, "2"), page(rows[3:], 3))
    at_rest = (page(rows[1:3], 3, "2"), page(rows[3:], 3))
    for pages, sent in ((changing + at_rest, 4), (changing * 3, 6)):
        arm, clients, _ = road(in_turn(*pages))
        found = asyncio.run(graph.query(arm, "resources", ["s"], dict))
        assert len(clients.sent) == sent
        assert len(found) == len({row["id"] for row in found}) == (4 if pages[2:] == at_rest else 3)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"protectionStatus": "NotProtected", "errorCode": "Success"}, (False, None)),
        ({"protectionStatus": "Protecting", "vaultId": ""}, (True, None)),
        ({"protectionStatus": "Protected", "vaultId": "/V/1"}, (True, ArmId("/v/1"))),
        ({"protectionStatus": "ProtectionFailed", "vaultId": "/V/1"}, (True, ArmId("/v/1"))),
    ],
)
def test_whether_a_vm_is_backed_up_is_told(answer: Any, expected: tuple[bool, ArmId | None]) -> None:
    found = backup_status.decode(answer)
    assert (found.is_protected, found.vault) == expected


def test_a_moment_without_a_zone_is_in_utc() -> None:
    assert moment.utc("2026-11-20T08:00:00") == moment.utc("2026-11-20T08:00:00Z")


def test_codes_are_explained_or_looked_up() -> None:
    assert codes.explain("StorageModelModifyError", "")[0].startswith("the vault's redundancy is locked")
    held = "Virtual machine is already registered\\registering with another recovery services vault"
    assert codes.explain("Whatever", held)[0] == "another vault holds this VM"
    assert codes.explain("Whatever", "?") == ("", "")


def test_ids_are_compared_without_case_and_encoding() -> None:
    one = ArmId("/Subscriptions/S/resourceGroups/RG/providers/x/vaults/V%3B1/")
    other = ArmId("/subscriptions/s/RESOURCEGROUPS/rg/providers/X/vaults/v;1")
    assert one == other
    assert hash(one) == hash(other)
    assert (one.subscription, one.resource_group, one.name) == ("S", "RG", "V;1")
    assert one != "/subscriptions/s"
    assert ArmId("/x").subscription == ""
    assert repr(one).startswith("ArmId('/Subscriptions/S/")
