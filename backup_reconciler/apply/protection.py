"""Applying actions on the backup of a VM."""

from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.run import Run
from backup_reconciler.azure import protection
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.plan.action import BindAction, Stop
from backup_reconciler.spec.protection import ProtectionSettings


def bind(action: BindAction, run: Run) -> Write:
    """Protect, resume or change the policy: the service has one request for the three."""
    item = action.item or protection.item_id(action.vault, action.vm)
    request = protection.protect_request(item, action.vm, action.policy)
    return _write(action, request, ProtectionSettings("active", action.policy), run)


def stop(action: Stop, run: Run) -> Write:
    """Stop backups and keep the data."""
    item = action.item or protection.item_id(action.vault, action.vm)
    return _write(action, protection.stop_request(item, action.vm), ProtectionSettings("stopped"), run)


def _write(action: BindAction | Stop, request: ArmRequest, wished: ProtectionSettings, run: Run) -> Write:
    watch = run.watch_vault(action.vault)

    known: frozenset[str] = frozenset()

    async def prepare() -> bool:
        nonlocal known
        if await watch.settled(action.vm, wished):
            return True
        known = await watch.known_jobs()
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await watch.until_item_is(action.vm, wished, known)

    return Write(request, confirm, prepare)
