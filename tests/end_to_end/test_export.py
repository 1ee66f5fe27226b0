"""Export: what Azure has as manifests, complete, with stable names, and never over somebody's work."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import SUBSCRIPTION, Cli, Estate, daily_policy, vms, world

HELD: dict[str, Any] = {
    "location": "japaneast",
    "tags": {"owner": "yes", "level": "1e3"},
    "protectedItems": [
        {"vm": "rg-web/web-01", "policy": "DefaultPolicy"},
        {"vm": "rg-web/web-02", "policy": "EnhancedPolicy"},
        {"vm": "rg-web/web-03", "state": "ProtectionStopped"},
        {"vm": "rg-web/web-04", "state": "SoftDeleted"},
    ],
}


@pytest.fixture
def exported(estate: Estate) -> Estate:
    found = world(vms("web-01", "web-02", "web-03", "web-04"), {"rsv": HELD})
    groups = found["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    groups["rg-web"]["vaults"] = {"RSV": {"location": "japanwest"}}
    estate.exists(**found)
    return estate


def export(estate: Estate, cli: Cli, *arguments: object) -> Any:
    return cli("export", "--sandbox", estate.world, *arguments)


def documents(folder: Path) -> list[dict[str, Any]]:
    return [one for file in sorted(folder.glob("*.yaml")) for one in yaml.safe_load_all(file.read_text())]


def test_what_is_exported_plans_to_nothing(exported: Estate, cli: Cli) -> None:
    told = export(exported, cli, "--subscription", SUBSCRIPTION, "--output", exported.manifests)
    assert told.status == 0
    assert told.out == f"Wrote 2 files to {exported.manifests}.\n"
    left_out = told.err.splitlines()
    assert [line.partition(": ")[2] for line in left_out] == [
        "VM web-04: its protection is soft-deleted (ProtectionStopped)"
    ]
    planned = cli("plan", *exported.sandboxed, "--format", "json").json
    assert planned["actions"] == []
    assert [finding["rule"] for finding in planned["findings"]] == ["undeclared-item"], "the soft-deleted one"


DISKS: dict[str, Any] = {
    "all": {},
    "osonly": {"diskExclusion": {"luns": [], "include": True}},
    "include": {"diskExclusion": {"luns": [3, 0, 2], "include": True}},
    "exclude": {"diskExclusion": {"luns": [2]}},
}


@pytest.mark.parametrize("era", [2021, 2026])
def test_suspended_vms_and_those_with_some_disks_are_exported(estate: Estate, cli: Cli, era: int) -> None:
    """Disks matter where backups are made; in 2021 ids are cased otherwise."""
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy", **item} for name, item in DISKS.items()]
    items += [{"vm": "rg-web/off", "state": "BackupsSuspended", "diskExclusion": {"luns": [1]}}]
    live = {"location": "japaneast", "immutability": "Unlocked", "protectedItems": items}
    machines = vms(*DISKS, "off", disks=[{"lun": lun} for lun in (0, 2, 3)])
    estate.exists(**world(machines, {"rsv": live}, era=era))
    told = export(estate, cli, "--subscription", SUBSCRIPTION, "--output", estate.manifests)
    assert (told.status, told.err) == (0, "")
    assigned = [one for one in documents(estate.manifests) if one["kind"] == "VMAssignment"]
    assert {one["metadata"]["name"]: (one["spec"].get("protection"), one["spec"].get("disks")) for one in assigned} == {
        "rsv-DefaultPolicy": (None, None),
        "rsv-DefaultPolicy-osOnly": (None, "osOnly"),
        "rsv-DefaultPolicy-include-0-2-3": (None, {"include": [0, 2, 3]}),
        "rsv-DefaultPolicy-exclude-2": (None, {"exclude": [2]}),
        "rsv-suspended": ("suspended", None),
    }
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    assert (planned["actions"], planned["findings"]) == ([], [])


def test_names_that_vaults_share_get_a_suffix_of_their_own(exported: Estate, cli: Cli) -> None:
    export(exported, cli, "--subscription", SUBSCRIPTION, "--output", exported.folder / "both")
    both = {one["metadata"]["name"] for one in documents(exported.folder / "both") if one["kind"] == "Vault"}
    assert len(both) == 2
    assert all(name.casefold().startswith("rsv-") for name in both)
    export(exported, cli, "--subscription", SUBSCRIPTION, "--output", exported.folder / "again")
    assert documents(exported.folder / "again") == documents(exported.folder / "both")


def test_one_vault_by_its_id(exported: Estate, cli: Cli) -> None:
    vault = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-WEB/providers/Microsoft.RecoveryServices/vaults/rsv"
    told = export(exported, cli, "--vault", vault)
    found = list(yaml.safe_load_all(told.out))
    assert [one["metadata"]["name"] for one in found] == ["RSV", "DefaultPolicy", "EnhancedPolicy"]
    assert found[0]["spec"]["location"] == "japanwest"


def test_values_that_look_like_something_else_stay_what_they_are(exported: Estate, cli: Cli) -> None:
    told = export(exported, cli, "--subscription", SUBSCRIPTION, "--output", exported.manifests)
    assert told.status == 0
    assert cli("validate", exported.manifests).status == 0
    (tags,) = [one["spec"]["tags"] for one in documents(exported.manifests) if "tags" in one["spec"]]
    assert tags == {"owner": "yes", "level": "1e3"}


def test_a_file_that_is_there_stays(exported: Estate, cli: Cli) -> None:
    arguments = ("--subscription", SUBSCRIPTION, "--output", exported.manifests)
    export(exported, cli, *arguments)
    mine = min(exported.manifests.iterdir())
    mine.write_text("# mine\n")
    told = export(exported, cli, *arguments)
    assert told.status == 1
    assert "nothing was written; to overwrite, add --force" in told.err
    assert mine.read_text() == "# mine\n"
    assert export(exported, cli, *arguments, "--force").status == 0
    assert mine.read_text() != "# mine\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say which subscription to export"),
        (["--vault", "rsv"], "say which subscription to export"),
        (["--subscription", SUBSCRIPTION, "--vault", "nope"], f"there is no vault nope in {SUBSCRIPTION}"),
        (
            ["--subscription", SUBSCRIPTION, "--vault", "rsv", "--vault", "typo"],
            f"there is no vault typo in {SUBSCRIPTION}",
        ),
        (["--subscription", "99999999-9999-9999-9999-999999999999"], "404 SubscriptionNotFound"),
    ],
)
def test_what_cannot_be_exported(exported: Estate, cli: Cli, arguments: list[str], message: str) -> None:
    told = export(exported, cli, *arguments)
    assert told.status == 1
    assert message in told.err
    assert told.out == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_error(exported: Estate, cli: Cli) -> None:
    exported.folder.joinpath("locked").mkdir(mode=0o500)
    told = export(exported, cli, "--subscription", SUBSCRIPTION, "--output", exported.folder / "locked" / "x")
    assert (told.status, told.err.count("\n")) == (1, 1)


def test_handles_are_unique_and_short_enough_whatever_the_names(estate: Estate, cli: Cli) -> None:
    long = "p" * 150
    found = world(
        vms("web-01", "web-02", "web-03"),
        {
            "va": {
                "location": "japaneast",
                "policies": {"x-daily": daily_policy(30), "stopped": daily_policy(30)},
                "protectedItems": [
                    {"vm": "rg-web/web-01", "policy": "x-daily"},
                    {"vm": "rg-web/web-03", "policy": "stopped"},
                ],
            },
            "va-x": {
                "location": "japaneast",
                "policies": {"daily": daily_policy(30), long: daily_policy(30)},
                "protectedItems": [
                    {"vm": "rg-web/web-02", "policy": "daily"},
                    {"vm": "rg-web/web-04", "policy": long},
                ],
            },
        },
    )
    groups = found["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    groups["rg-web"]["virtualMachines"] |= vms("web-04", "web-05")
    groups["rg-backup"]["vaults"]["va"]["protectedItems"].append({"vm": "rg-web/web-05", "state": "ProtectionStopped"})
    estate.exists(**found)
    told = export(
        estate,
        cli,
        "--subscription",
        SUBSCRIPTION.upper(),
        "--subscription",
        SUBSCRIPTION,
        "--output",
        estate.manifests,
    )
    assert told.out == f"Wrote 2 files to {estate.manifests}.\n"
    assert cli("validate", estate.manifests).status == 0
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    assert (planned["actions"], planned["findings"]) == ([], [])
    names = [one["metadata"]["name"] for one in documents(estate.manifests) if one["kind"] == "VMAssignment"]
    assert len(set(names)) == 5
