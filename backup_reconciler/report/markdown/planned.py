"""What a plan would do, and what it leaves out."""

from collections.abc import Iterable

from backup_reconciler.plan.action import AnyAction, Risk
from backup_reconciler.plan.plan import Plan, WhyHeld
from backup_reconciler.report.markdown.cells import BREAK, line_of, moved_fields
from backup_reconciler.report.markdown.escape import code, prose
from backup_reconciler.report.markdown.page import Section
from backup_reconciler.report.verbs import word_for

_HEADER = ("action", "what", "changes", "recovery points", "line")


def needing_consent(plan: Plan) -> Section:
    """The actions that delete recovery points or cannot be taken back, and those that somebody has to approve."""
    marked = _marked(plan.actions)
    return Section("Destructive, one-way or to be approved", len(marked), _HEADER, _rows(marked), important=True)


def others(plan: Plan) -> Section:
    """All other actions."""
    marked = set(map(id, _marked(plan.actions)))
    unmarked = [one for one in plan.actions if id(one) not in marked]
    return Section("Other actions" if marked else "Actions", len(unmarked), _HEADER, _rows(unmarked))


def left_out(plan: Plan) -> Section:
    """The actions that need something that is blocked."""
    return _held("Left out", plan, {WhyHeld.BLOCKED}, important=True)


def postponed(plan: Plan) -> Section:
    """The actions that a later run carries out."""
    return _held("Left for a later run", plan, set(WhyHeld) - {WhyHeld.BLOCKED})


def _held(title: str, plan: Plan, why: set[WhyHeld], *, important: bool = False) -> Section:
    rows = [
        (word_for(held.action.verb), code(held.action.label), code(held.because), line_of(held.action.place))
        for held in plan.held_back
        if held.why in why
    ]
    return Section(title, len(rows), ("action", "what", "because of", "line"), rows, important)


def _marked(actions: Iterable[AnyAction]) -> list[AnyAction]:
    return [one for one in actions if one.risks or one.guard]


def _rows(actions: Iterable[AnyAction]) -> list[tuple[str, ...]]:
    return [
        (
            BREAK.join((word_for(one.verb), *_marks(one))),
            code(one.label),
            moved_fields(one.changes),
            prose(one.data_effect),
            line_of(one.place),
        )
        for one in actions
    ]


def _marks(action: AnyAction) -> list[str]:
    marks = [f"**{risk.value}**" for risk in Risk if risk in action.risks]
    return [*marks, f"the Resource Guard {code(action.guard)} has to approve it"] if action.guard else marks
