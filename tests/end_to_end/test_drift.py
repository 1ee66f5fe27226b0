"""Drift tells every managed difference, also one that apply cannot put right, and exits with 2 for it."""

from typing import Any

from tests.conftest import Cli, Estate, assignment, daily_policy, interrupt_at, policy, vault, vms, world


def held(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rsv": {"location": "japaneast", "protectedItems": list(items), **more}}


def test_a_backup_that_was_deleted_is_drift(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), held({"vm": "rg-web/web-01", "state": "SoftDeleted"})))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("drift", *estate.sandboxed)
    assert told.status == 2
    assert "differs VM web-01 in rsv protection declared active found soft-deleted" in told.text
    assert "Drift: 1 difference." in told.text
    assert cli("plan", *estate.sandboxed, "--detailed-exitcode").status == 2
    (found,) = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    assert (found["state"], found["blockedBy"]) == ("differs", None)


def test_a_blocked_vault_hides_nothing_below_it(estate: Estate, cli: Cli) -> None:
    stopped = {"vm": "rg-web/web-01", "state": "ProtectionStopped"}
    estate.exists(**world(vms("web-01", "web-02"), held(stopped, redundancy="GeoRedundant")))
    estate.declare("all", vault(redundancy="LocallyRedundant"), policy(), assignment())
    told = cli("drift", *estate.sandboxed, "--format", "json")
    assert told.status == 2
    found = {one["address"].rpartition("/")[2]: (one["state"], one["blockedBy"]) for one in told.json["differences"]}
    vault_address = next(one["address"] for one in told.json["differences"] if one["address"].startswith("Vault/"))
    assert found == {
        "rsv": ("differs", "redundancy-locked"),
        "daily": ("missing", vault_address),
        "web-01": ("differs", vault_address),
        "web-02": ("missing", vault_address),
    }
    assert "redundancy declared LocallyRedundant found GeoRedundant" in cli("drift", *estate.sandboxed).text
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert estate.writes() == []


def test_a_policy_that_was_turned_weekly_is_drift(estate: Estate, cli: Cli) -> None:
    times = ["2024-05-05T23:00:00Z"]
    weekly = {
        "backupManagementType": "AzureIaasVM",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Weekly",
            "scheduleRunDays": ["Sunday"],
            "scheduleRunTimes": times,
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "weeklySchedule": {
                "daysOfTheWeek": ["Sunday"],
                "retentionTimes": times,
                "retentionDuration": {"count": 12, "durationType": "Weeks"},
            },
        },
        "instantRpRetentionRangeInDays": 5,
        "timeZone": "UTC",
    }
    estate.exists(**world(vaults=held(policies={"daily": weekly})))
    estate.declare("all", vault(), policy())
    told = cli("drift", *estate.sandboxed)
    assert told.status == 2
    assert "schedule.frequency declared Daily found Weekly" in told.text
    assert "retention.weekly declared — found weeks: 12" in told.text


def test_a_policy_that_no_manifest_can_tell_is_drift_that_apply_cannot_put_right(estate: Estate, cli: Cli) -> None:
    archived = {"tieringMode": "TierAfter", "duration": 90, "durationType": "Days"}
    yearly = {
        "retentionTimes": ["2024-05-05T23:00:00Z"],
        "retentionDuration": {"count": 2, "durationType": "Years"},
        "monthsOfYear": ["May"],
        "retentionScheduleFormatType": "Daily",
        "retentionScheduleDaily": {"daysOfTheMonth": [{"date": 1}]},
    }
    live = {**daily_policy(30), "tieringPolicy": {"ArchivedRP": archived}}
    live["retentionPolicy"]["yearlySchedule"] = yearly
    estate.exists(**world(vaults=held(policies={"daily": live})))
    estate.declare("all", vault(), policy())
    told = cli("drift", *estate.sandboxed)
    assert told.status == 2
    message = "its points move to the archive tier after 90 Days, so it cannot be compared [policy-not-understood]"
    assert message in told.text
    assert "nothing to do" in cli("plan", *estate.sandboxed).text


def test_what_is_missing_is_drift_also_where_apply_cannot_make_it(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), held()))
    incomplete = policy("incomplete")
    del incomplete["spec"]["retention"]
    estate.declare(
        "all",
        vault(),
        vault("nowhere", resourceGroup="rg-gone"),
        vault("elsewhere", existing=True),
        incomplete,
        assignment(policy="DefaultPolicy", select={"names": ["app-*"]}),
    )
    told = cli("drift", *estate.sandboxed, "--format", "json")
    assert told.status == 2
    assert {(one["address"].rpartition("/")[2], one["state"]) for one in told.json["differences"]} == {
        ("nowhere", "missing"),
        ("elsewhere", "missing"),
        ("incomplete", "missing"),
    }


def test_a_vault_that_lost_a_tag_is_not_called_missing(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults=held(redundancy="GeoRedundant")))
    estate.declare("all", vault(tags={"owner": "me"}))
    assert "differs vault rsv" in cli("drift", *estate.sandboxed).text


def test_a_blocked_vault_tells_all_that_differs(estate: Estate, cli: Cli) -> None:
    item = {"vm": "rg-web/web-01", "policy": "DefaultPolicy"}
    estate.exists(**world(vms("web-01"), held(item, redundancy="GeoRedundant")))
    estate.declare("all", vault(redundancy="ZoneRedundant", tags={"owner": "me"}))
    (found,) = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    assert [change["path"] for change in found["changes"]] == ["redundancy", "tags.owner"]


def test_a_vm_that_this_vault_cannot_protect_at_all_is_no_drift(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("far-01", location="japanwest"), held()))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("drift", *estate.sandboxed)
    assert told.status == 0
    assert "it is in japanwest, the vault is in japaneast [vm-region]" in told.text
    assert "Drift: none." in told.text


def test_a_vault_under_way_is_told_as_such(estate: Estate, cli: Cli) -> None:

    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    interrupt_at(estate, 1, "PUT", "/vaults/rsv")
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 130
    estate.on_exchange = lambda _: None
    told = cli("drift", *estate.sandboxed)
    assert "under way vault rsv" in told.text
    shown = cli("apply", *estate.sandboxed, "--dry-run")
    assert "await vault rsv" in shown.text
    assert "Dry run: 2 requests would be sent, and none was." in shown.text
    assert shown.out.count("PUT http") == 2
