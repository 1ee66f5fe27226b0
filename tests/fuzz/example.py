"""A whole estate to start from: what Azure would answer about the example of VM states, and the report of it."""

import asyncio
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import read_snapshot
from backup_reconciler.manifest import load
from backup_reconciler.plan import make_plan, scope_of
from backup_reconciler.plan.shard import Part
from backup_reconciler.report.model.report import About, Report, report_of
from backup_reconciler.sandbox.core import Request, handle
from backup_reconciler.sandbox.state import new_state
from backup_reconciler.sandbox.world_file import load_world
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.state.snapshot import Snapshot
from tests.unit.fakes import Answer, road

_FOLDER = Path(__file__).parents[2] / "manifests" / "vm-states"
DAY = date(2026, 11, 23)


@cache
def manifests() -> Manifests:
    return load([_FOLDER])


@cache
def answers() -> dict[str, Any]:
    """Every answer that reading the estate takes, by path."""
    world = load_world(_FOLDER / "vm-states.world.yaml")
    state, found = new_state(world), dict[str, Any]()

    def script(request: ArmRequest) -> Answer:
        query = {"api-version": request.api.value, **request.query}
        asked = Request(request.method, request.path, query, {}, request.body, "http://box")
        answer = handle(state.estate, asked, state.clock, state.rng)
        if answer.status == 200:
            found[request.path] = answer.body
        return Answer(answer.status, answer.body)

    _snapshot(script)
    return json.loads(json.dumps(found))


def snapshot_of(answered: dict[str, Any]) -> Snapshot:
    """What is read where these are the answers. Raises `AzureError`."""

    def script(request: ArmRequest) -> Answer:
        path = urlsplit(request.path).path
        if path not in answered:
            return Answer(404, {"error": {"code": "ResourceNotFound", "message": "not found"}})
        return Answer(200, answered[path])

    return _snapshot(script)


def _snapshot(script: Any) -> Snapshot:
    arm, _, _ = road(script)
    return asyncio.run(read_snapshot(arm, scope_of(manifests())))


def report_on(snapshot: Snapshot, about: About, shard: Shard = WHOLE) -> Report:
    plan = Part.of(shard, manifests(), snapshot).of_plan(make_plan(manifests(), snapshot, DAY))
    return report_of(about, plan, snapshot, manifests())


@cache
def report(shard: Shard = WHOLE) -> Report:
    """The report of drift where everything is as the world has it."""
    return report_on(snapshot_of(answers()), About.DRIFT, shard)
