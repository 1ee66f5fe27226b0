"""The one executor: every action as soon as what it depends on is done, none stopping its neighbours."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace

from backup_reconciler.apply import (
    deletion,
    firewall,
    first_backup,
    policy,
    protection,
    run_command,
    security_rule,
    vault,
)
from backup_reconciler.apply.failure import Failure, InPart, NotConfirmed
from backup_reconciler.apply.gate import Gate, Write
from backup_reconciler.apply.interrupt import Interrupt, Interrupted
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.telling import tell_outcome
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codes import NOT_EMPTY, explain, names_no_field
from backup_reconciler.azure.errors import AzureError, InDoubt, Refused
from backup_reconciler.plan.action import (
    AnyAction,
    AwaitVault,
    BackUpNow,
    ChangeDisks,
    ChangePolicy,
    CreatePolicy,
    CreateSecurityRule,
    CreateVault,
    DeleteData,
    DeletePolicy,
    DeleteRunCommand,
    DeleteSecurityRule,
    DeleteVault,
    LockVault,
    Migrate,
    Protect,
    Rebinding,
    Resume,
    RunScript,
    Stop,
    Suspend,
    Undelete,
    UpdateFirewall,
    UpdatePolicy,
    UpdateSecurityRule,
    UpdateVault,
    WeakenVault,
)
from backup_reconciler.plan.outcome import Outcome, Result, Status
from backup_reconciler.plan.plan import Plan

OnOutcome = Callable[[Outcome], None]


async def execute(plan: Plan, arm: Arm, gate: Gate, interrupt: Interrupt, on_outcome: OnOutcome) -> Result:
    """Carry out the very actions of the plan; `on_outcome` hears of each as it ends."""
    reads, writes = arm.sent.reads, arm.sent.writes
    run = Run(arm, gate, plan.actions)
    tasks: dict[str, asyncio.Task[Outcome]] = {}
    async with asyncio.TaskGroup() as group:
        for action in plan.actions:  # in the plan's order, so what an action depends on has its task already
            needed = [tasks[id_] for id_ in action.depends_on]
            tasks[action.id] = group.create_task(_perform(action, needed, run, interrupt, on_outcome))
    return Result(
        outcomes=tuple(task.result() for task in tasks.values()),
        reads=arm.sent.reads - reads,
        writes=arm.sent.writes - writes,
        interrupted=interrupt.is_set,
    )


async def _perform(
    action: AnyAction, needed: list[asyncio.Task[Outcome]], run: Run, interrupt: Interrupt, on_outcome: OnOutcome
) -> Outcome:
    outcome = await _after(action, needed)
    if outcome is None:
        outcome = await _outcome(action, run, interrupt)
    tell_outcome(outcome)
    with suppress(Exception):  # whoever only looks on must not stop the writes under way
        on_outcome(outcome)
    return outcome


async def _after(action: AnyAction, needed: list[asyncio.Task[Outcome]]) -> Outcome | None:
    """Wait for what the action depends on; an outcome when one of those was not done."""
    for task in needed:
        before = await task
        if not before.lets_dependents_go_on:
            stopped = before.status in (Status.NOT_STARTED, Status.RUNNING)
            status = Status.NOT_STARTED if stopped else Status.SKIPPED
            same = before.action.address == action.address
            what = "the step before it" if same else before.action.label
            return Outcome(action, status, f"it needs {what}, which is {before.status.value}")
    return None


async def _outcome(action: AnyAction, run: Run, interrupt: Interrupt) -> Outcome:
    """What becomes of an action, told and not raised: a failure stops its dependents, not its neighbours."""
    if interrupt.is_set:
        return Outcome(action, Status.NOT_STARTED)
    if action.guard:
        return Outcome(action, Status.SKIPPED, f"the Resource Guard {action.guard} has to approve it", remedy=_APPROVE)
    write: Write | None = None
    try:
        write = _write_of(action, run)
        async with run.turn(write.parent) if write.parent else nullcontext():
            status = await run.gate.carry_out(write)
        return Outcome(action, status, requests=len(tuple(write.requests)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the other actions and their report go on
        return _with_what_was_sent(_ended(action, error), write)


def _with_what_was_sent(outcome: Outcome, write: Write | None) -> Outcome:
    """Where the service does not say what is wrong with a body, the body itself is all there is to look at."""
    if write is None or write.request is None or not names_no_field(outcome.code):
        return outcome
    return replace(outcome, refused=write.request.body)


def _ended(action: AnyAction, error: Exception) -> Outcome:
    match error:
        case Interrupted():
            outcome = Outcome(action, Status.NOT_STARTED)
        case NotConfirmed():
            outcome = Outcome(action, Status.RUNNING, _told(error.cause), remedy=_RUN_AGAIN)
        case InPart(cause=Interrupted()):
            outcome = Outcome(
                action, Status.RUNNING, "Azure took its first request; its second was not sent", remedy=_RUN_AGAIN
            )
        case InPart():
            outcome = replace(_ended(action, error.cause), accepted=True)
        case InDoubt():
            outcome = Outcome(action, Status.UNKNOWN, error.message, error.code, _RUN_AGAIN)
        case Failure():
            outcome = replace(_failed(action, error.code, error.message, error.remedy), accepted=error.accepted)
        case AzureError():
            remedy = "run again" if isinstance(error, Refused) else error.remedy
            outcome = _failed(action, error.code, f"{error.status} {error.message}".lstrip("0 "), remedy)
        case _:
            what = f"a mistake of backup-reconciler itself: {type(error).__name__}: {error}"
            outcome = Outcome(action, Status.FAILED, what, remedy="please report it")
    return outcome


_RUN_AGAIN = "run again: what is done is not done twice"
_APPROVE = "let somebody whom the guard trusts carry it out; the next plan goes on from there"


def _told(cause: Exception) -> str:
    if isinstance(cause, Interrupted):
        return "Azure accepted it and works on it"
    return f"Azure accepted it; whether it came true could not be seen: {cause}"


def _failed(action: AnyAction, code: str, message: str, otherwise: str) -> Outcome:
    meaning, remedy = explain(code, message)
    if isinstance(action, DeleteVault) and action.emptied_on and code == NOT_EMPTY:
        remedy = f"run again on {action.emptied_on}, when the last soft-deleted backup is purged; until then {remedy}"
    detail = f"{meaning} ({message})" if meaning else message
    if code and otherwise == "run again":
        otherwise = f"look up {code} in Azure's documentation"
    return Outcome(action, Status.FAILED, detail, code, remedy or otherwise)


def _write_of(action: AnyAction, run: Run) -> Write:
    match action:
        case CreateVault():
            write = vault.create(action, run)
        case AwaitVault():
            write = vault.wait(action, run)
        case UpdateVault() | WeakenVault():
            write = vault.update(action, run)
        case LockVault():
            write = vault.lock(action, run)
        case CreatePolicy():
            write = policy.create(action, run)
        case UpdatePolicy():
            write = policy.update(action, run)
        case DeleteData() | DeletePolicy() | DeleteVault():
            write = deletion.delete(action, run)
        case (
            CreateSecurityRule()
            | UpdateSecurityRule()
            | DeleteSecurityRule()
            | UpdateFirewall()
            | RunScript()
            | DeleteRunCommand()
        ):
            write = _write_of_network(action, run)
        case _:
            write = _write_of_vm(action, run)
    return write


def _write_of_network(
    action: CreateSecurityRule
    | UpdateSecurityRule
    | DeleteSecurityRule
    | UpdateFirewall
    | RunScript
    | DeleteRunCommand,
    run: Run,
) -> Write:
    match action:
        case CreateSecurityRule() | UpdateSecurityRule():
            return security_rule.put(action, run)
        case DeleteSecurityRule():
            return security_rule.delete(action, run)
        case UpdateFirewall():
            return firewall.update(action, run)
        case RunScript():
            return run_command.run_script(action, run)
        case DeleteRunCommand():
            return run_command.delete(action, run)


def _write_of_vm(action: Protect | Rebinding | protection.Holding | BackUpNow, run: Run) -> Write:
    match action:
        case Protect() | Resume() | ChangePolicy() | ChangeDisks() | Migrate():
            return protection.bind(action, run)
        case Stop() | Suspend() | Undelete():
            return protection.hold(action, run)
        case BackUpNow():
            return first_backup.back_up(action, run)
