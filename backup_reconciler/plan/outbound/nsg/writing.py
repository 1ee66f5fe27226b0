"""Planning the rules that are wished for in one network security group, by all documents together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

from backup_reconciler.plan.action import Change, CreateSecurityRule, UpdateSecurityRule
from backup_reconciler.plan.address import security_rule_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.nsg.findings import not_ours, without_priority, without_room
from backup_reconciler.plan.outbound.nsg.priority import Choice, Chosen, WantedRule, choose
from backup_reconciler.plan.outbound.nsg.stopping import stopped_by
from backup_reconciler.plan.outbound.nsg.wish import Wish
from backup_reconciler.plan.outbound.security_rule import differing, in_words, is_intact, is_owned, marked
from backup_reconciler.plan.outbound.words import rule_label
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule

_MOST_RULES = 1000
"""In a network security group, of both directions together (source: Azure networking limits)."""
ONLY_THE_NETWORK = "not touched, only the network changes"


def as_planned(network: Network, draft: Draft) -> Mapping[ArmId, SecurityGroup]:
    """The network security groups with the rules that have been planned for them already, for another method."""
    written: dict[ArmId, dict[str, SecurityRule]] = defaultdict(dict)
    for action in draft.actions.values():
        if isinstance(action, CreateSecurityRule | UpdateSecurityRule):
            written[action.group][action.rule.name.casefold()] = action.rule
    groups = dict(network.security_groups)
    for id_, rules in written.items():
        others = [rule for rule in groups[id_].rules if rule.name.casefold() not in rules]
        together = sorted([*others, *rules.values()], key=lambda rule: rule.priority)
        groups[id_] = replace(groups[id_], rules=tuple(together))
    return groups


def plan_rules(
    group: SecurityGroup, wishes: Iterable[Wish], leaving: Collection[str], draft: Draft
) -> Iterator[tuple[ArmId, str]]:
    """Decide about the rules that are wished for in a group; gives VMs with the actions that open their way out.

    The group is as other methods leave it (see `as_planned`). `leaving` are the names of rules that this run deletes.
    """
    live = {rule.name.casefold(): rule for rule in group.own_rules()}
    named = {wish.rule.name: _Named(wish, group, live.get(wish.rule.name.casefold())) for wish in wishes}
    ours = {one.name for one in named.values() if one.is_ours}
    wanted: list[WantedRule] = []
    for one in named.values():
        stopping = stopped_by(group, one.wish.flows, {*ours, *leaving})
        if not stopping and not one.is_changed:
            draft.same(one.address, one.label, _why_not_needed(one))
        elif one.live is not None and not one.is_ours:
            draft.find(not_ours(one.wish, one.live, group))
        else:
            wanted.append(one.wanted(stopping))
    choices, room = choose(group, wanted, leaving), _MOST_RULES - len(live)
    for name in _in_order(choices):
        one, choice = named[name], choices[name]
        if not isinstance(choice, Chosen):
            draft.find(without_priority(one.wish, choice, group, is_there=one.live is not None))
        elif one.live is None and room <= 0:
            draft.find(without_room(one.wish, group))
        else:
            room -= one.live is None
            yield from _write(one, choice, draft)


@dataclass(frozen=True, slots=True)
class _Named:
    """A wish, with what the group has of its name."""

    wish: Wish
    group: SecurityGroup
    live: SecurityRule | None

    @property
    def name(self) -> str:
        return self.wish.rule.name

    @property
    def is_ours(self) -> bool:
        return self.live is not None and is_owned(self.live, self.wish.document.handle)

    @property
    def is_changed(self) -> bool:
        """Whether it is ours and somebody made something else of it, which may stop the traffic itself."""
        return self.is_ours and self.live is not None and not is_intact(self.live, self.wish.document.handle)

    @property
    def address(self) -> str:
        return security_rule_address(self.group.id, self.name)

    @property
    def label(self) -> str:
        return rule_label(self.group.id, self.name)

    def wanted(self, stopping: tuple[SecurityRule, ...]) -> WantedRule:
        return WantedRule(self.name, str(self.wish.document), stopping, self.wish.stated, self.wish.rule.direction)


def _why_not_needed(one: _Named) -> str:
    if one.is_ours:
        return "nothing else there stops the traffic any more; the rule is left"
    return "nothing there stops the traffic"


def _in_order(choices: Mapping[str, Choice]) -> Iterator[str]:
    """Names, each after the one that leaves it its priority: Azure takes none of two rules at once."""
    names = {name.casefold(): name for name in choices}
    after = {
        name: [names[choice.after.casefold()]]
        if isinstance(choice, Chosen) and choice.after and choice.after.casefold() in names
        else []
        for name, choice in choices.items()
    }
    return iter(TopologicalSorter(after).static_order())


def _write(one: _Named, choice: Chosen, draft: Draft) -> Iterator[tuple[ArmId, str]]:
    """Create the rule or put it right, unless it is as it should be."""
    wish, live = one.wish, one.live
    rule = marked(replace(wish.rule, priority=choice.priority), wish.document.handle)
    if live is not None and not differing(live, rule) and is_intact(live, wish.document.handle):
        draft.same(one.address, one.label, "it is as declared")
        return
    common: dict[str, Any] = {
        "address": one.address,
        "label": one.label,
        "data_effect": ONLY_THE_NETWORK,
        "place": wish.document.place,
        "group": one.group.id,
        "rule": rule,
    }
    before = [security_rule_address(one.group.id, choice.after)] if choice.after else []
    if live is None:
        action = draft.act(CreateSecurityRule(**common, changes=_created(wish, rule)), *before)
    else:
        action = draft.act(UpdateSecurityRule(**common, changes=_changed(wish, live, rule), live=live), *before)
    yield from ((vm, action) for vm in sorted(wish.vms))


def _created(wish: Wish, rule: SecurityRule) -> tuple[Change, ...]:
    words = in_words(rule)
    return tuple(Change(name, None, words[name], wish.place_of(name)) for name in wish.fields)


def _changed(wish: Wish, live: SecurityRule, rule: SecurityRule) -> tuple[Change, ...]:
    """What it says otherwise; where it only bears the mark of what it said before, its description."""
    before, after = in_words(live), in_words(rule)
    names = differing(live, rule)
    if not names:
        return (Change("description", live.description, rule.description, wish.place_of("description")),)
    return tuple(Change(name, before[name], after[name], wish.place_of(name)) for name in names)
