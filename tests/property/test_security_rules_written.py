"""Rules of network security groups as they are written, marked and judged, whatever stands around them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure.codec.network import security_rule
from backup_reconciler.azure.codec.network.security_group import decode_rule
from backup_reconciler.plan.outbound.nsg.source import Source, distinct
from backup_reconciler.plan.outbound.nsg.stopping import stopped_by
from backup_reconciler.plan.outbound.security_rule import differing, is_intact, is_owned, marked
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from tests.property.security_groups import DB, INSIDE, SPACE, UNLISTED, WEB, WORDS, rules, security_groups

SUBNET = ArmId("/subscriptions/s/subnets/web")


def once(side: RuleSide) -> RuleSide:
    """Without what it says twice."""
    return replace(side, addresses=tuple(dict.fromkeys(side.addresses)), ports=tuple(dict.fromkeys(side.ports)))


written = rules(WORDS, application_groups=True).map(
    lambda rule: replace(rule, name="ours", priority=100, source=once(rule.source), destination=once(rule.destination))
)
sources = st.builds(
    Source,
    st.sampled_from([*INSIDE, "10.0.0.0/30", "VirtualNetwork"]),
    st.just(SPACE),
    st.just(SUBNET),
    st.sets(st.sampled_from([WEB, DB])).map(frozenset),
)


def in_other_words(properties: dict[str, Any]) -> dict[str, Any]:
    """The same in Azure's other way of saying it: in the plural fields, and in capitals."""
    plural = {"AddressPrefix": "AddressPrefixes", "PortRange": "PortRanges"}
    told: dict[str, Any] = {}
    for name, value in properties.items():
        ending = next((one for one in plural if name.endswith(one)), "")
        if ending:
            told[name.removesuffix(ending) + plural[ending]] = [value.upper()]
        else:
            told[name] = value.upper() if name in ("protocol", "access", "direction") else value
    return told


@given(written, written, st.dictionaries(st.sampled_from(["x-new", "theirs"]), st.integers(), max_size=2))
def test_a_rule_reads_back_as_written_and_what_nobody_knows_survives(
    wished: SecurityRule, before: SecurityRule, unknown: dict[str, Any]
) -> None:
    of_server = {"provisioningState": "Updating"}
    live = {"name": "ours", "properties": {**security_rule.encode(before, {}), **unknown, **of_server}}
    properties = security_rule.encode(wished, live)
    assert decode_rule({"name": "ours", "properties": properties}) == wished
    assert properties == {**unknown, **security_rule.encode(wished, {})}


@given(written, written)
def test_a_mark_is_of_what_a_rule_says_and_not_of_how(one: SecurityRule, other: SecurityRule) -> None:
    ours = marked(replace(one, name="backup-reconciler-web-Storage"), "web")
    properties = in_other_words(security_rule.encode(ours, {}))
    found = decode_rule({"name": ours.name.upper(), "properties": properties})
    assert differing(ours, found) == []
    assert is_owned(found, "WEB")
    assert is_intact(found, "WEB")
    assert is_intact(replace(found, priority=4000), "web"), "a rule that somebody moves opens what it opened"
    assert not is_owned(found, "web-2")
    says_otherwise = set(differing(one, other)) - {"priority"}
    assert is_intact(replace(other, description=ours.description), "web") is not bool(says_otherwise)


@given(
    security_groups([*WORDS, *UNLISTED]),
    st.lists(sources, min_size=1, max_size=6),
    st.sampled_from(["Storage", "AzureBackup"]),
)
def test_sources_that_are_left_out_are_stopped_by_nothing_else(
    group: SecurityGroup, told: list[Source], destination: str
) -> None:
    flows = [source.to(destination, 443) for source in told]
    kept = [source.to(destination, 443) for source in distinct(told, group)]
    assert stopped_by(group, kept) == stopped_by(group, flows)


@pytest.mark.parametrize(
    "side",
    [
        RuleSide(("10.0.0.1",)),
        RuleSide(("10.0.0.1/32", "*")),
        RuleSide((), frozenset({WEB})),
        RuleSide(("AzureBackup",)),
    ],
)
def test_sources_that_a_rule_tells_apart_are_all_judged(side: RuleSide) -> None:
    """The last one as where a virtual network has public addresses."""
    denial = SecurityRule("Deny", 200, "Outbound", False, "*", side, RuleSide(("Storage",)))
    ours = [("10.0.0.1", {WEB}), ("20.0.2.0", {WEB}), ("10.0.0.2", {DB}), ("20.0.9.9", set[ArmId]())]
    told = [Source(address, SPACE, SUBNET, frozenset(groups)) for address, groups in ours]
    group = SecurityGroup(SUBNET, "japaneast", (denial,))
    assert stopped_by(group, [source.to("Storage", 443) for source in distinct(told, group)]) == (denial,)
