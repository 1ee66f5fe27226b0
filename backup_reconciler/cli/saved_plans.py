"""Saved plans on the command line: written by plan, read and held against Azure by apply."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.cloud import cloud
from backup_reconciler.cli.console import output
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.planning import Approach, basis_of_plan
from backup_reconciler.cli.where import DEFAULT_CLOUD, Where
from backup_reconciler.plan import scope_of
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.saved.manifests import manifests_digest
from backup_reconciler.plan.saved.reading import NoSavedPlanError, read_saved_plan, staleness
from backup_reconciler.plan.saved.saved_plan import Origin, SavedPlan, saved_plan
from backup_reconciler.plan.saved.verdict import Verdict, judge
from backup_reconciler.plan.shard import Part
from backup_reconciler.report.text.saved_plan import write_refused
from backup_reconciler.report.words import counted
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.shard import WHOLE, Shard

_SANDBOX = "sandbox"
_ANEW = "nothing was changed; save a new plan with plan --out, and approve that"


def check_out(out: Path, *, explains: bool) -> None:
    """Raises `UsageError` where no plan can be saved, before Azure is asked anything."""
    if explains:
        raise UsageError("--explain tells of one VM, and --out saves a whole plan; leave one of them out")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}; make it first")
    if out.is_dir():
        raise UsageError(f"{out} is a folder; name a file in it")
    if out.exists() and not out.is_file():  # a device or a pipe, which would be replaced by a file
        raise UsageError(f"{out} is no ordinary file; name another")


def save(plan: Plan, manifests: Manifests, where: Where, out: Path) -> SavedPlan:
    """Write the plan to a file: the whole of it, or, where that fails with `OSError`, nothing."""
    saved = saved_plan(plan, origin_of(manifests, where, plan.shard))
    write_saved(saved, out)
    return saved


def write_saved(saved: SavedPlan, out: Path) -> None:
    """Write a saved plan to a file: the whole of it, or, where that fails with `OSError`, nothing."""
    there = out.resolve()  # a link stays one
    beside = there.with_name(f".{there.name}.partial")
    try:
        beside.write_text(saved.text(), encoding="utf-8")
        beside.replace(there)
    finally:
        beside.unlink(missing_ok=True)


def read_saved(path: Path, manifests: Manifests, where: Where, shard: Shard | None) -> SavedPlan:
    """The saved plan of a file, if it is one for these manifests, and for this shard or all of them.

    Raises `UsageError` with what is wrong otherwise.
    """
    try:
        saved = read_saved_plan(path.read_bytes())
    except NoSavedPlanError as error:
        raise UsageError(f"{path} cannot be applied: {error}; {_ANEW}") from error
    if stale := staleness(saved.origin, origin_of(manifests, where)):
        raise UsageError(f"{path} is refused: {stale}; {_ANEW}")
    then = saved.origin.of_shard
    if shard is not None and not then.is_whole and then != shard:
        raise UsageError(
            f"{path} is about shard {then}, and --shard says {shard}; leave --shard out, or join the plans"
        )
    return saved


def origin_of(manifests: Manifests, where: Where, shard: Shard = WHOLE) -> Origin:
    """What a plan of these manifests is made from. Every Azure in a box counts as the same: its port is another one
    each time."""
    target = cloud(where.with_settings(manifests).cloud or DEFAULT_CLOUD, where.arm_endpoint)
    scope = scope_of(manifests)
    return Origin(
        tool_version=version("backup-reconciler"),
        azure=_SANDBOX if where.sandbox or target.loopback else target.endpoint.casefold(),
        subscriptions=sorted(scope.vault_subscriptions | scope.vm_subscriptions),
        manifests=manifests_digest(manifests),
        shard=None if shard.is_whole else str(shard),
    )


async def approved_against(
    arm: Arm, manifests: Manifests, approach: Approach, max_changes: MaxChanges | None, saved: SavedPlan
) -> Verdict:
    """What becomes of a saved plan, as Azure is now; limits hold for what is carried out of it.

    Raises `UsageError` once it has told what of it is not as it was approved.
    """
    now = await basis_of_plan(arm, manifests, approach)
    verdict = judge(saved.of_part(Part(approach.shard)), now.plan, now.snapshot)
    if verdict.refused:
        write_refused(verdict, output())
        raise UsageError(f"{_told(len(verdict.refused))} what was approved; {_ANEW}")
    limited = replace(now, plan=verdict.plan).limited(max_changes, saved if saved.origin.of_shard.is_whole else None)
    return replace(verdict, plan=limited.plan)


def _told(number: int) -> str:
    return counted(number, "approved action is not", "approved actions are not")
