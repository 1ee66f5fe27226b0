"""What becomes of a saved plan now that Azure was read again: what is carried out, what is left, what is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from backup_reconciler.plan.action import AnyAction
from backup_reconciler.plan.coverage import coverage_of
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import HeldBack, Plan, WhyHeld
from backup_reconciler.plan.saved.difference import FieldDifference, differences
from backup_reconciler.plan.saved.saved_plan import SavedAction, SavedPlan, saved_action
from backup_reconciler.state.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Refused:
    """An approved action that is not what was approved any more."""

    approved: SavedAction
    why: str
    instead: tuple[AnyAction, ...] = ()
    """What would be done now; empty where nothing would."""

    @property
    def differences(self) -> tuple[FieldDifference, ...]:
        """What differs, where the action is still the same one."""
        same = next((action for action in self.instead if action.id == self.approved.id), None)
        return tuple(differences(self.approved, saved_action(same))) if same else ()


@dataclass(frozen=True, slots=True)
class Settled:
    """An approved action that nothing calls for any more."""

    approved: SavedAction
    is_so: bool
    """Whether Azure has it as declared; otherwise no manifest asks for it, as where its VM is gone."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approved action that waits for one that is not approved."""

    action: AnyAction
    for_: str
    """The label of that one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a saved plan."""

    plan: Plan
    """What is carried out: approved actions, as they are planned now."""
    refused: tuple[Refused, ...]
    """Where there is any, nothing is carried out."""
    settled: tuple[Settled, ...]
    new: tuple[AnyAction, ...]
    """Planned now, and not approved."""
    waiting: tuple[Waiting, ...]

    @property
    def leaves_something(self) -> bool:
        """Whether a run that does all it may do leaves planned actions undone; what waits does so for new ones."""
        return bool(self.new)


def judge(saved: SavedPlan, plan: Plan, snapshot: Snapshot) -> Verdict:
    """Hold what was approved against what is planned now.

    What sends nothing, and only waits for what Azure does already, needs no approval.
    """
    approved = {action.id: action for action in saved.actions}
    new = tuple(action for action in plan.actions if action.sends and action.id not in approved)
    as_declared = frozenset(same.address for same in plan.unchanged)
    fate = _Fate(plan, {action.id: action for action in plan.actions}, new, as_declared)
    fates = [fate.of(action) for action in saved.actions]
    waiting = tuple(_waiting(plan, new))
    left = {action.id for action in new} | {one.action.id for one in waiting}
    return Verdict(
        plan=_only(plan, [action for action in plan.actions if action.id not in left], snapshot),
        refused=tuple(one for one in fates if isinstance(one, Refused)),
        settled=tuple(one for one in fates if isinstance(one, Settled)),
        new=new,
        waiting=waiting,
    )


@dataclass(frozen=True, slots=True)
class _Fate:
    """Finds out what has become of approved actions."""

    plan: Plan
    planned: Mapping[str, AnyAction]
    """By id."""
    new: tuple[AnyAction, ...]
    as_declared: frozenset[str]
    """Addresses."""

    def of(self, approved: SavedAction) -> Refused | Settled | None:
        """None for what is planned now just as it was approved."""
        now = self.planned.get(approved.id)
        if now is not None:
            same = saved_action(now).digest == approved.digest
            return None if same else Refused(approved, "it is not what was approved", (now,))
        for held in self.plan.held_back:
            if held.action.id == approved.id:
                return Refused(approved, _why_held(held))
        for finding in self.plan.findings_of(Severity.BLOCKED):
            if finding.address == approved.address:
                return Refused(approved, f"it is blocked now: {finding.message} [{finding.rule.id}]")
        if instead := tuple(action for action in self.new if action.address == approved.address):
            return Refused(approved, "something else would be done now", instead)
        return Settled(approved, is_so=approved.address in self.as_declared)


def _why_held(held: HeldBack) -> str:
    if held.why is WhyHeld.BLOCKED:
        return f"it needs {held.because}, which is blocked now"
    return f"it is left for a later run now ({held.why.value}), after {held.because}"


def _waiting(plan: Plan, new: tuple[AnyAction, ...]) -> Iterator[Waiting]:
    """All that waits for what is not approved; the plan's order has what an action depends on before it."""
    left = {action.id: action.label for action in new}
    for action in plan.actions:
        if action.id not in left and (first := next(filter(left.__contains__, action.depends_on), None)):
            left[action.id] = left[first]
            yield Waiting(action, left[first])


def _only(plan: Plan, actions: list[AnyAction], snapshot: Snapshot) -> Plan:
    """The plan with these of its actions alone, and what they leave covered."""
    coverage = plan.coverage and coverage_of(snapshot, frozenset(plan.coverage.exempt), actions).without(plan.others)
    return replace(plan, actions=tuple(actions), coverage=coverage)
