"""Applying actions on the backup of a VM."""

from backup_reconciler.apply.failure import ChangedSince
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.run import Run
from backup_reconciler.azure.codec import protection
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.plan.action import BindAction, Stop
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.protection import LiveItem


def bind(action: BindAction, run: Run) -> Write:
    """Protect, resume or change the policy: the service has one request for the three."""
    request = protection.protect_request(_item_id(action), action.vm, action.policy)
    return _write(action, request, ProtectionSettings("active", action.policy), run)


def stop(action: Stop, run: Run) -> Write:
    """Stop backups and keep the data."""
    return _write(action, protection.stop_request(_item_id(action), action.vm), ProtectionSettings("stopped"), run)


def _item_id(action: BindAction | Stop) -> ArmId:
    return action.found.id if action.found else protection.item_id(action.vault, action.vm)


def _write(action: BindAction | Stop, request: ArmRequest, wished: ProtectionSettings, run: Run) -> Write:
    watch = run.watch_vault(action.vault)
    known: frozenset[str] = frozenset()

    def is_wished(item: LiveItem | None) -> bool:
        return item is not None and item.settings == wished

    async def prepare() -> bool:
        """Nothing that Azure already works on is sent again, and nothing that the plan did not know of is undone."""
        nonlocal known
        before = await watch.item_before(action.vm)
        if is_wished(before):
            return True
        if not _same(before, action.found):
            raise ChangedSince("somebody changed its protection since it was read; nothing was sent")
        known = watch.known_jobs()
        return False

    async def after_conflict() -> bool:
        return is_wished(await watch.item_when_idle(action.vm))

    async def confirm(_: ArmResponse | None) -> None:
        await watch.until_item_is(action.vm, wished, known)

    return Write(request, confirm, prepare, after_conflict)


def _same(now: LiveItem | None, planned: LiveItem | None) -> bool:
    """Whether the item is in the state that the plan was made from."""
    if now is None or planned is None:
        return now is planned
    return (now.state, now.policy) == (planned.state, planned.policy)
