"""Reading run commands: a query to Resource Graph, and one by one those that it does not show as they should be."""

from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import run_command
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.tasks import gather
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.run_command import RunCommand, RunCommandScope
from backup_reconciler.state.snapshot import Snapshot


async def with_run_commands(arm: Arm, snapshot: Snapshot, scope: RunCommandScope) -> Snapshot:
    """The snapshot with the run commands in scope; as it is where nothing is."""
    if snapshot.network is None or not scope.subscriptions:
        return snapshot
    before = arm.sent.reads
    found = await _read(arm, scope)
    requests = arm.sent.reads - before
    network = replace(snapshot.network, run_commands=found, requests=snapshot.network.requests + requests)
    return replace(snapshot, network=network, requests=snapshot.requests + requests)


async def _read(arm: Arm, scope: RunCommandScope) -> dict[ArmId, RunCommand]:
    """Resource Graph counts where it shows what is wished for; the others are about to be written, and are asked for.

    What is not to be there is asked for where the scope says so. Else what is not shown counts as gone: a later run
    sees what Resource Graph is behind with.
    """
    shown = {one.id: one for one in await run_command.listed(arm, sorted(scope.subscriptions))}
    missing = scope.sought.union(scope.scripts) - shown.keys()
    open_ = sorted(missing.union(one.id for one in shown.values() if _is_open(one, scope)))
    answers = await gather(arm.find(run_command.get_request(id_)) for id_ in open_)
    certain = {id_: read(run_command.decode, answer.body) for id_, answer in zip(open_, answers, strict=True) if answer}
    return {**{id_: one for id_, one in shown.items() if id_ not in open_}, **certain}


def _is_open(shown: RunCommand, scope: RunCommandScope) -> bool:
    wished = scope.scripts.get(shown.id)
    if wished is None:
        return shown.id.name.casefold() in scope.leaving
    return shown.script != wished or not shown.succeeded
