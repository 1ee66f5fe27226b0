"""Each invariant is seen to break when something is made wrong: in the product, on the road, or in the service."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from backup_reconciler.apply import LiveGate, Status, executor
from backup_reconciler.apply.failure import Failure, NotConfirmed
from backup_reconciler.azure.codec import vault as vault_codec
from backup_reconciler.cli import planning
from backup_reconciler.cli.consent import Consent
from backup_reconciler.sandbox.core.recovery_services.items import protection as service_protection
from backup_reconciler.sandbox.core.resource_graph import graph, graph_index
from backup_reconciler.spec.arm_id import ArmId
from tests.conftest import SUBSCRIPTION, assignment, daily_policy, policy, vault, vm_id
from tests.simulation.invariants import INVARIANTS
from tests.simulation.making.cast import vault_path
from tests.simulation.road import Transport
from tests.simulation.scenario import Hand, Run, Scenario, Stage
from tests.simulation.service import Service
from tests.simulation.shrinking import shrunk
from tests.simulation.trial import try_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALM = Run("ours", 0, destructive=True, one_way=True)
CARELESS = Run("ours", 0)
APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("web-0")]}


def scenario(*stages: Stage, assignments: tuple[Any, ...] = (), days: int = 7, tags: Any = None) -> Scenario:
    """A VM whose policy is to keep less than it does, and one that has no backup yet."""
    machines = {name: {"location": "japaneast", "tags": {"env": "prod"}} for name in ("web-0", "web-1")}
    protected = {"vm": "rg-web/web-0", "policy": "daily", "recoveryPoints": {"count": 10}}
    found = {
        "location": "japaneast",
        "tags": {"keep": "me"},
        "policies": {"daily": daily_policy(90)},
        "protectedItems": [protected],
    }
    groups = {
        "rg-backup": {"location": "japaneast", "vaults": {"rsv": found, "rsv-old": {"location": "japaneast"}}},
        "rg-web": {"location": "japaneast", "virtualMachines": machines},
    }
    world = {"kind": "World", "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}}}
    documents = (
        vault(tags={"owner": "me"} if tags is None else tags),
        policy(retention={"daily": {"days": days}}),
        *(assignments or (assignment(initialBackup={"keepDays": 7}),)),
    )
    return Scenario(0, world, (documents,), stages)


def deletes(**more: Any) -> Any:
    return assignment(select={"ids": [vm_id("web-0")]}, protection="deleted", approval=APPROVAL, **more)


# ---- what is made wrong ----------------------------------------------------------------------------------------------


def carries_out(gate: Callable[..., Any]) -> Any:
    return patch.object(LiveGate, "carry_out", gate)


async def nothing(*_: Any) -> Status:
    return Status.DONE


async def fails(*_: Any) -> Status:
    raise Failure("it did not work")


async def pretends(*_: Any) -> Status:
    raise NotConfirmed(Failure("nobody knows"))


async def never(*_: Any) -> Status:
    return await asyncio.get_running_loop().create_future()


@contextmanager
def twice(method: str, ending: str) -> Iterator[None]:
    """A road that sends some requests a second time."""
    send = Transport.send

    async def sends(self: Transport, request: Any, **options: Any) -> Any:
        if request.method == method and ending in request.url:
            await send(self, request, **options)
        return await send(self, request, **options)

    with patch.object(Transport, "send", sends):
        yield


@contextmanager
def updates_vaults(change: Callable[[Any], Any]) -> Iterator[None]:
    request_of = vault_codec.update_request
    with patch.object(vault_codec, "update_request", lambda *given: change(request_of(*given))):
        yield


def elsewhere(request: Any) -> Any:
    return replace(request, path=ArmId(vault_path("rsv-old")).text)


def with_less_tags(request: Any) -> Any:
    return replace(request, body={**request.body, "tags": {"owner": "me"}})


def raises(*_: Any) -> Any:
    raise KeyError("a mistake")


@contextmanager
def tells(status: Status) -> Iterator[None]:
    """A report that has nothing to do with what was done."""
    really = executor._outcome

    async def lies(*given: Any) -> Any:
        return replace(await really(*given), status=status)

    with patch.object(executor, "_outcome", lies):
        yield


@contextmanager
def goes_on() -> Iterator[None]:
    """A run of which something goes on when it has ended."""
    really = executor._outcome

    async def leaves_something(*given: Any) -> Any:
        asyncio.create_task(asyncio.sleep(1000))  # noqa: RUF006 - that is the mistake
        return await really(*given)

    with patch.object(executor, "_outcome", leaves_something):
        yield


@contextmanager
def someone_else_writes() -> Iterator[None]:
    """A service in which something changes that nobody asked for."""
    settle = Service.settle

    def settles(self: Service, now: Any) -> None:
        settle(self, now)
        for group in self.estate.groups():
            if "rsv-old" in group.vaults:
                group.vaults["rsv-old"].tags = {"who": "knows"}

    with patch.object(Service, "settle", settles):
        yield


@contextmanager
def graph_that_dreams() -> Iterator[None]:
    """A Resource Graph in which all is protected, and a gate that lets nothing through, so that not all is."""
    really = graph_index.rows

    def rows(*given: Any) -> Any:
        found = really(*given)
        items = [row for row in found if row["type"].endswith("/protecteditems")]
        return found + [json.loads(json.dumps(row).replace("web-0", "web-1")) for row in items]

    with patch.object(graph, "rows", rows), carries_out(fails):
        yield


def unasked() -> Any:
    return patch.object(Consent, "refusal", lambda *_: None)


ONE_RUN = scenario(Stage((CALM,)))
UNASKED = scenario(Stage((CARELESS,)))
DELETING = scenario(Stage((CARELESS,)), assignments=(deletes(),))
UNPROTECTED = scenario(assignments=(assignment(),), days=90, tags={"keep": "me"})
BY_HAND = scenario(Stage(hands=(Hand(0.0, "bind the VM", vault_path("rsv-old"), vm_id("web-0"), "DefaultPolicy"),)))

SABOTAGES: dict[str, tuple[Scenario, Callable[[], Any]]] = {
    "another_run_converges": (ONE_RUN, lambda: carries_out(fails)),
    "nothing_is_left_to_do": (ONE_RUN, lambda: carries_out(nothing)),
    "resource_graph_tells_the_same": (UNPROTECTED, graph_that_dreams),
    "no_recovery_point_goes_without_consent": (UNASKED, unasked),
    "backups_are_deleted_by_approval_and_flag": (DELETING, unasked),
    "no_vm_is_active_in_two_vaults": (
        BY_HAND,
        lambda: patch.object(service_protection, "_why_not", lambda *_: None),
    ),
    "only_what_is_declared_is_written": (ONE_RUN, lambda: updates_vaults(elsewhere)),
    "only_fields_that_are_stated_change": (ONE_RUN, lambda: updates_vaults(with_less_tags)),
    "nothing_else_changes": (ONE_RUN, someone_else_writes),
    "no_write_is_repeated_while_it_is_under_way": (ONE_RUN, lambda: twice("PUT", "/protectedItems/")),
    "no_backup_is_started_twice": (ONE_RUN, lambda: twice("POST", "/backup?")),
    "what_is_told_as_done_is_so": (ONE_RUN, lambda: carries_out(nothing)),
    "what_is_told_as_not_done_was_not_sent": (ONE_RUN, lambda: tells(Status.SKIPPED)),
    "what_is_told_as_taken_was_taken": (ONE_RUN, lambda: carries_out(pretends)),
    "requests_are_told_as_they_were": (ONE_RUN, lambda: twice("GET", "/vaults?")),
    "errors_are_those_that_are_documented": (ONE_RUN, lambda: patch.object(planning, "make_plan", raises)),
    "nothing_of_a_run_goes_on_after_it": (ONE_RUN, goes_on),
    "everybody_gets_on": (ONE_RUN, lambda: carries_out(never)),
}


def test_every_invariant_has_something_that_breaks_it() -> None:
    assert list(SABOTAGES) == [each.__name__ for each in INVARIANTS]


@pytest.mark.parametrize("invariant", SABOTAGES)
def test_an_invariant_is_seen_to_break(invariant: str) -> None:
    played, sabotage = SABOTAGES[invariant]
    with sabotage():
        trial = try_scenario(played)
    assert invariant in trial.broken, trial.wrongs


@pytest.mark.parametrize("played", [ONE_RUN, UNASKED, DELETING, UNPROTECTED, BY_HAND])
def test_without_it_nothing_breaks(played: Scenario) -> None:
    trial = try_scenario(played)
    assert not trial.wrongs
    assert not trial.invalid


def test_a_failing_scenario_is_made_small() -> None:
    busy = Stage((CALM, replace(CALM, operator="theirs", after=1.0)), BY_HAND.stages[0].hands)
    with carries_out(nothing):
        trial = shrunk(try_scenario(replace(ONE_RUN, stages=(busy, busy))))
    assert trial.broken
    assert trial.scenario.stages == ()
    assert [document["kind"] for document in trial.scenario.versions[0]] == ["Vault"]
