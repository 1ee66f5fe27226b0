"""Whatever a group holds: at the chosen priorities traffic passes, other traffic fares as before, nobody is moved."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.plan.network.flow import Flow
from backup_reconciler.plan.outbound.nsg.priority import FIRST, LAST, Choice, Chosen, NoRoom, WantedRule, choose
from backup_reconciler.plan.outbound.nsg.stopping import stopped_by
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.spec.outbound import owned_name
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from tests.property.security_groups import SPACE, Packet, World, deciders, packets, security_groups

FLOWS = {
    "a": [Flow("VirtualNetwork", tag, 443) for tag in ("AzureBackup", "Storage")]
    + [Flow("VirtualNetwork", "10.0.0.1", 443, "Inbound")],
    "b": [Flow("VirtualNetwork", tag, 443) for tag in ("Storage.japaneast", "AzureBackup", "20.0.9.9")],
}
OLD = Flow("VirtualNetwork", "8.8.8.8", 443)
"""What document `old` let through, whose rule is deleted in the same run."""
ALL = [Flow("VirtualNetwork", "*", 443), Flow("VirtualNetwork", "*", 80), Flow("*", "VirtualNetwork", 443, "Inbound")]
NUMBERS = st.one_of(st.integers(FIRST, FIRST + 7), st.integers(LAST - 7, LAST))
"""So few that rules meet."""


def ours(handle: str, flow: Flow, priority: int) -> SecurityRule:
    source, destination = RuleSide((flow.source,)), RuleSide((flow.destination,), ports=(str(flow.port),))
    name, mark = owned_name(handle, flow.destination), str(Mark.of(handle, {}))
    return SecurityRule(name, priority, flow.direction, True, "Tcp", source, destination, mark)


@dataclass(frozen=True)
class Case:
    """A group, in which some of our rules are already, and what is wanted of it."""

    group: SecurityGroup
    wanted: tuple[WantedRule, ...]
    flows: Mapping[str, Flow]
    leaving: frozenset[str]

    def choices(self, group: SecurityGroup | None = None) -> Mapping[str, Choice]:
        return choose(group or self.group, self.wanted, self.leaving)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    group = draw(security_groups(priorities=NUMBERS, application_groups=False))
    taken = {(rule.direction, rule.priority) for rule in group.rules}
    present = []
    for handle, flow in [(handle, flow) for handle, flows in FLOWS.items() for flow in flows] + [("old", OLD)]:
        number = draw(st.one_of(st.none(), NUMBERS))
        if number is not None and (flow.direction, number) not in taken:
            taken.add((flow.direction, number))
            present.append(ours(handle, flow, number))
    group = replace(group, rules=tuple(sorted((*present, *group.rules), key=lambda rule: rule.priority)))
    names = [owned_name(handle, flow.destination) for handle, flows in FLOWS.items() for flow in flows]
    wanted, by_name = [], {}
    for handle, flows in FLOWS.items():
        stated = draw(st.one_of(st.none(), NUMBERS))
        for place, flow in enumerate(flows):
            name = owned_name(handle, flow.destination)
            by_name[name] = flow
            priority = None if stated is None or stated + place > LAST else stated + place
            stoppers = stopped_by(group, [(flow, SPACE)], names)
            wanted.append(WantedRule(name, f"OutboundAccess/{handle}", stoppers, priority, flow.direction))
    return Case(group, tuple(wanted), by_name, frozenset({owned_name("old", OLD.destination)}))


def handle_of(case: Case, name: str) -> str:
    return next(each.document.rpartition("/")[2] for each in case.wanted if each.name == name)


def written(case: Case, choices: Mapping[str, Choice]) -> SecurityGroup:
    """The group after all writes, each in its turn; a number is never given twice meanwhile."""
    rules = {rule.name: rule for rule in case.group.rules if rule.name not in case.leaving}
    left = {name: choice for name, choice in choices.items() if isinstance(choice, Chosen)}
    while left:
        name, choice = next((name, choice) for name, choice in left.items() if choice.after not in left)
        rules[name] = ours(handle_of(case, name), case.flows[name], choice.priority)
        del left[name]
        numbers = Counter((rule.direction, rule.priority) for rule in rules.values())
        assert set(numbers.values()) == {1}
    return replace(case.group, rules=tuple(sorted(rules.values(), key=lambda rule: rule.priority)))


def verdicts(group: SecurityGroup) -> dict[Packet, bool]:
    found = [each for flow in ALL for each in deciders(group, flow, World()).items()]
    return {packet: rule is not None and rule.allows for packet, rule in found}


def packets_of(flows: Iterable[Flow]) -> set[Packet]:
    return {packet for flow in flows for packet in packets(flow, World())}


@given(cases())
def test_what_is_wanted_passes_and_nothing_else_fares_otherwise(case: Case) -> None:
    choices = case.choices()
    before, after = verdicts(case.group), verdicts(written(case, choices))
    wanted = packets_of(case.flows[name] for name, choice in choices.items() if isinstance(choice, Chosen))
    assert all(after[packet] for packet in wanted)
    there = {rule.name for rule in case.group.rules}
    own = wanted | packets_of([OLD, *(flow for name, flow in case.flows.items() if name in there)])
    assert {packet for packet in after if after[packet] != before[packet]} <= own


@given(cases())
def test_nobody_else_is_moved_and_ours_stay_where_they_have_been_put(case: Case) -> None:
    choices = case.choices()
    after = written(case, choices)
    assert [rule for rule in case.group.rules if not rule.description] == [
        rule for rule in after.rules if not rule.description
    ]
    chosen = {name: choice for name, choice in choices.items() if isinstance(choice, Chosen)}
    assert all(FIRST <= choice.priority <= LAST for choice in chosen.values())
    again = case.choices(after)
    assert {name: again[name] for name in chosen} == {name: Chosen(choice.priority) for name, choice in chosen.items()}


@given(cases())
def test_where_there_is_said_to_be_no_room_every_number_is_spoken_for(case: Case) -> None:
    choices = case.choices()
    for direction in ("Inbound", "Outbound"):
        here = [each for each in case.wanted if each.direction == direction]
        chosen = [choice.priority for each in here if isinstance(choice := choices[each.name], Chosen)]
        held = [rule.priority for rule in case.group.rules if rule.direction == direction]
        spoken_for = {*chosen, *held, *(each.stated for each in here)}
        for each in here:
            if isinstance(choices[each.name], NoRoom):
                assert spoken_for.issuperset(range(FIRST, each.stopped_by[0].priority))
