"""Saved plans: what was approved is carried out, and nothing else, whatever has become of Azure since."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from backup_reconciler.report.schemas import schemas
from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    Told,
    assignment,
    daily_policy,
    interrupt_at,
    policy,
    vault,
    vm_id,
    vms,
    world,
)


def live(days: int = 30, **entry: Any) -> dict[str, Any]:
    """The vault of the manifests, with its policy."""
    return {"location": "japaneast", "policies": {"daily": daily_policy(days)}, **entry}


def held(*names: str, state: str = "") -> dict[str, Any]:
    """The vault's items: backed up by the policy, or in a state without one."""
    item = {"state": state} if state else {"policy": "daily"}
    return {"protectedItems": [{"vm": f"rg-web/{name}", **item} for name in names]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.json"


def save(estate: Estate, cli: Cli, file: Path, *arguments: object) -> dict[str, Any]:
    told = cli("plan", *estate.sandboxed, "--out", file, *arguments)
    assert told.status == 0, told.err
    saved: dict[str, Any] = json.loads(file.read_text())
    Draft7Validator(json.loads(schemas()["saved-plan.schema.json"])).validate(saved)
    estate.forget()
    return saved


def apply(estate: Estate, cli: Cli, file: Path, *arguments: object) -> Told:
    return cli("apply", *estate.sandboxed, "--plan", file, *arguments)


def protected(estate: Estate) -> Counter[str]:
    """The VMs whose items were written, with how often."""
    return Counter(seen.path.rpartition(";")[2] for seen in estate.requests("PUT", "/protectedItems/"))


def test_a_saved_plan_is_carried_out_unasked_and_a_second_time_finds_nothing_to_do(
    estate: Estate, cli: Cli, file: Path
) -> None:
    estate.exists(**world(vms("web-01", "web-02")))
    estate.declare("all", vault(), policy(), assignment())
    saved = save(estate, cli, file)
    assert [action["verb"] for action in saved["actions"]] == ["createVault", "createPolicy", "protect", "protect"]
    assert saved["origin"]["azure"] == "sandbox"
    assert saved["origin"]["subscriptions"] == [SUBSCRIPTION]
    written = file.read_bytes()
    save(estate, cli, file, "--format", "json", "--output", file.with_name("report.json"))
    assert file.read_bytes() == written, "equal input, equal file"

    told = apply(estate, cli, file)
    assert told.status == 0, told.out + told.err
    assert len(estate.writes()) == 4
    estate.forget()
    again = apply(estate, cli, file)
    assert (again.status, estate.writes()) == (0, [])
    assert "settled 4 approved actions" in again.text
    assert "Azure has it so already" in again.text

    assert save(estate, cli, file)["actions"] == []
    assert apply(estate, cli, file).status == 0


def test_an_approved_action_that_changed_is_refused_with_the_difference(estate: Estate, cli: Cli, file: Path) -> None:
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live(30, **held("web-01"))}))
    estate.declare("all", vault(), policy(retention={"daily": {"days": 60}}), assignment())
    save(estate, cli, file)
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live(45, **held("web-01"))}))

    told = apply(estate, cli, file)
    assert (told.status, estate.writes()) == (1, [])
    assert "refused update policy daily in rsv" in told.text
    assert "retention.daily.days approved: 30 → 60 now: 45 → 60" in told.text
    assert told.err == (
        "error: 1 approved action is not what was approved; nothing was changed; save a new plan with plan --out, and "
        "approve that\n"
    )


def test_a_vm_that_came_to_a_policy_since_is_a_change_of_its_update(estate: Estate, cli: Cli, file: Path) -> None:
    """The fields that are written are the same: what they do is not."""
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live(30, **held("web-01"))}))
    estate.declare("all", vault(), policy(retention={"daily": {"days": 7}}))
    save(estate, cli, file)
    refused = apply(estate, cli, file)
    assert (refused.status, estate.writes()) == (1, [])
    assert "--allow-destructive" in refused.err, "the approval of a plan is not the consent to lose points"

    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live(30, **held("web-01", "web-02"))}))
    told = apply(estate, cli, file, "--allow-destructive")
    assert (told.status, estate.writes()) == (1, [])
    assert f"{vm_id('web-01')}, {vm_id('web-02')}" in told.text


@pytest.mark.parametrize("unstated", [{"policy": "DefaultPolicy"}, {"policy": "daily"}])
def test_a_policy_that_would_delete_more_of_what_was_kept_is_a_change_of_a_resumption(
    unstated: dict[str, str], estate: Estate, cli: Cli, file: Path
) -> None:
    """No manifest says for how long the policy keeps points, so nothing but the approval does."""
    name = unstated["policy"]
    stopped = held("web-01", state="ProtectionStopped")
    without_retention = policy()
    del without_retention["spec"]["retention"]
    declared = [without_retention] if name == "daily" else []

    def exists(days: int) -> None:
        kept = {"location": "japaneast", "policies": {name: daily_policy(days)}}
        estate.exists(**world(vms("web-01"), {"rsv": kept | stopped}))

    exists(3650)
    estate.declare("all", vault(), *declared, assignment(**unstated))
    save(estate, cli, file)
    exists(7)
    told = apply(estate, cli, file, "--allow-destructive")
    assert (told.status, estate.writes()) == (1, [])
    assert "refused resume VM web-01 in rsv" in told.text
    assert "retention.daily.days approved: 3650 now: 7" in told.text
    exists(3650)
    assert apply(estate, cli, file, "--allow-destructive").status == 0


def test_something_else_in_the_place_of_an_approved_action_is_refused(estate: Estate, cli: Cli, file: Path) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": live()}))
    estate.declare("all", vault(), policy(), assignment())
    save(estate, cli, file)
    estate.exists(**world(vms("web-01"), {"rsv": live(**held("web-01", state="ProtectionStopped"))}))
    told = apply(estate, cli, file)
    assert (told.status, estate.writes()) == (1, [])
    assert "refused protect VM web-01 in rsv" in told.text
    assert "something else would be done now" in told.text
    assert "resume VM web-01 in rsv by daily" in told.text


def test_an_approved_action_that_is_blocked_now_is_refused_with_the_reason(
    estate: Estate, cli: Cli, file: Path
) -> None:
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live()}))
    estate.declare("all", vault(), policy(), assignment(initialBackup={"keepDays": 30}))
    save(estate, cli, file)
    moved = vms("web-01") | vms("web-02", location="japanwest")
    estate.exists(**world(moved, {"rsv": live()}))
    told = apply(estate, cli, file)
    assert (told.status, estate.writes()) == (1, [])
    assert "refused protect VM web-02 in rsv" in told.text
    assert "it is blocked now: it is in japanwest, the vault is in japaneast [vm-region]" in told.text


def test_a_new_action_is_shown_and_left(estate: Estate, cli: Cli, file: Path) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": live()}))
    estate.declare("all", vault(), policy(), assignment())
    save(estate, cli, file)
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live()}))

    shown = apply(estate, cli, file, "--dry-run")
    assert (shown.status, estate.writes()) == (3, [])
    assert shown.out.count("\nPUT ") == 1, "the requests of what is approved, and no others"
    told = apply(estate, cli, file)
    assert (told.status, protected(estate)) == (3, {"web-01": 1})
    assert "What the saved plan does not have is left" in told.text
    assert "protect VM web-02 in rsv by daily" in told.text
    assert "Left: 1 action not approved." in told.text
    assert "Coverage after this plan: 1 of 2 VMs backed up" in told.text
    estate.forget()
    assert (apply(estate, cli, file).status, estate.writes()) == (3, [])


def test_what_waits_for_a_new_action_is_left_as_well(estate: Estate, cli: Cli, file: Path) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": live()}))
    estate.declare("all", vault(), policy(), assignment(initialBackup={"keepDays": 30}))
    save(estate, cli, file)
    estate.exists(**world(vms("web-01"), {"rsv": live(7)}))
    told = apply(estate, cli, file)
    assert (told.status, estate.writes()) == (3, [])
    assert "left 2 approved actions protect VM web-01 in rsv and back up VM web-01 in rsv" in told.text
    assert "it needs policy daily in rsv, which is left" in told.text
    assert "Left: 1 action not approved, and 2 approved actions waiting for them." in told.text


def test_limits_hold_for_what_is_carried_out(estate: Estate, cli: Cli, file: Path) -> None:
    names = [f"web-{number:02}" for number in range(20)]
    estate.exists(**world(vms(*names), {"rsv": live(**held(*names))}))
    estate.declare("all", vault(), policy(), assignment(protection="stopped", select={"names": names[:5]}))
    save(estate, cli, file)
    refused = apply(estate, cli, file)
    assert (refused.status, estate.writes()) == (1, [])
    assert "to agree, add --max-changes 5" in refused.err


def test_a_saved_plan_that_was_broken_off_goes_on_with_what_is_left(estate: Estate, cli: Cli, file: Path) -> None:
    names = [f"web-{number:02}" for number in range(4)]
    estate.exists(**world(vms(*names)))
    estate.declare("all", vault(), policy(), assignment(initialBackup={"keepDays": 30}))
    save(estate, cli, file)
    for number, containing in ((1, "/vaults/rsv"), (2, "/protectedItems/")):
        interrupt_at(estate, number, "PUT", containing)
        assert apply(estate, cli, file, "--concurrency", 1).status == 130
    estate.on_exchange = lambda _: None
    told = apply(estate, cli, file)
    assert told.status == 0, told.out + told.err
    assert protected(estate) == dict.fromkeys(names, 1)
    assert len(estate.requests("POST", "/backup")) == 4
    assert "nothing to do" in cli("plan", *estate.sandboxed).text


def test_a_step_that_was_done_leaves_the_next_one_as_it_was_approved(estate: Estate, cli: Cli, file: Path) -> None:
    """Undelete and resume: between the two the item is another one, as it was foretold."""
    estate.exists(**world(vms("web-01"), {"rsv": live(**held("web-01", state="SoftDeleted"))}))
    estate.declare("all", vault(), policy(), assignment())
    assert [action["verb"] for action in save(estate, cli, file)["actions"]] == ["undelete", "resume"]
    interrupt_at(estate, 1, "PUT", "/protectedItems/")
    assert apply(estate, cli, file, "--allow-destructive").status == 130
    estate.on_exchange = lambda _: None
    told = apply(estate, cli, file, "--allow-destructive")
    assert told.status == 0, told.out + told.err
    assert protected(estate) == {"web-01": 2}


def test_days_pass_between_a_plan_and_its_application(estate: Estate, cli: Cli, file: Path) -> None:
    """What a day changes of what is written is refused; a first backup that is kept a day longer goes on."""
    estate.exists(**world(vms("web-01"), {"rsv": live()}))
    estate.declare("all", vault(), policy(), assignment(initialBackup={"keepDays": 30}))
    save(estate, cli, file, "--as-of", "2026-11-22")
    assert apply(estate, cli, file).status == 0

    local = {"timeZone": "Europe/Berlin", "daylightSaving": "keep-local-hour"}
    estate.declare("all", vault(), policy("local", **local))
    estate.exists(**world({}, {"rsv": {"location": "japaneast"}}))
    save(estate, cli, file, "--as-of", "2026-11-22")
    told = apply(estate, cli, file, "--as-of", "2027-06-01")
    assert (told.status, estate.writes()) == (1, [])
    assert "settings.schedule.time approved: 23:00 now: 22:00" in told.text


# ---- files that are refused before Azure is asked anything -----------------------------------------------------------


def edited(file: Path, **values: Any) -> None:
    """Change the file's fields, by their paths."""
    data = json.loads(file.read_text())
    for path, value in values.items():
        *outer, last = path.split("__")
        target = data
        for name in outer:
            target = target[int(name) if name.isdigit() else name]
        target[last] = value
    file.write_text(json.dumps(data))


STALE: dict[str, tuple[dict[str, Any], str]] = {
    "changed action": ({"actions__0__changes": []}, "createVault:Vault/"),
    "changed words of an action": ({"actions__0__dataEffect": "nothing"}, "not what its digest stands for"),
    "action taken out": ({"actions": []}, "not what its digest stands for"),
    "changed digest": ({"digest": f"sha256:{'0' * 64}"}, "not what its digest stands for"),
    "newer format": ({"formatVersion": 2}, "it has format version 2, and 1 is the last known here"),
    "unknown field": ({"more": 1}, "it is not as saved plans are: more: "),
    "a report": ({"kind": None}, "it is JSON of another kind than a saved plan"),
}


@pytest.mark.parametrize("case", STALE)
def test_a_file_that_was_tampered_with_is_refused(case: str, estate: Estate, cli: Cli, planned_once: Path) -> None:
    changes, message = STALE[case]
    edited(planned_once, **changes)
    refused_unread(apply(estate, cli, planned_once), message, estate)


@pytest.fixture
def planned_once(estate: Estate, cli: Cli, file: Path) -> Path:
    """A saved plan for a vault with a policy."""
    estate.exists(**world())
    estate.declare("all", vault(), policy())
    save(estate, cli, file)
    return file


def refused_unread(told: Told, message: str, estate: Estate) -> None:
    assert told.status == 1
    assert told.err.startswith("error: ")
    assert message in told.err
    assert told.err.count("\n") == 1
    assert told.err.endswith("nothing was changed; save a new plan with plan --out, and approve that\n")
    assert (told.out, estate.exchanges) == ("", [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{", "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it is JSON of another kind"),
        (b"null", "it is JSON of another kind"),
    ],
)
def test_what_is_no_saved_plan_is_refused(content: bytes, message: str, estate: Estate, cli: Cli, file: Path) -> None:
    estate.exists(**world())
    estate.declare("all", vault(), policy())
    file.write_bytes(content)
    refused_unread(apply(estate, cli, file), f"{file} cannot be applied: {message}", estate)


OTHER = SUBSCRIPTION.replace("1", "2")


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([vault(tags={"a": "b"}), policy()], "these manifests say something else than those that it was made from"),
        ([vault()], "these manifests say something else"),
        (
            [vault(subscription=OTHER), policy()],
            f"it is about subscription {SUBSCRIPTION}, and these manifests are about subscription {OTHER}",
        ),
    ],
)
def test_other_manifests_are_refused(
    documents: list[dict[str, Any]], message: str, estate: Estate, cli: Cli, planned_once: Path
) -> None:
    estate.declare("all", *documents)
    refused_unread(apply(estate, cli, planned_once), message, estate)


@pytest.mark.parametrize(
    "may", [{"strict": True}, {"limits": {"stops": 11}}, {"allow": {"destructive": True}}, {"roots": ["."]}]
)
def test_other_settings_of_what_a_run_may_do_are_refused(
    may: dict[str, Any], estate: Estate, cli: Cli, planned_once: Path
) -> None:
    settings = {"apiVersion": "backup-reconciler/v1", "kind": "Settings", "spec": may}
    (estate.manifests / "backup-reconciler.yaml").write_text(json.dumps(settings))
    refused_unread(apply(estate, cli, planned_once), "these manifests say something else", estate)


def test_another_azure_is_refused(estate: Estate, cli: Cli, planned_once: Path) -> None:
    told = cli("apply", estate.manifests, "--plan", planned_once, "--cloud", "usgov")
    refused_unread(told, "it is about sandbox, and this run is about https://management.usgovcloudapi.net", estate)


def test_another_version_is_refused(
    estate: Estate, cli: Cli, planned_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backup_reconciler.cli import saved_plans

    monkeypatch.setattr(saved_plans, "version", lambda _: "99.0")
    refused_unread(apply(estate, cli, planned_once), "and this is 99.0", estate)


def test_manifests_that_are_only_written_otherwise_are_not(estate: Estate, cli: Cli, planned_once: Path) -> None:
    (estate.manifests / "all.yaml").unlink()
    estate.declare("policy", policy())
    estate.declare("the-vault", vault())
    assert apply(estate, cli, planned_once).status == 0
    assert len(estate.writes()) == 2


# ---- saving --------------------------------------------------------------------------------------------------------


def test_a_plan_that_cannot_be_saved_is_not_made(estate: Estate, cli: Cli, tmp_path: Path) -> None:
    estate.exists(**world())
    estate.declare("all", vault())
    os.mkfifo(tmp_path / "pipe")
    for out, message in (
        (tmp_path / "pipe", f"{tmp_path / 'pipe'} is no ordinary file; name another"),
        (tmp_path / "nowhere" / "plan.json", f"there is no folder {tmp_path / 'nowhere'}; make it first"),
        (tmp_path, f"{tmp_path} is a folder; name a file in it"),
    ):
        told = cli("plan", *estate.sandboxed, "--out", out)
        assert (told.status, told.out, estate.exchanges) == (1, "", [])
        assert message in told.err
    told = cli("plan", *estate.sandboxed, "--out", tmp_path / "plan.json", "--explain", "web-01")
    assert (told.status, told.out, estate.exchanges) == (1, "", [])
    assert "leave one of them out" in told.err


def test_a_file_that_cannot_be_written_whole_is_not_written(
    estate: Estate, cli: Cli, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(file))

    estate.exists(**world())
    estate.declare("all", vault())
    file.write_text("the plan before")
    monkeypatch.setattr(Path, "replace", full)
    told = cli("plan", *estate.sandboxed, "--out", file)
    assert (told.status, told.err) == (1, f"error: {file}: No space left on device\n")
    assert file.read_text() == "the plan before"
    assert list(file.parent.glob(".*.partial")) == []


def test_a_link_to_a_file_stays_a_link(estate: Estate, cli: Cli, file: Path, tmp_path: Path) -> None:
    """Such as /dev/stdout, which is replaced for all programs where the run may do that."""
    estate.exists(**world())
    estate.declare("all", vault())
    link = tmp_path / "link"
    link.symlink_to(file)
    assert cli("plan", *estate.sandboxed, "--out", link).status == 0
    assert link.is_symlink()
    assert json.loads(file.read_text())["kind"] == "SavedPlan"


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--out", "one", "--output", "./one", "--format", "json"),
        ("plan", "--out", "one", "--also", "json=one"),
        ("drift", "--output", "one", "--also", "html=one"),
    ],
)
def test_no_file_is_written_over_another(
    arguments: tuple[str, ...], estate: Estate, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    estate.exists(**world())
    estate.declare("all", vault())
    told = cli(*arguments, *estate.sandboxed)
    assert (told.status, told.out, estate.exchanges) == (1, "", [])
    assert told.err == "error: one is named twice, and one would overwrite the other; name two files\n"
