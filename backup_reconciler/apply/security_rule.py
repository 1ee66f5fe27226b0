"""Applying actions on the rules of network security groups."""

from dataclasses import dataclass

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.read_back import Data, read_back, until_gone
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.settling import provisioning_state, settled
from backup_reconciler.azure.codec.network import security_group, security_rule
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.plan.action import CreateSecurityRule, DeleteSecurityRule, UpdateSecurityRule
from backup_reconciler.plan.outbound.security_rule import folded
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import SecurityRule


def put(action: CreateSecurityRule | UpdateSecurityRule, run: Run) -> Write:
    """PUT of this one rule, then read it back. Where it is as wished already, nothing is sent."""
    id_ = security_rule.id_of(action.group, action.rule.name)
    before = action.live if isinstance(action, UpdateSecurityRule) else None

    async def prepare() -> bool:
        now = await _read(id_, run)
        if now is not None and _all_of(now) == _all_of(action.rule):
            return True
        _demand_unchanged(before, now)
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await read_back(_Told(action.rule), lambda: _read_told(id_, run), run.arm.clock)

    request = security_rule.put_request(id_, action.rule, before)
    return Write(request, confirm, prepare, after_doubt=prepare, parent=action.group)


def delete(action: DeleteSecurityRule, run: Run) -> Write:
    """DELETE of this one rule, until its group has settled without it."""
    id_ = security_rule.id_of(action.group, action.live.name)

    async def is_there() -> bool:
        """The rule by itself is not found from the first moment on, while Azure still works on the group."""
        body = await settled(security_group.get_request(action.group), run.arm)
        rules = read(security_group.decode, body).own_rules() if body else ()
        return any(rule.name.casefold() == action.live.name.casefold() for rule in rules)

    async def prepare() -> bool:
        now = await _read(id_, run)
        if now is None:
            return True
        _demand_unchanged(action.live, now)
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await until_gone(is_there, run.arm.clock)

    return Write(security_rule.delete_request(id_), confirm, prepare, parent=action.group)


def _demand_unchanged(before: SecurityRule | None, now: SecurityRule | None) -> None:
    """The write replaces the rule whole: it must not undo what somebody did to it meanwhile."""
    if before is None and now is not None:
        raise ChangedSince("somebody created it since it was read; nothing was sent")
    if before is not None and now is None:
        raise ChangedSince("somebody removed it since it was read; nothing was sent")
    if before is not None and now is not None and _all_of(before) != _all_of(now):
        raise ChangedSince("somebody changed it since it was read; nothing was sent")


async def _read(id_: ArmId, run: Run) -> SecurityRule | None:
    """The rule once no write is under way any more. Raises `Failure` where Azure failed to carry one out."""
    body = await settled(security_rule.get_request(id_), run.arm)
    if body is None:
        return None
    if provisioning_state(body).casefold() == "failed":
        raise Failure("its provisioning state is Failed", remedy="look at the activity log of its group")
    return read(security_group.decode_rule, body)


@dataclass(frozen=True, slots=True)
class _Told:
    """A rule as it is compared when it is read back."""

    rule: SecurityRule

    def stated(self) -> Data:
        return _all_of(self.rule)


async def _read_told(id_: ArmId, run: Run) -> _Told | None:
    found = await _read(id_, run)
    return _Told(found) if found else None


def _all_of(rule: SecurityRule) -> Data:
    """All that is written of a rule, so that what means the same is told alike."""
    return {**folded(rule), "description": rule.description}
