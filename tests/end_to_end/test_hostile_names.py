"""Names that were chosen to do harm, wherever Azure gives text: through every verb they are shown, and never act."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.conftest import SUBSCRIPTION, Cli, Estate, Told, assignment, daily_policy, policy, vault, vms, world

MARK = "INJECTED"
COMMAND = re.compile(r"^\s*::[a-z-]+(::| )|##vso\[|##\[")
"""To a pipeline, in whatever is printed."""
ACTS = f"\x7f\x9b31m\u202egnp\u2028{MARK}\x85{MARK}\u2029|`*_'\"$(id)"
"""What a name in Azure may have in the box: all that acts but the control characters of C0."""
NAME = f"{ACTS}<img src=x onerror=alert(1)>"
"""Of a VM, a group, a policy or a lock; a tag's name has no angle brackets."""
COMMANDS = "::error::x ##vso[task.setvariable variable=x]y ##[error]x"
TEXT = f"\x1b[2J\x1b]0;title\x07\r\n::error::{MARK} {COMMANDS}\r{MARK}\n{MARK}\x00</script><script>alert(1)//{NAME}"
"""A tag's value, or a message."""
LIKE_YAML = (
    "yes",
    "1e3",
    "null",
    "~",
    "0x1F",
    "23:00",
    "2026-11-23",
    "*a",
    "&a",
    "!!str x",
    "- x",
    "a: b",
    "#",
    "",
    " x ",
)
VM = f"web{NAME}"
GROUP = f"rg{NAME}"
POLICY = f"daily{NAME}"
TAGS = {ACTS: TEXT, **{f"like {number}": text for number, text in enumerate(LIKE_YAML)}}


@pytest.fixture
def hostile(estate: Estate) -> Estate:
    """A vault and its VMs with such names, and manifests to which all of that is a difference."""
    item = {"vm": f"{GROUP}/{VM}", "policy": POLICY}
    stopped = {"vm": f"{GROUP}/{VM}-2", "state": "ProtectionStopped"}
    live = {
        "location": "japaneast",
        "tags": TAGS,
        "policies": {POLICY: daily_policy(30)},
        "protectedItems": [item, stopped],
        "locks": {NAME: {"level": "CanNotDelete", "notes": TEXT}},
    }
    failure = {"code": f"Code{TEXT}", "message": TEXT}
    machine = {"location": "japaneast", "tags": {"env": "prod", ACTS: TEXT}, "locks": {NAME: {"level": "ReadOnly"}}}
    machine["extensions"] = {f"snapshot{NAME}": {"state": "failed", "message": TEXT, "type": "VMSnapshotLinux"}}
    machines = {VM: machine, f"{VM}-2": machine, f"{VM}-3": {**machine, "configureFails": failure, "agent": None}}
    found = world({}, {"rsv": live})
    groups = found["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    groups[GROUP] = {"location": "japaneast", "virtualMachines": machines}
    estate.exists(**found)
    declared = {"owner": TEXT, ACTS: None, "like 0": "no"}
    estate.declare("all", vault(tags=declared), policy(name="other"), assignment())
    return estate


def assert_harmless(*texts: str) -> None:
    """Nothing acts, and no name begins a line of its own."""
    for text in texts:
        acting = {character for character in text if not character.isprintable()} - {"\n"}
        assert not acting, sorted(map(ascii, acting))
        lines = [] if text.startswith("<!doctype html>") else text.split("\n")  # whose styles hold ::after
        assert not [line for line in lines if line.startswith(MARK) or COMMAND.search(line)]


def strings(data: Any) -> Iterator[str]:
    """Every text in JSON, keys as well."""
    if isinstance(data, dict | list):
        for one in chain(data, data.values() if isinstance(data, dict) else ()):
            yield from strings(one)
    elif isinstance(data, str):
        yield data


def run(cli: Cli, *arguments: object) -> Told:
    told = cli(*arguments)
    assert_harmless(told.out, told.err)
    return told


@pytest.mark.parametrize("verb", ["plan", "drift"])
def test_in_every_format_of_a_report(hostile: Estate, cli: Cli, tmp_path: Path, verb: str) -> None:
    also = {name: tmp_path / f"report.{name}" for name in ("json", "sarif", "junit", "html", "markdown", "text")}
    written = [f"--also={name}={file}" for name, file in also.items()]
    told = run(cli, verb, *hostile.sandboxed, "-v", *written)
    assert told.status in {0, 2}, told.err
    texts = {name: file.read_text(encoding="utf-8") for name, file in also.items()}
    assert_harmless(*texts.values())
    assert "<script>alert(1)" not in texts["html"]
    assert any(VM in text for text in strings(json.loads(texts["json"])))
    json.loads(texts["sarif"])
    ET.fromstring(texts["junit"])


def test_since_a_report_that_has_them(hostile: Estate, cli: Cli, tmp_path: Path) -> None:
    report = tmp_path / "before.json"
    assert run(cli, "drift", *hostile.sandboxed, "--format", "json", "--output", report).status == 2
    assert "0 new, 0 gone" in run(cli, "drift", *hostile.sandboxed, "--since", report).text
    gone = json.loads(report.read_text())
    gone["digests"] |= {f"Vault/{TEXT}/a/b": {"state": "differs", "declared": "x", "found": "y"}}
    report.write_text(json.dumps(gone))
    for format_ in ("text", "json", "markdown", "html", "sarif", "junit"):
        run(cli, "drift", *hostile.sandboxed, "--since", report, "--format", format_)


@pytest.mark.parametrize("log", ["text", "json"])
def test_when_they_are_applied_and_fail(hostile: Estate, cli: Cli, tmp_path: Path, log: str) -> None:
    assert run(cli, "plan", *hostile.sandboxed, "--out", tmp_path / "plan.json").status == 0
    assert_harmless((tmp_path / "plan.json").read_text(encoding="utf-8"))
    shown = run(cli, "apply", *hostile.sandboxed, "--dry-run", "--max-changes", "100%")
    assert shown.status == 0, shown.err
    told = run(
        cli, "apply", *hostile.sandboxed, "--plan", tmp_path / "plan.json", "--auto-approve", "--max-changes", "100%",
        "--allow-destructive",
        "--log-format", log, "-v",
    )  # fmt: skip
    assert told.status == 3, told.err
    assert "[Code" in told.out
    if log == "json":
        assert all(json.loads(line) for line in told.err.splitlines())


def test_in_what_is_told_of_single_vms(hostile: Estate, cli: Cli) -> None:
    for format_ in ("text", "json"):
        assert run(cli, "check", *hostile.sandboxed, "--format", format_, "-v").status == 2
        assert run(cli, "jobs", *hostile.sandboxed, "--format", format_).status == 0
        assert run(cli, "permissions", hostile.manifests).status == 0
        explained = run(cli, "plan", *hostile.sandboxed, "--explain", f"{VM}-3", "--format", format_)
        assert explained.status == 0, explained.err
    assert run(cli, "plan", *hostile.sandboxed, "--explain", TEXT).status == 1


def test_errors_of_azures_that_hold_them(hostile: Estate, cli: Cli) -> None:
    fault = {"path": "*/vaults", "status": 403, "code": f"No{TEXT}", "message": TEXT}
    hostile.exists(**world({}, faults=[fault]))
    for log in ("text", "json"):
        told = run(cli, "plan", *hostile.sandboxed, "--log-format", log)
        assert (told.status, len(told.err.splitlines())) == (1, 1 if log == "text" else 2)


def test_what_is_exported_is_the_very_same_and_plans_to_nothing(estate: Estate, cli: Cli, tmp_path: Path) -> None:
    """An id that Azure cannot have is refused in a manifest, so that the VMs here have names that it can."""
    handles = ["rsv", "CON", "backup-reconciler"]
    item = {"vm": "rg-web/web", "policy": POLICY}
    live = {"location": "japaneast", "tags": TAGS, "policies": {POLICY: daily_policy(30)}}
    vaults = {handle: {**live, "protectedItems": [item] if handle == "rsv" else []} for handle in handles}
    estate.exists(**world(vms("web"), vaults))
    folder = tmp_path / "exported"
    told = run(cli, "export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION, "--output", folder)
    assert told.status == 0
    assert "left out of rsv: policy daily" in told.err, "no manifest can name it"
    files = sorted(folder.rglob("*"))
    assert [file.name for file in files] == ["CON_.yaml", "backup-reconciler_.yaml", "rsv.yaml"]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert_harmless(text)
        found: list[dict[str, Any]] = list(yaml.safe_load_all(text))
        assert found[0]["spec"]["tags"] == TAGS
    planned = run(cli, "plan", folder, "--sandbox", estate.world, "--format", "json")
    assert planned.status == 0, planned.err
    assert planned.json["actions"] == []
    assert_harmless(run(cli, "export", "--sandbox", estate.world, "--subscription", SUBSCRIPTION, "--as-world").out)
