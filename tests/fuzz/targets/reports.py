"""What earlier runs wrote down: saved plans, and the reports that `drift --since` reads."""

import json
from contextlib import suppress
from functools import cache
from io import StringIO

from pydantic import ValidationError
from rich.console import Console

from backup_reconciler.plan.order import PlanCycleError
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.saved.manifests import manifests_digest
from backup_reconciler.plan.saved.reading import NoSavedPlanError, read_saved_plan, staleness
from backup_reconciler.plan.saved.saved_plan import Origin, SavedPlan, saved_plan
from backup_reconciler.plan.saved.verdict import judge
from backup_reconciler.report.data.drift import drift_data
from backup_reconciler.report.earlier import EarlierReportError, read_earlier, refuse_unrelated
from backup_reconciler.report.merge import MergeError, joined, read_shard_report
from backup_reconciler.report.model.report import with_since
from backup_reconciler.report.text.saved_plan import write_left, write_refused
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.shard import Shard
from backup_reconciler.state.snapshot import Snapshot
from tests.fuzz.example import report
from tests.fuzz.looks import assert_harmless, assert_told, in_every_format
from tests.fuzz.target import Target
from tests.unit.plan.actions import DAY, EXAMPLES

_PLAN = Plan(DAY, tuple(EXAMPLES), ())


def _read_saved(data: bytes) -> None:
    try:
        saved = read_saved_plan(data)
    except NoSavedPlanError as error:
        assert_told(error)
        return
    _judge(saved)


def _read_sealed(data: bytes) -> None:
    """A plan with all its digests put right, as one could make it who wants a plan to be carried out."""
    try:
        forged = SavedPlan.model_validate_json(data)
        actions = [action.model_copy(update={"digest": action.own_digest()}) for action in forged.actions]
        forged = forged.model_copy(update={"actions": actions})
        text = forged.model_copy(update={"digest": forged.own_digest()}).text()
    except (ValidationError, ValueError):  # not even of the shape
        return
    with suppress(NoSavedPlanError):  # what JSON cannot say twice alike, such as infinity
        _judge(read_saved_plan(text.encode()))


def _judge(saved: SavedPlan) -> None:
    staleness(saved.origin, _origin())
    verdict = judge(saved, _PLAN, Snapshot())
    told = StringIO()
    console = Console(file=told, width=100, color_system=None, markup=False, emoji=False, highlight=False)
    write_refused(verdict, console)
    write_left(verdict, console)
    assert_harmless(told.getvalue())


def _read_earlier(data: bytes) -> None:
    try:
        earlier = read_earlier("report.json", data)
        refuse_unrelated("report.json", earlier, report())
    except EarlierReportError as error:
        assert_told(error)
        return
    in_every_format(with_since(report(), earlier))


@cache
def _origin() -> Origin:
    return Origin(tool_version="1", azure="sandbox", subscriptions=["s"], manifests=manifests_digest(Manifests()))


def _read_shard(data: bytes) -> None:
    """Up to the report of the whole, of which this is the only shard or the others are missing."""
    try:
        merged = joined([read_shard_report("report.json", data)], partial=True)
    except (MergeError, PlanCycleError) as error:
        assert_told(error)
        return
    in_every_format(merged)


def _saved() -> list[bytes]:
    return [saved_plan(_PLAN, _origin()).text().encode()]


def _earlier() -> list[bytes]:
    whole = drift_data(report()).model_dump(mode="json", by_alias=True)
    little = {name: whole[name] for name in ("formatVersion", "asOf", "summary", "differences", "digests")}
    return [json.dumps(whole).encode(), json.dumps(little | {"differences": []}).encode()]


def _shards() -> list[bytes]:
    return [drift_data(report(Shard(1, 2))).model_dump_json().encode()]


SHARD_REPORTS = Target("shard-reports", "json", _read_shard, _shards)
SAVED_PLANS = Target("saved-plans", "json", _read_saved, _saved)
SEALED_PLANS = Target("sealed-plans", "json", _read_sealed, _saved)
EARLIER_REPORTS = Target("earlier-reports", "json", _read_earlier, _earlier)
