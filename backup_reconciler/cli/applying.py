"""What `apply` does once its arguments are known."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from backup_reconciler.apply import DryRunGate, Interrupt, LiveGate, execute
from backup_reconciler.apply.gate import Gate
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.consent import Consent
from backup_reconciler.cli.console import output, progress_console
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.lock_option import NO_LOCK, WhichLock
from backup_reconciler.cli.locking import locked
from backup_reconciler.cli.logs import tell
from backup_reconciler.cli.planning import Approach, plan_against
from backup_reconciler.cli.progress import progress
from backup_reconciler.cli.question import agreed
from backup_reconciler.cli.saved_plans import approved_against
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.waiting import wait_for_backups
from backup_reconciler.cli.where import Where
from backup_reconciler.plan.outcome import Result
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.shard import without_waiting
from backup_reconciler.report.text.plan import write_plan
from backup_reconciler.report.text.result import write_result
from backup_reconciler.report.text.saved_plan import write_left
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.json_text import harmless


async def apply_to(
    where: Where, manifests: Manifests, consent: Consent, approach: Approach, *, which: WhichLock, wait: bool
) -> ExitStatus:
    """Plan, refuse or ask, carry out, tell; returns the exit status."""
    interrupt = Interrupt()
    consent = consent.with_settings(manifests)
    where = where.with_settings(manifests)
    which = NO_LOCK if consent.dry_run else which
    async with (
        locked(where, manifests, which, interrupt, approach.shard) as lock,
        connect(where, interrupt) as arm,
    ):
        plan, left = await planned(arm, manifests, approach, consent)
        if refusal := consent.refusal(plan, arm.clock.now().date()):
            raise UsageError(refusal)
        if not plan.actions:
            return left
        if not (consent.needs_no_question or agreed("Carry this out?", "apply")):
            output().print("Nothing was changed.")
            return ExitStatus.ERROR
        await lock.confirm()
        started = arm.clock.now()
        with _until_interrupted(interrupt):
            with progress(plan, arm.sent, progress_console()) as on_outcome:
                result = await execute(plan, arm, _gate(arm, consent, interrupt), interrupt, on_outcome)
            with suppress(OSError):  # a reader that has gone away does not change what was done
                write_result(result, output())
            await lock.release()
            waited = await wait_for_backups(result, arm, started) if wait else ExitStatus.FINE
        return waited or _status(result, stopped_by_user=result.interrupted and not lock.lost) or left


async def planned(arm: Arm, manifests: Manifests, approach: Approach, consent: Consent) -> tuple[Plan, ExitStatus]:
    """What is to be carried out, once it is shown; and the exit status where all of that is done.

    Of a saved plan it is what is still as it was approved; what was not approved is left, and so is what waits for
    another shard.
    """
    left = False
    if consent.saved is None:
        plan = (await plan_against(arm, manifests, approach, consent.max_changes)).plan
        write_plan(plan, output())
    else:
        verdict = await approved_against(arm, manifests, approach, consent.max_changes, consent.saved)
        plan, left = verdict.plan, verdict.leaves_something
        write_plan(plan, output())
        write_left(verdict, output())
    now = without_waiting(plan)
    left = left or len(now.actions) < len(plan.actions)
    return now, ExitStatus.IN_PART if left else ExitStatus.FINE


def _gate(arm: Arm, consent: Consent, interrupt: Interrupt) -> Gate:
    return DryRunGate(lambda request: _show(arm, request)) if consent.dry_run else LiveGate(arm, interrupt)


def _show(arm: Arm, request: ArmRequest) -> None:
    body = "" if request.body is None else f"{harmless(json.dumps(request.body, indent=2))}\n"
    typer.echo(f"{request.method} {arm.endpoint}{request.target}\n{body}")


def _status(result: Result, *, stopped_by_user: bool) -> ExitStatus:
    if stopped_by_user:
        return ExitStatus.INTERRUPTED
    if result.complete:
        return ExitStatus.FINE
    in_part = result.changed_something or result.waits_for_approval
    return ExitStatus.IN_PART if in_part else ExitStatus.ERROR


@contextmanager
def _until_interrupted(interrupt: Interrupt) -> Iterator[None]:
    """Ctrl-C asks to stop in good order; a second one ends it at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def asked() -> None:
        if interrupt.is_set:
            task.cancel()
        else:
            tell("stopping", "\nStopping: nothing new is sent. Press Ctrl-C again to leave at once.")
            interrupt.set()

    # Not loop.add_signal_handler, which Windows lacks.
    before = signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(asked))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
