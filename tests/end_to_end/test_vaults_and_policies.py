"""What becomes of vaults and policies: created, changed field by field, or refused with the reason."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, daily_policy, document, planned, policy, vault, vms, world

LIVE: dict[str, Any] = {"location": "japaneast", "redundancy": "GeoRedundant", "tags": {"Owner": "me", "keep": "this"}}
HELD = {**LIVE, "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}


def test_a_vault_is_changed_by_what_differs_and_by_nothing_else(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(redundancy="LocallyRedundant", tags={"owner": "you", "KEEP": None, "new": "one"}))
    (action,) = planned(estate, cli)["actions"]
    assert [(change["path"], change["from"], change["to"]) for change in action["changes"]] == [
        ("redundancy", "GeoRedundant", "LocallyRedundant"),
        ("tags.KEEP", "this", None),
        ("tags.new", None, "one"),
        ("tags.owner", "me", "you"),
    ]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    (patch,) = estate.writes()
    assert (patch.method, patch.request) == (
        "PATCH",
        {
            "tags": {"owner": "you", "new": "one"},
            "properties": {"redundancySettings": {"standardTierStorageRedundancy": "LocallyRedundant"}},
        },
    )
    assert planned(estate, cli)["actions"] == []


def test_the_case_of_a_tag_name_and_of_a_region_is_no_difference(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(location="Japan East", tags={"OWNER": "me"}))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert found["summary"]["unchanged"] == 1


REFUSED = {
    "redundancy-locked": (
        HELD,
        {"redundancy": "ZoneRedundant"},
        "holds the backups of VMs (1), so it cannot become ZoneRedundant",
    ),
    "vault-location": (LIVE, {"location": "japanwest"}, "it is in japaneast, not in japanwest"),
    "vault-missing": (None, {"existing": True}, "it is declared as existing and does not exist"),
    "resource-group-missing": (None, {"resourceGroup": "rg-x"}, "the resource group rg-x does not exist"),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_the_service_would_refuse_is_refused_with_all_that_needs_it(estate: Estate, cli: Cli, rule: str) -> None:
    live, declared, message = REFUSED[rule]
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live} if live else {}))
    estate.declare("all", vault(**declared), policy(), assignment())
    found = planned(estate, cli)
    assert found["actions"] == []
    (blocked,) = [finding for finding in found["findings"] if finding["severity"] == "blocked"]
    assert blocked["rule"] == rule
    assert message in blocked["message"]
    assert blocked["source"].startswith(f"{estate.manifests / 'all.yaml'}:")
    assert {held["because"] for held in found["heldBack"]} == {blocked["address"]}
    assert len(found["heldBack"]) == 3, "its policy and both VMs"
    assert "it needs Vault/" in cli("plan", *estate.sandboxed).text


def test_an_existing_vault_is_read_and_never_written(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    estate.declare("all", vault(existing=True, redundancy="ZoneRedundant", tags={"a": "b"}), policy(), assignment())
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert [seen.path.rpartition("/")[0].rpartition("/")[2] for seen in estate.writes()] == [
        "backupPolicies",
        "protectedItems",
    ]


def test_a_policy_for_all_vaults_leaves_out_those_that_are_owned_elsewhere(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(existing=True), vault("mine"), policy(vaults="all"))
    actions = planned(estate, cli)["actions"]
    assert [(action["verb"], action["address"].split("/")[3]) for action in actions] == [
        ("createVault", "mine"),
        ("createPolicy", "mine"),
    ]


def test_an_existing_vault_in_another_region_is_refused_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "location": "japanwest"}}))
    estate.declare("all", vault(existing=True), assignment(policy="DefaultPolicy"))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert {finding["rule"] for finding in found["findings"]} == {"vault-location", "vm-region"}


def test_a_name_that_is_used_twice_is_a_warning(estate: Estate, cli: Cli) -> None:
    found = world()
    groups = next(iter(found["subscriptions"].values()))["resourceGroups"]
    groups["rg-web"]["vaults"] = {"RSV": LIVE}
    estate.exists(**found)
    estate.declare("all", vault())
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["createVault"]
    assert [(finding["rule"], finding["severity"]) for finding in plan["findings"]] == [
        ("vault-name-reused", "warning")
    ]


def test_a_policy_that_does_not_exist_needs_schedule_and_retention(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    declared = policy()
    del declared["spec"]["schedule"]
    estate.declare("all", vault(), declared)
    found = planned(estate, cli)
    assert found["actions"] == []
    assert found["findings"][0]["rule"] == "policy-incomplete"
    assert found["findings"][0]["message"] == "it does not exist yet, and its schedule is not stated"


def test_what_a_new_policy_leaves_out_is_filled_in_and_shown(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    declared = policy()
    del declared["spec"]["timeZone"], declared["spec"]["instantRestoreDays"]
    estate.declare("all", vault(), declared)
    (action,) = planned(estate, cli)["actions"]
    assert {change["path"]: change["to"] for change in action["changes"]} == {
        "schedule": {"frequency": "Daily", "time": "23:00"},
        "instantRestoreDays": 2,
        "retention": {"daily": {"days": 30}},
        "timeZone": "UTC",
    }


def test_the_vaults_own_policy_can_be_declared_and_changed(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare(
        "all", vault(), policy("usual", name="DefaultPolicy", schedule={"frequency": "Daily", "time": "03:30"})
    )
    (action,) = planned(estate, cli)["actions"]
    assert (action["verb"], [change["path"] for change in action["changes"]]) == ("updatePolicy", ["schedule.time"])
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert planned(estate, cli)["actions"] == []


BESIDE_LIVE = {
    "daily-needs-daily": (
        {"retention": {"weekly": {"weeks": 12, "days": ["Sunday"]}}},
        "the policy runs daily and keeps no daily points; the schedule is Azure's, none is stated",
    ),
    "instant-restore-below-daily": (
        {"instantRestoreDays": 5},
        "5 is not fewer than retention.daily.days, which is 1; the retention is Azure's, none is stated",
    ),
}


@pytest.mark.parametrize("rule", BESIDE_LIVE)
def test_what_is_stated_is_judged_with_what_azure_has_for_the_rest(estate: Estate, cli: Cli, rule: str) -> None:
    stated, message = BESIDE_LIVE[rule]
    held = [{"vm": "rg-web/web-01", "policy": "daily"}]
    one_day = daily_policy(1) | {"instantRpRetentionRangeInDays": 1}
    live = {**LIVE, "policies": {"daily": one_day}, "protectedItems": held}
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    estate.declare("all", vault(), document("BackupPolicy", "daily", vaults=["rsv"], **stated), assignment())
    found = planned(estate, cli)
    assert found["actions"] == []
    (blocked,) = [finding for finding in found["findings"] if finding["severity"] == "blocked"]
    assert (blocked["rule"], blocked["message"]) == (rule, message)
    assert blocked["source"].startswith(f"{estate.manifests / 'all.yaml'}:")
    (difference,) = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    fields = {change["path"].partition(".")[0] for change in difference["changes"]}
    assert (difference["blockedBy"], fields) == (rule, stated.keys())


def test_a_new_policy_that_keeps_points_for_a_day_keeps_snapshots_for_a_day(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    declared = policy(retention={"daily": {"days": 1}})
    del declared["spec"]["instantRestoreDays"]
    estate.declare("all", vault(), declared)
    (action,) = planned(estate, cli)["actions"]
    assert {change["path"]: change["to"] for change in action["changes"]}["instantRestoreDays"] == 1
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0


def test_one_policy_in_many_vaults(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE, "rsv-2": LIVE}))
    estate.declare("all", vault(), vault("rsv-2"), vault("rsv-3"), policy(vaults="all"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert len(estate.requests("PUT", "/backupPolicies/daily")) == 3
    estate.declare("all", vault(), vault("rsv-2"), vault("rsv-3"), policy(vaults=["rsv", "rsv-3"]))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(finding["rule"], finding["address"].split("/")[-2]) for finding in found["findings"]] == [
        ("undeclared-policy", "rsv-2")
    ]


def test_a_policy_the_vault_does_not_have_blocks_its_vms(estate: Estate, cli: Cli) -> None:
    estate.exists(era=2021, **world(vms("web-01"), {"rsv": LIVE}))
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy"))
    found = planned(estate, cli)
    assert found["actions"] == []
    assert found["findings"][0]["rule"] == "policy-not-in-vault"


def test_a_change_of_a_list_is_one_change(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare(
        "all", vault(), policy(retention={"daily": {"days": 30}, "weekly": {"weeks": 4, "days": ["Sunday"]}})
    )
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    more = {"daily": {"days": 30}, "weekly": {"weeks": 4, "days": ["Sunday", "Monday"]}}
    estate.declare("all", vault(), policy(retention=more | {"monthly": {"months": 2, "dates": ["last"]}}))
    (action,) = planned(estate, cli)["actions"]
    assert [(change["path"], change["from"], change["to"]) for change in action["changes"]] == [
        ("retention.monthly", None, {"months": 2, "dates": ["last"]}),
        ("retention.weekly.days", ["Sunday"], ["Sunday", "Monday"]),
    ]
    told = cli("drift", *estate.sandboxed)
    assert told.status == 2
    assert "retention.weekly.days declared Sunday, Monday found Sunday" in told.text
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert "Drift: none." in cli("drift", *estate.sandboxed).text


def test_what_is_missing_in_azure_is_called_missing(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    estate.declare("all", vault(), policy(), assignment())
    told = cli("drift", *estate.sandboxed)
    assert told.status == 2
    assert "missing policy daily in rsv" in told.text
    assert "missing VM web-01 in rsv" in told.text
    found = cli("drift", *estate.sandboxed, "--format", "json").json
    assert found["summary"] == {"missing": 2, "differs": 0, "under way": 0, "unwanted": 0, "blocked": 0, "unchanged": 1}


def test_unchanged_things_say_why_when_asked(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": HELD}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("plan", *estate.sandboxed, "-v")
    assert "unchanged VM web-01 in rsv it is backed up by DefaultPolicy" in told.text
    assert "unchanged vault rsv it is as declared" in told.text
    assert "GET /subscriptions/" in told.err
    assert "Bearer" not in told.err


def test_a_vault_whose_creation_failed_is_left_alone(estate: Estate, cli: Cli) -> None:
    error = {"code": "CloudInternalError", "message": "It broke."}
    fault = {"method": "PUT", "path": "*/vaults/rsv", "operation": error, "times": 1}
    estate.exists(**world(vms("web-01"), faults=[fault]))
    estate.declare("all", vault(), policy(), assignment())
    assert cli("apply", *estate.sandboxed, "--auto-approve").status != 0
    estate.forget()
    again = planned(estate, cli)
    assert again["actions"] == []
    blocked = [finding for finding in again["findings"] if finding["severity"] == "blocked"]
    told = [(finding["rule"], finding["message"]) for finding in blocked]
    assert told == [("vault-not-ready", "its provisioning state is Failed")]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert estate.writes() == []


def test_tags_that_exist_or_do_not_are_selected_by(estate: Estate, cli: Cli) -> None:
    tagged = {**vms("web-01", tags={"env": "prod", "Keep": ""}), **vms("web-02", tags={"env": "prod"})}
    estate.exists(**world(tagged))
    keep = assignment("keep", select={"tags": {"keep": {"exists": True}}})
    estate.declare("all", vault(), policy(), keep, assignment("rest", select={"tags": {"KEEP": {"exists": False}}}))
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    protected = [(action["address"].rpartition("/")[2], action["source"]) for action in planned["actions"][2:]]
    assert [vm for vm, _ in protected] == ["web-01", "web-02"]
    assert len({source for _, source in protected}) == 2
