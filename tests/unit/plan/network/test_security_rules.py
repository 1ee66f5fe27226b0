"""What the words of a security rule mean, one after the other; the oracle tries them all together."""

import pytest

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.network.security_rules import allows, denying, rulings
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from backup_reconciler.state.network.service_tags import ServiceTags
from tests.property.security_groups import DB, DEFAULTS, GROUP, WEB

TAGS = ServiceTags({"storage": ("20.0.0.0/16", "20.9.0.0/16"), "storage.japaneast": ("20.0.0.0/16",)})
SPACE = Space(("10.0.0.0/16",), TAGS)
TO_STORAGE = Flow("10.0.0.4", "Storage", 443)


def rule(priority: int, access: str, source: str = "*", destination: str = "*", *, ports: str = "*") -> SecurityRule:
    far = RuleSide((destination,), ports=(ports,))
    return SecurityRule(f"{access}-{priority}", priority, "Outbound", access == "Allow", "*", RuleSide((source,)), far)


def group(*rules: SecurityRule) -> SecurityGroup:
    return SecurityGroup(GROUP, "japaneast", (*rules, *DEFAULTS))


def names(*rules: SecurityRule, flow: Flow = TO_STORAGE, space: Space = SPACE) -> list[str]:
    return [
        ruling.rule.name + ("" if ruling.whole else ", a part") + ("" if ruling.certain else ", perhaps")
        for ruling in rulings(group(*rules), flow, space)
    ]


def test_without_rules_of_its_own_a_group_lets_out() -> None:
    assert names() == ["AllowInternetOutBound"]
    assert allows(group(), TO_STORAGE, SPACE)


def test_the_rule_that_denies_everything_is_named() -> None:
    deny_all = rule(1000, "Deny")
    assert names(deny_all, rule(2000, "Allow", destination="Storage")) == ["Deny-1000"]
    assert denying(group(deny_all), TO_STORAGE, SPACE) == (deny_all,)


def test_a_rule_for_one_region_decides_over_a_part_of_a_tag() -> None:
    told = rulings(group(rule(100, "Allow", destination="Storage.JapanEast"), rule(200, "Deny")), TO_STORAGE, SPACE)
    assert [(one.rule.name, one.whole, len(one.addresses)) for one in told] == [
        ("Allow-100", False, 2**16),
        ("Deny-200", False, 2**16),
    ]


def test_of_a_tag_that_is_not_listed_what_speaks_of_all_addresses_or_of_the_tag_is_certain() -> None:
    to_sql = Flow("10.0.0.4", "Sql.JapanEast", 443)
    assert names(flow=to_sql) == ["AllowInternetOutBound"]
    assert names(rule(100, "Deny", destination="SQL"), flow=to_sql) == ["Deny-100"]
    assert names(rule(100, "Deny", destination="sql.japaneast"), flow=to_sql) == ["Deny-100"]
    assert names(rule(100, "Deny", destination="10.0.0.0/8"), flow=to_sql) == ["AllowInternetOutBound"]


@pytest.mark.parametrize("word", ["Sql.JapanWest", "20.0.0.0/8", "Storage"])
def test_of_a_tag_that_is_not_listed_nobody_can_tell_what_some_addresses_mean(word: str) -> None:
    to_sql = Flow("10.0.0.4", "Sql.JapanEast", 443)
    denied = rule(100, "Deny", destination=word)
    assert names(denied, flow=to_sql) == ["Deny-100, perhaps", "AllowInternetOutBound"]
    assert not allows(group(denied), to_sql, SPACE)


def test_of_a_rule_for_a_tag_that_is_not_listed_nobody_can_tell_what_it_takes() -> None:
    assert names(rule(100, "Deny", destination="AzureCloud")) == ["Deny-100, perhaps", "AllowInternetOutBound"]
    assert names(rule(100, "Deny", source="AzureCloud")) == ["AllowInternetOutBound"], "a VM's address is no service's"
    assert names(rule(100, "Deny", destination="AzurePlatformDNS")) == ["AllowInternetOutBound"], "one address, known"


def test_a_listed_tag_without_an_ipv4_address_is_as_one_that_is_not_listed() -> None:
    space = Space(SPACE.virtual_network, ServiceTags({"storage": ()}))
    assert names(rule(100, "Deny", destination="20.0.0.0/8"), space=space)[0] == "Deny-100, perhaps"


def test_application_security_groups_stand_in_the_place_of_addresses() -> None:
    of_web = SecurityRule("web", 100, "Outbound", False, "*", RuleSide((), frozenset({WEB})), RuleSide(("*",)))
    in_web, in_db = (Flow("10.0.0.4", "Storage", 443, source_groups=frozenset({each})) for each in (WEB, DB))
    assert names(of_web, flow=in_web) == ["web"]
    assert names(of_web, flow=in_db) == ["AllowInternetOutBound"]


def test_nobody_can_tell_which_of_many_addresses_are_in_an_application_security_group() -> None:
    of_web = SecurityRule("web", 100, "Outbound", False, "*", RuleSide((), frozenset({WEB})), RuleSide(("*",)))
    to_web = SecurityRule("web", 100, "Outbound", False, "*", RuleSide(("*",)), RuleSide((), frozenset({WEB})))
    from_all = Flow("VirtualNetwork", "Storage", 443)
    assert names(of_web, flow=from_all) == ["web, perhaps", "AllowInternetOutBound"]
    assert names(to_web, flow=from_all) == ["AllowInternetOutBound"], "a public service is in none"


def test_with_a_route_for_every_address_the_virtual_network_is_everything() -> None:
    space = Space(("10.0.0.0/16", "0.0.0.0/0"), TAGS)
    assert names(space=space) == ["AllowVnetOutBound"]
    assert names(rule(100, "Deny", destination="Internet"), space=space) == ["AllowVnetOutBound"]
    of_web = SecurityRule("web", 100, "Outbound", False, "*", RuleSide(("*",)), RuleSide((), frozenset({WEB})))
    assert names(of_web, space=space) == ["AllowVnetOutBound"], "a public service is in no application security group"


def test_the_virtual_network_of_a_group_in_use_nowhere_is_whatever_one_may_be() -> None:
    from_all = Flow("VirtualNetwork", "Storage", 443)
    nowhere = Space((), TAGS)
    assert names(rule(100, "Deny", source="VirtualNetwork"), flow=from_all, space=nowhere) == ["Deny-100"]
    assert names(rule(100, "Deny", source="10.0.0.0/8"), flow=from_all, space=nowhere)[0] == "Deny-100, a part"


def test_clients_begin_connections_from_ports_above_1023() -> None:
    from_high = SecurityRule(
        "high", 100, "Outbound", True, "Tcp", RuleSide(("*",), ports=("1024-65535",)), RuleSide(("*",))
    )
    assert names(from_high, rule(200, "Deny")) == ["high"]


def test_what_no_rule_matches_is_not_allowed_and_denied_by_none() -> None:
    bare = SecurityGroup(GROUP, "japaneast", ())
    assert rulings(bare, TO_STORAGE, SPACE) == ()
    assert denying(bare, TO_STORAGE, SPACE) == ()
    assert not allows(bare, TO_STORAGE, SPACE)
