"""Applying actions on managed run commands."""

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.settling import settled
from backup_reconciler.azure.codec import run_command
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.plan.action import DeleteRunCommand, RunScript
from backup_reconciler.plan.outbound.proxy.outcome import told
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.run_command import RunCommand


def run_script(action: RunScript, run: Run) -> Write:
    """PUT, then wait until the script is over and has said that all is well."""

    async def prepare() -> bool:
        now = await _read(action.command, run)
        if now is not None and now.script == action.script and now.succeeded:
            return True
        if _script(now) != _script(action.found):
            raise ChangedSince("somebody changed the run command since it was read; nothing was sent")
        return False

    async def confirm(_: ArmResponse | None) -> None:
        now = await _read(action.command, run)
        if now is None or now.script != action.script:
            raise Failure("Azure took the script, and somebody has put another one in its place or removed it")
        if not now.succeeded:
            raise Failure(told(now), remedy="put right in the VM what it says, then run again: it is run anew")

    request = run_command.put_request(action.command, action.location, action.script)
    return Write(request, confirm, prepare, after_doubt=prepare, parent=_vm(action.command))


def delete(action: DeleteRunCommand, run: Run) -> Write:
    """DELETE of the resource, once the script that undoes has been seen to have run; what it wrote stays undone."""

    async def prepare() -> bool:
        now = await _read(action.command, run)
        if now is not None and not (now.script == action.script and now.succeeded):
            raise ChangedSince("somebody changed the run command since it was read; nothing was deleted")
        return now is None

    async def confirm(_: ArmResponse | None) -> None:
        if await _read(action.command, run) is not None:
            raise Failure("Azure took the deletion, and the run command is still there")

    return Write(run_command.delete_request(action.command), confirm, prepare, parent=_vm(action.command))


async def _read(command: ArmId, run: Run) -> RunCommand | None:
    """The run command once nothing of it is under way any more."""
    body = await settled(run_command.get_request(command), run.arm)
    return read(run_command.decode, body) if body is not None else None


def _script(command: RunCommand | None) -> str | None:
    return command.script if command else None


def _vm(command: ArmId) -> ArmId:
    """Azure takes one change of a VM's run commands and extensions at a time."""
    return command.parent(2)
