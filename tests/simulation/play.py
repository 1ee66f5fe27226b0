"""Plays a scenario: everybody acts at their time, and what is seen of it is recorded."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backup_reconciler.manifest import load
from backup_reconciler.sandbox.core.effects import CALENDAR
from backup_reconciler.sandbox.core.estate import Latency, Quotas
from backup_reconciler.sandbox.state import new_state
from backup_reconciler.sandbox.world_file import parse_world
from tests.simulation.declared import Declared
from tests.simulation.hands import request_of
from tests.simulation.portrait import estate_portrait, overlap
from tests.simulation.process import Process, told_apart
from tests.simulation.record import HAND, Record, Told
from tests.simulation.scenario import Run, Stage
from tests.simulation.service import Service
from tests.simulation.virtual_time import VirtualClock, VirtualLoop, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import Settings, VirtualMachine
    from backup_reconciler.spec.document import Manifests
    from tests.simulation.scenario import Hand, Scenario

_CALM = 4 * 3600.0
"""Seconds after which Resource Graph knows all there is."""
_MOST_RUNS = 8
"""A plan that postpones something says so, and the next run goes on from there; none needs more than these."""
_LAST = Run("the last", -1, destructive=True, one_way=True, max_changes=1000)
_BY_GRAPH = replace(_LAST, operator="who reads the graph", reads="graph", only_plans=True)
_SETTINGS = {"apiVersion": "backup-reconciler/v1", "kind": "Settings", "spec": {"roots": ["."]}}


def play(scenario: Scenario) -> Record:
    """Everything that is seen of a scenario. Raises what the readers of worlds and manifests raise."""
    with tempfile.TemporaryDirectory() as name:
        return run(_Play(scenario, Path(name)).played())


@dataclass
class _Play:
    scenario: Scenario
    folder: Path
    tags: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """The tags that each VM has had since the stage began."""
    names: Counter[str] = field(default_factory=Counter)

    async def played(self) -> Record:
        state = new_state(parse_world(self.scenario.world))
        self.service, self.clock = Service(state), VirtualClock(state.clock)
        self.versions = [Declared(version) for version in self.scenario.versions]
        self.manifests = [self._loaded(number) for number in range(len(self.versions))]
        before = estate_portrait(self.service.estate)
        record = self.service.record
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with told_apart(loop):
            try:
                for stage in self.scenario.stages:
                    await self._stage(stage)
                await self._calm()
                await self._end()
            except asyncio.CancelledError:
                record.stuck = loop.given_up
        record.strangers = list(self._strangers(before, estate_portrait(self.service.estate)))
        return record

    async def _stage(self, stage: Stage) -> None:
        self.tags = {vm.id.casefold(): [dict(vm.tags)] for vm in self._machines()}
        self.service.begin_stage()
        async with asyncio.TaskGroup() as group:
            for each in stage.runs:
                group.create_task(self._run(each))
            for hand in stage.hands:
                if hand.at_request is None:
                    group.create_task(self._hand(hand))
                else:
                    self.service.deeds[hand.at_request].append(partial(self._do, hand))
        await self.clock.sleep(stage.rest)

    async def _run(self, each: Run) -> None:
        await self.clock.sleep(each.after)
        self.service.record.told.append(await self._told(each))

    async def _told(self, each: Run) -> Told:
        self.names[each.operator] += 1
        name = f"{each.operator}-{self.names[each.operator]}"
        now = self.clock.now()
        told = Told(name, each, self.versions[each.version], now, now, now.date(), frozenset())
        process = Process(name, each, self.service, self.clock)
        await process.lived(self.manifests[each.version], told)
        selected = {vm for vm, tags in self.tags.items() if told.declared.selects(vm, tags)}
        told.selected = frozenset(selected | told.declared.named())
        return told

    async def _hand(self, hand: Hand) -> None:
        await self.clock.sleep(hand.after)
        self._do(hand)

    def _do(self, hand: Hand) -> None:
        self.service.answer(HAND, request_of(hand), self.clock.now())
        for vm in self._machines():
            self.tags.setdefault(vm.id.casefold(), []).append(dict(vm.tags))

    async def _calm(self) -> None:
        """Faults end, and so much time passes that what was under way is over."""
        self.service.all_is_well()
        estate = self.service.estate
        estate.settings = _without_pressure(estate.settings)
        while due := max((effect.due for effect in estate.effects if effect.kind not in CALENDAR), default=None):
            await self.clock.sleep(max((due - self.clock.now()).total_seconds(), 0.0) + 1.0)
            self.service.settle(self.clock.now())
        await self.clock.sleep(_CALM)
        self.service.settle(self.clock.now())

    async def _end(self) -> None:
        """The last version of the manifests, applied until a run finds nothing to do."""
        record = self.service.record
        for _ in range(_MOST_RUNS):
            await self._stage(Stage(rest=_CALM))
            told = await self._told(_LAST)
            record.final.append(told)
            if told.plan is None or not told.plan.actions:
                break
        record.by_graph = await self._told(_BY_GRAPH)

    def _loaded(self, number: int) -> Manifests:
        folder = self.folder / str(number)
        folder.mkdir()
        texts = [json.dumps(document, ensure_ascii=False) for document in self.scenario.versions[number]]
        (folder / "all.yaml").write_text("\n---\n".join(texts))
        (folder / "backup-reconciler.yaml").write_text(json.dumps(_SETTINGS))
        return load([folder])

    def _machines(self) -> Iterator[VirtualMachine]:
        for group in self.service.estate.groups():
            yield from group.virtual_machines.values()

    def _strangers(self, before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
        """Resources that are otherwise, or gone, or new, without a request that anybody sent there."""
        written = {seen.path for seen in self.service.record.seen if seen.writes and seen.taken}
        for resource in sorted(before.keys() | after.keys()):
            if before.get(resource) != after.get(resource) and not _was_written(resource, written):
                yield resource


def _was_written(resource: str, written: set[str]) -> bool:
    """What is in a vault, or of a network, also comes and goes with it; and soft-deleted backups go in time."""
    owner, _, part = resource.partition("/policies/") if "/policies/" in resource else resource.partition("/items/")
    if not part:
        return any(overlap(path, resource) for path in written)
    return owner in written or any(path.startswith(owner) and part in path for path in written)


def _without_pressure(settings: Settings) -> Settings:
    """The same service, that limits nobody and answers at once; Resource Graph stays as far behind as it was."""
    return replace(settings, latency=Latency(), quotas=Quotas())
