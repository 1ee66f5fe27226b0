"""Applying actions on managed run commands."""

from backup_reconciler.apply.failure import AcceptedNotApplied, ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.read_back import until_gone
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.settling import settled
from backup_reconciler.azure.codec import run_command
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.plan.action import DeleteRunCommand, RunScript
from backup_reconciler.plan.outbound.proxy.outcome import told
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.run_command import RunCommand

_WAITS = (0.0, 5.0, 15.0, 40.0)
"""Seconds before each reading."""


def run_script(action: RunScript, run: Run) -> Write:
    """PUT, then wait until the script is over and has said that all is well."""

    async def did_well() -> bool:
        return _did_well(await _read(action.command, run), action.script)

    async def prepare() -> bool:
        now = await _read(action.command, run)
        if _did_well(now, action.script):
            return True
        if _script(now) != _script(action.found):
            raise ChangedSince("somebody changed the run command since it was read; nothing was sent")
        return False

    async def confirm(_: ArmResponse | None) -> None:
        now = await _with_script(action, run)
        if not now.succeeded:
            raise Failure(told(now), remedy="put right in the VM what it says, then run again: it is run anew")

    request = run_command.put_request(action.command, action.location, action.script)
    return Write(request, confirm, prepare, after_doubt=did_well, parent=action.vm)


def delete(action: DeleteRunCommand, run: Run) -> Write:
    """DELETE of the resource, once the script that undoes has been seen to have run; what it wrote stays undone."""

    async def is_there() -> bool:
        return await _read(action.command, run) is not None

    async def prepare() -> bool:
        now = await _read(action.command, run)
        if now is not None and not _did_well(now, action.script):
            raise ChangedSince("somebody changed the run command since it was read; nothing was deleted")
        return now is None

    async def confirm(_: ArmResponse | None) -> None:
        await until_gone(is_there, run.arm.clock)

    return Write(run_command.delete_request(action.command), confirm, prepare, parent=action.vm)


async def _with_script(action: RunScript, run: Run) -> RunCommand:
    """The run command once it has the script that was sent, and that is over; reads lag behind writes by some seconds.

    Raises `AcceptedNotApplied` when after a minute it still has another one.
    """
    for wait in _WAITS:
        if wait:
            await run.arm.clock.sleep(wait)
        now = await _read(action.command, run)
        if now is not None and now.script == action.script:
            return now
    raise AcceptedNotApplied(
        "accepted, not applied: Azure took the script, and the run command has another, or is gone"
    )


async def _read(command: ArmId, run: Run) -> RunCommand | None:
    """The run command once nothing of it is under way any more."""
    body = await settled(run_command.get_request(command), run.arm)
    return read(run_command.decode, body) if body is not None else None


def _did_well(command: RunCommand | None, script: str) -> bool:
    return command is not None and command.script == script and command.succeeded


def _script(command: RunCommand | None) -> str | None:
    return command.script if command else None
