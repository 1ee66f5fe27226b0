"""Applying actions on the backup of a VM."""

from backup_reconciler.apply.failure import ChangedSince
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.watching.vault_watch import VaultWatch
from backup_reconciler.azure.codec import protection
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.plan.action import BindAction, Stop, Suspend, Undelete, VMAction
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.protection import LiveItem

Holding = Stop | Suspend | Undelete
"""What leaves a VM with recovery points and without backups."""


def bind(action: BindAction, run: Run) -> Write:
    """Protect, resume, change the policy or the disks: the service has one request for all of them."""
    request = protection.bind_request(_item_id(action), action.vm, action.policy, action.disks)
    return _write(action, request, ProtectionSettings("active", action.policy, action.disks), run)


def hold(action: Holding, run: Run) -> Write:
    """Stop backups and keep the data, suspend them, or bring them back stopped."""
    item, wished = _item_id(action), ProtectionSettings("stopped")
    match action:
        case Stop():
            request = protection.stop_request(item, action.vm)
        case Suspend():
            request, wished = protection.suspend_request(item, action.vm), ProtectionSettings("suspended")
        case Undelete():
            request = protection.undelete_request(item, action.vm)
    return _write(action, request, wished, run)


async def item_before(action: VMAction, watch: VaultWatch) -> LiveItem | None:
    """The item before the action, once nothing is under way that changes it, a step of this plan included."""
    return await (watch.item_after_step if action.is_next_step else watch.item_before)(action.vm)


def _item_id(action: VMAction) -> ArmId:
    return action.found.id if action.found else protection.item_id(action.vault, action.vm)


def _write(action: VMAction, request: ArmRequest, wished: ProtectionSettings, run: Run) -> Write:
    watch = run.watch_vault(action.vault)
    known: frozenset[str] = frozenset()

    def is_wished(item: LiveItem | None) -> bool:
        return item is not None and item.meets(wished)

    async def is_done(seen: LiveItem | None) -> bool:
        """Nothing that Azure already works on is sent again, and nothing that the plan did not know of is undone."""
        nonlocal known
        certain = is_wished(seen) or _same(seen, action.found)
        now = seen if certain else await watch.sure_of(action.vm, seen)
        if is_wished(now):
            return True
        if not _same(now, action.found):
            raise ChangedSince("somebody changed its protection since it was read; nothing was changed")
        known = watch.known_jobs()
        return False

    async def prepare() -> bool:
        return await is_done(await item_before(action, watch))

    async def after_conflict() -> bool:
        return await is_done(await watch.item_when_idle(action.vm))

    async def confirm(_: ArmResponse | None) -> None:
        await watch.until_item_is(action.vm, wished, known)

    return Write(request, confirm, prepare, after_conflict)


def _same(now: LiveItem | None, planned: LiveItem | None) -> bool:
    """Whether the item is in the state that the plan was made from."""
    if now is None or planned is None:
        return now is planned
    return now.is_as(planned)
