"""Real input: estates as they were recorded are exported, and what was exported plans to nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conformance.recorded import RecordedEstate, recording, serving
from tests.conftest import Cli

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


def other_case(text: str) -> str:
    """The casings that the service itself was seen to mix: `/Subscriptions/`, groups in capitals, `vm;` for `VM;`."""
    text = text.replace("/Subscriptions/", "/\0/").replace("/subscriptions/", "/Subscriptions/")
    text = text.replace("/\0/", "/subscriptions/").replace("VM;", "vm;").replace("/resourceGroups/", "/resourcegroups/")
    return re.sub(r"(?<=/resourcegroups/)[^/\"]+", lambda match: match[0].upper(), text)


CASINGS: dict[str, Callable[[str], str]] = {"as recorded": str, "other casing": other_case}

ESTATES = {
    # recording, last exchange that counts, vaults, policies, VMs by protection
    "seven vaults": ("vault", 5, 7, 0, {}),
    "policies and two VMs": ("policy", 38, 1, 4, {"active": 2}),
    "a VM waits for its first backup": ("protection", 20, 3, 3, {"active": 3}),
    "a VM was stopped": ("protection", 25, 3, 3, {"active": 2, "stopped": 1}),
    "two VMs were backed up": ("protection", 32, 3, 3, {"active": 2, "stopped": 1}),
    "a backup job ran": ("job", 143, 1, 1, {"active": 1}),
}


@pytest.mark.parametrize("casing", CASINGS.values(), ids=CASINGS)
@pytest.mark.parametrize("name", ESTATES)
def test_what_is_exported_plans_to_nothing(
    name: str, casing: Callable[[str], str], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, upto, vaults, policies, protected = ESTATES[name]
    estate = RecordedEstate(recording(source), upto, casing)
    with serving(estate) as address:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{address}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "x")
        monkeypatch.setenv("BACKUP_RECONCILER_ARM_ENDPOINT", address)
        exported = cli("export", "--subscription", SUBSCRIPTION, "--output", tmp_path / "out")
        assert exported.status == 0, exported.err
        assert exported.err == "", "nothing of a recorded estate is left out"
        found = [
            document for file in (tmp_path / "out").glob("*.yaml") for document in yaml.safe_load_all(file.read_text())
        ]
        kinds = [document["kind"] for document in found]
        assert (kinds.count("Vault"), kinds.count("BackupPolicy")) == (vaults, policies)
        by_state: dict[str, int] = {}
        for document in found:
            if document["kind"] == "VMAssignment":
                state = document["spec"].get("protection", "active")
                by_state[state] = by_state.get(state, 0) + len(document["spec"]["select"]["ids"])
        assert by_state == protected

        assert cli("validate", tmp_path / "out").status == 0
        assert cli("fmt", "--check", tmp_path / "out").status == 0
        planned = cli("plan", tmp_path / "out", "--format", "json")
        assert planned.status == 0, planned.err
        assert planned.json["actions"] == []
        assert planned.json["findings"] == []
        assert planned.json["summary"]["unchanged"] == vaults + policies + sum(protected.values())
        assert cli("drift", tmp_path / "out").status == 0

    assert all(seen.startswith("GET ") or "ResourceGraph" in seen for seen in estate.seen), "reading changes nothing"


@pytest.mark.parametrize("names", ["kept", "scrambled"])
@pytest.mark.parametrize("casing", CASINGS.values(), ids=CASINGS)
@pytest.mark.parametrize("name", ESTATES)
def test_a_copy_is_exported_as_the_estate_is(
    name: str, casing: Callable[[str], str], names: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, upto, *_ = ESTATES[name]
    copy = tmp_path / "copy.world.yaml"
    with serving(RecordedEstate(recording(source), upto, casing)) as address:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{address}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "x")
        monkeypatch.setenv("BACKUP_RECONCILER_ARM_ENDPOINT", address)
        cli("export", "--subscription", SUBSCRIPTION, "--output", tmp_path / "ours")
        told = cli("export", "--subscription", SUBSCRIPTION, "--as-world", "--output", copy, "--names", names)
        assert (told.status, told.err) == (0, ""), "nothing of a recorded estate is left out"
    (subscription,) = yaml.safe_load(copy.read_text())["subscriptions"]
    again = cli("export", "--sandbox", copy, "--subscription", subscription, "--output", tmp_path / "theirs")
    assert again.status == 0, again.err
    assert (tmp_path / "ours").exists()
    told_of = [manifests(tmp_path / folder, named=names == "kept") for folder in ("ours", "theirs")]
    assert told_of[0] == told_of[1]
    if names == "scrambled":
        assert "clitest" not in copy.read_text().casefold()
    else:
        planned = cli("plan", tmp_path / "ours", "--sandbox", copy, "--format", "json").json
        assert (planned["actions"], planned["findings"]) == ([], [])


UNTOLD = {"redundancy", "crossRegionRestore", "crossSubscriptionRestore", "softDelete", "publicNetworkAccess"}


def manifests(folder: Path, *, named: bool) -> list[str]:
    """What the manifests of a folder say, in one casing, less the settings that vaults did not tell in 2021."""
    found = []
    for document in (one for file in folder.glob("*.yaml") for one in yaml.safe_load_all(file.read_text())):
        spec = {field: value for field, value in document["spec"].items() if field not in UNTOLD}
        if not named:
            spec = {
                field: spec[field] for field in ("location", "schedule", "retention", "protection") if field in spec
            }
            spec["number"] = len(document["spec"].get("select", {}).get("ids", []))
        handle = document["metadata"]["name"] if named else ""
        found.append(yaml.safe_dump([document["kind"], handle, spec]).casefold())
    return sorted(found)


@pytest.mark.parametrize("casing", CASINGS.values(), ids=CASINGS)
def test_a_difference_in_a_recorded_estate_is_found(
    casing: Callable[[str], str], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would also pass for a planner that finds nothing ever."""
    exchanges = recording("protection")
    with serving(RecordedEstate(exchanges, 20, casing)) as address:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{address}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "x")
        monkeypatch.setenv("BACKUP_RECONCILER_ARM_ENDPOINT", address)
        cli("export", "--subscription", SUBSCRIPTION, "--vault", "clitest-vault000002", "--output", tmp_path)
        written = tmp_path / "clitest-vault000002.yaml"
        written.write_text(written.read_text().replace("days: 30", "days: 60"))
        planned = cli("plan", tmp_path, "--format", "json").json
    assert [(action["verb"], [change["path"] for change in action["changes"]]) for action in planned["actions"]] == [
        ("updatePolicy", ["retention.daily.days"])
    ]
