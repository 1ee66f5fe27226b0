"""What Azure has otherwise than declared, whether this plan can put it right or not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from backup_reconciler.plan.action import (
    AnyAction,
    AwaitVault,
    Change,
    CreatePolicy,
    CreateSecurityRule,
    CreateVault,
    DeleteData,
    DeletePolicy,
    DeleteRunCommand,
    DeleteSecurityRule,
    DeleteVault,
    Protect,
    RunScript,
)
from backup_reconciler.plan.finding import DriftState, Severity
from backup_reconciler.plan.plan import Plan, WhyHeld
from backup_reconciler.spec.document import Place


@dataclass(frozen=True, slots=True)
class Difference:
    """One resource that is not as declared."""

    address: str
    label: str
    state: DriftState
    changes: tuple[Change, ...]
    place: Place
    blocked_by: str = ""
    """The rule or the address that keeps apply from putting it right; empty where it can."""
    guard: str = ""
    """The Resource Guard that has to approve putting it right, or a part of it; empty where none has to."""


def differences(plan: Plan) -> list[Difference]:
    """Every managed difference.

    A declaration that has no resource it could differ from (a VM that this vault cannot protect at all) is a finding
    of the plan and no difference.
    """
    found = [_of_action(action) for action in plan.actions if not _is_to_come(action)]
    found += [
        _of_action(held.action, held.because if held.why is WhyHeld.BLOCKED else "")
        for held in plan.held_back
        if not _is_to_come(held.action)
    ]
    found += [
        Difference(one.address, one.label, one.drift, one.changes, one.place, one.rule.id)
        for one in plan.findings_of(Severity.BLOCKED)
        if one.drift and one.place
    ]
    return _by_resource(found)


def _by_resource(found: Iterable[Difference]) -> list[Difference]:
    """One for each resource, though it takes several actions, which are steps on one way: the last says where to."""
    merged: dict[str, Difference] = {}
    for one in found:
        before = merged.get(one.address)
        merged[one.address] = one if before is None else _joined(before, one)
    return list(merged.values())


def _joined(first: Difference, then: Difference) -> Difference:
    state = first.state if first.state is DriftState.MISSING else then.state
    return replace(
        then,
        state=state,
        changes=_merged(first.changes, then.changes),
        blocked_by=first.blocked_by or then.blocked_by,
        guard=first.guard or then.guard,
    )


def _merged(first: Iterable[Change], then: Iterable[Change]) -> tuple[Change, ...]:
    changes = {change.path: change for change in first}
    for change in then:
        before = changes.get(change.path, change)
        changes[change.path] = replace(change, found=before.found)
    return tuple(changes.values())


def _is_to_come(action: AnyAction) -> bool:
    """Whether it is about something that is not there yet, and is not to stay."""
    return isinstance(action, DeletePolicy) and action.live is None


def _of_action(action: AnyAction, blocked_by: str = "") -> Difference:
    state = DriftState.DIFFERS
    match action:
        case AwaitVault():
            state = DriftState.UNDER_WAY
        case CreateVault() | CreatePolicy() | CreateSecurityRule() | Protect():
            state = DriftState.MISSING
        case DeleteVault():
            state = DriftState.UNDER_WAY if action.live.being_deleted else DriftState.UNWANTED
        case RunScript() if action.found is None:
            state = DriftState.MISSING
        case DeletePolicy() | DeleteSecurityRule() | DeleteRunCommand() | DeleteData():
            state = DriftState.UNWANTED
    return Difference(action.address, action.label, state, action.changes, action.place, blocked_by, action.guard)
