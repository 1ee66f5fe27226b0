"""Security rules as text: those of one network security group together, and groups that get the same ones at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from backup_reconciler.plan.action import CreateSecurityRule, DeleteSecurityRule, UpdateSecurityRule
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.verbs import word_for
from backup_reconciler.report.words import counted, moved, some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place

RuleAction = CreateSecurityRule | UpdateSecurityRule | DeleteSecurityRule

_Kind = tuple[str, Place, str]
"""What is done, by which document, and what that does to recovery points."""
_Told = tuple[tuple[str, str], ...]
"""Of one rule: its name, then what changes of it and how."""


def write_security_rules(actions: Iterable[RuleAction], page: Page) -> None:
    """What becomes of rules, in as few paragraphs as it can be said in."""
    for (verb, place, data_effect), rules, groups in _alike(actions):
        where = groups[0].name if len(groups) == 1 else counted(len(groups), "network security group")
        page.heading(word_for(verb), f"{counted(len(rules), 'security rule')} in {where}", place)
        if len(groups) > 1:
            page.note(some_of([group.name for group in groups]))
        if verb == DeleteSecurityRule.verb:
            page.note(some_of([dict(rule)["rule"] for rule in rules]))
        else:
            page.rows(_rows(rules))
        page.note(f"recovery points: {data_effect}", "dim")
        page.line()


def _alike(actions: Iterable[RuleAction]) -> Iterator[tuple[_Kind, Sequence[_Told], list[ArmId]]]:
    """What is done to which rules, and in which groups it is just that."""
    rules: dict[tuple[_Kind, ArmId], list[_Told]] = defaultdict(list)
    for action in sorted(actions, key=_priority):
        kind = action.verb, action.place, action.data_effect
        rules[kind, action.group].append(_told(action))
    groups: dict[tuple[_Kind, tuple[_Told, ...]], list[ArmId]] = defaultdict(list)
    for (kind, group), told in sorted(rules.items(), key=lambda one: one[0][1]):
        groups[kind, tuple(told)].append(group)
    for (kind, alike), members in groups.items():
        yield kind, alike, members


def _priority(action: RuleAction) -> int:
    return (action.live if isinstance(action, DeleteSecurityRule) else action.rule).priority


def _told(action: RuleAction) -> _Told:
    name = (action.live if isinstance(action, DeleteSecurityRule) else action.rule).name
    changes = [] if isinstance(action, DeleteSecurityRule) else action.changes
    return (("rule", name), *((change.path, moved(change.found, change.declared)) for change in changes))


def _rows(rules: Sequence[_Told]) -> Iterator[list[str]]:
    """A row for each rule, under the names of the fields."""
    told: list[Mapping[str, str]] = [dict(rule) for rule in rules]
    fields = list(dict.fromkeys(field for rule in told for field in rule))
    yield fields
    for rule in told:
        yield [rule.get(field, "") for field in fields]
