"""What plan, apply and drift do first: read Azure, and compare it with the manifests."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from backup_reconciler.apply import Interrupt
from backup_reconciler.azure.arm import Arm
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.console import progress_console
from backup_reconciler.cli.loop import run
from backup_reconciler.cli.where import Where
from backup_reconciler.live import read_snapshot
from backup_reconciler.manifest import load
from backup_reconciler.plan import make_plan, scope_of
from backup_reconciler.plan.plan import Plan
from backup_reconciler.spec.document import Manifests


def planned(paths: Sequence[Path], where: Where, as_of: date | None) -> Plan:
    """The plan for the manifests at these paths; bad manifests are told before Azure is asked anything."""
    manifests = load(paths)

    async def ask_azure() -> Plan:
        async with connect(where, Interrupt()) as arm:
            return await plan_against(arm, manifests, as_of)

    return run(ask_azure())


async def plan_against(arm: Arm, manifests: Manifests, as_of: date | None) -> Plan:
    """Read what these manifests speak of, and plan for a day: the one it is, in UTC, where none is given."""
    with progress_console().status("Reading Azure …"):
        snapshot = await read_snapshot(arm, scope_of(manifests))
    return make_plan(manifests, snapshot, as_of or arm.clock.now().date())
