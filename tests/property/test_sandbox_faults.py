"""Laws of a box under pressure: whatever goes wrong, goes wrong again in the same way, and harms nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from backup_reconciler.sandbox.core import Estate, Request, Response, handle
from backup_reconciler.sandbox.state import State, new_state
from backup_reconciler.sandbox.world_file import parse_world
from tests.conftest import SUBSCRIPTION, daily_policy

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
VAULTS = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults"
VMS = f"{GROUP}/providers/Microsoft.Compute/virtualMachines"
VAULT_BODY = {"location": "japaneast", "sku": {"name": "Standard"}}
ESTATE = TypeAdapter(Estate)


def item(vm: str) -> str:
    container = f"{VAULTS}/rsv/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;{vm}"
    return f"{container}/protectedItems/vm;iaasvmcontainerv2;rg;{vm}"


def put_item(vm: str, **more: str) -> dict[str, Any]:
    policy = f"{VAULTS}/rsv/backupPolicies/DefaultPolicy"
    source = {"protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": f"{VMS}/{vm}"}
    return {"properties": {**source, "policyId": policy, **more}}


REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", f"{VAULTS}/rsv", None),
    ("GET", f"{VAULTS}/rsv/backupJobs", None),
    ("GET", VMS, None),
    ("GET", item("a"), None),
    ("POST", "/providers/Microsoft.ResourceGraph/resources", {"query": "resources | project name"}),
    ("PUT", f"{VAULTS}/new", VAULT_BODY),
    ("DELETE", f"{VAULTS}/new", None),
    ("PATCH", f"{VAULTS}/rsv", {"tags": {"a": "b"}}),
    ("PATCH", f"{VAULTS}/rsv", {"tags": "nonsense"}),
    ("PUT", f"{VAULTS}/rsv/backupPolicies/DefaultPolicy", {"properties": daily_policy(40)}),
    ("PUT", f"{VAULTS}/rsv/backupPolicies/mine", {"properties": daily_policy(50)}),
    ("PUT", item("a"), put_item("a")),
    ("PUT", item("b"), put_item("b")),
    ("PUT", item("a"), put_item("a", protectionState="ProtectionStopped", policyId="")),
    ("PUT", item("a"), "nonsense"),
    ("POST", f"{item('a')}/backup", {"properties": {"objectType": "IaasVMBackupRequest"}}),
    ("DELETE", item("a"), None),
    ("PATCH", f"{VMS}/b", {"tags": {"a": "b"}}),
    ("POST", f"{VMS}/b/deallocate", None),
    ("DELETE", f"{VMS}/b", None),
]
STEPS = st.lists(st.tuples(st.sampled_from(REQUESTS), st.sampled_from([0, 1, 15, 60, 4000])), max_size=25)

PATHS = st.sampled_from(["*", "*/vaults/*", "*/protectedItems/*", "*/virtualMachines*", "*/backupPolicies/*"])
UNTAKEN = st.fixed_dictionaries({"status": st.sampled_from([429, 500, 503]), "code": st.just("Faulty")}) | st.just(
    {"cut": "before"}
)
HARMLESS = UNTAKEN | st.just({"cut": "after"})
KINDS = HARMLESS | st.sampled_from(
    [
        {"ignored": True},
        {"late": 0},
        {"late": 600},
        {"operation": {"code": "CloudInternalError"}},
        {"slow": 3},
        {"pages": "repeat"},
        {"pages": "skip"},
    ]
)


def faults(kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    when = st.fixed_dictionaries(
        {},
        optional={
            "times": st.integers(1, 3),
            "skip": st.integers(0, 3),
            "rate": st.sampled_from([0.2, 0.7]),
            "method": st.sampled_from(["GET", "PUT", "*"]),
        },
    )
    return st.lists(st.builds(lambda path, kind, rest: {"path": path, **kind, **rest}, PATHS, kinds, when), max_size=4)


def founded(**more: Any) -> State:
    here = {"location": "japaneast"}
    group = {"virtualMachines": dict.fromkeys("abc", here), "vaults": {"rsv": here}}
    world = {"kind": "World", "pageSize": 2, "subscriptions": {SUBSCRIPTION: {"resourceGroups": {"rg": group}}}, **more}
    return new_state(parse_world(world))


def lived(state: State, steps: Any, taken: list[bool] | None = None) -> list[Response]:
    """Send requests, each so many seconds after the last; only those that are to be taken, where that is said."""
    now, answers = state.clock, []
    for number, ((method, path, body), seconds) in enumerate(steps):
        now += timedelta(seconds=seconds)
        if taken is None or taken[number]:
            request = Request(method, path, {"api-version": "2026-10-01"}, {}, body, "http://box")
            answers.append(handle(state.estate, request, now, state.rng))
    later = Request("GET", "/subscriptions", {"api-version": "2026-10-01"})
    handle(state.estate, later, now + timedelta(hours=2), state.rng)
    return answers


def without_ids(state: State) -> Any:
    """What there is, but for what is drawn: ids, and the moments at which nothing but polling ended."""
    vaults = [
        (
            vault.key,
            vault.provisioning,
            vault.tags,
            vault.properties,
            {name: policy.properties for name, policy in vault.policies.items()},
            [(one.key, one.state, one.policy_id, len(one.recovery_points)) for one in vault.items.values()],
            [(job.operation, job.vm, job.status, job.started, job.ended) for job in vault.jobs.values()],
        )
        for vault in state.estate.vaults()
    ]
    machines = [
        (vm.name, vm.power, vm.tags) for group in state.estate.groups() for vm in group.virtual_machines.values()
    ]
    return vaults, machines, state.estate.holders


@given(faults(KINDS), STEPS, st.integers(0, 3), st.sampled_from([0, 90]))
def test_equal_seeds_give_equal_answers(listed: Any, steps: Any, seed: int, lag: int) -> None:
    more = {"faults": listed, "seed": seed, "graphLagSeconds": lag, "latency": {"seconds": 1, "jitter": 0.5}}
    one, other = founded(**more), founded(**more)
    first, second = lived(one, steps), lived(other, steps)
    assert first == second
    assert [json.dumps(answer.body) for answer in first] == [json.dumps(answer.body) for answer in second]
    assert one.estate == other.estate
    assert ESTATE.validate_json(ESTATE.dump_json(one.estate, exclude={"worked_out"})) == one.estate


@given(faults(HARMLESS), STEPS)
def test_errors_and_cuts_leave_what_the_requests_that_were_taken_made(listed: Any, steps: Any) -> None:
    faulty, plain = founded(faults=listed), founded()
    answers = lived(faulty, steps)
    taken = [answer.status != 0 and not _is_faulty(answer) for answer in answers]
    lived(plain, steps, taken)
    assert without_ids(faulty) == without_ids(plain)


def _is_faulty(answer: Response) -> bool:
    return isinstance(answer.body, dict) and answer.body.get("error", {}).get("code") == "Faulty"


@given(st.sampled_from([{"ignored": True}, {"status": 500}, {"cut": "before"}]), STEPS)
def test_when_no_write_is_carried_out_all_is_as_if_there_had_been_none(kind: Any, steps: Any) -> None:
    reads = [step[0][0] == "GET" for step in steps]
    methods = ["PUT", "PATCH", "POST", "DELETE"]
    faulty = founded(faults=[{"path": "*", "method": method, **kind} for method in methods], schedules=False)
    plain = founded(schedules=False)
    lived(faulty, steps)
    lived(plain, steps, reads)
    vaults, machines, holders = without_ids(faulty)
    jobless = [vault[:-1] for vault in vaults], machines, holders
    assert jobless == ([vault[:-1] for vault in without_ids(plain)[0]], *without_ids(plain)[1:])
    pending = [effect.kind for effect in faulty.estate.effects]
    assert pending == []


@given(STEPS)
def test_what_is_late_has_come_when_its_time_has(steps: Any) -> None:
    late = founded(faults=[{"path": "*", "late": 600}], schedules=False)
    lived(late, steps)
    assert late.estate.postponed == {}
