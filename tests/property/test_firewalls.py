"""Azure Firewall: what is chosen works, and what others wrote is as it was."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure.codec.network import firewall, firewall_policy, firewall_write
from backup_reconciler.plan.network.flow import Space
from backup_reconciler.plan.outbound.firewall.traffic import denies, traffic_of
from backup_reconciler.state.network.firewall import AzureFirewall, RuleCollection, RuleCollectionGroup
from tests.property.strategies import unknown_fields
from tests.unit.plan.firewalls import (
    ALL,
    CLASSIC,
    FIREWALL,
    IN_POLICY,
    RCG,
    TAGS,
    after,
    collection,
    network_with,
    outbound,
    planned,
)

PRIORITIES = st.integers(100, 110) | st.integers(111, 65000)


@st.composite
def foreign(draw: st.DrawFn) -> list[RuleCollection]:
    """Rule collections of others, of which some deny backups; each with a priority of its own."""
    numbers = draw(st.lists(PRIORITIES, unique=True, max_size=8))
    sources = st.sampled_from([("*",), ("10.1.1.0/25",), ("10.2.0.0/16",)])
    kinds = st.sampled_from(["application", "network", "nat"])
    allowed, ports = st.booleans(), st.sampled_from([("*",), ("443",), ("8443",)])
    return [
        collection(f"c{number}", number, draw(kinds), allows=draw(allowed), sources=draw(sources), ports=draw(ports))
        for number in numbers
    ]


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["web", "app"]),
        st.sampled_from([{}, {"networkRule": {"destinations": list(ALL)}}]),
        st.sampled_from([{}, {"priority": 105}, {"priority": 300}]),
    ),
    min_size=1,
    max_size=4,
)


@given(foreign(), DOCUMENTS, st.sampled_from([CLASSIC, IN_POLICY]))
def test_a_chosen_priority_is_before_what_denies_and_nobody_elses(
    others: list[RuleCollection], documents: list[tuple[str, dict[str, Any], dict[str, Any]]], where: dict[str, Any]
) -> None:
    network = network_with(others) if where is CLASSIC else network_with(groups={"rcg": (300, others)})
    declared = [
        outbound(f"d{at}", subnet, **rule, **prio, **where) for at, (subnet, rule, prio) in enumerate(documents)
    ]
    told = planned(network, *declared)
    then = after(network, told)
    for action in told.actions:
        holder = then.firewalls[FIREWALL] if where is CLASSIC else then.firewall_policies[RCG.parent(2)].groups[RCG]
        spaces = [(one.kind if where is CLASSIC else "", one.priority) for one in holder.collections]
        assert len(spaces) == len(set(spaces))
        assert [one for one in holder.collections if one in others] == others
        stated = {one.handle for one in declared if one.spec.firewall and one.spec.firewall.priority}
        for ours in action.written:
            if ours.name.split("-")[2] not in stated:
                before = [one for one in others if one.kind == ours.kind and one.priority < ours.priority]
                assert not any(denies(one, traffic_of(ours, ["japaneast"]), Space(tags=TAGS)) for one in before)
    again = planned(then, *declared)
    assert again.actions == []
    blocked = {finding.address for finding in told.draft.findings if finding.severity.value == "blocked"}
    assert {finding.address for finding in again.draft.findings if finding.severity.value == "blocked"} == blocked


# ---- bodies --------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["theirs", "Others", "backup-reconciler-other-application", "x"])
RULES = st.lists(
    st.builds(lambda extra: {"name": "r", "ruleType": "ApplicationRule", **extra}, unknown_fields), max_size=2
)


@st.composite
def raw_collections(draw: st.DrawFn, *, classic: bool) -> list[dict[str, Any]]:
    made = []
    for name in draw(st.lists(NAMES, unique=True, max_size=3)):
        inner = {"priority": draw(PRIORITIES), "action": {"type": "Deny"}, "rules": draw(RULES), **draw(unknown_fields)}
        own = {"etag": "e", "properties": {"provisioningState": "Succeeded", **inner}} if classic else inner
        made.append({"name": name, **own, **draw(unknown_fields)})
    return made


@st.composite
def holders(draw: st.DrawFn) -> AzureFirewall | RuleCollectionGroup:
    own = {"etag": "W/1", "type": "t", **draw(unknown_fields)}
    server = {"provisioningState": "Succeeded", **draw(unknown_fields)}
    if draw(st.booleans()):
        fields = ("applicationRuleCollections", "networkRuleCollections", "natRuleCollections")
        lists = {name: draw(raw_collections(classic=True)) for name in fields if draw(st.booleans())}
        return firewall.decode({"id": FIREWALL.text, "name": "fw", **own, "properties": {**server, **lists}})
    lists = {"ruleCollections": draw(raw_collections(classic=False))}
    return firewall_policy.decode_group(
        {"id": RCG.text, "name": "rcg", **own, "properties": {**server, "priority": 300, **lists}}
    )


def ours() -> list[RuleCollection]:
    return list(planned(network_with(), outbound("a", networkRule={"destinations": list(ALL)})).action.written)


@given(holders(), st.sets(st.sampled_from([0, 1]), min_size=1))
def test_what_others_wrote_is_sent_back_as_it_was_read(
    holder: AzureFirewall | RuleCollectionGroup, chosen: set[int]
) -> None:
    written = tuple(ours()[at] for at in sorted(chosen))
    before = deepcopy(holder.raw)
    sent = firewall_write.encode(holder, written, ())
    assert holder.raw == before, "what was read is not touched"
    names = [one.name for one in written]
    assert firewall_write.others_part(sent | {"id": holder.id.text, "name": before["name"], "type": "t"}, names) == (
        firewall_write.others_part(before, names)
    )
    read = firewall_write.decoder(holder)({**sent, "id": holder.id.text})
    found = {one.name: one for one in read.collections}
    assert [found[one.name] for one in written] == list(written)
    for field in ("applicationRuleCollections", "networkRuleCollections", "natRuleCollections", "ruleCollections"):
        theirs = before["properties"].get(field) or []
        assert (sent["properties"].get(field) or [])[: len(theirs)] == theirs, "byte for byte, and in their order"
    taken = firewall_write.encode(replace(holder, raw=sent), (), written)
    assert {name: value for name, value in taken["properties"].items() if value} == {
        name: value for name, value in before["properties"].items() if value and name != "provisioningState"
    }
