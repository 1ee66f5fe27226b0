"""Making a failing scenario small: what can be left out without its failure going away is left out."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from tests.conftest import SUBSCRIPTION, vm_id
from tests.simulation.scenario import Run
from tests.simulation.trial import try_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.scenario import Json, Scenario, Stage
    from tests.simulation.trial import Trial

MOST_TRIALS = 800

T = TypeVar("T")


def shrunk(trial: Trial, most: int = MOST_TRIALS) -> Trial:
    """The smallest scenario found that breaks one of the same invariants; at most so many are tried."""
    tried, smaller = 0, True
    while smaller and tried < most:
        smaller = False
        for candidate in _smaller(trial.scenario):
            tried += 1
            found = try_scenario(candidate)
            if found.broken & trial.broken:
                trial, smaller = found, True
                break
            if tried >= most:
                break
    return trial


def _smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Scenarios with a little less in them, the largest pieces first."""
    yield from _fewer_stages(scenario)
    yield from _fewer_versions(scenario)
    yield from _less_in_stages(scenario)
    yield from _fewer_documents(scenario)
    yield from _less_in_the_world(scenario)
    yield from _less_in_documents(scenario)


def _fewer_stages(scenario: Scenario) -> Iterator[Scenario]:
    for number in range(len(scenario.stages)):
        yield replace(scenario, stages=_without(scenario.stages, number))


def _fewer_versions(scenario: Scenario) -> Iterator[Scenario]:
    """Without a version; whoever ran it runs the one before, or the new first."""
    for gone in range(len(scenario.versions) if len(scenario.versions) > 1 else 0):
        stages = tuple(
            replace(stage, runs=tuple(replace(run, version=_moved(run.version, gone)) for run in stage.runs))
            for stage in scenario.stages
        )
        yield replace(scenario, versions=_without(scenario.versions, gone), stages=stages)


def _moved(version: int, gone: int) -> int:
    return max(version - 1, 0) if version >= gone else version


def _less_in_stages(scenario: Scenario) -> Iterator[Scenario]:
    for number, stage in enumerate(scenario.stages):
        fewer = [replace(stage, runs=_without(stage.runs, each)) for each in range(len(stage.runs))]
        fewer += [replace(stage, hands=_without(stage.hands, each)) for each in range(len(stage.hands))]
        for each, run in enumerate(stage.runs):
            plain = (Run(run.operator, run.version, run.after, destructive=run.destructive, one_way=run.one_way),)
            simpler = [*plain, *(replace(run, **{name: value}) for name, value in _PLAIN.items())]
            fewer += [_with_run(stage, each, one) for one in simpler if one != run]
        for less in fewer:
            yield replace(scenario, stages=(*scenario.stages[:number], less, *scenario.stages[number + 1 :]))


_PLAIN: dict[str, Any] = {
    "reads": "lists",
    "shard": "1/1",
    "saved": False,
    "only_plans": False,
    "interrupted_at": None,
    "dies_at": None,
    "thinks": 0.0,
    "max_changes": None,
    "strict": False,
    "after": 0.0,
}


def _with_run(stage: Stage, number: int, run: Run) -> Stage:
    return replace(stage, runs=(*stage.runs[:number], run, *stage.runs[number + 1 :]))


def _fewer_documents(scenario: Scenario) -> Iterator[Scenario]:
    for number, version in enumerate(scenario.versions):
        for each in range(len(version)):
            yield _with_version(scenario, number, _without(version, each))


def _less_in_documents(scenario: Scenario) -> Iterator[Scenario]:
    """Without a field of a document; the readers say which ones it can do without."""
    for number, version in enumerate(scenario.versions):
        for each, document in enumerate(version):
            for name in document["spec"]:
                spec = {key: value for key, value in document["spec"].items() if key != name}
                less = (*version[:each], {**document, "spec": spec}, *version[each + 1 :])
                yield _with_version(scenario, number, less)


def _with_version(scenario: Scenario, number: int, version: tuple[Json, ...]) -> Scenario:
    return replace(scenario, versions=(*scenario.versions[:number], version, *scenario.versions[number + 1 :]))


def _less_in_the_world(scenario: Scenario) -> Iterator[Scenario]:
    world = scenario.world
    for number in range(len(world.get("faults", ()))):
        yield replace(scenario, world={**world, "faults": list(_without(tuple(world["faults"]), number))})
    for name in ("latency", "quotas", "graphLagSeconds", "pageSize", "era"):
        if name in world:
            yield replace(scenario, world={key: value for key, value in world.items() if key != name})
    groups = world["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    for name in groups["rg-web"].get("virtualMachines", {}):
        yield replace(scenario, world=_without_vm(world, name), stages=_without_hands(scenario, name))
    for name, vault in groups["rg-backup"].get("vaults", {}).items():
        yield replace(scenario, world=_less_of_vault(world, name, None))
        for part in vault:
            if part != "location":
                yield replace(scenario, world=_less_of_vault(world, name, part))


def _without_vm(world: Json, name: str) -> Json:
    less = copy.deepcopy(world)
    groups = less["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    del groups["rg-web"]["virtualMachines"][name]
    for vault in groups["rg-backup"].get("vaults", {}).values():
        held = vault.get("protectedItems", [])
        vault["protectedItems"] = [item for item in held if item["vm"] != f"rg-web/{name}"]
    return less


def _without_hands(scenario: Scenario, name: str) -> tuple[Stage, ...]:
    return tuple(
        replace(stage, hands=tuple(hand for hand in stage.hands if hand.vm != vm_id(name))) for stage in scenario.stages
    )


def _less_of_vault(world: Json, name: str, part: str | None) -> Json:
    less = copy.deepcopy(world)
    vaults = less["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-backup"]["vaults"]
    del (vaults if part is None else vaults[name])[name if part is None else part]
    return less


def _without(all_of: tuple[T, ...], number: int) -> tuple[T, ...]:
    return all_of[:number] + all_of[number + 1 :]
