"""Export as a world: the copy of an estate is exported as the estate is, and plans alike."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import SUBSCRIPTION, Cli, Estate, daily_policy, vm_id, vms, world

OTHER = "22222222-2222-2222-2222-222222222222"
FAR = vm_id("far-01", "rg-far").replace(SUBSCRIPTION, OTHER)

WEEKLY: dict[str, Any] = {
    "backupManagementType": "AzureIaasVM",
    "schedulePolicy": {
        "schedulePolicyType": "SimpleSchedulePolicy",
        "scheduleRunFrequency": "Weekly",
        "scheduleRunDays": ["Sunday"],
        "scheduleRunTimes": ["2024-05-05T23:00:00Z"],
    },
    "retentionPolicy": {
        "retentionPolicyType": "LongTermRetentionPolicy",
        "weeklySchedule": {
            "daysOfTheWeek": ["Sunday"],
            "retentionTimes": ["2024-05-05T23:00:00Z"],
            "retentionDuration": {"count": 12, "durationType": "Weeks"},
        },
    },
    "instantRpRetentionRangeInDays": 5,
    "timeZone": "Tokyo Standard Time",
}

RICH: dict[str, Any] = {
    "location": "japaneast",
    "redundancy": "GeoRedundant",
    "crossRegionRestore": True,
    "softDelete": {"state": "AlwaysON", "retentionDays": 30},
    "immutability": "Unlocked",
    "tags": {"Owner": "Platform", "level": "1e3", "empty": ""},
    "policies": {"daily-30d": {**daily_policy(30), "instantRPDetails": {"azureBackupRGNamePrefix": "secret-rg"}},
                 "weekly-12w": WEEKLY},
    "legacyPolicies": {"three-days": {**daily_policy(3), "instantRpRetentionRangeInDays": 1}},
    "protectedItems": [
        {"vm": "rg-web/web-01", "policy": "daily-30d"},
        {"vm": "rg-web/web-02", "policy": "weekly-12w", "diskExclusion": {"luns": [1], "include": True}},
        {"vm": "rg-web/web-03", "state": "ProtectionStopped", "recoveryPoints": {"count": 0}},
        {"vm": "rg-web/web-04", "state": "SoftDeleted", "deletedAt": "2026-11-20T08:00:00Z"},
        {"vm": "rg-web/web-05", "state": "BackupsSuspended"},
        {"vm": "rg-web/web-06", "policy": "DefaultPolicy", "state": "IRPending"},
        {"vm": "rg-web/web-07", "policy": "three-days", "state": "ProtectionError"},
        {"vm": "rg-web/web-gone", "vmGone": True, "state": "ProtectionStopped"},
        {"vm": FAR, "policy": "EnhancedPolicy"},
    ],
}  # fmt: skip
MACHINES: dict[str, Any] = {
    **vms(*(f"web-{number:02}" for number in range(1, 9))),
    "web-08": {
        "location": "japaneast",
        "os": "Windows",
        "power": "deallocated",
        "size": "Standard_D8s_v5",
        "securityType": "TrustedLaunch",
        "disks": [{"lun": 3, "sizeGB": 512, "storage": "UltraSSD_LRS"}],
        "zones": ["2"],
        "identity": "SystemAssigned",
    },
    "web-09": {"location": "japanwest", "agent": None, "managed": False},
}


@pytest.fixture
def rich(estate: Estate) -> Estate:
    found = world(MACHINES, {"rsv-rich": RICH, "rsv-new": {"location": "japaneast", "defaultPolicies": False}})
    far = {"rg-far": {"location": "japaneast", "virtualMachines": vms("far-01")}}
    found["subscriptions"][OTHER] = {"resourceGroups": far}
    estate.exists(**found)
    return estate


@pytest.fixture
def both(rich: Estate) -> tuple[object, ...]:
    return ("--subscription", SUBSCRIPTION, "--subscription", OTHER)


def copy(estate: Estate, cli: Cli, *arguments: object, name: str = "copy") -> Path:
    """The copy of an estate, as a file."""
    path = estate.folder / name / f"{name}.world.yaml"
    told = cli("export", "--sandbox", estate.world, "--as-world", "--output", path, *arguments)
    assert told.status == 0, told.err
    return path


def exported(cli: Cli, world_file: Path, folder: Path) -> list[dict[str, Any]]:
    """The manifests of all that a world file holds; ids in one casing, because Azure prints them in several."""
    subscriptions = yaml.safe_load(world_file.read_text())["subscriptions"]
    asked = [word for one in subscriptions for word in ("--subscription", one)]
    assert cli("export", "--sandbox", world_file, *asked, "--output", folder).status == 0
    files = sorted(folder.glob("*.yaml"))
    return [one for file in files for one in yaml.safe_load_all(file.read_text().replace("RG-", "rg-"))]


def planned(cli: Cli, manifests: Path, world_file: Path) -> Any:
    told = cli("plan", manifests, "--sandbox", world_file, "--format", "json")
    assert told.status == 0, told.err
    return told.json


def test_a_copy_is_exported_as_the_estate_is(rich: Estate, cli: Cli, both: tuple[object, ...]) -> None:
    made = copy(rich, cli, *both)
    theirs = exported(cli, made, rich.folder / "theirs")
    assert theirs == exported(cli, rich.world, rich.folder / "ours")
    assert {one["kind"] for one in theirs} == {"Vault", "BackupPolicy", "VMAssignment"}


def test_what_is_exported_plans_to_nothing_against_the_copy(rich: Estate, cli: Cli, both: tuple[object, ...]) -> None:
    made = copy(rich, cli, *both)
    exported(cli, rich.world, rich.manifests)
    found = planned(cli, rich.manifests, made)
    assert found["actions"] == []
    assert found["findings"] == planned(cli, rich.manifests, rich.world)["findings"]


def test_a_copy_of_a_copy_is_the_copy(rich: Estate, cli: Cli, both: tuple[object, ...]) -> None:
    first = copy(rich, cli, *both)
    second = copy(Estate(first.parent), cli, "--sandbox", first, *both, name="again")
    assert second.read_text() == first.read_text()


def test_everything_that_a_world_can_say_is_in_the_copy(rich: Estate, cli: Cli, both: tuple[object, ...]) -> None:
    made = yaml.safe_load(copy(rich, cli, *both).read_text())
    groups = made["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    vault = groups["rg-backup"]["vaults"]["rsv-rich"]
    for field in ("location", "redundancy", "crossRegionRestore", "softDelete", "immutability", "tags"):
        assert vault[field] == RICH[field]
    assert set(vault["policies"]) == {"daily-30d", "weekly-12w", "DefaultPolicy", "EnhancedPolicy"}
    assert set(vault["legacyPolicies"]) == {"three-days"}
    assert groups["rg-backup"]["vaults"]["rsv-new"]["defaultPolicies"] is False
    held = {item["vm"]: item for item in vault["protectedItems"]}
    for item in RICH["protectedItems"]:
        assert {**item, "lastBackup": held[item["vm"]].get("lastBackup")} == {"lastBackup": None, **held[item["vm"]]}
    (web,) = (group["virtualMachines"] for name, group in groups.items() if name.casefold() == "rg-web")
    assert web["web-08"] == MACHINES["web-08"]
    assert web["web-09"] == {"os": "Linux", "size": "Standard_DS1_v2", **MACHINES["web-09"]}


def test_scrambled_names_leave_the_structure_and_no_name(rich: Estate, cli: Cli, both: tuple[object, ...]) -> None:
    """A seed, because chance may make any three letters of a name."""
    made = copy(rich, cli, *both, "--names", "scrambled", "--seed", 7)
    text = made.read_text().casefold()
    for name in (
        "web",
        "rsv",
        "rg-",
        "far",
        "daily-30d",
        "weekly-12w",
        "three",
        "secret",
        "platform",
        "owner",
        "1111-",
    ):
        assert name not in text
    ours, theirs = exported(cli, rich.world, rich.folder / "ours"), exported(cli, made, rich.folder / "theirs")
    assert sorted(map(shape, theirs)) == sorted(map(shape, ours))
    ours_left, theirs_left = planned(cli, rich.folder / "ours", rich.world), planned(cli, rich.folder / "theirs", made)
    assert (theirs_left["actions"], theirs_left["summary"]) == ([], ours_left["summary"])


def shape(manifest: dict[str, Any]) -> str:
    """What a manifest says less the names it says it in."""
    spec = manifest["spec"]
    kept = {
        name: spec[name] for name in ("location", "redundancy", "schedule", "retention", "protection") if name in spec
    }
    return yaml.safe_dump(
        [manifest["kind"], kept, len(spec.get("select", {}).get("ids", [])), len(spec.get("tags", {}))]
    )


def test_equal_seeds_give_equal_names_and_no_seed_others(rich: Estate, cli: Cli, both: tuple[object, ...]) -> None:
    arguments = (*both, "--names", "scrambled")
    texts = [
        copy(rich, cli, *arguments, *seed, name=f"copy-{index}").read_text()
        for index, seed in enumerate([("--seed", 7), ("--seed", 7), ("--seed", 8), (), ()])
    ]
    assert texts[0] == texts[1]
    assert len(set(texts)) == 4


def test_one_vault_comes_with_the_vms_it_holds(rich: Estate, cli: Cli) -> None:
    vault = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv-rich"
    )
    told = cli("export", "--sandbox", rich.world, "--as-world", "--vault", vault)
    made = yaml.safe_load(told.out)
    names = {
        name
        for subscription in made["subscriptions"].values()
        for group in subscription["resourceGroups"].values()
        for name in group.get("virtualMachines", {})
    }
    assert names == {"far-01", *(f"web-{number:02}" for number in range(1, 8))}
    assert told.err == "left out of rsv-rich: VM far-01: all but its name; its subscription was not read\n"


def test_what_a_world_cannot_say_is_told(estate: Estate, cli: Cli) -> None:
    endpoint = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/privateEndpoints/z"
    guard = f"/subscriptions/{OTHER}/resourceGroups/rg/providers/Microsoft.DataProtection/resourceGuards/guard"
    held = {"location": "japaneast", "privateEndpoints": [endpoint], "resourceGuard": {"id": guard}}
    estate.exists(**world({}, {"rsv": held}))
    told = cli("export", "--sandbox", estate.world, "--as-world", "--subscription", SUBSCRIPTION)
    assert told.status == 0
    assert told.err.splitlines() == [
        "left out of rsv: its private endpoints",
        "left out of rsv: its Resource Guard",
    ]


@pytest.mark.parametrize("number", [1, 60])
def test_three_lists_a_subscription_and_three_reads_a_vault(estate: Estate, cli: Cli, number: int) -> None:
    names = [f"web-{index:03}" for index in range(number)]
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in names]
    held = {"rsv": {"location": "japaneast", "protectedItems": items}, "rsv-2": {"location": "japaneast"}}
    estate.exists(**world(vms(*names), held))
    copy(estate, cli, "--subscription", SUBSCRIPTION)
    assert len(estate.requests()) == len(estate.requests("GET")) == 3 + 2 * 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say which subscription to export"),
        (["--subscription", SUBSCRIPTION, "--output", "copy.yaml"], "a world's file is called *.world.yaml"),
        (["--subscription", SUBSCRIPTION, "--seed", "1"], "--seed is for --names scrambled"),
        (["--subscription", SUBSCRIPTION, "--vault", "nope"], f"there is no vault nope in {SUBSCRIPTION}"),
        (["--subscription", SUBSCRIPTION, "--names", "secret"], "'secret' is not one of 'kept', 'scrambled'"),
    ],
)
def test_what_does_not_go_together_is_one_error(rich: Estate, cli: Cli, arguments: list[str], message: str) -> None:
    told = cli("export", "--sandbox", rich.world, "--as-world", *arguments)
    assert (told.status, told.out) == (1, "")
    assert message in told.err


@pytest.mark.parametrize("option", [("--names", "kept"), ("--seed", "1")])
def test_options_of_a_world_are_refused_without_one(rich: Estate, cli: Cli, option: tuple[str, str]) -> None:
    told = cli("export", "--sandbox", rich.world, "--subscription", SUBSCRIPTION, *option)
    assert (told.status, told.err) == (1, f"error: {option[0]} is for worlds, and there is no --as-world\n")


def test_a_file_that_is_there_stays(rich: Estate, cli: Cli) -> None:
    made = copy(rich, cli, "--subscription", SUBSCRIPTION)
    made.write_text("# mine\n")
    rich.forget()
    arguments = ("--sandbox", rich.world, "--as-world", "--subscription", SUBSCRIPTION, "--output", made)
    told = cli("export", *arguments)
    assert "nothing was written; to overwrite, add --force" in told.err
    assert (told.status, made.read_text(), rich.requests()) == (1, "# mine\n", []), "and nothing was read for it"
    assert cli("export", *arguments, "--force").out == f"Wrote 2 vaults and 10 VMs to {made}.\n"


def test_a_subscription_without_vaults_is_a_world_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {}))
    told = cli("export", "--sandbox", estate.world, "--as-world", "--subscription", SUBSCRIPTION)
    assert (told.status, told.err) == (0, "")
    assert "web-01" in told.out
