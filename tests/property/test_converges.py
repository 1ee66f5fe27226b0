"""plan → apply → plan is empty, for generated worlds and manifests, over HTTP with the real SDK."""

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SUBSCRIPTION, Cli, assignment, document, vault
from tests.property.policies import valid_policies
from tests.property.test_policy_rules import encoded

VM_NAMES = [f"web-{index}" for index in range(6)]

virtual_machines = st.dictionaries(
    st.sampled_from(VM_NAMES),
    st.fixed_dictionaries(
        {
            "location": st.sampled_from(["japaneast", "japaneast", "japanwest"]),
            "tags": st.sampled_from([{"env": "prod"}, {"Env": "prod"}, {"env": "PROD"}, {}]),
        }
    ),
    max_size=6,
)


@st.composite
def policy_documents(draw: st.DrawFn) -> dict[str, Any]:
    """A policy of either tier and any schedule and clock, whole or with much of it left to the service."""
    spec = draw(valid_policies(vaults=["rsv"]))
    return document("BackupPolicy", "daily", **spec.stated())


SETTINGS = {"apiVersion": "backup-reconciler/v1", "kind": "Settings", "spec": {"roots": ["."]}}
STATES = ["Protected", "IRPending", "ProtectionStopped", "BackupsSuspended", "SoftDeleted"]
DISKS = [{}, {}, {"disks": "osOnly"}, {"disks": {"exclude": [1]}}]


@st.composite
def protected_items(draw: st.DrawFn, names: list[str], policies: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Which vault holds which VM in which state: the declared one, another declared one, or one nobody names."""
    held: dict[str, list[dict[str, Any]]] = {"rsv": [], "rsv-2": [], "other": []}
    for name in names:
        holder = draw(st.sampled_from(["nobody", *held]))
        if holder != "nobody":
            state = draw(st.sampled_from(STATES))
            bound = {"policy": draw(st.sampled_from(policies))} if state in STATES[:2] else {}
            held[holder].append({"vm": f"rg-web/{name}", "state": state, **bound})
    return held


@st.composite
def estates(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A world, and manifests that speak of part of it."""
    machines = draw(virtual_machines)
    here = [name for name in sorted(machines) if machines[name]["location"] == "japaneast"]
    era = draw(st.sampled_from([2021, 2026]))
    policies = ["DefaultPolicy", "EnhancedPolicy"] if era == 2026 else ["DefaultPolicy"]
    declared, live = draw(policy_documents()), draw(st.none() | valid_policies(daylight_saving="as-service"))
    if live is not None:
        policies.append("daily")
    held = draw(protected_items(here, policies))
    vaults: dict[str, Any] = {
        name: {"location": "japaneast", "protectedItems": items, "tags": {"Owner": "x", "keep": "me"}}
        for name, items in held.items()
        if items or draw(st.booleans())
    }
    if live is not None:
        for holder in vaults.values():
            holder["policies"] = {"daily": encoded(live)}
    groups = {
        "rg-backup": {"location": "japaneast", "vaults": vaults},
        "rg-web": {"location": "japaneast", "virtualMachines": machines},
    }
    clock = draw(st.sampled_from(["2026-11-23T08:00:00Z", "2027-07-01T08:00:00Z"]))
    world = {"kind": "World", "clock": clock, "era": era, "pageSize": draw(st.sampled_from([1, 2, 100]))}
    world["subscriptions"] = {SUBSCRIPTION: {"resourceGroups": groups}}
    tags = draw(st.sampled_from([{}, {"tags": {"owner": "me"}}, {"tags": {"owner": None, "new": "yes"}}]))
    redundancy = draw(st.sampled_from([{}, {"redundancy": "GeoRedundant"}, {"redundancy": "LocallyRedundant"}]))
    assigned = draw(st.sampled_from(["daily", *policies[:2]]))
    enhanced = assigned == "EnhancedPolicy" or (assigned == "daily" and declared["spec"].get("tier") == "Enhanced")
    state = draw(st.sampled_from(["active", "active", "stopped", "suspended"]))
    may_move = [{}, {"moveToEnhanced": {"vmsPerRun": 6}}] if enhanced and state == "active" else [{}]
    first_backups = [{}, {"initialBackup": {"keepDays": 7}}] if state == "active" else [{}]
    selects = [{"tags": {"env": ["prod"]}}, {"names": ["*"]}, {"names": ["web-[0-2]"]}]
    documents = [
        vault("rsv", **tags, **redundancy, authoritative=draw(st.booleans())),
        vault("rsv-2"),
        declared,
        assignment(
            policy=assigned,
            select=draw(st.sampled_from(selects)),
            protection=state,
            **draw(st.sampled_from(DISKS)),
            **draw(st.sampled_from(may_move)),
            **draw(st.sampled_from(first_backups)),
        ),
    ]
    return world, documents


USER = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
switches = st.sampled_from(["Enabled", "Disabled"])
live_vaults = st.fixed_dictionaries(
    {"location": st.just("japaneast")},
    optional={
        "redundancy": st.sampled_from(["LocallyRedundant", "ZoneRedundant"]),
        "crossRegionRestore": st.just(value=True),
        "softDelete": st.fixed_dictionaries(
            {"state": st.sampled_from(["Enabled", "Disabled", "AlwaysON"]), "retentionDays": st.sampled_from([14, 60])}
        ),
        "immutability": st.sampled_from(["Unlocked", "Locked"]),
        "protectedItems": st.just([{"vm": "rg-web/web-0", "state": "SoftDeleted"}]),
        "tags": st.just({"Owner": "x", "keep": "me"}),
    },
).filter(lambda live: not ("redundancy" in live and "crossRegionRestore" in live))
vault_specs = st.fixed_dictionaries(
    {},
    optional={
        "redundancy": st.sampled_from(["GeoRedundant", "LocallyRedundant"]),
        "crossRegionRestore": switches,
        "crossSubscriptionRestore": st.sampled_from(["Enabled", "Disabled", "PermanentlyDisabled"]),
        "softDelete": st.fixed_dictionaries(
            {"state": st.sampled_from(["Enabled", "AlwaysOn"])}, optional={"retentionDays": st.sampled_from([14, 30])}
        ),
        "immutability": st.sampled_from(["Disabled", "Unlocked", "Locked"]),
        "publicNetworkAccess": switches,
        "alerts": st.just({"allJobFailures": "Enabled"}),
        "identity": st.sampled_from([{"systemAssigned": True}, {"userAssigned": [USER.upper()]}]),
        "encryption": st.sampled_from([{"key": "https://kv-a.vault.azure.net/keys/k", "identity": USER}]),
        "tags": st.just({"owner": None, "new": "yes"}),
    },
).filter(lambda spec: spec.get("crossRegionRestore") != "Enabled" or spec.get("redundancy") != "LocallyRedundant")


@st.composite
def vaults(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A vault that exists or does not, and what is declared of it."""
    live = draw(st.none() | live_vaults)
    groups = {
        "rg-backup": {"location": "japaneast", "vaults": {"rsv": live} if live else {}},
        "rg-web": {"location": "japaneast", "virtualMachines": {"web-0": {"location": "japaneast"}}},
    }
    world = {"kind": "World", "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}}}
    return world, [vault("rsv", **draw(vault_specs))]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(estates(), vaults()))
def test_what_was_applied_plans_to_nothing(cli: Cli, estate: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    world, documents = estate
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "any.world.yaml").write_text(yaml.safe_dump(world))
        (folder / "all.yaml").write_text(yaml.safe_dump_all(documents, sort_keys=False))
        (folder / "backup-reconciler.yaml").write_text(yaml.safe_dump(SETTINGS))
        where = (folder, "--sandbox", folder / "any.world.yaml")
        before = cli("plan", *where, "--format", "json")
        assert before.status == 0, before.err
        assert cli("plan", *where, "--format", "json").out == before.out, "equal input, equal plan"

        applied = cli("apply", *where, "--auto-approve", "--allow-destructive", "--allow-one-way")
        assert applied.status == 0, applied.out + applied.err

        after = cli("plan", *where, "--format", "json").json
        assert after["actions"] == []
        drift = cli("drift", *where, "--format", "json")
        left = [one["blockedBy"] for one in drift.json["differences"]]
        assert all(left), "what is left cannot be carried out"
        assert drift.status == (2 if left else 0)
        blocked = [finding["address"] for finding in before.json["findings"] if finding["severity"] == "blocked"]
        assert [one["address"] for one in after["findings"] if one["severity"] == "blocked"] == blocked
