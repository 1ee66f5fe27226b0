"""Scripts that are sent into VMs as text: those that do the same in many VMs together."""

from collections import defaultdict
from collections.abc import Iterable

from backup_reconciler.plan.action import DeleteRunCommand, RunScript
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.verbs import word_for
from backup_reconciler.report.words import counted, moved, some_of

ScriptAction = RunScript | DeleteRunCommand


def write_scripts(actions: Iterable[ScriptAction], page: Page) -> None:
    """What is run in VMs, or deleted there, in as few paragraphs as it can be said in."""
    alike: dict[tuple[object, ...], list[ScriptAction]] = defaultdict(list)
    for action in actions:
        rows = tuple((change.path, moved(change.found, change.declared)) for change in action.changes)
        alike[action.verb, action.command.name, action.place, action.data_effect, rows].append(action)
    for group in alike.values():
        first, vms = group[0], [action.vm.name for action in group]
        what = first.label if len(group) == 1 else f"{_kind(first)} {first.command.name} in {counted(len(vms), 'VM')}"
        page.heading(word_for(first.verb), what, first.place)
        if len(group) > 1:
            page.note(some_of(vms))
        page.rows((change.path, moved(change.found, change.declared)) for change in first.changes)
        page.note(f"recovery points: {first.data_effect}", "dim")
        page.line()


def _kind(action: ScriptAction) -> str:
    return "script" if isinstance(action, RunScript) else "run command"
