"""Custom roles as text, to be reviewed: what each action is for, which documents take it, where to assign the role."""

from collections.abc import Iterable, Sequence

from rich.console import Console

from backup_reconciler.plan.permissions.need import Need, Purpose
from backup_reconciler.plan.permissions.role import Role, narrowest
from backup_reconciler.report.data.permissions import role_name
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted, some_of
from backup_reconciler.spec.arm_id import ArmId

_DOCUMENTS = 5
"""Named of an action; the others are counted."""
_VERBS = {Purpose.PLAN: "plan, drift, check and jobs", Purpose.APPLY: "apply"}


def write_roles(roles: Sequence[Role], begins: str, outside: Iterable[str], console: Console) -> None:
    """The roles, and what none of them gives. Of the role for apply only what comes on top of the other's actions,
    where that is told before it."""
    page = Page(console)
    told = set[str]()
    for role in roles:
        _write_role(role, begins, told, page)
        told.update(role.actions)
    page.line("In no role", "bold")
    for sentence in outside:
        page.note(sentence, indent=2)


def _write_role(role: Role, begins: str, told: set[str], page: Page) -> None:
    new = [one for one in role.needs if one.permission.action not in told]
    has = f"those above and {counted(len(new), 'more action')}" if told else counted(len(new), "action")
    page.line(f"{role_name(begins, role.purpose)}: for {_VERBS[role.purpose]}, {has}", "bold")
    for need in new:
        _write_need(need, page)
    page.line()
    _write_scopes(role, page)
    page.line()


def _write_need(need: Need, page: Page) -> None:
    page.verbatim(need.permission.action, indent=2)
    page.note(f"{need.permission.why}; for {some_of(need.documents, _DOCUMENTS)}", "dim", indent=6)


def _write_scopes(role: Role, page: Page) -> None:
    page.note("Assign it on", indent=2)
    _write_each(role.subscriptions, page)
    groups = narrowest(role.of(Purpose.APPLY))
    if role.purpose is Purpose.APPLY and groups != role.subscriptions:
        page.note("or, narrower, the role for plan on those and this one on", indent=2)
        _write_each(groups, page)


def _write_each(scopes: Iterable[ArmId], page: Page) -> None:
    for scope in scopes:
        page.verbatim(scope.text, indent=6)
