"""A vault that is declared absent is torn down in order, with approval and consent, or not touched at all."""

from collections import Counter
from typing import Any

import pytest

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    Told,
    absent_policy,
    assignment,
    daily_policy,
    interrupt_at,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)

ACTIVE = {"vm": "rg-web/web-01", "policy": "daily"}
STOPPED = {"vm": "rg-web/web-02", "state": "ProtectionStopped"}
DELETED = {"vm": "rg-web/web-03", "state": "SoftDeleted", "deletedAt": "2026-11-20T08:00:00Z"}
ENDPOINT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe"
CONSENT = ("--auto-approve", "--allow-destructive")
TODAY = "2026-11-23"
"""On the clock of every box."""


def exists(estate: Estate, *items: dict[str, Any], era: int = 2026, **settings: Any) -> None:
    live = {"location": "japaneast", "policies": {"daily": daily_policy(30)}, "protectedItems": list(items), **settings}
    estate.exists(**world(vms("web-01", "web-02", "web-03"), {"rsv": live}), era=era)


def absent(*approved: str, expires: str = "2027-01-31", **spec: Any) -> dict[str, Any]:
    approval = {"by": "Ada", "reason": "retired", "expires": expires, "vms": [vm_id(name) for name in approved]}
    return vault(state="absent", **({"approval": approval} if approved else {}), **spec)


def steps(plan: Any) -> list[tuple[str, str]]:
    return [(action["verb"], action["address"].rpartition("/")[2]) for action in plan["actions"]]


def blocked(plan: Any) -> dict[str, str]:
    return {one["rule"]: one["message"] for one in plan["findings"] if one["severity"] == "blocked"}


def sent(estate: Estate) -> list[tuple[str, str]]:
    return [(seen.method, seen.path.rpartition("/")[2]) for seen in estate.writes()]


def apply(estate: Estate, cli: Cli, *consent: str) -> Told:
    return cli("apply", *estate.sandboxed, *(consent or CONSENT))


# ---- in order ------------------------------------------------------------------------------------------------------


def test_backups_go_first_then_policies_then_the_vault(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE, STOPPED, DELETED)
    estate.declare("all", absent("web-01", "WEB-02"))
    plan = planned(estate, cli)
    assert steps(plan) == [
        ("stop", "web-01"),
        ("deleteData", "web-02"),
        ("deleteData", "web-01"),
        ("deletePolicy", "daily"),
        ("deleteVault", "rsv"),
    ]
    by_id = {f"{action['verb']} {action['address'].rpartition('/')[2]}": action for action in plan["actions"]}
    assert by_id["deleteData web-01"]["dependsOn"] == [by_id["stop web-01"]["id"]]
    backups = [by_id[f"deleteData {vm}"]["id"] for vm in ("web-01", "web-02")]
    assert by_id["deletePolicy daily"]["dependsOn"] == backups
    assert by_id["deleteVault rsv"]["dependsOn"] == [*backups, by_id["deletePolicy daily"]["id"]]
    assert {action["earliest"] for action in plan["actions"]} == {TODAY}
    assert [action["risk"] for action in plan["actions"]] == ["safe", "destructive", "destructive", "safe", "safe"]
    assert by_id["deleteData web-02"]["dataEffect"] == "deleted; they can be brought back until 2026-12-07"
    assert "be brought back with it until 2026-12-07; a cloud that" in by_id["deleteVault rsv"]["dataEffect"]

    told = cli("plan", *estate.sandboxed).text
    assert "delete backups of 2 VMs in rsv (destructive)" in told
    assert "protection stopped → deleted" in told
    assert "2 VMs to delete the backups of, 1 policy to delete and 1 vault to delete." in told

    estate.forget()
    done = apply(estate, cli)
    assert done.status == 0, done.out
    assert sorted(sent(estate)[:2]) == [
        ("DELETE", "VM;iaasvmcontainerv2;rg-web;web-02"),
        ("PUT", "VM;iaasvmcontainerv2;rg-web;web-01"),
    ]
    assert sent(estate)[2:] == [
        ("DELETE", "VM;iaasvmcontainerv2;rg-web;web-01"),
        ("DELETE", "daily"),
        ("DELETE", "rsv"),
    ]
    assert planned(estate, cli)["actions"] == []
    assert cli("drift", *estate.sandboxed).status == 0
    assert "vault rsv it is absent" in cli("plan", *estate.sandboxed, "-v").text


def test_what_is_left_of_a_vault_that_only_keeps_deleted_backups_needs_no_approval(estate: Estate, cli: Cli) -> None:
    exists(estate, DELETED, policies={})
    estate.declare("all", absent())
    (action,) = planned(estate, cli)["actions"]
    assert (action["verb"], action["risk"]) == ("deleteVault", "safe")
    assert "until 2026-12-04;" in action["dataEffect"], "fourteen days after it was deleted"
    assert apply(estate, cli, "--auto-approve").status == 0
    assert planned(estate, cli)["actions"] == []


def test_an_empty_vault_is_gone_for_good_and_that_needs_consent(estate: Estate, cli: Cli) -> None:
    exists(estate)
    estate.declare("all", absent())
    refused = apply(estate, cli, "--auto-approve")
    assert refused.status == 1
    assert "these actions cannot be taken back: vault rsv; nothing was changed" in refused.err
    assert estate.writes() == []
    assert apply(estate, cli, "--auto-approve", "--allow-one-way").status == 0
    assert sent(estate) == [("DELETE", "daily"), ("DELETE", "rsv")]


def test_without_soft_delete_backups_are_gone_at_once_and_that_is_said(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED, softDelete={"state": "Disabled"})
    estate.declare("all", absent("web-02"))
    first, *_, last = planned(estate, cli)["actions"]
    assert first["dataEffect"] == "deleted at once and for good, because the vault's soft delete is off"
    assert last["risk"] == "one-way"
    assert apply(estate, cli).status == 1
    assert apply(estate, cli, *CONSENT, "--allow-one-way").status == 0
    assert planned(estate, cli)["actions"] == []


def test_the_days_are_the_vaults_own_and_the_day_is_the_plans(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED, softDelete={"state": "AlwaysON", "retentionDays": 30})
    estate.declare("all", absent("web-02"))
    told = cli("plan", *estate.sandboxed, "--as-of", "2027-01-01", "--format", "json").json["actions"]
    assert told[0]["dataEffect"].endswith("until 2027-01-31")
    assert told[0]["earliest"] == "2027-01-01"


def test_a_vault_that_is_not_there_is_absent(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", absent("web-01"), absent_policy("daily"))
    assert planned(estate, cli)["summary"] == {"blocked": 0, "postponed": 0, "unchanged": 2}


def test_a_dry_run_shows_the_deletions(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED)
    estate.declare("all", absent("web-02"))
    shown = apply(estate, cli, "--dry-run")
    assert shown.status == 0
    assert [line.partition("?")[0].rpartition("/")[2] for line in shown.out.splitlines() if line[:7] == "DELETE "] == [
        "VM;iaasvmcontainerv2;rg-web;web-02",
        "daily",
        "rsv",
    ]
    assert "null" not in shown.out
    assert estate.writes() == []


# ---- or not at all -------------------------------------------------------------------------------------------------

WEB_1, WEB_2 = f"{vm_id('web-01')} (active)", f"{vm_id('web-02')} (stopped)"
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str]]] = {
    "nobody approved": (
        {},
        absent(),
        {"teardown-unapproved": f"it holds backups, and nobody has approved to delete them: {WEB_1}, {WEB_2}"},
    ),
    "one is not approved": (
        {},
        absent("web-01"),
        {"teardown-unapproved": f"it holds backups that the approval does not name: {WEB_2}"},
    ),
    "the approval ended": (
        {},
        absent("web-01", "web-02", expires="2026-11-22"),
        {"approval-expired": "the approval ended on 2026-11-22"},
    ),
    "the approval ended and names too few": (
        {},
        absent("web-02", expires="2026-11-22"),
        {
            "approval-expired": "the approval ended on 2026-11-22",
            "teardown-unapproved": f"it holds backups that the approval does not name: {WEB_1}",
        },
    ),
    "immutable": (
        {"immutability": "Unlocked"},
        absent("web-01", "web-02"),
        {"teardown-immutable": "its immutability is Unlocked: its backups cannot be deleted as long as it is"},
    ),
    "immutable for good": (
        {"immutability": "Locked"},
        absent("web-01", "web-02"),
        {
            "teardown-immutable": "its immutability is Locked: its backups cannot be deleted before their points have "
            "expired"
        },
    ),
    "private endpoints": (
        {"privateEndpoints": [ENDPOINT]},
        absent("web-01", "web-02"),
        {"teardown-endpoints": f"private endpoints are connected: {ENDPOINT}"},
    ),
    "another vault of the name": (
        {},
        absent("web-01", "web-02", location="japanwest"),
        {"vault-location": "it is in japaneast, not in japanwest"},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_stands_in_the_way_is_told_and_nothing_is_touched(estate: Estate, cli: Cli, case: str) -> None:
    live, declared, told = REFUSED[case]
    exists(estate, ACTIVE, STOPPED, DELETED, **live)
    estate.declare("all", declared)
    plan = planned(estate, cli)
    assert blocked(plan) == told
    assert steps(plan) == []
    assert apply(estate, cli, *CONSENT, "--allow-one-way").status == 0
    assert estate.writes() == []
    drift = cli("drift", *estate.sandboxed, "--format", "json")
    assert drift.status == 2
    assert [(one["state"], one["blockedBy"]) for one in drift.json["differences"]] == [("unwanted", next(iter(told)))]
    assert "unwanted vault rsv (apply cannot put it right)" in cli("drift", *estate.sandboxed).text


def test_the_last_day_of_an_approval_is_one_of_its_days(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED)
    estate.declare("all", absent("web-02", expires=TODAY))
    assert steps(planned(estate, cli))[0] == ("deleteData", "web-02")
    late = cli("plan", *estate.sandboxed, "--as-of", "2026-11-24", "--format", "json").json
    assert steps(late) == []


def test_an_approval_that_has_ended_is_not_made_good_by_an_earlier_day(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED)
    estate.declare("all", absent("web-02", expires="2026-06-30"))
    refused = apply(estate, cli, *CONSENT, "--as-of", "2026-06-01")
    assert refused.status == 1
    assert "2026-06-01 is past, and backups are deleted by approvals that hold today; nothing was" in refused.err
    assert estate.writes() == []
    assert apply(estate, cli, "--dry-run", "--as-of", "2026-06-01").status == 0
    assert apply(estate, cli, *CONSENT, "--as-of", "2026-07-01").status == 0, "nothing to do"


def test_approval_alone_deletes_nothing(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE, STOPPED)
    estate.declare("all", absent("web-01", "web-02"))
    refused = apply(estate, cli, "--auto-approve", "--allow-one-way")
    assert refused.status == 1
    assert "these actions delete recovery points: backups of VM web-02 in rsv and backups of VM web-01" in refused.err
    assert estate.writes() == []


def test_what_would_be_lost_is_named_in_a_line_however_many_there_are(estate: Estate, cli: Cli) -> None:
    names = [f"web-{number}" for number in range(10, 35)]
    items = {"vm": "rg-web/web-[10-34]", "state": "ProtectionStopped"}
    estate.exists(**world(vms(*names), {"rsv": {"location": "japaneast", "protectedItems": [items]}}))
    estate.declare("all", absent(*names))
    refused = apply(estate, cli, "--auto-approve")
    assert "backups of VM web-29 in rsv and 5 more; nothing was changed" in refused.err


def test_an_empty_vault_may_be_immutable(estate: Estate, cli: Cli) -> None:
    exists(estate, immutability="Unlocked")
    estate.declare("all", absent())
    assert steps(planned(estate, cli)) == [("deletePolicy", "daily"), ("deleteVault", "rsv")]


def test_assignments_into_it_are_left_to_the_teardown(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE, STOPPED)
    estate.declare("all", absent("web-01", "web-02"), assignment(protection="stopped", policy="DefaultPolicy"))
    plan = planned(estate, cli)
    addresses = Counter(f"{action['verb']} {action['address']}" for action in plan["actions"])
    assert set(addresses.values()) == {1}
    assert plan["findings"] == []
    assert plan["requests"]["read"] == 4, "nobody asks for its VMs"
    assert "the vault rsv is torn down, and its VMs' backups with it" in cli("plan", *estate.sandboxed, "-v").text


def test_vms_move_to_another_vault_in_two_runs(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE)
    moved = assignment(vault="new", policy="DefaultPolicy", select={"names": ["web-01"]})
    estate.declare("all", absent("web-01"), vault("new"), moved)
    plan = planned(estate, cli)
    assert blocked(plan) == {"vm-in-other-vault": "the vault rsv in rg-backup holds it already"}
    assert apply(estate, cli).status == 0
    assert steps(planned(estate, cli)) == [("protect", "web-01")]
    assert apply(estate, cli).status == 0
    assert planned(estate, cli)["actions"] == []


def test_its_policies_that_are_declared_absent_go_with_it_once(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED)
    gone = [absent_policy(name) for name in ("daily", "DefaultPolicy", "old")]
    estate.declare("all", absent("web-02"), *gone)
    assert steps(planned(estate, cli)) == [("deleteData", "web-02"), ("deletePolicy", "daily"), ("deleteVault", "rsv")]
    told = cli("plan", *estate.sandboxed, "-v").text
    assert "policy DefaultPolicy in rsv it goes with its vault" in told
    assert "policy old in rsv it is absent" in told
    estate.declare("all", absent(), *gone)
    plan = planned(estate, cli)
    assert steps(plan) == []
    assert [held["address"].rpartition("/")[2] for held in plan["heldBack"]] == ["daily", "defaultpolicy"]


def test_reading_costs_what_it_always_costs(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE, STOPPED)
    estate.declare("all", absent("web-01", "web-02"))
    assert planned(estate, cli)["requests"]["read"] == 4, "the list of vaults; the vault, its policies and its items"


# ---- what goes wrong, and going on ---------------------------------------------------------------------------------


def test_a_cloud_that_keeps_a_vault_with_deleted_backups_is_told_with_its_day(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED, era=2021)
    estate.declare("all", absent("web-02"))
    told = apply(estate, cli)
    assert told.status == 3
    assert "failed vault rsv" in told.text
    assert "soft deleted state" in told.text
    assert "[ServiceResourceNotEmptyWithBackendMessage] fix: run again on 2026-12-07, when the last" in told.text
    assert steps(planned(estate, cli)) == [("deleteVault", "rsv")]


@pytest.mark.parametrize(
    ("method", "containing"),
    [
        ("PUT", "web-01"),
        ("DELETE", "web-02"),
        ("DELETE", "web-01"),
        ("DELETE", "/backupPolicies/daily"),
        ("DELETE", "/vaults/rsv"),
    ],
)
def test_a_second_run_goes_on_where_the_first_was_stopped(
    estate: Estate, cli: Cli, method: str, containing: str
) -> None:
    exists(estate, ACTIVE, STOPPED)
    estate.declare("all", absent("web-01", "web-02"))
    interrupt_at(estate, 1, method, containing)
    assert apply(estate, cli).status == 130
    estate.on_exchange = lambda _: None
    again = apply(estate, cli)
    assert again.status == 0, again.out
    assert planned(estate, cli)["actions"] == []
    assert set(Counter(sent(estate)).values()) == {1}, "nothing was sent twice"
    assert len(sent(estate)) == 5


def test_a_vault_that_is_being_deleted_is_waited_for(estate: Estate, cli: Cli) -> None:
    exists(estate, policies={})
    estate.world.write_text(f"{estate.world.read_text()}durations: {{vault: 60}}\n")
    estate.declare("all", absent())
    interrupt_at(estate, 1, "DELETE", "/vaults/rsv")
    assert apply(estate, cli, "--auto-approve", "--allow-one-way").status == 130
    estate.on_exchange = lambda _: None
    drift = cli("drift", *estate.sandboxed, "--format", "json").json
    assert [one["state"] for one in drift["differences"]] == ["under way"]
    assert drift["requests"]["read"] == 1, "the list of vaults; what is in it is not asked any more"
    exported = cli("export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION)
    assert (exported.status, exported.out) == (1, ""), "it is as good as gone"
    shown = apply(estate, cli, "--dry-run")
    assert "Dry run: 0 requests would be sent, and none was." in shown.text
    interrupt_at(estate, 2, "GET", "/vaults")
    stopped = apply(estate, cli, "--auto-approve")
    assert (stopped.status, "running vault rsv" in stopped.text) == (130, True), "it is Azure's already"
    estate.on_exchange = lambda _: None
    assert apply(estate, cli, "--auto-approve").status == 0
    assert sent(estate) == [("DELETE", "rsv")]


def test_nothing_is_put_into_a_vault_of_others_that_is_being_deleted(estate: Estate, cli: Cli) -> None:
    exists(estate, policies={})
    estate.declare("all", absent())
    interrupt_at(estate, 1, "DELETE", "/vaults/rsv")
    assert apply(estate, cli, "--auto-approve", "--allow-one-way").status == 130
    estate.declare("all", vault(existing=True), policy(), assignment())
    plan = planned(estate, cli)
    assert blocked(plan) == {"vault-not-ready": "its provisioning state is Deleting"}
    assert steps(plan) == []


IGNORED = {
    "*/protectedItems/*": "Azure took the change, and protection still reads stopped instead of deleted",
    "*/backupPolicies/daily": "Azure took the deletion, and it is still there",
    "*/vaults/rsv": "Azure took the deletion, and the vault still reads Succeeded",
}


@pytest.mark.parametrize("path", IGNORED)
def test_a_deletion_that_azure_takes_and_does_not_carry_out_is_a_failure(estate: Estate, cli: Cli, path: str) -> None:
    exists(estate, STOPPED)
    state = estate.world.read_text()
    estate.world.write_text(f"{state}faults: [{{method: DELETE, path: '{path}', ignored: true}}]\n")
    estate.declare("all", absent("web-02"))
    told = apply(estate, cli)
    assert told.status == 3
    assert f"accepted, not applied: {IGNORED[path]}" in told.text


def test_a_job_that_fails_is_told_and_the_vault_stays(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED)
    state = estate.world.read_text()
    fault = "{method: DELETE, path: '*/protectedItems/*', operation: {code: CloudInternalError, message: It broke.}}"
    estate.world.write_text(f"{state}faults: [{fault}]\n")
    estate.declare("all", absent("web-02"))
    told = apply(estate, cli)
    assert told.status == 3
    assert "It broke." in told.text
    assert "skipped vault rsv" in told.text
    assert sent(estate) == [("DELETE", "VM;iaasvmcontainerv2;rg-web;web-02")]


def test_a_lock_is_told_when_the_service_refuses(estate: Estate, cli: Cli) -> None:
    exists(estate, policies={})
    state = estate.world.read_text()
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup"
    estate.world.write_text(f"{state}faults: [{{method: DELETE, path: '{group}/*', status: 409, code: ScopeLocked}}]\n")
    estate.declare("all", absent())
    told = apply(estate, cli, "--auto-approve", "--allow-one-way")
    assert told.status == 1
    assert "a lock forbids the change" in told.text


def test_a_deletion_waits_for_what_bars_it(estate: Estate, cli: Cli) -> None:
    exists(estate, STOPPED)
    state = estate.world.read_text()
    code = "BMSUserErrorConflictingProtectionOperation"
    fault = f"{{method: DELETE, path: '*/protectedItems/*', status: 400, code: {code}, times: 1}}"
    estate.world.write_text(f"{state}faults: [{fault}]\n")
    estate.declare("all", absent("web-02"))
    assert apply(estate, cli).status == 0
    assert len(estate.requests("DELETE", "web-02")) == 2


def test_vms_of_one_name_are_told_apart(estate: Estate, cli: Cli) -> None:
    items = [STOPPED, {**STOPPED, "vm": "rg-backup/web-02"}]
    found = world(vms("web-02"), {"rsv": {"location": "japaneast", "protectedItems": items}})
    groups = found["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    groups["rg-backup"]["virtualMachines"] = vms("web-02")
    estate.exists(**found)
    approved = absent("web-02")
    approved["spec"]["approval"]["vms"].append(vm_id("web-02", "rg-backup"))
    estate.declare("all", approved)
    told = cli("plan", *estate.sandboxed).text
    assert "delete backups of 2 VMs in rsv (destructive)" in told
    assert "rg-backup/web-02, rg-web/web-02" in told
