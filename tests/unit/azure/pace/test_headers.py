"""What the headers of an answer tell, and what in them is not to be read."""

import pytest

from backup_reconciler.azure.pace.headers import Told, kind_of, tellers_of_arm, told_by_arm, told_by_provider

REMAINING = "x-ms-ratelimit-remaining-"


def test_arm_tells_of_the_principal_of_all_principals_and_of_a_provider() -> None:
    headers = {f"{REMAINING}subscription-{name}": left for name, left in (("reads", "249"), ("global-reads", "3749"))}
    told = list(told_by_arm(tellers_of_arm("s", "reads"), headers))
    assert told == [Told("subscription reads", 249, 25), Told("subscription global reads", 3749, 375)]
    vault = {f"{REMAINING}subscription-resource-requests": "799"}
    assert list(told_by_arm(tellers_of_arm("s", "writes"), vault)) == [Told("subscription resource requests", 799, 10)]


def test_what_has_no_subscription_is_the_tenants_and_a_query_is_a_write() -> None:
    told = told_by_arm(tellers_of_arm("", kind_of("POST")), {f"{REMAINING}tenant-writes": "199"})
    assert list(told) == [Told("tenant writes", 199, 10)]
    assert [kind_of(method) for method in ("GET", "DELETE", "PUT", "PATCH")] == ["reads", "deletes", "writes", "writes"]


def test_compute_tells_of_several_limits_at_once() -> None:
    value = "Microsoft.Compute/HighCostGet3Min;159,Microsoft.Compute/HighCostGet30Min; 799"
    assert list(told_by_provider({f"{REMAINING}resource": value})) == [
        Told("Microsoft.Compute/HighCostGet3Min", 159),
        Told("Microsoft.Compute/HighCostGet30Min", 799),
    ]


@pytest.mark.parametrize(
    ("after", "seconds"), [("00:00:03", 3), ("01:02:03", 3723), ("soon", 5), ("", 5), ("00:03", 5), ("-1:00:00", 5)]
)
def test_resource_graph_tells_of_queries_and_when_all_are_there_again(after: str, seconds: float) -> None:
    headers = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": after}
    assert list(told_by_provider(headers)) == [Told("Resource Graph queries", 0, resets_after=seconds)]


@pytest.mark.parametrize("value", ["", "many", "-1", "1.5", "9" * 400, "٣", "Microsoft.Compute/;", ";5", ",,"])
def test_what_cannot_be_read_is_not_told(value: str) -> None:
    headers = {f"{REMAINING}{name}": value for name in ("subscription-reads", "resource")}
    headers["x-ms-user-quota-remaining"] = value
    assert not [*told_by_arm(tellers_of_arm("s", "reads"), headers), *told_by_provider(headers)]
