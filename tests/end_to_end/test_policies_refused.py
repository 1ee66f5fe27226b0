"""Policies that the service would refuse, or refuses, or takes and does not keep; and what a guard has to approve."""

import json
from typing import Any

import pytest

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    assignment,
    daily_policy,
    document,
    hourly_policy,
    planned,
    policy,
    vault,
    vms,
    world,
)
from tests.end_to_end.policies import DAILY, LIVE, WHOLE, apply, declare

GUARD = "/subscriptions/s/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/watch"

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
    told = cli("export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION, "--output", estate.manifests)
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
    why = "accepted, not applied: Azure took the change, and schedule.frequency still reads Daily instead of Weekly"
    assert (why in told.text) == bool(status)
    assert ('retention.daily still reads {"days": 30} instead of nothing' in told.text) == bool(status)


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
    guard = {"id": GUARD, "protects": ["updateProtectionPolicyRequests"]}
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


def test_a_vm_goes_with_approval_to_a_policy_that_backs_up_less_often(estate: Estate, cli: Cli) -> None:
    guard = {"id": GUARD, "protects": ["updateProtectedItemRequests"]}
    held = [{"vm": "rg-web/web-01", "policy": "EnhancedPolicy"}]
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "protectedItems": held, "resourceGuard": guard}}))
    for spec, approver in ((WHOLE["Enhanced, daily"], "watch"), (WHOLE["Enhanced, hourly"], None)):
        kept = {"retention": {"daily": {"days": 30}}, "instantRestoreDays": 2, "archiveTier": {"mode": "DoNotTier"}}
        declare(estate, spec | kept, assignment())
        *_, action = planned(estate, cli)["actions"]
        assert (action["verb"], action["risks"], action["needsApproval"]) == ("changePolicy", [], approver)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0


def test_a_vm_goes_one_way_to_a_policy_that_moves_points_to_the_archive_tier(estate: Estate, cli: Cli) -> None:
    held = [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "protectedItems": held}}))
    declare(estate, DAILY, assignment())
    *_, action = planned(estate, cli)["actions"]
    assert (action["verb"], action["risks"]) == ("changePolicy", ["one-way"])
    assert "cannot be moved back" in action["dataEffect"]
