"""One process that applies manifests, as `apply` does, from its start to its end, which may be sudden."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from rich.console import Console

from backup_reconciler.apply import Interrupt, InterruptibleClock, LiveGate, execute
from backup_reconciler.apply.interrupt import Interrupted
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.cli import applying, planning, saved_plans
from backup_reconciler.cli.applying import planned
from backup_reconciler.cli.consent import Consent
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.planning import Approach, plan_against
from backup_reconciler.cli.saved_plans import origin_of
from backup_reconciler.cli.where import Where
from backup_reconciler.plan.saved.reading import read_saved_plan
from backup_reconciler.plan.saved.saved_plan import saved_plan
from backup_reconciler.report.text.result import write_result
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.state.read_by import ReadBy
from tests.simulation.portrait import fact_of
from tests.simulation.road import road

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from backup_reconciler.sandbox.core import Request, Response
    from backup_reconciler.spec.document import Manifests
    from tests.simulation.record import Told
    from tests.simulation.scenario import Run
    from tests.simulation.service import Service
    from tests.simulation.virtual_time import VirtualClock

_PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)
_TURNS = 5
"""Turns of the loop in which what was cancelled comes to its end."""


class Process:
    """One process: its tasks, and the requests that it sends."""

    def __init__(self, name: str, run: Run, service: Service, clock: VirtualClock) -> None:
        self.name = name
        self.run = run
        self.interrupt = Interrupt()
        self.died = False
        self.tasks: list[asyncio.Task[Any]] = []
        self._service = service
        self._clock = clock
        self._sent = 0

    async def exchange(self, request: Request) -> Response:
        """Send a request and wait for its answer; the run is interrupted, or dies, at the request that its scenario
        says."""
        if self.died:
            raise asyncio.CancelledError
        self._sent += 1
        response = self._service.answer(self.name, request, self._clock.now())
        if self._sent == self.run.interrupted_at:
            self.interrupt.set()
        if self._sent == self.run.dies_at:
            self.died = True
            for task in self.tasks:
                task.cancel()
        await self._clock.sleep(response.delay)
        return response

    async def apply(self, manifests: Manifests, told: Told) -> None:
        """Plan, refuse, wait for the answer, carry out; `told` gets what there is to tell. Raises what `apply` does."""
        clients, transport = road()
        transport.processes[self.name] = self
        numbers = count(1)
        clock = InterruptibleClock(self._clock, self.interrupt)
        arm = Arm(clients, clock, permit=self.interrupt.check, new_id=lambda: f"{self.name}/{next(numbers)}")
        try:
            approach = Approach(None, ReadBy(self.run.reads), Shard.written(self.run.shard) or WHOLE)
            consent = await self._consent(arm, manifests, approach)
            told.plan, _ = await planned(arm, manifests, approach, consent)
            told.day = clock.now().date()
            told.refused = consent.refusal(told.plan, told.day) or ""
            if told.plan.actions and not told.refused and not self.run.only_plans:
                if not self.run.saved:
                    await clock.sleep(self.run.thinks)
                gate = LiveGate(arm, self.interrupt)
                told.result = await execute(told.plan, arm, gate, self.interrupt, lambda _: None)
                write_result(told.result, _Silent())
                told.facts = {action.id: fact_of(self._service.estate, action) for action in told.plan.actions}
        finally:
            told.ended = self._clock.now()
            told.reads, told.writes = arm.sent.reads, arm.sent.writes
            transport.processes.pop(self.name, None)

    async def _consent(self, arm: Arm, manifests: Manifests, approach: Approach) -> Consent:
        """What was agreed to beforehand: a plan as well, where one was saved, which was thought about for some time."""
        run = self.run
        agreed = None if run.max_changes is None else MaxChanges(run.max_changes)
        saved = None
        if run.saved:
            plan = (await plan_against(arm, manifests, approach, agreed)).plan
            saved = read_saved_plan(saved_plan(plan, origin_of(manifests, Where())).text().encode())
            await arm.clock.sleep(run.thinks)
        said = Consent(
            auto_approve=True,
            destructive=run.destructive,
            one_way=run.one_way,
            strict=run.strict,
            max_changes=agreed,
            saved=saved,
        )
        return said.with_settings(manifests)

    async def lived(self, manifests: Manifests, told: Told) -> Told:
        """All of its life, and what is left of it afterwards."""
        context = copy_context()
        context.run(_PROCESS.set, self)
        main = asyncio.get_running_loop().create_task(self.apply(manifests, told), context=context)
        try:
            await main
        except (AzureError, Interrupted, UsageError) as error:
            told.refused = f"{type(error).__name__}: {error}"
        except asyncio.CancelledError:
            told.died = self.died
            if not self.died:
                raise
        except Exception as error:  # noqa: BLE001 - which one it is, an invariant judges
            told.error = error
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._look_back(told)
        return told

    def _look_back(self, told: Told) -> None:
        """Tasks that go on when the process has ended of itself, and errors that none of it has heard of."""
        going_on = [task for task in self.tasks if not task.done()]
        if not self.died:
            told.left_over = tuple(_named(task.get_coro()) for task in going_on)
        for task in going_on:
            task.cancel()
        unheard = [task for task in self.tasks if task.done() and not task.cancelled() and task._log_traceback]
        told.unheard = tuple(f"{_named(task.get_coro())}: {task.exception()!r}" for task in unheard)


def _named(work: Any) -> str:
    return str(getattr(work, "__qualname__", work))


@contextmanager
def told_apart(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Within, each task of the loop is noted with the process that it belongs to, and no process shows anything."""

    def make(of_loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=of_loop, **options)
        context = options.get("context")
        process = context.get(_PROCESS) if context else _PROCESS.get()
        if process is not None:
            process.tasks.append(task)
        return task

    loop.set_task_factory(make)
    log = logging.getLogger("backup_reconciler")
    with (
        patch.object(planning, "progress_console", _Silent),
        patch.object(saved_plans, "output", _Silent),
        patch.object(applying, "output", _Silent),
        patch.object(log, "level", logging.CRITICAL),
    ):
        log.manager._clear_cache()
        yield
    log.manager._clear_cache()


class _Silent(Console):
    """Writes where nobody reads, and starts no thread to do so."""

    def __init__(self) -> None:
        super().__init__(file=StringIO(), width=100, color_system=None, markup=False, emoji=False, highlight=False)

    @contextmanager
    def status(self, *_: Any, **__: Any) -> Iterator[None]:  # type: ignore[override]
        yield
