"""What plan, apply, drift and check do first: read Azure, and compare it with the manifests."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from backup_reconciler.apply import Interrupt
from backup_reconciler.azure.arm import Arm
from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.console import progress_console
from backup_reconciler.cli.loop import run
from backup_reconciler.cli.reading import Planned, read_as_wished, settled
from backup_reconciler.cli.where import Where
from backup_reconciler.live import (
    ask_for_holders,
    read_left_out,
    read_readiness,
    with_backups_tried,
    with_network,
    with_run_commands,
)
from backup_reconciler.manifest import load
from backup_reconciler.plan import make_plan, scope_of, vaults_with_first_backups
from backup_reconciler.plan.limits import Agreed, with_limits
from backup_reconciler.plan.outbound.proxy.scope import run_command_scope
from backup_reconciler.plan.outbound.scope import network_scope
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.readiness.candidate import beginning, selected
from backup_reconciler.plan.readiness.check import Check, make_check
from backup_reconciler.plan.readiness.from_plan import not_barred
from backup_reconciler.plan.readiness.looking import with_readiness
from backup_reconciler.plan.readiness.reach import Surroundings
from backup_reconciler.plan.readiness.scope import scope_of_check, scope_of_plan
from backup_reconciler.plan.saved.saved_plan import SavedPlan
from backup_reconciler.plan.shard import Part, holders_left_out
from backup_reconciler.report.model.report import About, Report, report_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.state.read_by import ReadBy
from backup_reconciler.state.readiness import Readiness, ReadinessScope
from backup_reconciler.state.snapshot import Snapshot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Approach:
    """How the manifests are compared with Azure: for which day, read in which way, and which part of them."""

    as_of: date | None = None
    """The day that the plan is for; None: the one it is, in UTC."""
    read_by: ReadBy = ReadBy.LISTS
    shard: Shard = WHOLE


Against = Callable[[Arm, Manifests, Approach], Coroutine[Any, Any, T]]


@dataclass(frozen=True, slots=True)
class Basis:
    """A plan with what it was made from."""

    manifests: Manifests
    snapshot: Snapshot
    plan: Plan

    def limited(self, max_changes: MaxChanges | None, approved: SavedPlan | None = None) -> "Basis":
        """The same, with what the plan exceeds of what was agreed to, here by the settings or the command line.

        What is carried out of a plan that was approved for all shards is held against limits as that whole.
        """
        agreed = Agreed(self.manifests.settings, max_changes)
        return replace(self, plan=with_limits(self.plan, self.snapshot, agreed, approved))

    def report(self, about: About) -> Report:
        """What there is to tell of it."""
        return report_of(about, self.plan, self.snapshot, self.manifests)


def ask(against: Against[T], paths: Sequence[Path], where: Where, approach: Approach) -> T:
    """What comes of the manifests at these paths and Azure; bad manifests are told before Azure is asked anything."""
    manifests = load(paths)

    async def ask_azure() -> T:
        async with connect(where.with_settings(manifests), Interrupt()) as arm:
            return await against(arm, manifests, approach)

    return run(ask_azure())


async def plan_against(
    arm: Arm, manifests: Manifests, approach: Approach, max_changes: MaxChanges | None = None
) -> Basis:
    """What apply would do, whether that is too much, and what may keep the backups that it begins from succeeding.

    `max_changes` is what the command line agrees to.
    """
    return (await basis_of_plan(arm, manifests, approach)).limited(max_changes)


async def basis_of_plan(arm: Arm, manifests: Manifests, approach: Approach) -> Basis:
    """The same plan, whether it is too much or not, with what it was made from."""
    snapshot, plan, part = await _compared(arm, manifests, approach)
    candidates = beginning(part.of_plan(plan), snapshot)
    readiness = await _readiness(arm, scope_of_plan(candidates, manifests, snapshot))
    around = Surroundings.of(manifests, snapshot, plan, readiness)
    return Basis(manifests, snapshot, part.of_plan(with_readiness(plan, candidates, readiness, around)))


async def difference_from(arm: Arm, manifests: Manifests, approach: Approach) -> Basis:
    """The comparison alone: what Azure has otherwise than declared."""
    snapshot, plan, part = await _compared(arm, manifests, approach, thrifty=True)
    return Basis(manifests, snapshot, part.of_plan(plan))


async def check_against(arm: Arm, manifests: Manifests, approach: Approach) -> Check:
    """Whether the VMs that are to be backed up are ready for it."""
    snapshot, plan, _ = await _compared(arm, manifests, approach)
    candidates = selected(manifests, plan, snapshot)
    readiness = await _readiness(arm, scope_of_check(not_barred(plan, candidates), manifests, snapshot))
    return make_check(plan, candidates, readiness, Surroundings.of(manifests, snapshot, plan, readiness))


async def _compared(arm: Arm, manifests: Manifests, approach: Approach, *, thrifty: bool = False) -> Planned:
    """What was read, the plan that was made of it, and which part of that is this run's to tell.

    Where that is to be `thrifty`, some of it may stay as Resource Graph tells it; else nothing that differs does.
    """
    shard, day = approach.shard, approach.as_of or arm.clock.now().date()
    scope, network = scope_of(manifests, shard), network_scope(manifests)

    async def plan(snapshot: Snapshot) -> Planned:
        snapshot = await with_backups_tried(arm, snapshot, filter(shard.has, _untried(manifests, snapshot)))
        return Planned(snapshot, make_plan(manifests, snapshot, day), Part.of(shard, manifests, snapshot))

    with uncollected(), progress_console().status("Reading Azure …"):
        snapshot = await read_as_wished(arm, scope, approach.read_by, vms_by_lists=bool(network))
        snapshot = await read_left_out(arm, snapshot, holders_left_out(manifests, snapshot, shard), scope)
        snapshot = await with_network(arm, snapshot, network)
        snapshot = await with_run_commands(arm, snapshot, run_command_scope(manifests, snapshot))
        now = await settled(arm, scope, snapshot, plan, thrifty=thrifty)
        if doubtful := now.own.doubtful:
            now = await plan(await ask_for_holders(arm, now.snapshot, doubtful))
            now = await settled(arm, scope, now.snapshot, plan, thrifty=thrifty)
    return now


def _untried(manifests: Manifests, snapshot: Snapshot) -> list[ArmId]:
    """The vaults of which it has not been asked yet whether their first backups were tried."""
    asking = vaults_with_first_backups(manifests, snapshot)
    return [vault for vault in asking if snapshot.vaults[vault].backup_tried is None]


async def _readiness(arm: Arm, scope: ReadinessScope) -> Readiness:
    with progress_console().status("Looking at VMs …"):
        return await read_readiness(arm, scope)
