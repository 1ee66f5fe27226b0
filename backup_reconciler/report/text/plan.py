"""A plan as text: what would be done, what that does to recovery points, and what stands in the way."""

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console

from backup_reconciler.plan.action import (
    AnyAction,
    BindAction,
    DeleteData,
    Protect,
    Risk,
    UpdateFirewall,
    VMAction,
)
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan, WhyHeld
from backup_reconciler.plan.runs import NextRuns
from backup_reconciler.plan.shard import waiting_for_others
from backup_reconciler.report.findings import by_message
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.resource import Resource, ResourceState, resources_of
from backup_reconciler.report.text.coverage import coverage_line
from backup_reconciler.report.text.firewall import outline
from backup_reconciler.report.text.health import ailing_line
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.reading import reading_words
from backup_reconciler.report.text.runs import write_runs
from backup_reconciler.report.text.scripts import ScriptAction, write_scripts
from backup_reconciler.report.text.security_rules import RuleAction, write_security_rules
from backup_reconciler.report.verbs import count_words, word_for
from backup_reconciler.report.words import moved, some_of, titled


def write_plan(plan: Plan, console: Console, *, counts: Counts | None = None, verbose: bool = False) -> None:
    """The whole plan; `counts` add how backups fare now, and `verbose` what is unchanged, with the reasons."""
    page = Page(console)
    write_actions(plan.actions, page)
    write_findings(plan.findings, page)
    _write_held_back(plan, page)
    _write_waiting(plan, page)
    if verbose:
        page.rows((("unchanged", one.label, one.reason) for one in _as_declared(plan)), indent=0)
        page.line()
    if plan.coverage:
        page.line(coverage_line(plan.coverage, "after this plan"))
    if counts and (ailing := ailing_line(counts)):
        page.line(ailing)
    page.line(summary(plan), "bold")


def write_actions(actions: Iterable[AnyAction], page: Page) -> None:
    """Actions in their order, those that are alike together."""
    told: dict[NextRuns, str] = {}
    for _, group in groupby(actions, key=_alike):
        alike = list(group)
        rules = [action for action in alike if isinstance(action, RuleAction)]
        scripts = [action for action in alike if isinstance(action, ScriptAction)]
        if rules:
            write_security_rules(rules, page)
        elif scripts:
            write_scripts(scripts, page)
        else:
            _write_actions(alike, page, told)
            page.line()


def _write_held_back(plan: Plan, page: Page) -> None:
    """What is left out: one by one where something is blocked, together where it only waits for a later run."""
    for held in plan.held(WhyHeld.BLOCKED):
        page.heading("blocked", held.action.label, held.action.place)
        page.note(f"it needs {held.because}, which is blocked")
        page.line()
    for why, reason in LATER.items():
        waiting = plan.held(why)
        for (verb, _), group in groupby(waiting, key=lambda held: (held.action.verb, held.action.place)):
            alike = [held.action for held in group]
            page.heading("later", f"{word_for(verb)} {_title(alike)}", alike[0].place)
            if len(alike) > 1:
                page.note(some_of([_name(action) for action in alike]))
            page.note(reason)
            page.line()


def _write_waiting(plan: Plan, page: Page) -> None:
    """What apply leaves until another shard has done something for it."""
    waiting = sorted(waiting_for_others(plan), key=lambda one: (one.for_, one.action.verb))
    for (for_, verb), group in groupby(waiting, key=lambda one: (one.for_, one.action.verb)):
        alike = [one.action for one in group]
        page.heading("later", f"{word_for(verb)} {_title(alike)}", alike[0].place)
        if len(alike) > 1:
            page.note(some_of([_name(action) for action in alike]))
        page.note(f"it needs {for_}, which is another shard's; a run after that one's goes on with this")
        page.line()


def write_findings(findings: Iterable[Finding], page: Page) -> None:
    """Findings, the ones of one rule, weight and remedy together."""
    ordered = sorted(findings, key=lambda finding: (_WEIGHT[finding.severity], finding.rule.id, finding.remedy))
    for (severity, *_), group in groupby(ordered, key=lambda one: (one.severity, one.rule.id, one.remedy)):
        alike = list(group)
        for same in by_message(alike):
            page.heading(severity.value, same.title, same.place)
            if same.names:
                page.note(some_of(same.names))
            page.note(f"{same.message} [{alike[0].rule.id}]")
        page.note(f"why: {alike[0].rule.why}", "dim")
        page.note(f"fix: {alike[0].remedy}", "dim")
        page.line()


def write_action(action: AnyAction, page: Page) -> None:
    """One action, with what it does to recovery points."""
    _write_actions([action], page, {})


def summary(plan: Plan) -> str:
    """One line with the counts."""
    parts = [f"{titled('Plan', plan.shard, plan.missing)}: {count_words(plan)}."]
    if plan.blocked:
        parts.append(f"{plan.blocked:,} blocked.")
    if plan.postponed:
        parts.append(f"{plan.postponed:,} left for a later run.")
    if as_declared := len(_as_declared(plan)):
        parts.append(f"{as_declared:,} as declared.")
    parts.append(f"{reading_words(plan)}.")
    return " ".join(parts)


LATER = {
    WhyHeld.LATER_WAVE: "others move to an Enhanced policy first; a run after this one goes on with these",
    WhyHeld.WRITE_BUDGET: "others, which are more urgent, use up the 50 writes of policies that the service takes "
    "from a vault in a day; apply again tomorrow",
    WhyHeld.KEY: "this run does not set the vault's key, and a first key has to be there before the first backup",
}
"""What an action waits for that a later run carries out."""
_WEIGHT = {Severity.BLOCKED: 0, Severity.WARNING: 1, Severity.INFO: 2}


def _as_declared(plan: Plan) -> list[Resource]:
    """The resources of which nothing differs: a VM that is bound as declared and lacks its first backup is none."""
    return [one for one in resources_of(plan) if one.state is ResourceState.AS_DECLARED]


def _alike(action: AnyAction) -> tuple[object, ...]:
    """Actions on VMs that differ in the VM alone are told together; so are all security rules, and all scripts."""
    for together in (RuleAction, ScriptAction):
        if isinstance(action, together):
            return (together,)
    if not isinstance(action, VMAction):
        return (action.id,)
    changes = tuple((change.path, str(change.found), str(change.declared)) for change in action.changes)
    return (action.verb, action.vault, changes, action.data_effect, _marks(action), action.place)


def _write_actions(actions: list[AnyAction], page: Page, told: dict[NextRuns, str]) -> None:
    """`told` are the runs that have been written already, and of what: one policy may be in a thousand vaults."""
    first = actions[0]
    page.heading(word_for(first.verb), _title(actions), first.place, _marks(first))
    if len(actions) > 1:
        page.note(", ".join(action.vm_name for action in actions if isinstance(action, VMAction)))
    if first.verb == UpdateFirewall.verb:
        page.rows(outline(first.changes))
    elif first.verb != Protect.verb:
        page.rows((change.path, moved(change.found, change.declared)) for change in first.changes)
    if not isinstance(first, VMAction) and first.touched:
        page.note(f"VMs: {some_of([vm.name for vm in first.touched])}", "dim")
    page.note(f"recovery points: {first.data_effect}", "dim")
    if first.runs:
        write_runs(first.runs, page, same_as=told.get(first.runs))
        told.setdefault(first.runs, first.label)
    if first.guard:
        page.note(f"the Resource Guard {first.guard} has to approve it; apply leaves it out", "dim")
    if first.earliest:
        page.note(f"earliest: {first.earliest}", "dim")


def _name(action: AnyAction) -> str:
    return action.vm_name if isinstance(action, VMAction) else action.label


def _marks(action: AnyAction) -> str:
    marks = [risk.value for risk in Risk if risk in action.risks]
    marks += ["needs approval"] if action.guard else []
    return f"({', '.join(marks)})" if marks else ""


def _title(actions: list[AnyAction]) -> str:
    first = actions[0]
    if not isinstance(first, VMAction):
        return f"{first.label} and {len(actions) - 1} more" if len(actions) > 1 else first.label
    what = first.label if len(actions) == 1 else f"{_several(first)}{len(actions)} VMs in {first.vault.name}"
    return f"{what} by {first.policy.name}" if isinstance(first, BindAction) else what


def _several(first: VMAction) -> str:
    """What of several VMs is meant, where it is not the VMs' protection itself."""
    return "backups of " if first.verb == DeleteData.verb else ""
