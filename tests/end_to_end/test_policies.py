"""Policies of both tiers, field by field: made, changed, told when they drift, exported, and back to nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Cli, Estate, assignment, daily_policy, document, hourly_policy, policy, vault, vms, world

LIVE: dict[str, Any] = {"location": "japaneast", "redundancy": "GeoRedundant"}
MONTHLY = {"months": 12, "weeks": ["First"], "days": ["Sunday"]}
YEARLY = {"years": 7, "months": ["January"], "dates": [1, "last"]}
DAILY = {
    "vaults": ["rsv"],
    "schedule": {"frequency": "Daily", "time": "23:00"},
    "instantRestoreDays": 2,
    "retention": {
        "daily": {"days": 30},
        "weekly": {"weeks": 12, "days": ["Sunday"]},
        "monthly": MONTHLY,
        "yearly": YEARLY,
    },
    "timeZone": "Tokyo Standard Time",
    "snapshotResourceGroup": {"prefix": "rg-snapshots-", "suffix": "-jpe"},
    "snapshotConsistency": "ApplicationConsistent",
    "archiveTier": {"mode": "TierAfter", "months": 3},
}
RUNS_WEEKLY = {
    "schedule": {"frequency": "Weekly", "days": ["Sunday", "Wednesday"], "time": "02:30"},
    "instantRestoreDays": 5,
    "retention": {"weekly": {"weeks": 52, "days": ["Sunday", "Wednesday"]}, "monthly": MONTHLY},
}
RUNS_HOURLY = {
    "schedule": {"frequency": "Hourly", "every": 4, "from": "08:00", "hours": 12},
    "instantRestoreDays": 30,
    "retention": {"daily": {"days": 31}, "yearly": YEARLY},
}
CRASH = {"tier": "Enhanced", "snapshotConsistency": "OnlyCrashConsistent"}
WHOLE: dict[str, dict[str, Any]] = {
    "Standard, daily": DAILY,
    "Standard, weekly": DAILY | RUNS_WEEKLY | {"archiveTier": {"mode": "TierRecommended"}},
    "Enhanced, hourly": DAILY | RUNS_HOURLY | CRASH | {"archiveTier": {"mode": "DoNotTier"}},
    "Enhanced, daily": DAILY | CRASH,
    "Enhanced, weekly": DAILY | RUNS_WEEKLY | CRASH,
}


def declare(estate: Estate, spec: dict[str, Any], *others: dict[str, Any]) -> None:
    estate.declare("all", vault(redundancy="GeoRedundant"), document("BackupPolicy", "daily", **spec), *others)


def planned(estate: Estate, cli: Cli) -> Any:
    told = cli("plan", *estate.sandboxed, "--format", "json")
    assert told.status == 0, told.err
    return told.json


def apply(estate: Estate, cli: Cli, *consent: str) -> Any:
    told = cli("apply", *estate.sandboxed, "--auto-approve", *consent)
    assert told.status == 0, told.out + told.err
    return told


@pytest.mark.parametrize("name", WHOLE)
def test_a_policy_is_made_as_stated_and_exported_as_it_was_stated(name: str, estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    declare(estate, WHOLE[name], assignment())
    apply(estate, cli)
    assert [seen.path.rpartition("/")[2].partition(";")[0] for seen in estate.writes()] == ["daily", "vm"]
    assert planned(estate, cli)["actions"] == []
    assert cli("drift", *estate.sandboxed).text.startswith("Drift: none.")

    told = cli("export", "--sandbox", estate.world, "--vault", "rsv", "--subscription", _subscription())
    assert told.err == "", "nothing is left out"
    exported = {one["metadata"]["name"]: one["spec"] for one in yaml.safe_load_all(told.out)}
    assert exported["daily"] == WHOLE[name]
    assert exported["rsv-daily"]["policy"] == "daily", "and so is the VM that is bound to it"


def _subscription() -> str:
    return str(vault()["spec"]["subscription"])


CHANGES = yaml.safe_load((Path(__file__).parent / "policy_changes.yaml").read_text())


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_says_what_it_does_and_is_carried_out_by_one_write(name: str, estate: Estate, cli: Cli) -> None:
    case = CHANGES[name]
    before, risks = WHOLE[case["policy"]] | case.get("but", {}), case.get("risks", [])
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    declare(estate, before, assignment())
    apply(estate, cli)
    estate.forget()
    declare(estate, before | case["becomes"], assignment())
    (action,) = planned(estate, cli)["actions"]
    assert (action["verb"], [change["path"] for change in action["changes"]]) == ("updatePolicy", case["differs"])
    assert (action["dataEffect"], action["risks"]) == (case["effect"], risks)
    assert cli("drift", *estate.sandboxed).status == 2
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == (1 if risks else 0)
    if risks:
        assert estate.writes() == [], "without consent"
        apply(estate, cli, *(f"--allow-{risk}" for risk in risks))
    assert len(estate.writes()) == 1
    assert planned(estate, cli)["actions"] == []


def test_points_of_no_vm_move_nowhere(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    declare(estate, DAILY | {"archiveTier": {"mode": "DoNotTier"}})
    apply(estate, cli)
    declare(estate, DAILY)
    (action,) = planned(estate, cli)["actions"]
    assert action["risks"] == []
    apply(estate, cli)


def test_the_time_zone_is_always_sent(estate: Estate, cli: Cli) -> None:
    estate.exists(
        **world(vaults={"rsv": {**LIVE, "policies": {"daily": daily_policy(30) | {"timeZone": "Tokyo Standard Time"}}}})
    )
    declare(estate, {"vaults": ["rsv"], "retention": {"daily": {"days": 60}}})
    apply(estate, cli)
    (put,) = estate.writes()
    assert put.request["properties"]["timeZone"] == "Tokyo Standard Time"
    assert put.request["properties"]["schedulePolicy"]["scheduleRunTimes"] == ["2020-01-01T23:00:00Z"]


def test_what_a_new_enhanced_policy_leaves_out_is_filled_in_and_shown(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    weekly = {"schedule": RUNS_WEEKLY["schedule"], "retention": RUNS_WEEKLY["retention"]}
    hourly = {"schedule": RUNS_HOURLY["schedule"], "retention": RUNS_HOURLY["retention"]}
    for spec, days in ((weekly, 5), (hourly, 7)):
        declare(estate, {"vaults": ["rsv"], "tier": "Enhanced", **spec})
        (action,) = planned(estate, cli)["actions"]
        filled = {change["path"]: change["to"] for change in action["changes"]}
        assert (filled["tier"], filled["instantRestoreDays"], filled["timeZone"]) == ("Enhanced", days, "UTC")


TIERS = {
    "a Standard policy, and it is declared as an Enhanced one": (
        daily_policy(30),
        {"tier": "Enhanced"},
    ),
    "an Enhanced policy, and it is declared as a Standard one": (hourly_policy(), {"tier": "Standard"}),
    "an Enhanced policy, and it is declared as a Standard one, because it states no tier": (
        hourly_policy(),
        {},
    ),
}


@pytest.mark.parametrize("message", TIERS)
def test_a_policy_keeps_its_tier(message: str, estate: Estate, cli: Cli) -> None:
    live, stated = TIERS[message]
    estate.exists(**world(vaults={"rsv": {**LIVE, "policies": {"daily": live}}}))
    declare(estate, {"vaults": ["rsv"], "retention": {"daily": {"days": 60}}, **stated})
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(finding["rule"], finding["message"]) for finding in found["findings"]] == [
        ("policy-tier", f"Azure has it as {message}")
    ]
    (difference,) = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    assert [change["path"] for change in difference["changes"]] == ["tier"]


def test_a_vm_goes_from_one_enhanced_policy_to_a_new_one_and_from_a_standard_one_for_good(
    estate: Estate, cli: Cli
) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "EnhancedPolicy"}, {"vm": "rg-web/web-02", "policy": "DefaultPolicy"}]
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": {**LIVE, "protectedItems": items}}))
    declare(estate, {"vaults": ["rsv"], "tier": "Enhanced", **RUNS_HOURLY}, assignment(moveToEnhanced={"vmsPerRun": 9}))
    found = planned(estate, cli)
    assert found["findings"] == []
    assert [(action["verb"], action["risks"]) for action in found["actions"]] == [
        ("createPolicy", []),
        ("changePolicy", []),
        ("migrate", ["one-way"]),
    ]
    apply(estate, cli, "--allow-one-way")
    assert planned(estate, cli)["actions"] == []


def test_no_vm_goes_from_an_enhanced_policy_to_a_new_standard_one(estate: Estate, cli: Cli) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "EnhancedPolicy"}]
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "protectedItems": items}}))
    declare(estate, DAILY, assignment())
    found = planned(estate, cli)
    assert [action["verb"] for action in found["actions"]] == ["createPolicy"]
    assert [finding["rule"] for finding in found["findings"]] == ["policy-tier"]


# ---- what the service takes no more ---------------------------------------------------------------------------------

FROM_BEFORE = {**LIVE, "legacyPolicies": {"daily": daily_policy(3)}}
THREE_DAYS = {"vaults": ["rsv"], "retention": {"daily": {"days": 3}}}


def test_a_count_from_before_is_a_warning_while_nothing_differs(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": FROM_BEFORE}))
    declare(estate, THREE_DAYS)
    warned = cli("validate", estate.manifests)
    assert (warned.status, warned.err.count("warning: 3 is from 2 to 6")) == (0, 1)
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(finding["rule"], finding["severity"]) for finding in found["findings"]] == [("daily-retention", "warning")]
    assert cli("drift", *estate.sandboxed).status == 0


NO_MORE = "it would keep daily points for 3 days, and the service takes no such policy any more"


@pytest.mark.parametrize(
    ("live", "declared"),
    [
        ({}, {"schedule": DAILY["schedule"]}),
        (FROM_BEFORE, {"instantRestoreDays": 1}),
        (LIVE | {"policies": {"daily": daily_policy(30)}}, {}),
    ],
    ids=["a new one", "another field", "a shorter retention"],
)
def test_a_count_from_before_is_taken_neither_new_nor_with_a_change(
    estate: Estate, cli: Cli, live: dict[str, Any], declared: dict[str, Any]
) -> None:
    estate.exists(**world(vaults={"rsv": LIVE | live}))
    declare(estate, THREE_DAYS | declared)
    found = planned(estate, cli)
    assert found["actions"] == []
    (finding,) = found["findings"]
    assert (finding["rule"], finding["severity"], finding["message"]) == ("daily-retention", "blocked", NO_MORE)
    assert finding["source"] == f"{estate.manifests / 'all.yaml'}:{_line_of('days: 3', estate)}"
    assert cli("drift", *estate.sandboxed).status == 2


def _line_of(text: str, estate: Estate) -> int:
    lines = (estate.manifests / "all.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_what_azure_has_from_before_stands_in_the_way_of_every_change(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": FROM_BEFORE}))
    declare(estate, {"vaults": ["rsv"], "schedule": {"frequency": "Daily", "time": "12:00"}})
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [finding["message"] for finding in found["findings"]] == [
        f"{NO_MORE}; the retention is Azure's, none is stated"
    ]
    declare(estate, {"vaults": ["rsv"], "retention": {"daily": {"days": 7}}})
    apply(estate, cli)
    assert planned(estate, cli)["findings"] == []


def test_a_count_from_before_is_exported_with_a_warning(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": FROM_BEFORE}))
    told = cli("export", "--sandbox", estate.world, "--subscription", _subscription(), "--output", estate.manifests)
    assert told.status == 0
    assert told.err.startswith("warning: rsv: policy daily: retention.daily.days 3 is from 2 to 6")
    assert told.err.count("\n") == 1
    found = planned(estate, cli)
    assert (found["actions"], [finding["severity"] for finding in found["findings"]]) == ([], ["warning"])


def test_a_zone_redundant_vault_takes_no_archive_tier_also_where_no_manifest_says_that_it_is_one(
    estate: Estate, cli: Cli
) -> None:
    estate.exists(**world(vaults={"rsv": {"location": "japaneast", "redundancy": "ZoneRedundant"}}))
    estate.declare("all", vault(), document("BackupPolicy", "daily", **DAILY))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(finding["rule"], finding["message"]) for finding in found["findings"]] == [
        ("archive-redundancy", "the vault is zone-redundant, and has no archive tier")
    ]
    declare(estate, DAILY)
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["updateVault", "createPolicy"]
    apply(estate, cli)


def test_an_immutable_vault_shortens_no_policy_of_a_vm_until_it_is_immutable_no_more(estate: Estate, cli: Cli) -> None:
    held = [{"vm": "rg-web/web-01", "policy": "daily"}]
    live = {**LIVE, "immutability": "Unlocked", "policies": {"daily": daily_policy(60)}, "protectedItems": held}
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    shorter = document("BackupPolicy", "daily", vaults=["rsv"], retention={"daily": {"days": 30}})
    estate.declare("all", vault(), shorter, assignment())
    found = planned(estate, cli)
    assert (found["actions"], [finding["rule"] for finding in found["findings"]]) == ([], ["immutable-retention"])
    estate.declare("all", vault(immutability="Disabled"), shorter, assignment())
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["updateVault", "updatePolicy"]
    apply(estate, cli, "--allow-destructive")
    assert planned(estate, cli)["actions"] == []


# ---- what apply notices ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "status"), [({"ignored": True}, 3), ({"late": 600}, 3), ({"late": 30}, 0)])
def test_a_policy_that_is_accepted_and_not_applied_is_a_failure(
    fault: dict[str, Any], status: int, estate: Estate, cli: Cli
) -> None:
    put = {"method": "PUT", "path": "*/backupPolicies/daily", **fault}
    estate.exists(faults=[put], **world(vaults={"rsv": {**LIVE, "policies": {"daily": daily_policy(30)}}}))
    declare(estate, {"vaults": ["rsv"], "schedule": {"frequency": "Weekly", "days": ["Sunday"], "time": "23:00"},
                     "retention": {"weekly": {"weeks": 4, "days": ["Sunday"]}}, "instantRestoreDays": 5})  # fmt: skip
    told = cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive")
    assert told.status == status
    assert ("accepted, not applied: Azure took the change, and schedule still reads" in told.text) == bool(status)


def test_a_policy_that_is_refused_without_a_reason_is_shown_as_it_was_sent(estate: Estate, cli: Cli) -> None:
    put = {"method": "PUT", "path": "*/backupPolicies/daily", "status": 400, "code": "BMSUserErrorInvalidPolicyInput"}
    estate.exists(faults=[put], **world(vaults={"rsv": LIVE}))
    declare(estate, WHOLE["Enhanced, hourly"])
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 1
    assert "It keeps the rules schedule-time, hourly-interval, " in told.text
    assert "instant-restore-below-daily" in told.text
    (sent,) = estate.writes()
    shown = told.out[told.out.index("What was sent is") :]
    assert json.loads(shown[shown.index("{") : shown.rindex("}") + 1]) == sent.request


def test_fewer_backups_need_the_approval_of_a_guard_that_watches_over_policies(estate: Estate, cli: Cli) -> None:
    guard = {"id": "/subscriptions/s/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/watch",
             "protects": ["updateProtectionPolicyRequests"]}  # fmt: skip
    live = {**LIVE, "policies": {"daily": hourly_policy()}, "resourceGuard": guard}
    estate.exists(**world(vaults={"rsv": live}))
    for schedule, approver in (
        ({"frequency": "Daily", "time": "08:00"}, "watch"),
        ({"frequency": "Hourly", "every": 6, "from": "08:00", "hours": 12}, "watch"),
        ({"frequency": "Hourly", "every": 4, "from": "08:00", "hours": 16}, None),
    ):
        declare(estate, {"vaults": ["rsv"], "tier": "Enhanced", "schedule": schedule})
        (action,) = planned(estate, cli)["actions"]
        assert action["needsApproval"] == approver, schedule
        assert cli("apply", *estate.sandboxed, "--auto-approve").status == (3 if approver else 0)
    assert len(estate.writes()) == 1


def test_a_policy_that_only_has_to_be_there_is_not_compared(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": {**LIVE, "policies": {"daily": daily_policy(30)}}}))
    declare(estate, {"vaults": ["rsv"]})
    told = cli("plan", *estate.sandboxed, "-v")
    assert "unchanged policy daily in rsv nothing of it is stated but that it is there" in told.text


def test_a_policy_that_is_left_as_it_is_costs_no_write(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    declare(estate, policy()["spec"], assignment(policy="EnhancedPolicy"))
    apply(estate, cli)
    estate.forget()
    apply(estate, cli)
    assert estate.writes() == []
