"""What apply refuses, and what it asks before it does anything: through the front door."""

import json

import pytest

from tests.conftest import Cli, Estate, assignment, daily_policy, policy, vault, vms, world

HELD = {"location": "japaneast", "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}


@pytest.fixture
def shortened(estate: Estate) -> Estate:
    """A live policy that keeps 60 days, and a manifest that says 30."""
    held = {**HELD, "policies": {"daily": daily_policy(60)}}
    held["protectedItems"] = [{"vm": "rg-web/web-01", "policy": "daily"}]
    estate.exists(**world(vms("web-01"), {"rsv": held}))
    estate.declare("all", vault(), policy(), assignment())
    return estate


def test_what_deletes_recovery_points_needs_a_flag(shortened: Estate, cli: Cli) -> None:
    planned = cli("plan", *shortened.sandboxed)
    assert "update policy daily in rsv (destructive)" in planned.text
    lost = "deleted earlier, for the VMs it backs up (1): daily points are kept 30 instead of 60 days"
    assert f"recovery points: {lost}" in planned.text
    refused = cli("apply", *shortened.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert "these actions delete recovery points: policy daily in rsv; nothing was changed" in refused.err
    assert "--allow-destructive" in refused.err
    assert shortened.writes() == []
    assert cli("apply", *shortened.sandboxed, "--auto-approve", "--allow-destructive").status == 0
    assert "nothing to do" in cli("plan", *shortened.sandboxed).out


def test_moving_a_vm_to_a_policy_that_keeps_less_is_destructive(estate: Estate, cli: Cli) -> None:
    held = {
        **HELD,
        "policies": {"long": daily_policy(60)},
        "protectedItems": [{"vm": "rg-web/web-01", "policy": "long"}],
    }
    estate.exists(**world(vms("web-01"), {"rsv": held}))
    estate.declare("all", vault(), policy(instantRestoreDays=1), assignment())
    action = cli("plan", *estate.sandboxed, "--format", "json").json["actions"][-1]
    assert (action["verb"], action["risk"]) == ("changePolicy", "destructive")
    assert action["dataEffect"] == (
        "deleted earlier: daily points are kept 30 instead of 60 days; "
        "snapshots for instant restore are deleted earlier, after 1 instead of 2 days"
    )
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 1
    assert estate.writes() == []


def test_strict_does_nothing_while_anything_is_blocked(estate: Estate, cli: Cli) -> None:
    estate.exists(**world({**vms("web-01"), **vms("far-01", location="japanwest")}))
    estate.declare("all", vault(), policy(), assignment())
    refused = cli("apply", *estate.sandboxed, "--auto-approve", "--strict")
    assert refused.status == 1
    assert "1 declaration is blocked and strict is set; nothing was changed" in refused.err
    assert estate.writes() == []


def test_without_a_terminal_nobody_can_say_yes(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    refused = cli("apply", *estate.sandboxed)
    assert refused.status == 1
    assert "there is no terminal; add --auto-approve" in refused.err
    assert estate.writes() == []


@pytest.mark.parametrize(("answer", "status", "writes"), [("n\n", 1, 0), ("y\n", 0, 3)])
def test_the_answer_counts(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch, answer: str, status: int, writes: int
) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    monkeypatch.setattr("backup_reconciler.cli.applying.typer.confirm", lambda _: answer == "y\n")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    told = cli("apply", *estate.sandboxed)
    assert told.status == status
    assert len(estate.writes()) == writes


def test_a_dry_run_sends_nothing_and_shows_the_very_requests(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02")))
    estate.declare("all", vault(tags={"owner": "me"}), policy(), assignment())
    shown = cli("apply", *estate.sandboxed, "--dry-run")
    assert shown.status == 0
    assert estate.writes() == []
    assert "Dry run: 4 requests would be sent, and none was." in shown.text

    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    for sent in estate.writes():
        line = next(line for line in shown.out.splitlines() if sent.path in line and line.startswith(sent.method))
        assert f"{sent.path}?api-version=" in line
    lines = shown.out.splitlines()
    first = lines.index(next(line for line in lines if line.startswith("PUT ")))
    body = "\n".join(lines[first + 1 :]).split("\n\n", 1)[0]
    assert json.loads(body) == estate.writes()[0].request


def test_a_dry_run_needs_no_consent(shortened: Estate, cli: Cli) -> None:
    shown = cli("apply", *shortened.sandboxed, "--dry-run")
    assert shown.status == 0
    assert '"count": 30' in shown.out
    assert shortened.writes() == []


def test_fresh_without_a_sandbox_is_refused(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault())
    told = cli("plan", estate.manifests, "--fresh")
    assert told.status == 1
    assert told.err == "error: --fresh starts a sandbox over, and there is no --sandbox\n"


@pytest.mark.parametrize("arguments", [["plan"], ["nonsense"], ["plan", "x", "--concurrency", "0"], ["plan", "--what"]])
def test_wrong_usage_is_an_error_and_not_a_difference(cli: Cli, arguments: list[str]) -> None:
    told = cli(*arguments)
    assert told.status == 1
    assert told.err.startswith("error: ")


def test_no_arguments_is_a_question_for_help(cli: Cli) -> None:
    told = cli()
    assert told.status == 0
    assert "validate" in told.out
