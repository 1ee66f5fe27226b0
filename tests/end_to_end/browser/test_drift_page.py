"""A drift report in a browser: searched, filtered, sorted, linked, printed, and used by keyboard alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.browser.conftest import Open


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def table(page: Page, name: str) -> Locator:
    return page.get_by_role("table", name=name)


def first_cells(page: Page, name: str) -> list[str]:
    return table(page, name).get_by_role("rowheader").all_inner_texts()


@pytest.fixture
def drift(written: Mapping[str, Path], open_page: Open) -> Page:
    return open_page(written["drift"])


def test_it_tells_what_differs_and_how_each_vm_stands(drift: Page) -> None:
    expect(drift).to_have_title("Drift 2026-11-23 · Backup Reconciler")
    expect(drift.get_by_text("12 differences between the manifests and Azure.")).to_be_visible()
    expect(drift.get_by_role("heading", name="Differences 12")).to_be_visible()
    expect(status(drift)).to_have_text("12 resources, 3 findings, 1 undeclared, 21 VMs, 3 backups kept without an end.")
    row = table(drift, "Differences").get_by_role("row", name="VM db-01 in rsv-east")
    expect(row).to_contain_text("differsVM db-01 in rsv-eastdisksdeclared exclude: [1]found exclude: [2]")
    expect(row).to_contain_text("assignments.yaml:39")
    finding = table(drift, "Findings").get_by_role("row", name="VM web-10 in rsv-east")
    expect(finding).to_contain_text("it is in eastus, and none of the vaults is there")
    expect(finding).to_contain_text("Why: The service refuses a VM of another region.")
    expect(table(drift, "Undeclared")).to_contain_text("VM rg-former/moved-01 in rsv-east")
    expect(table(drift, "Kept without an end")).to_contain_text(
        "VM web-04 in rsv-eastrsv-eaststopped2026-08-01 14:00114 days"
    )
    expect(drift.get_by_role("img", name="Coverage: 9 protected, 6 uncovered, 2 stopped")).to_be_visible()


def test_search_looks_into_everything(drift: Page) -> None:
    search = drift.get_by_role("searchbox", name="Search")
    search.fill("WEB-07 initialbackup")
    expect(status(drift)).to_have_text("1 resource. Filtered by “WEB-07 initialbackup”.")
    search.fill("needs approval of nobody")
    expect(status(drift)).to_have_text("Nothing matches. Filtered by “needs approval of nobody”.")
    expect(drift.get_by_role("table")).to_have_count(0)
    drift.get_by_role("button", name="Clear filters").click()
    expect(status(drift)).to_contain_text("12 resources, 3 findings")
    expect(search).to_be_focused()


def test_a_number_of_the_summary_is_a_filter(drift: Page) -> None:
    """Words of one list widen what is shown, those of two lists of one table narrow it."""
    for choices, told in (
        (["missing 3"], "3 resources. Filtered by missing."),
        (["as declared 6"], "6 resources. Filtered by as declared."),
        (["missing 3", "unwanted 1"], "4 resources. Filtered by missing, unwanted."),
        (["warning 1"], "1 undeclared. Filtered by warning."),
        (["missing 3", "info 1"], "3 resources, 1 finding. Filtered by missing, info."),
        (["uncovered 6"], "6 VMs. Filtered by uncovered."),
        (["protected 9", "no backup yet 1"], "1 VM. Filtered by protected, no backup yet."),
    ):
        for choice in choices:
            button = drift.get_by_role("button", name=choice, exact=True)
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
        expect(status(drift)).to_have_text(told)
        for choice in choices:
            drift.get_by_role("button", name=choice, exact=True).click()
        expect(status(drift)).to_contain_text("12 resources, 3 findings")


def test_a_vault_is_a_filter(drift: Page) -> None:
    drift.get_by_label("Vault").select_option("rsv-west")
    expect(status(drift)).to_have_text("2 resources, 1 finding, 1 VM. Filtered by vault rsv-west.")


def test_every_column_sorts(drift: Page) -> None:
    """Upwards, downwards, and back to the order of the report; what has no value comes last both ways."""
    before = first_cells(drift, "VMs")
    heading = table(drift, "VMs").get_by_role("columnheader", name="Age")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    upwards = table(drift, "VMs").locator("td[data-column=age]").all_inner_texts()
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    downwards = table(drift, "VMs").locator("td[data-column=age]").all_inner_texts()
    days = [int(age.split()[0]) for age in upwards if age]
    assert days == sorted(days)
    assert [int(age.split()[0]) for age in downwards if age] == days[::-1]
    assert upwards[-1] == downwards[-1] == ""
    heading.get_by_role("button").click()
    expect(heading).not_to_have_attribute("aria-sort", "descending")
    assert first_cells(drift, "VMs") == before
    for button in drift.locator("thead").get_by_role("button").all():
        button.dispatch_event("click")
        expect(button.locator("..")).to_have_attribute("aria-sort", "ascending")


def test_states_are_sorted_by_their_meaning_once_what_is_blocked_is_asked_for_too(drift: Page) -> None:
    drift.evaluate("location.hash = '#state=blocked,missing,unwanted,differs'")
    expect(status(drift)).to_contain_text("14 resources. Filtered by")
    table(drift, "Differences").get_by_role("button", name="State").click()
    states = table(drift, "Differences").locator("td[data-column=state]").all_inner_texts()
    assert list(dict.fromkeys(states)) == ["missing", "differs", "unwanted", "blocked"]


def test_the_address_keeps_the_view(drift: Page, open_page: Open, written: Mapping[str, Path]) -> None:
    drift.get_by_role("searchbox").fill("web")
    drift.get_by_label("Vault").select_option("rsv-east")
    drift.get_by_role("button", name="none due 12", exact=True).click()
    table(drift, "VMs").get_by_role("button", name="VM", exact=True).dblclick()
    fragment = drift.evaluate("location.hash")
    assert fragment == "#q=web&vault=rsv-east&health=none+due&sort=machines.name.descending"
    again = open_page(written["drift"], fragment)
    expect(status(again)).to_have_text("2 VMs. Filtered by “web”; vault rsv-east; none due.")
    assert first_cells(again, "VMs") == ["web-05", "web-04"]
    again.evaluate("location.hash = '#state=missing,nonsense&vault=nowhere&sort=nothing.name.descending'")
    expect(status(again)).to_have_text("3 resources. Filtered by missing.")
    again.get_by_role("button", name="Clear filters").click()
    assert again.evaluate("location.hash") == ""


def test_it_is_used_by_keyboard_alone(drift: Page) -> None:
    drift.keyboard.press("Tab")
    expect(drift.get_by_role("link", name="Skip to the results")).to_be_focused()
    drift.keyboard.press("Enter")
    expect(drift.locator("#results")).to_be_focused()
    drift.keyboard.press("/")
    search = drift.get_by_role("searchbox")
    expect(search).to_be_focused()
    drift.keyboard.type("a/b")
    expect(search).to_have_value("a/b")
    drift.keyboard.press("Escape")
    expect(search).to_have_value("")
    drift.get_by_role("link", name="VMs 21").press("Enter")
    expect(drift.get_by_role("region", name="VMs")).to_be_focused()
    outline = drift.get_by_role("button", name="missing 3")
    outline.press("Space")
    expect(outline).to_have_attribute("aria-pressed", "true")
    assert outline.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"


def test_without_scripts_the_summary_and_the_differences_are_there(
    written: Mapping[str, Path], open_page: Open
) -> None:
    page = open_page(written["drift"], java_script_enabled=False)
    expect(page.get_by_text("12 differences between the manifests and Azure.")).to_be_visible()
    expect(page.get_by_role("row", name="VM db-01 in rsv-east")).to_contain_text("declared exclude: [1]")
    expect(page.get_by_role("row", name="VM web-10 in rsv-east: it is in eastus")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.get_by_role("button", name="missing 3")).to_be_disabled()
