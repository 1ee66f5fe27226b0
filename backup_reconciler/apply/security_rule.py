"""Applying actions on the rules of network security groups."""

from dataclasses import dataclass, replace

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Prepare, Write
from backup_reconciler.apply.read_back import Data, read_back, until_gone
from backup_reconciler.apply.run import Run
from backup_reconciler.apply.settling import provisioning_state, settled
from backup_reconciler.azure.codec.network import security_group, security_rule
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.plan.action import CreateSecurityRule, DeleteSecurityRule, UpdateSecurityRule
from backup_reconciler.plan.outbound.security_rule import folded
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import SecurityRule

_CONFLICT_WAIT = 5.0
_FAILED = "look at the activity log of its group, put right what fails there, and run again"


def put(action: CreateSecurityRule | UpdateSecurityRule, run: Run) -> Write:
    """PUT of this one rule, of the version that was looked at right before, then read it back.

    Where it is as wished already, nothing is sent; unless Azure failed to carry that out, which writing it anew mends
    (source: Troubleshoot Azure Microsoft.Network failed provisioning state).
    """
    before = action.live if isinstance(action, UpdateSecurityRule) else None
    one = _Rule(security_rule.id_of(action.group, action.rule.name), run)

    async def prepare() -> bool:
        now = await one.look()
        if now is not None and _all_of(now) == _all_of(action.rule):
            return not one.has_failed
        _demand_unchanged(before, now)
        return False

    async def came_true() -> bool:
        now = await one.look()
        return now is not None and _all_of(now) == _all_of(action.rule) and not one.has_failed

    async def confirm(_: ArmResponse | None) -> None:
        await read_back(_Told(action.rule), one.reread, run.arm.clock)

    return Write(
        security_rule.put_request(one.id, action.rule, before),
        confirm,
        prepare,
        after_conflict=_after_a_while(prepare, run),
        after_doubt=came_true,
        current=one.of_this_version,
        parent=action.group,
    )


def delete(action: DeleteSecurityRule, run: Run) -> Write:
    """DELETE of this one rule, of the version that was looked at right before, until its group has settled without."""
    one = _Rule(security_rule.id_of(action.group, action.live.name), run)

    async def is_there() -> bool:
        """The rule by itself is not found from the first moment on, while Azure still works on the group."""
        body = await settled(security_group.get_request(action.group), run.arm)
        rules = read(security_group.decode, body).own_rules() if body else ()
        return any(rule.name.casefold() == action.live.name.casefold() for rule in rules)

    async def prepare() -> bool:
        now = await one.look()
        if now is None:
            return True
        _demand_unchanged(action.live, now)
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await until_gone(is_there, run.arm.clock)

    return Write(
        security_rule.delete_request(one.id),
        confirm,
        prepare,
        after_conflict=_after_a_while(prepare, run),
        current=one.of_this_version,
        parent=action.group,
    )


def _after_a_while(look: Prepare, run: Run) -> Prepare:
    """Another look, once somebody else's write of the group had time to end."""

    async def wait_and_look() -> bool:
        await run.arm.clock.sleep(_CONFLICT_WAIT)
        return await look()

    return wait_and_look


class _Rule:
    """A rule while it is written."""

    def __init__(self, id_: ArmId, run: Run) -> None:
        self.id = id_
        self.has_failed = False
        """Whether Azure failed to carry out the last write of it."""
        self._run = run
        self._etag = ""

    async def look(self) -> SecurityRule | None:
        """The rule once no write is under way any more; None where it is not there."""
        body = await settled(security_rule.get_request(self.id), self._run.arm)
        self._etag = str(body.get("etag", "")) if body else ""
        self.has_failed = body is not None and provisioning_state(body).casefold() == "failed"
        return read(security_group.decode_rule, body) if body else None

    async def reread(self) -> "_Told | None":
        """The rule after it was written. Raises `Failure` where Azure failed to carry that out."""
        found = await self.look()
        if self.has_failed:
            raise Failure("its provisioning state is Failed", remedy=_FAILED)
        return _Told(found) if found else None

    def of_this_version(self, request: ArmRequest) -> ArmRequest:
        """The request for the version that was looked at last, so that it never undoes what came after."""
        return replace(request, etag=self._etag)


def _demand_unchanged(before: SecurityRule | None, now: SecurityRule | None) -> None:
    """The write replaces the rule whole: it must not undo what somebody did to it meanwhile."""
    if before is None and now is not None:
        raise ChangedSince("somebody created it since it was read; nothing was sent")
    if before is not None and now is None:
        raise ChangedSince("somebody removed it since it was read; nothing was sent")
    if before is not None and now is not None and _all_of(before) != _all_of(now):
        raise ChangedSince("somebody changed it since it was read; nothing was sent")


@dataclass(frozen=True, slots=True)
class _Told:
    """A rule as it is compared when it is read back."""

    rule: SecurityRule

    def stated(self) -> Data:
        return _all_of(self.rule)


def _all_of(rule: SecurityRule) -> Data:
    """All that is written of a rule, so that what means the same is told alike."""
    return {**folded(rule), "description": rule.description}
