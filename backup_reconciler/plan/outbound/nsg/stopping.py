"""What stops traffic in a network security group, our own rules apart."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.security_rules import denying
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule


def stopped_by(
    group: SecurityGroup, flows: Iterable[tuple[Flow, Space]], rewritten: Collection[str] = ()
) -> tuple[SecurityRule, ...]:
    """The rules that deny a part of the flows, or may do so, in the order in which they are asked.

    The group is judged without the allow rules that bear our mark, so that no rule of ours is needed because, or is
    missing because, another one is there. `rewritten` are the names of rules that this run writes or deletes, whatever
    they say now.
    """
    names = {name.casefold() for name in rewritten}
    others = tuple(rule for rule in group.rules if rule.name.casefold() not in names and not _opens_for_us(rule))
    bare = replace(group, rules=others)
    found = {rule.name: rule for flow, space in flows for rule in denying(bare, flow, space)}
    return tuple(sorted(found.values(), key=lambda rule: rule.priority))


def _opens_for_us(rule: SecurityRule) -> bool:
    return rule.allows and Mark.read(rule.description) is not None
