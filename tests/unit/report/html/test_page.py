"""The page of a report as text: what it may load, how large it is, and that its numbers are the report's."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape

import pytest

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.plan import HeldBack, Plan, WhyHeld
from backup_reconciler.plan.standing.machine import Health, Standing
from backup_reconciler.report.data.plan import plan_data
from backup_reconciler.report.html.page import html_report
from backup_reconciler.report.model.report import Report
from backup_reconciler.spec.rules.protection import VM_REGION
from tests.unit.report.html import fleets

_DATA = re.compile(r'<script type="application/json" id="report">(.*?)</script>')


def data(page: str) -> dict:
    (found,) = _DATA.findall(page)
    return json.loads(found)


def rows(page: str, table: str) -> list[dict]:
    """The rows of a table with the texts that their numbers mean."""
    told = data(page)
    fields = told["tables"][table]["fields"]
    numbers = {"order", "age", "allowed", "fresh", "declared", "changes"}
    return [
        {name: value if name in numbers else told["texts"][value] for name, value in zip(fields, row, strict=True)}
        for row in told["tables"][table]["rows"]
    ]


@pytest.fixture(scope="module")
def unprotected() -> Report:
    return fleets.unprotected(fleets.fleet(2, 2))


def test_the_same_report_is_the_same_page(unprotected: Report) -> None:
    assert html_report(unprotected) == html_report(fleets.unprotected(fleets.fleet(2, 2)))


def test_the_policy_of_the_page_allows_its_own_style_and_script_and_nothing_else(unprotected: Report) -> None:
    page = html_report(unprotected)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (*styles, *scripts)]
    assert unescape(policy).split("; ") == [
        "default-src 'none'",
        f"style-src {hashes[0]} {hashes[1]}",
        f"script-src {hashes[2]}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_page_names_no_address_but_of_standards(unprotected: Report) -> None:
    assert set(re.findall(r"(?:https?:)?//[\w.]+", html_report(unprotected))) <= {"http://www.w3.org"}
    assert "style=" not in html_report(unprotected)


def test_the_counts_are_those_of_the_report_as_json(unprotected: Report) -> None:
    counts = plan_data(unprotected).model_dump(mode="json", by_alias=True)["counts"]
    assert data(html_report(unprotected))["counts"] == counts


def test_a_stop_that_is_declared_needs_no_look_and_is_told_as_such(unprotected: Report) -> None:
    stopped = replace(fleets.machine("b"), standing=Standing.STOPPED, health=Health.NONE_DUE, as_declared=True)
    by_hand = replace(stopped, vm=fleets.vm_id("c"), as_declared=False)
    page = html_report(fleets.report(Plan(fleets.DAY), [fleets.machine("a"), stopped, by_hand]))
    assert [(row["name"], row["declared"]) for row in rows(page, "machines")] == [("c", 0), ("a", 0), ("b", 1)]
    assert '<p class="beside">1 stopped as declared</p>' in page


def test_what_ends_a_script_is_escaped_in_the_data() -> None:
    names = "</script><!--&>\u2028"
    page = html_report(fleets.report(Plan(fleets.DAY), [replace(fleets.machine("vm"), policy=names)]))
    (found,) = _DATA.findall(page)
    assert not set("<>&\u2028\u2029") & set(found)
    assert rows(page, "machines")[0]["policy"] == "</script><!--&>\\u2028"


def test_ten_thousand_vms_fit_into_five_megabytes() -> None:
    """Also where each is to be protected, backed up for the first time, and warned of."""
    fleet = fleets.fleet(100, 100)
    assert len(html_report(fleets.converged(fleet)).encode()) < 2_000_000
    assert len(html_report(fleets.unprotected(fleet)).encode()) < 5_000_000


def test_vms_that_need_a_look_come_first() -> None:
    late = replace(fleets.machine("z"), health=Health.OVERDUE, age_days=3, last_error="UserErrorVmNotFound")
    page = html_report(fleets.report(Plan(fleets.DAY), [fleets.machine("a"), late]))
    first, second = rows(page, "machines")
    assert (first["name"], first["age"], first["allowed"], first["error"]) == ("z", 3, 1, "UserErrorVmNotFound")
    assert (second["name"], second["backup"]) == ("a", "2026-11-22 23:00")


def test_vaults_of_one_name_are_told_apart_by_their_groups() -> None:
    machines = [
        fleets.machine("a", vault="rsv"),
        replace(fleets.machine("b"), vault=fleets.vault_id("other", "rg-backup", "RSV")),
        replace(fleets.machine("c"), vault=fleets.vault_id("other", "rg-2", "rsv")),
        fleets.machine("d", vault="Unique"),
    ]
    page = html_report(fleets.report(Plan(fleets.DAY), machines))
    assert [row["vault"] for row in rows(page, "machines")] == [
        f"{fleets.SUBSCRIPTION}/rg-backup/rsv",
        "other/rg-backup/RSV",
        "rg-2/rsv",
        "Unique",
    ]
    assert '<option value="rg-2/rsv" dir="auto">rg-2/rsv</option>' in page


def test_what_a_plan_leaves_out_says_why(unprotected: Report) -> None:
    first, second, *_ = unprotected.plan.actions
    held = (HeldBack(first, "Vault/s/g/rsv", WhyHeld.BLOCKED), HeldBack(second, "", WhyHeld.LATER_WAVE))
    page = html_report(replace(unprotected, plan=replace(unprotected.plan, held_back=held)))
    assert [row["why"] for row in rows(page, "held")] == [
        "it needs Vault/s/g/rsv, which is blocked",
        "others move to an Enhanced policy first; a run after this one goes on with these",
    ]


def test_an_action_says_who_has_to_approve_it_and_from_when_on_it_can_be(unprotected: Report) -> None:
    guarded = replace(unprotected.plan.actions[0], guard="guard-1", earliest=fleets.DAY)
    page = html_report(replace(unprotected, plan=replace(unprotected.plan, actions=(guarded,))))
    (row,) = rows(page, "actions")
    assert row["note"] == "the Resource Guard guard-1 has to approve it; apply leaves it out; earliest: 2026-11-23"


def test_a_difference_that_apply_cannot_put_right_says_what_keeps_it() -> None:
    change = Change("location", "eastus", "japaneast", fleets.PLACE)
    blocked = Finding(VM_REGION, Severity.BLOCKED, "Vault/s/g/rsv", "vault rsv", "it is far", fleets.PLACE)
    differs = replace(blocked, address="Vault/s/g/other", drift=DriftState.DIFFERS, changes=(change,))
    page = html_report(fleets.report(Plan(fleets.DAY, findings=(blocked, differs))))
    notes = {row["state"]: row["note"] for row in rows(page, "resources")}
    assert notes == {"blocked": "it is far [vm-region]", "differs": "apply cannot put it right: vm-region"}
    assert data(page)["changes"] != []


def test_what_cannot_be_carried_out_is_no_difference() -> None:
    blocked = Finding(VM_REGION, Severity.BLOCKED, "Vault/s/g/rsv", "vault rsv", "it is far", fleets.PLACE)
    page = html_report(fleets.report(Plan(fleets.DAY, findings=(blocked,))))
    assert "No differences, and 1 declaration that cannot be carried out." in page


def test_subscriptions_that_are_not_shown_are_named(unprotected: Report) -> None:
    coverage = replace(unprotected.plan.coverage_now, hidden_subscriptions=("s-2",))
    page = html_report(replace(unprotected, plan=replace(unprotected.plan, coverage_now=coverage)))
    assert '<p class="beside">4 of 4 after this plan; the VMs of subscription s-2 are not shown</p>' in page


def test_without_scripts_the_first_two_hundred_differences_are_told() -> None:
    page = html_report(fleets.unprotected(fleets.fleet(1, 203)))
    static = page.rpartition("<noscript>")[2]
    assert static.count("<tr><td>missing</td>") == 200
    assert "3 more differences; the report as JSON has all." in static
    assert "3 more findings; the report as JSON has all." in static
