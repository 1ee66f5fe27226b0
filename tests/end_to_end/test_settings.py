"""The settings file beside the manifests: found, checked, and kept to."""

from pathlib import Path

import pytest
import yaml

from backup_reconciler.azure.cloud import cloud
from backup_reconciler.cli import connection
from tests.conftest import Cli, Estate, assignment, daily_policy, interrupt_at, policy, vault, vms, world


def settle(folder: Path, **spec: object) -> None:
    document = {"apiVersion": "backup-reconciler/v1", "kind": "Settings", "spec": spec}
    folder.mkdir(exist_ok=True)
    (folder / "backup-reconciler.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


@pytest.fixture
def shortened(estate: Estate) -> Estate:
    """A live policy that keeps 60 days, and a manifest that says 30."""
    held = {
        "location": "japaneast",
        "policies": {"daily": daily_policy(60)},
        "protectedItems": [{"vm": "rg-web/web-01", "policy": "daily"}],
    }
    estate.exists(**world(vms("web-01"), {"rsv": held}))
    estate.declare("all", vault(), policy(), assignment())
    return estate


def test_settings_allow_what_a_flag_would(shortened: Estate, cli: Cli) -> None:
    settle(shortened.manifests, allow={"destructive": True})
    assert cli("apply", *shortened.sandboxed, "--auto-approve").status == 0
    assert "nothing to do" in cli("plan", *shortened.sandboxed).out


def test_settings_that_do_not_allow_leave_it_to_the_flag(shortened: Estate, cli: Cli) -> None:
    settle(shortened.manifests, allow={"destructive": False, "oneWay": True})
    refused = cli("apply", *shortened.sandboxed, "--auto-approve")
    assert (refused.status, "--allow-destructive" in refused.err) == (1, True)
    assert shortened.writes() == []
    assert cli("apply", *shortened.sandboxed, "--auto-approve", "--allow-destructive").status == 0


def test_strict_settings_refuse_a_plan_with_anything_blocked(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), vault("other", resourceGroup="rg-missing"))
    settle(estate.manifests, strict=True)
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert refused.err == "error: 1 declaration is blocked and strict is set; nothing was changed\n"
    assert estate.writes() == []


def test_requests_at_a_time_are_as_many_as_the_settings_say(estate: Estate, cli: Cli) -> None:
    names = [f"web-{number:02}" for number in range(8)]
    estate.exists(**world(vms(*names)))
    estate.declare("all", vault(), policy(), assignment())
    settle(estate.manifests, connection={"concurrency": 1})
    interrupt_at(estate, 1, "PUT", "/protectedItems/")
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert (told.status, "1 running and 7 not started" in told.text) == (130, True)


@pytest.mark.parametrize("verb", ["plan", "apply", "drift", "check", "jobs"])
def test_the_cloud_is_the_one_that_the_settings_say_unless_the_command_line_says_another(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(connection, "cloud", lambda name, endpoint: (asked.append(name), cloud(name, endpoint))[1])
    estate.exists(**world())
    estate.declare("all", vault())
    settle(estate.manifests, connection={"cloud": "china"})
    cli(verb, *estate.sandboxed)
    cli(verb, *estate.sandboxed, "--cloud", "usgov")
    settle(estate.manifests, strict=False)
    cli(verb, *estate.sandboxed)
    assert asked == ["china", "usgov", "public"]


def test_settings_are_found_above_the_manifests_as_far_as_the_repository_goes(
    shortened: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shortened.manifests)
    settle(shortened.folder, allow={"destructive": True})
    arguments = (".", "--sandbox", shortened.world, "--auto-approve")
    assert cli("apply", *arguments).status == 1, "outside a repository a file further up means nothing"
    (shortened.folder / ".git").mkdir()
    assert cli("apply", *arguments).status == 0


def test_an_error_in_settings_above_is_told_as_one_would_type_the_path(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate.declare("all", vault())
    (estate.folder / ".git").mkdir()
    settle(estate.folder, strict="yes")
    monkeypatch.chdir(estate.manifests)
    told = cli("validate", "all.yaml")
    assert told.status == 1
    what = 'Settings  spec.strict: is the text "yes", not true or false; write true [wrong-type]'
    assert told.err == f"../backup-reconciler.yaml:4:11  {what}\n"


def test_two_settings_files_for_one_run_are_refused(estate: Estate, cli: Cli) -> None:
    """Whether one folder holds both, or each of two paths has its own."""
    estate.exists(**world())
    estate.declare("all", vault())
    for team in ("a", "b"):
        settle(estate.manifests / team, strict=True)
        (estate.manifests / team / "vault.yaml").write_text(yaml.safe_dump(vault(f"rsv-{team}")))
    both = (estate.manifests / "a", estate.manifests / "b")
    for paths in [(estate.manifests,), both]:
        told = cli("apply", *paths, "--sandbox", estate.world, "--auto-approve")
        assert (told.status, told.err.count("[settings-twice]")) == (1, 1)
        assert str(both[0] / "backup-reconciler.yaml") in told.err, "the other of the two is named too"
    assert estate.requests() == []
    assert cli("apply", both[0], "--sandbox", estate.world, "--auto-approve").status == 0


def test_settings_by_themselves_are_valid_and_declare_nothing(estate: Estate, cli: Cli) -> None:
    estate.exists(**world())
    settle(estate.manifests, strict=True)
    file = estate.manifests / "backup-reconciler.yaml"
    assert cli("validate", file).status == 0
    told = cli("plan", file, "--sandbox", estate.world)
    assert (told.status, "[no-manifests]" in told.err) == (1, True)
    assert "[no-manifests]" in cli("validate", estate.manifests).err


def test_a_signature_in_the_lock_is_not_repeated(estate: Estate, cli: Cli) -> None:
    settle(estate.manifests, lock={"blob": "https://a.blob.core.windows.net/c/run?sig=c2VjcmV0"})
    told = cli("validate", estate.manifests / "backup-reconciler.yaml")
    assert (told.status, "c2VjcmV0" in told.err) == (1, False)
