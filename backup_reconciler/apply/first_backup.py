"""Applying the first backup of a VM: a request that must not be sent twice, since each starts a backup of its own."""

from backup_reconciler.apply.failure import AcceptedNotApplied
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.interrupt import Interrupted
from backup_reconciler.apply.run import Run
from backup_reconciler.azure.codec import job, protection
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.plan.action import BackUpNow


def back_up(action: BackUpNow, run: Run) -> Write:
    """POST, unless a backup was begun meanwhile; then wait until its job is listed, and no longer.

    Where the answer is lost the list of jobs says whether Azure took it. Where it shows none, a later run decides.
    """
    watch = run.watch_vault(action.vault)
    item = action.found.id if action.found else protection.item_id(action.vault, action.vm)

    async def prepare() -> bool:
        return await watch.was_backed_up(action.vm)

    async def confirm(_: ArmResponse | None) -> None:
        await watch.until_backup_is_listed(action.vm)

    async def after_doubt() -> bool:
        """A backup that cannot be seen, for whatever reason, leaves it open whether Azure took the request."""
        try:
            await watch.until_backup_is_listed(action.vm)
        except (AcceptedNotApplied, AzureError, Interrupted):
            return False
        return True

    return Write(job.backup_request(item, action.kept_until), confirm, prepare, after_doubt=after_doubt)
