"""What holds for every page: hostile names, paper, light and dark, narrow screens, large estates, earlier reports."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.standing.machine import Health
from backup_reconciler.report.html.page import html_report
from backup_reconciler.report.model.resource import ResourceState
from backup_reconciler.report.model.since import Gone, Origin, Since
from backup_reconciler.spec.rules.readiness import VM_AGENT
from tests.end_to_end.browser.conftest import Open
from tests.unit.report.html import fleets

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "\"'`&amp;|*_[a](https://example.com)",
    "{{ 7 * 7 }}{% raw %}",
    "line\nbreak\r\u2028\u2029",
    "\u202egnp.exe",
    "עברית",
]


def in_words(text: str) -> str:
    """A text as it may be shown: what cannot be seen written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_hostile_name_is_a_name(open_page: Open, scripts: bool) -> None:
    """It is shown as it is, and only that: that nothing was asked for, said or popped up is seen on closing."""
    machines = [
        replace(fleets.machine(name.replace("/", "|")), policy=name, last_error=name, health=Health.FAILED)
        for name in HOSTILE
    ]
    findings = [_hostile(name) for name in HOSTILE]
    page = open_page(
        html_report(fleets.report(Plan(fleets.DAY, findings=tuple(findings)), machines)),
        java_script_enabled=scripts,
    )
    shown = [in_words(name) for name in HOSTILE]
    for name in shown:
        expect(page.get_by_role("row", name=f"VM {name}").first).to_contain_text(name)
    if scripts:
        assert page.locator("tbody [data-column=policy] bdi").all_inner_texts() == shown
        assert page.locator("tbody [data-column=health] bdi").all_inner_texts() == shown
        for part in ("title", "message", "remedy"):
            told = page.locator(f"tbody .{part} bdi").all_inner_texts()
            assert sorted(text.removeprefix("VM ") for text in told) == sorted(shown)
    assert page.locator("script:not([type]), img, [onerror], a:not([href^='#'])").count() == 1  # the page's own script


def _hostile(name: str) -> Finding:
    place = replace(fleets.PLACE, file=name)
    return Finding(VM_AGENT, Severity.WARNING, f"Protection/s/g/{name}/g/vm", f"VM {name}", name, place, instead=name)


def test_paper_gets_every_row_of_the_view_and_no_controls(open_page: Open) -> None:
    page = open_page(html_report(fleets.converged(fleets.fleet(2, 120))), "#vault=rsv-001")
    rows = page.locator("table.machines tbody tr")
    expect(rows).to_have_count(100)
    page.emulate_media(media="print", color_scheme="dark")
    expect(rows).to_have_count(120)
    expect(page.get_by_role("status")).to_have_text("120 VMs. Filtered by vault rsv-001.")
    for control in (".toolbar", ".pager", ".skip", "footer"):
        expect(page.locator(control).first).to_be_hidden()
    assert not _is_dark(page)
    page.emulate_media(media="screen")
    expect(rows).to_have_count(100)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(rows).to_have_count(120)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(100)


def test_no_word_of_a_difference_is_broken_on_paper(open_page: Open) -> None:
    """A sheet of A4 is 718 px wide between its margins; with an earlier report there is one column more."""
    report = fleets.unprotected(fleets.fleet(1, 2))
    since = Since(date(2026, 11, 20), frozenset(), (), {one.address: Origin.AS_BEFORE for one in report.resources})
    page = open_page(html_report(replace(report, since=since)), viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    words = page.locator("table.resources .change bdi:not(.source *)")
    lines = words.evaluate_all("all => all.map(one => [one.textContent, one.getClientRects().length])")
    assert {"initialBackup": 1, "DefaultPolicy": 1, "keepDays: 30": 1}.items() <= dict(lines).items()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough_by_day_and_by_night(open_page: Open, scheme: str) -> None:
    """4.5 to 1 for text, 3 to 1 for what else is to be seen (WCAG 2.2, 1.4.3 and 1.4.11)."""
    page = open_page(html_report(fleets.converged([])), color_scheme=scheme)

    def contrast(one: str, other: str) -> float:
        style = "getComputedStyle(document.documentElement).getPropertyValue"
        dark, light = sorted(_luminance(page.evaluate(f"{style}('--{name}')")) for name in (one, other))
        return (light + 0.05) / (dark + 0.05)

    for ground in ("ground", "panel", "hover", "chosen"):
        assert min(contrast(text, ground) for text in ("text", "muted", "accent")) >= 4.5, ground
    for mark in ("good", "warn", "bad", "halt", "odd", "info", "calm", "faint", "strong-line"):
        assert contrast(mark, "panel") >= 3, mark
    assert _is_dark(page) == (scheme == "dark")


def _luminance(colour: str) -> float:
    """Of #rgb or #rrggbb (WCAG 2.2, relative luminance)."""
    digits = colour.removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_dark(page: Page) -> bool:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(map(int, re.findall(r"\d+", colour))) < 64


@pytest.mark.parametrize("width", [320, 2560])
def test_nothing_is_cut_off_or_moved_aside(written: Mapping[str, Path], open_page: Open, width: int) -> None:
    page = open_page(written["plan"], viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(page.get_by_role("row", name="VM web-04 in rsv-east").first).to_be_visible()
    page.get_by_role("table", name="VMs").get_by_role("button", name="Policy").click()
    expect(page.get_by_role("table", name="VMs").get_by_role("columnheader", name="Policy")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_ten_thousand_vms_are_turned_page_by_page(open_page: Open) -> None:
    page = open_page(html_report(fleets.converged(fleets.fleet(100, 100))))
    expect(page.get_by_role("status")).to_have_text("10,000 VMs.")
    pages = page.get_by_role("navigation", name="Pages of VMs")
    expect(pages).to_contain_text("1–100 of 10,000")
    pages.get_by_role("button", name="Previous").press("Enter")
    expect(pages).to_contain_text("1–100 of 10,000")
    pages.get_by_role("button", name="Next").click()
    expect(pages).to_contain_text("101–200 of 10,000")
    expect(page.get_by_role("rowheader").first).to_have_text("vm-001-000")
    assert page.evaluate("document.querySelectorAll('*').length") < 3000
    page.get_by_role("searchbox").fill("vm-099-09")
    expect(page.get_by_role("status")).to_have_text("10 VMs. Filtered by “vm-099-09”.")
    expect(pages).to_be_hidden()


def test_a_plan_says_what_would_be_done_and_what_that_does(written: Mapping[str, Path], open_page: Open) -> None:
    page = open_page(written["plan"])
    expect(page.get_by_text("3 VMs to protect, 4 VMs to back up for the first time, 1 VM to undelete")).to_be_visible()
    expect(page.get_by_text("10 of 19 after this plan")).to_be_visible()
    page.get_by_role("button", name="destructive 3").click()
    expect(page.get_by_role("status")).to_have_text("3 actions. Filtered by destructive.")
    row = page.get_by_role("row", name="backups of VM old-02 in rsv-east")
    expect(row).to_contain_text("13deletebackups of VM old-02 in rsv-eastprotection stopped → deleted")
    expect(row).to_contain_text("deleted; they can be brought back until 2026-12-07destructive")
    expect(row).to_contain_text("assignments.yaml:65")


def test_against_an_earlier_report_it_says_what_is_new_and_what_is_gone(open_page: Open) -> None:
    report = fleets.unprotected(fleets.fleet(1, 2))
    first, second = (one.address for one in report.resources)
    since = Since(
        as_of=date(2026, 11, 20),
        new=frozenset({first}),
        gone=(Gone("Vault/s/g/rsv-old", ResourceState.DIFFERS, Origin.GIT, "vault rsv-old"),),
        origins={first: Origin.AZURE, second: Origin.AS_BEFORE},
    )
    page = open_page(html_report(replace(report, since=since)))
    expect(page.get_by_role("table", name="Differences").locator("td[data-column=origin]")).to_have_text(
        ["new changed in Azure", "as before"]
    )
    expect(page.get_by_role("region", name="Since 2026-11-20")).to_contain_text("1 new")
    expect(page.get_by_role("table", name="Gone")).to_contain_text("differsvault rsv-oldnot declaredchanged in git")
    page.get_by_role("button", name="changed in Azure 1").click()
    expect(page.get_by_role("status")).to_have_text("1 resource. Filtered by changed in Azure.")


def test_where_all_is_well_there_is_nothing_to_search(open_page: Open) -> None:
    page: Page = open_page(html_report(fleets.converged([])))
    expect(page.get_by_text("Azure is as declared.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_count(0)
