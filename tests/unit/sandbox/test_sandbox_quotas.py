"""Quotas: how many requests are answered, what the others are told, and when there is room again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.sandbox.core import Request, handle

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
GLOBAL, OWN = "x-ms-ratelimit-remaining-subscription-global-{}", "x-ms-ratelimit-remaining-subscription-{}"


def spend(service: Any, count: int, method: str = "GET", path: str = "", principal: str = "me") -> list[Any]:
    """So many equal requests at one moment."""
    request = Request(method, path or service.group, {"api-version": service.api}, principal=principal)
    return [handle(service.state.estate, request, service.now, service.state.rng) for _ in range(count)]


def throttled(responses: list[Any]) -> int:
    assert {response.status for response in responses} <= {200, 204, 404, 405, 429}
    return sum(response.status == 429 for response in responses)


# ---- ARM -----------------------------------------------------------------------------------------------------------


def test_a_world_that_says_nothing_is_never_throttled(service: Any) -> None:
    responses = spend(service, 1000)
    assert throttled(responses) == 0
    assert {response.headers["x-ms-ratelimit-remaining-subscription-global-reads"] for response in responses} == {
        "16499"
    }
    assert service.state.estate.spent.buckets == {}


@pytest.mark.parametrize(
    ("method", "name", "size", "a_second"), [("GET", "reads", 250, 25), ("DELETE", "deletes", 200, 10)]
)
def test_the_documented_buckets(open_service: Any, method: str, name: str, size: int, a_second: int) -> None:
    service = open_service(quotas={"arm": {}})
    path = f"{service.vault('nowhere')}" if method == "DELETE" else ""
    assert throttled(spend(service, size, method, path)) == 0
    assert throttled(spend(service, 7, method, path)) == 7
    service.later(1)
    assert throttled(spend(service, a_second + 3, method, path)) == 3
    service.later(3600)
    assert throttled(spend(service, size + 5, method, path)) == 5


def test_each_kind_subscription_and_principal_has_its_own(open_service: Any) -> None:
    service = open_service(quotas={"arm": {"reads": 2}})
    assert throttled(spend(service, 3)) == 1
    assert throttled(spend(service, 3, principal="somebody else")) == 1
    assert (
        throttled(spend(service, 3, path="/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/x")) == 1
    )
    assert throttled(spend(service, 3, path="/subscriptions")) == 1
    assert throttled(spend(service, 3, "DELETE", service.vault("nowhere"))) == 0


def test_all_principals_together_have_fifteen_times_as_much(open_service: Any) -> None:
    service = open_service(quotas={"arm": {"reads": 2}})
    assert throttled([one for number in range(20) for one in spend(service, 2, principal=str(number))]) == 10


def test_what_the_refused_is_told(open_service: Any) -> None:
    service = open_service(quotas={"arm": {"writes": 1}})
    spend(service, 1, "PATCH", service.vault())
    (response,) = spend(service, 1, "PATCH", service.vault())
    assert response.status == 429
    assert response.headers["Retry-After"] == "1"
    assert response.headers["x-ms-failure-cause"] == "gateway"
    assert response.body["error"] == {
        "code": "SubscriptionRequestsThrottled",
        "message": f"Number of 'write' requests for subscription '{service.subscription}' actor 'me' exceeded. Please "
        "try again after '1' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling "
        "for additional information.",
    }
    tenant = open_service(quotas={"arm": {"reads": 1}})
    assert spend(tenant, 2, path="/subscriptions")[1].body["error"]["code"] == "TenantRequestsThrottled"


def test_who_waits_as_told_is_answered(open_service: Any) -> None:
    service = open_service(era=2021, quotas={"arm": {"writes": 3}})
    assert throttled(spend(service, 3, "POST")) == 0
    for _ in range(5):
        (refused,) = spend(service, 1, "POST")
        assert int(refused.headers["Retry-After"]) == 3
        service.later(2.9)
        assert throttled(spend(service, 1, "POST")) == 1
        service.later(0.1)
        assert throttled(spend(service, 1, "POST")) == 0


def test_the_headers_count(open_service: Any) -> None:
    service = open_service(quotas={"arm": {}})
    left = [response.headers for response in spend(service, 3)]
    assert [headers[OWN.format("reads")] for headers in left] == ["249", "248", "247"]
    assert [headers[GLOBAL.format("reads")] for headers in left] == ["3749", "3748", "3747"]
    service.later(0.04)
    assert spend(service, 1)[0].headers[OWN.format("reads")] == "247"
    below = spend(service, 1, path=f"{service.vault()}/backupJobs")[0].headers
    assert below[OWN.format("resource-requests")] == "246"
    assert spend(service, 1, "PATCH", service.vault())[0].headers[OWN.format("writes")] == "199"
    assert spend(service, 1, path="/subscriptions")[0].headers["x-ms-ratelimit-remaining-tenant-reads"] == "249"


def test_in_2021_the_limits_were_by_the_hour(open_service: Any) -> None:
    service = open_service(era=2021, quotas={"arm": {}})
    (first,) = spend(service, 1)
    assert first.headers[OWN.format("reads")] == "11999"
    assert GLOBAL.format("reads") not in first.headers
    responses = spend(service, 1201, "PATCH", f"{service.vault()}/nothing")
    assert [response.status for response in responses[-2:]] == [404, 429]


def test_a_refused_request_has_no_effect_and_costs_nothing(open_service: Any) -> None:
    service = open_service(quotas={"arm": {"writes": 1}})
    service.ask("PATCH", service.vault(), {"tags": {"a": "1"}})
    assert service.ask("PATCH", service.vault(), {"tags": {"a": "2"}}).status == 429
    assert service.get(service.vault())["tags"] == {"a": "1"}
    service.later(0.1)
    assert service.ask("PATCH", service.vault(), {"tags": {"a": "3"}}).status == 200


# ---- Backup --------------------------------------------------------------------------------------------------------


def test_each_action_of_backup_has_so_many_reads_an_hour(open_service: Any) -> None:
    service = open_service(quotas={"backup": 150})
    jobs, items = f"{service.vault()}/backupJobs", f"{service.vault()}/backupProtectedItems"
    assert throttled(spend(service, 160, path=jobs)) == 10
    assert throttled(spend(service, 150, path=items)) == 0
    assert throttled(spend(service, 1, path=f"{service.vault('rsv2')}/BACKUPJOBS")) == 1, "it is the subscription's"
    service.later(3599)
    assert throttled(spend(service, 1, path=jobs)) == 1
    service.later(1)
    assert throttled(spend(service, 151, path=jobs)) == 1


def test_it_is_told_in_the_recorded_words(open_service: Any) -> None:
    service = open_service(quotas={"backup": 150})
    path = f"{service.vault()}/backupOperations/nothing"
    assert throttled(spend(service, 150, path=path)) == 0
    service.later(3600 - 324)
    (response,) = spend(service, 1, path=path)
    assert response.body == {
        "error": {
            "code": "ResourceRequestsThrottled",
            "message": "Number of requests for action 'Microsoft.RecoveryServices/vaults/backupOperations/read' "
            "exceeded the limit of '150' for time interval '01:00:00'. Please try again after '324' seconds.",
        }
    }
    assert "Retry-After" not in response.headers


def test_a_world_may_ask_for_the_header(open_service: Any) -> None:
    service = open_service(quotas={"backup": 1, "retryAfter": True})
    path = f"{service.vault()}/backupJobs"
    assert spend(service, 2, path=path)[1].headers["Retry-After"] == "3600"


@pytest.mark.parametrize("path", ["", "/operationStatus/x", "/operationResults/x"])
def test_the_vault_itself_is_not_of_backup(open_service: Any, path: str) -> None:
    service = open_service(quotas={"backup": 1})
    assert throttled(spend(service, 5, path=f"{service.vault()}{path}")) == 0


def test_asking_for_a_vms_backup_is(open_service: Any) -> None:
    service = open_service(quotas={"backup": 1})
    locations = f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations"
    body = {"resourceType": "VM", "resourceId": service.vm("a")}
    asked = [service.ask("POST", f"{locations}/japaneast/backupStatus", body).status for _ in range(3)]
    assert asked == [200, 429, 429]


def test_writes_are_not_counted_by_action(open_service: Any) -> None:
    service = open_service(quotas={"backup": 1})
    assert throttled(spend(service, 5, "DELETE", f"{service.vault()}/backupPolicies/nothing")) == 0


# ---- Resource Graph and Compute ------------------------------------------------------------------------------------


def test_fifteen_queries_in_five_seconds(open_service: Any) -> None:
    service = open_service(quotas={"graph": True})
    query = {"query": "resources"}
    first = service.ask("POST", GRAPH, query)
    assert (first.headers["x-ms-user-quota-remaining"], first.headers["x-ms-user-quota-resets-after"]) == (
        "14",
        "00:00:05",
    )
    service.later(1.5)
    asked = [service.ask("POST", GRAPH, query) for _ in range(16)]
    assert [one.status for one in asked] == [200] * 14 + [429] * 2
    last = asked[-1]
    assert (last.headers["x-ms-user-quota-remaining"], last.headers["x-ms-user-quota-resets-after"]) == (
        "0",
        "00:00:04",
    )
    assert last.body["error"]["code"] == last.body["error"]["details"][0]["code"] == "RateLimiting"
    assert "Retry-After" not in last.headers
    service.later(3.5)
    assert service.ask("POST", GRAPH, query).headers["x-ms-user-quota-remaining"] == "14"


def test_a_query_that_is_not_understood_counts(open_service: Any) -> None:
    service = open_service(quotas={"graph": True})
    bad = [service.ask("POST", GRAPH, {"query": "?"}) for _ in range(16)]
    assert [one.status for one in bad] == [400] * 15 + [429]
    assert bad[14].headers["x-ms-user-quota-remaining"] == "0"


def test_compute_has_one_bucket_that_fills_in_a_minute(open_service: Any) -> None:
    service = open_service(quotas={"compute": 60})
    asked = spend(service, 61, path=service.vm("a"))
    header = "x-ms-ratelimit-remaining-resource"
    assert asked[0].headers[header] == "Microsoft.Compute/LowCostGetSubscriptionMaximum;59"
    assert [one.status for one in asked] == [200] * 60 + [429]
    refused = asked[-1]
    assert refused.headers["x-ms-failure-cause"] == "service"
    assert refused.headers["Retry-After"] == "1"
    assert refused.body["error"]["code"] == "OperationNotAllowed"
    (detail,) = refused.body["error"]["details"]
    assert (detail["code"], detail["target"]) == ("TooManyRequests", "LowCostGetSubscriptionMaximum")
    assert json.loads(detail["message"])["allowedRequestCount"] == 60
    service.later(1)
    assert throttled(spend(service, 2, path=service.vm("a"))) == 1


# ---- what is kept --------------------------------------------------------------------------------------------------


def test_what_was_spent_is_kept_between_two_runs(open_service: Any, world: Any, tmp_path: Any) -> None:
    from backup_reconciler.sandbox.state import load_state, save_state
    from backup_reconciler.sandbox.world_file import parse_world

    more = {"quotas": {"arm": {"reads": 3}, "backup": 2, "graph": True, "compute": 5}}
    service, described = open_service(**more), parse_world(world(**more))
    for path in (service.vm("a"), f"{service.vault()}/backupJobs", ""):
        spend(service, 1, path=path)
    service.ask("POST", GRAPH, {"query": "resources"})
    save_state(tmp_path / "q.world.yaml", described, service.state)
    again = replace(service, state=load_state(tmp_path / "q.world.yaml", described))
    assert again.state.estate == service.state.estate
    for one in (service, again):
        assert throttled(spend(one, 2)) == 2


def test_the_least_quota_is_one(open_service: Any) -> None:
    from backup_reconciler.sandbox import WorldError

    for quotas in ({"backup": 0}, {"arm": {"reads": 0}}, {"compute": -1}):
        with pytest.raises(WorldError, match="greater than or equal to 1"):
            open_service(quotas=quotas)
