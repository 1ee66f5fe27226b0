"""plan → apply → plan is empty, for generated worlds and manifests, over HTTP with the real SDK."""

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SUBSCRIPTION, Cli, assignment, policy, vault

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
retention = st.fixed_dictionaries(
    {"daily": st.fixed_dictionaries({"days": st.sampled_from([7, 30, 90])})},
    optional={
        "weekly": st.just({"weeks": 4, "days": ["Saturday", "Sunday"]}),
        "monthly": st.sampled_from(
            [{"months": 3, "dates": [1, "last"]}, {"months": 6, "weeks": ["First"], "days": ["Monday"]}]
        ),
    },
)
policy_specs = st.fixed_dictionaries(
    {
        "schedule": st.sampled_from(["23:00", "02:30"]).map(lambda time: {"frequency": "Daily", "time": time}),
        "retention": retention,
    },
    optional={"instantRestoreDays": st.integers(1, 5), "timeZone": st.sampled_from(["UTC", "Asia/Tokyo"])},
)


@st.composite
def estates(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A world, and manifests that speak of part of it."""
    machines = draw(virtual_machines)
    here = [name for name in sorted(machines) if machines[name]["location"] == "japaneast"]
    holders = {name: draw(st.sampled_from(["nobody", "rsv", "other"])) for name in here}
    states = ["Protected", "IRPending", "ProtectionStopped", "SoftDeleted"]
    held = {"rsv": [], "other": []}
    for name in here:
        if holders[name] != "nobody":
            state = draw(st.sampled_from(states))
            item = {"vm": f"rg-web/{name}", "state": state}
            held[holders[name]].append(item | ({"policy": "DefaultPolicy"} if state in states[:2] else {}))
    vaults = {"other": {"location": "japaneast", "protectedItems": held["other"]}}
    if held["rsv"] or draw(st.booleans()):
        vaults["rsv"] = {"location": "japaneast", "protectedItems": held["rsv"], "tags": {"Owner": "x", "keep": "me"}}
    groups = {
        "rg-backup": {"location": "japaneast", "vaults": vaults},
        "rg-web": {"location": "japaneast", "virtualMachines": machines},
    }
    world = {
        "kind": "World",
        "era": draw(st.sampled_from([2021, 2026])),
        "pageSize": draw(st.sampled_from([1, 2, 100])),
    }
    world["subscriptions"] = {SUBSCRIPTION: {"resourceGroups": groups}}
    tags = draw(st.sampled_from([{}, {"tags": {"owner": "me"}}, {"tags": {"owner": None, "new": "yes"}}]))
    selects = [{"tags": {"env": ["prod"]}}, {"names": ["*"]}, {"names": ["web-[0-2]"]}]
    documents = [
        vault("rsv", **tags),
        policy("daily", **draw(policy_specs)),
        assignment(
            policy=draw(st.sampled_from(["daily", "DefaultPolicy"])),
            select=draw(st.sampled_from(selects)),
            protection=draw(st.sampled_from(["active", "stopped"])),
        ),
    ]
    return world, documents


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(estates())
def test_what_was_applied_plans_to_nothing(cli: Cli, estate: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    world, documents = estate
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "any.world.yaml").write_text(yaml.safe_dump(world))
        (folder / "all.yaml").write_text(yaml.safe_dump_all(documents, sort_keys=False))
        where = (folder, "--sandbox", folder / "any.world.yaml")
        before = cli("plan", *where, "--format", "json")
        assert before.status == 0, before.err
        assert cli("plan", *where, "--format", "json").out == before.out, "equal input, equal plan"

        applied = cli("apply", *where, "--auto-approve", "--allow-destructive")
        assert applied.status == 0, applied.out + applied.err

        after = cli("plan", *where, "--format", "json").json
        assert after["actions"] == []
        assert cli("drift", *where).status == 0
        blocked = [finding["address"] for finding in before.json["findings"] if finding["severity"] == "blocked"]
        assert [one["address"] for one in after["findings"] if one["severity"] == "blocked"] == blocked
