"""Drift since an earlier report: what is new, what is gone, and whether Azure or git changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    Told,
    assignment,
    daily_policy,
    pass_time,
    policy,
    vault,
    vm_id,
    vms,
    world,
)
from tests.end_to_end.somebody import somebody

VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"
ADDRESS = f"{SUBSCRIPTION}/rg-backup/rsv"
DAILY = f"Policy/{ADDRESS}/daily"
FOREVER = {"by": "Ada", "reason": "retired", "expires": "2099-12-31"}


def item(vm: str) -> tuple[str, dict[str, Any]]:
    """The path of a VM's backup, and the body that stops it."""
    names = f"iaasvmcontainerv2;rg-web;{vm}"
    path = f"{VAULT}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{names}/protectedItems/VM;{names}"
    kind = {"protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": vm_id(vm)}
    return path, {"properties": {**kind, "protectionState": "ProtectionStopped", "policyId": ""}}


def stops(estate: Estate, vm: str) -> None:
    path, body = item(vm)
    somebody(estate, "PUT", path, body)


def keeps(estate: Estate, days: int) -> None:
    somebody(estate, "PUT", f"{VAULT}/backupPolicies/daily", {"properties": daily_policy(days)})


def declares(estate: Estate, days: int = 30, **production: Any) -> None:
    estate.declare("all", vault(), policy(retention={"daily": {"days": days}}), assignment(**production))


@pytest.fixture
def as_declared(estate: Estate) -> Estate:
    """Two VMs that are backed up as declared, a day's backup after another."""
    items = [{"vm": f"rg-web/{name}", "policy": "daily"} for name in ("web-01", "web-02")]
    held = {"location": "japaneast", "policies": {"daily": daily_policy(30)}, "protectedItems": items}
    machines = vms("web-01", "web-02") | vms("web-03", "db-01", tags={})
    estate.exists(**world(machines, {"rsv": held}))
    declares(estate)
    return estate


@pytest.fixture
def drift(as_declared: Estate, cli: Cli) -> Callable[..., Told]:
    """A report against the last one that was asked for here."""
    last = as_declared.folder / "report.json"

    def report(*arguments: object) -> Told:
        since = ("--since", last) if last.exists() else ()
        told = cli("drift", *as_declared.sandboxed, *since, *arguments)
        assert told.status in (0, 2), told.err
        kept = cli("drift", *as_declared.sandboxed, "--format", "json", "--output", last)
        assert (kept.out, kept.status) == ("", told.status)
        return told

    return report


def labels(told: Told) -> dict[str, tuple[bool, str]]:
    """Of each difference, whether it is new and who changed it."""
    return {one["address"]: (one["since"]["new"], one["since"]["origin"]) for one in told.json["differences"]}


def gone(told: Told) -> list[tuple[str, str, str | None]]:
    return [(one["address"], one["origin"], one["now"]) for one in told.json["since"]["gone"]]


def test_a_policy_that_somebody_changed_until_git_says_the_same(
    as_declared: Estate, drift: Callable[..., Told]
) -> None:
    assert drift("--format", "json").json["since"] is None
    keeps(as_declared, 45)
    told = drift()
    assert "differs policy daily in rsv (new, changed in Azure) retention.daily.days declared 30 found 45" in told.text
    assert "Since 2026-11-23: 1 new, 0 gone." in told.text
    pass_time(as_declared, 3 * 86400)
    assert labels(drift("--format", "json")) == {DAILY: (False, "as before")}, "backups that were made are no change"
    declares(as_declared, days=60)
    assert labels(drift("--format", "json")) == {DAILY: (False, "changed in git")}
    keeps(as_declared, 50)
    declares(as_declared, days=70)
    assert "differs policy daily in rsv (changed in both)" in drift().text
    declares(as_declared, days=50)
    told = drift()
    assert "Gone since 2026-11-26: policy daily in rsv differs then, as declared now changed in git" in told.text
    assert told.status == 0


def test_a_policy_that_was_put_right_in_azure_and_a_declaration_that_is_no_more(
    as_declared: Estate, drift: Callable[..., Told]
) -> None:
    keeps(as_declared, 45)
    stops(as_declared, "web-02")
    drift()
    keeps(as_declared, 30)
    declares(as_declared, exclude={"names": ["web-02"]})
    assert gone(drift("--format", "json")) == [
        (DAILY, "changed in Azure", "as declared"),
        (f"Protection/{ADDRESS}/rg-web/web-02", "changed in git", None),
    ]


def test_stating_one_more_field_is_no_change_in_azure(as_declared: Estate, drift: Callable[..., Told]) -> None:
    drift()
    estate = as_declared
    estate.declare("all", vault(redundancy="LocallyRedundant", tags={"owner": "me"}), policy(), assignment())
    assert labels(drift("--format", "json")) == {f"Vault/{ADDRESS}": (True, "changed in git")}


def test_who_selects_a_vm_that_was_not_meant_before(as_declared: Estate, drift: Callable[..., Told]) -> None:
    """The same assignment, and a VM that is tagged otherwise: that is Azure. Another assignment: that is git."""
    drift()
    somebody(as_declared, "PATCH", vm_id("web-03"), {"tags": {"env": "prod"}})
    web_03, db_01 = (f"Protection/{ADDRESS}/rg-web/{name}" for name in ("web-03", "db-01"))
    assert labels(drift("--format", "json")) == {web_03: (True, "changed in Azure")}
    declares(as_declared, select={"names": ["*"]})
    assert labels(drift("--format", "json")) == {web_03: (False, "as before"), db_01: (True, "changed in git")}


def test_a_plan_is_an_earlier_report_too(as_declared: Estate, cli: Cli) -> None:
    stops(as_declared, "web-01")
    before = as_declared.folder / "plan.json"
    cli("plan", *as_declared.sandboxed, "--format", "json", "--output", before)
    told = cli("drift", *as_declared.sandboxed, "--since", before)
    assert "differs VM web-01 in rsv (as before)" in told.text
    assert "Since 2026-11-23: 0 new, 0 gone." in told.text


# ---- what is no earlier report -------------------------------------------------------------------------------------


@pytest.fixture
def report(as_declared: Estate, cli: Cli) -> dict[str, Any]:
    found: dict[str, Any] = cli("drift", *as_declared.sandboxed, "--format", "json").json
    return found


def refused(estate: Estate, cli: Cli, content: Any) -> str:
    """The one line that a file is refused with, after its name."""
    file = estate.folder / "earlier.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    told = cli("drift", *estate.sandboxed, "--since", file)
    assert (told.status, told.out) == (1, "")
    (line,) = told.err.splitlines()
    assert line.startswith(f"error: {file} ")
    return line.removeprefix(f"error: {file} ")


REMEDY = "give what 'drift --format json --output FILE' has written"


def test_what_is_no_report_is_refused_before_azure_is_asked(
    as_declared: Estate, cli: Cli, report: dict[str, Any]
) -> None:
    as_declared.forget()
    assert refused(as_declared, cli, "Drift: none.") == f"is not JSON; {REMEDY}"
    assert refused(as_declared, cli, []) == f"is no report of drift; {REMEDY}"
    assert refused(as_declared, cli, {"formatVersion": 1, "vms": []}) == f"is no report of drift; {REMEDY}"
    saved = as_declared.folder / "saved.json"
    assert cli("plan", *as_declared.sandboxed, "--out", saved).status == 0
    as_declared.forget()
    assert refused(as_declared, cli, saved.read_text(encoding="utf-8")) == f"is no report of drift; {REMEDY}"
    later = "is a report of format version 2, and 1 can be read"
    assert refused(as_declared, cli, {**report, "formatVersion": 2}) == f"{later}; {REMEDY}"
    without = {name: value for name, value in report.items() if name != "digests"}
    older = "has no digests, because an older version wrote it; make a new report first"
    assert refused(as_declared, cli, without) == older
    broken = {**report, "digests": {DAILY: {"state": "odd", "declared": None, "found": None}}}
    assert f"is not as a report is written, at digests.{DAILY}.state: " in refused(as_declared, cli, broken)
    assert as_declared.requests() == []
    missing = cli("drift", *as_declared.sandboxed, "--since", as_declared.folder / "nowhere.json")
    assert (missing.status, missing.err) == (
        1,
        f"error: {as_declared.folder / 'nowhere.json'}: No such file or directory\n",
    )


def test_a_report_that_is_later_or_about_other_manifests_is_refused(
    as_declared: Estate, cli: Cli, report: dict[str, Any]
) -> None:
    later = {**report, "asOf": "2026-11-24"}
    assert refused(as_declared, cli, later) == (
        "is of 2026-11-24, after the day of this report, 2026-11-23; give an earlier one"
    )
    elsewhere = {address.replace(SUBSCRIPTION, "elsewhere"): told for address, told in report["digests"].items()}
    assert "VMAssignment/production" in elsewhere, "documents of other manifests may be called alike"
    other = {**report, "digests": elsewhere}
    assert refused(as_declared, cli, other).startswith("is about other manifests: it has no resource in common")


def test_the_file_of_a_report_has_no_colour_and_says_what_the_screen_does(
    as_declared: Estate, cli: Cli, tmp_path: Path
) -> None:
    shown = cli("drift", *as_declared.sandboxed)
    assert cli("drift", *as_declared.sandboxed, "--output", tmp_path / "drift.txt").out == ""
    assert (tmp_path / "drift.txt").read_text(encoding="utf-8") == shown.out
