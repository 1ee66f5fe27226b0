"""World files: what they may say, and what is said of their mistakes."""

from __future__ import annotations

import re

import pytest

from backup_reconciler.sandbox import WorldError
from backup_reconciler.sandbox.world_file import load_world, parse_world

HEAD = "kind: World\n"
S = "11111111-1111-1111-1111-111111111111"


def load(tmp_path, text):
    path = tmp_path / "x.world.yaml"
    path.write_text(text)
    return load_world(path)


def mistakes(tmp_path, text):
    """The lines of the message, without the file's name."""
    with pytest.raises(WorldError) as raised:
        load(tmp_path, text)
    return [line.removeprefix(f"{tmp_path}/x.world.yaml:") for line in str(raised.value).splitlines()]


def in_group(text):
    indented = "".join(f"        {line}\n" for line in text.splitlines())
    return f"{HEAD}subscriptions:\n  {S}:\n    resourceGroups:\n      rg:\n{indented}"


ONE_KIND = "a fault needs exactly one of 'status', 'cut', 'ignored', 'late', 'operation', 'slow', 'pages'; it has"
AT = f"subscriptions.{S}.resourceGroups.rg."


def test_the_least_world(tmp_path):
    world = load(tmp_path, HEAD)
    assert (world.era, world.seed, world.page_size, world.durations.protect) == (2026, 1, 100, 32)
    assert load(tmp_path, f"{HEAD}subscriptions: {{{S}: {{resourceGroups: {{}}}}}}\n").subscriptions
    assert load(tmp_path, f"{HEAD}subscriptions: {{{S}: {{resourceGroups: {{rg: {{}}}}}}}}\n").subscriptions


def test_text_stays_text(tmp_path):
    world = load(
        tmp_path,
        in_group("virtualMachines:\n  007: {location: japaneast, tags: {on: 'yes', until: 2026-01-01, answer: no}}\n"),
    )
    (vm,) = world.subscriptions[S].resource_groups["rg"].virtual_machines.items()
    assert vm[0] == "007"
    assert vm[1].tags == {"on": "yes", "until": "2026-01-01", "answer": "no"}


def test_equal_worlds_have_one_digest(tmp_path):
    one = load(tmp_path, f"{HEAD}seed: 2\npageSize: 5\n")
    assert load(tmp_path, f"# a remark\n{HEAD}pageSize: 5\nseed: 2\n").digest() == one.digest()
    assert load(tmp_path, f"{HEAD}seed: 3\npageSize: 5\n").digest() != one.digest()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["1:1  world: is empty or no mapping; it should begin with 'kind: World'"]),
        ("- kind\n", ["1:1  world: is empty or no mapping; it should begin with 'kind: World'"]),
        ("era: 2026\n", ["1:1  kind: is missing; it must be stated"]),
        (f"{HEAD}era: 2025\n", ["2:6  era: 2025 is wrong; it should be 2021 or 2026"]),
        (f"{HEAD}era: 2021\nera: 2026\n", ["3:1  the key 'era' stands twice; it stands first on line 2"]),
        (
            f"{HEAD}? [a, b]\n: c\n",
            [
                "2:3  a key must be plain text; inside {…} a name such as web-[001-100] stands in quotes",
            ],
        ),
        (f"{HEAD}pagesize: 3\n", ["2:11  pagesize: is not known here; perhaps 'pageSize' is meant"]),
        (f"{HEAD}pageSize: '3'\n", ["2:11  pageSize: '3' is wrong; it should be a whole number; leave the quotes out"]),
        (
            f"{HEAD}durations: {{stop: -1}}\n",
            ["2:19  durations.stop: -1 is wrong; it should be greater than or equal to 0"],
        ),
        (
            f"{HEAD}durations: {{zzz: 1}}\n",
            [
                (
                    "2:18  durations.zzz: is not known here; known are vault, protect, stop, delete, undelete, "
                    "policyUpdate, firstBackup, backup, network, firewall"
                )
            ],
        ),
        (
            f"{HEAD}faults: [{{path: '*', cut: before, tmies: 1}}]\n",
            ["2:42  faults.0.tmies: is not known here; perhaps 'times' is meant"],
        ),
        (
            in_group("virtualMachines: {a: {location: x, tag: {}}}\n"),
            [f"6:44  {AT}virtualMachines.a.tag: is not known here; perhaps 'tags' is meant"],
        ),
        (f"{HEAD}faults: [{{path: '*'}}]\n", [f"2:10  faults.0: {ONE_KIND} none"]),
        (
            f"{HEAD}faults: [{{path: '*', cut: after, ignored: true}}]\n",
            [f"2:10  faults.0: {ONE_KIND} 'cut' and 'ignored'"],
        ),
        (
            f"{HEAD}faults: [{{path: '*', status: 500, rate: 2}}]\n",
            ["2:41  faults.0.rate: 2 is wrong; it should be less than or equal to 1"],
        ),
        (
            f"{HEAD}latency: {{seconds: 999999999}}\n",
            ["2:20  latency.seconds: 999999999 is wrong; it should be less than or equal to 315576000"],
        ),
        (
            f"{HEAD}subscriptions: {{1111: {{}}}}\n",
            [
                (
                    "2:17  subscriptions.1111: '1111' is wrong; it should be a subscription's id, as "
                    "11111111-2222-3333-4444-555555555555"
                )
            ],
        ),
        (
            f"{HEAD}era: 1\nseed: x\n",
            [
                "2:6  era: 1 is wrong; it should be 2021 or 2026",
                "3:7  seed: 'x' is wrong; it should be a whole number",
            ],
        ),
        (
            in_group("vaults:\n  1st: {location: x}\n"),
            [
                (
                    f"7:11  {AT}vaults.1st: '1st' is wrong; it should be 2 to 50 letters, digits and hyphens, "
                    "beginning with a letter"
                )
            ],
        ),
        (
            in_group("virtualMachines: {a: {location: x, power: runing}}\n"),
            [
                (
                    f"6:51  {AT}virtualMachines.a.power: 'runing' is wrong; it should be 'running', 'stopped' or "
                    "'deallocated'"
                )
            ],
        ),
        (
            in_group("virtualMachines: {a: {location: x}, A: {location: x}}\n"),
            [f"6:45  {AT}virtualMachines.A: is the same name as 'a' to Azure; rename one of them"],
        ),
        (
            in_group(
                "virtualMachines: {a: {location: x}}\nvaults: {rsv: {location: x, protectedItems: [{vm: rg/a}]}}\n"
            ),
            [f"7:54  {AT}vaults.rsv.protectedItems.0: an item in state Protected needs a 'policy'"],
        ),
        (
            in_group("vaults: {rsv: {location: x, protectedItems: [{vm: rg/a, state: SoftDeleted, policy: p}]}}\n"),
            [f"6:54  {AT}vaults.rsv.protectedItems.0: an item in state SoftDeleted has no policy; leave 'policy' out"],
        ),
        (
            in_group("vaults: {rsv: {location: x, protectedItems: [{vm: rg/a, policy: DefaultPolicy}]}}\n"),
            [
                (
                    f"6:59  {AT}vaults.rsv.protectedItems.0.vm: 'rg/a' is not in this world; name a VM as group/name "
                    "or by its id"
                )
            ],
        ),
        (
            in_group(
                "virtualMachines: {a: {location: Y}}\n"
                "vaults: {rsv: {location: x, protectedItems: [{vm: rg/a, policy: defaultpolicy}]}}\n"
            ),
            [f"7:59  {AT}vaults.rsv.protectedItems.0.vm: 'rg/a' is in y; a vault takes VMs of its own region"],
        ),
        (
            in_group(
                "virtualMachines: {a: {location: x}}\n"
                "vaults: {rsv: {location: x, protectedItems: [{vm: rg/a, policy: Nope}]},\n"
                "  two: {location: x, protectedItems: [{vm: rg/a, state: ProtectionStopped}]}}\n"
            ),
            [
                (
                    f"7:73  {AT}vaults.rsv.protectedItems.0.policy: 'Nope' is not a policy of this vault; add it to "
                    "'policies'"
                ),
                f"8:52  {AT}vaults.two.protectedItems.0.vm: 'rg/a' is in vault rsv already; a VM is in one vault only",
            ],
        ),
        (
            in_group("vaults: {rsv: {location: x, policies: {p: {backupManagementType: AzureIaasVM}}}}\n"),
            [
                (
                    f"6:48  {AT}vaults.rsv.policies.p: the service would refuse this policy; schedulePolicy must be an "
                    "object"
                )
            ],
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(tmp_path, text, lines):
    assert mistakes(tmp_path, text) == lines


@pytest.mark.parametrize("text", ["era: [2021\n", "era: @\n", "\tera: 2021\n", "era: \x07\n"])
def test_what_is_not_yaml_is_told_with_its_place(tmp_path, text):
    (line,) = mistakes(tmp_path, f"{HEAD}{text}")
    assert re.match(r"\d:\d+  this is not YAML: \w", line)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(WorldError, match="cannot be read: No such file"):
        load_world(tmp_path / "none.world.yaml")
    (tmp_path / "x.world.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(WorldError, match="not text in UTF-8"):
        load_world(tmp_path / "x.world.yaml")


def test_plain_data_is_read_as_strictly():
    with pytest.raises(WorldError, match=r"^era: '2026' is wrong; it should be 2021 or 2026$"):
        parse_world({"kind": "World", "era": "2026"})


def test_what_a_world_says_is_there(open_service, world):
    subscriptions = world()["subscriptions"]
    (group,) = subscriptions[S]["resourceGroups"].values()
    policy = {
        "backupManagementType": "AzureIaasVM",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": ["2026-01-01T23:00:00Z"],
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {
                "retentionTimes": ["2026-01-01T23:00:00Z"],
                "retentionDuration": {"count": 14, "durationType": "Days"},
            },
        },
    }
    group["vaults"]["rsv"] = {
        "location": "japaneast",
        "redundancy": "ZoneRedundant",
        "softDelete": {"state": "AlwaysON", "retentionDays": 30},
        "tags": {"owner": "me"},
        "policies": {"daily-14d": policy},
        "protectedItems": [
            {"vm": "rg/a", "policy": "DAILY-14D"},
            {"vm": f"/subscriptions/{S}/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/B",
             "policy": "DefaultPolicy", "state": "IRPending"},
            {"vm": "rg/c", "state": "SoftDeleted"},
            {"vm": "rg/broken", "state": "ProtectionStopped"},
        ],
    }  # fmt: skip
    service = open_service(subscriptions=subscriptions)
    vault = service.get(service.vault())
    assert vault["tags"] == {"owner": "me"}
    assert vault["properties"]["redundancySettings"]["standardTierStorageRedundancy"] == "ZoneRedundant"
    assert vault["properties"]["securitySettings"]["softDeleteSettings"]["softDeleteState"] == "AlwaysON"
    a, b, c, d = (service.properties(vm) for vm in ("a", "b", "c", "broken"))
    assert (a["policyName"], a["protectionState"], a["lastBackupStatus"]) == ("daily-14d", "Protected", "Completed")
    assert (b["policyName"], b["protectionState"], b["lastBackupStatus"]) == ("DefaultPolicy", "IRPending", "")
    assert (c["protectionState"], c["isScheduledForDeferredDelete"]) == ("ProtectionStopped", True)
    assert (d["protectionState"], d["policyId"]) == ("ProtectionStopped", "")
    service.later(30 * 24 * 3600)
    service.get(service.item("c"), 404)


def test_access_and_disks_that_do_not_fit(tmp_path):
    vm = "virtualMachines: {a: {location: x, disks: [{lun: 1}, {lun: 1}], extensions: {E: {}, e: {}}}}\n"
    text = (
        in_group(vm) + "access: [{actions: ['*'], scopes: [/subscriptions/x/resourceGroups/rg]}]\n"
        "azurePolicies: [{name: p, scope: /subscriptions/x}]\n"
    )
    told = "\n".join(mistakes(tmp_path, text))
    assert "disks.1.lun: 1 is taken by another disk; give each its own" in told
    assert "extensions.e: is the same name as 'E' to Azure" in told
    assert "access.0.scopes.0: '/subscriptions/x/resourceGroups/rg' is in no subscription of this world" in told
    assert "azurePolicies.0.scope: '/subscriptions/x' is in no subscription" in told
    told = mistakes(
        tmp_path, HEAD + "access: [{actions: ['*'], scopes: [rg]}]\nazurePolicies: [{name: p, effect: deny}]\n"
    )
    first, second = told
    assert first.startswith("2:36  access.0.scopes.0: 'rg' is wrong; it should be / for everywhere, or the id of")
    assert (
        second
        == "3:35  azurePolicies.0.effect: 'deny' is wrong; it should be 'Deny' or 'Audit'; mind the capital letters"
    )
