"""When a fault strikes, and lists that change while they are paged."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.unit.sandbox_writes import FAILURE

PUT_ITEM = {"method": "PUT", "path": "*/protectedItems/*"}
GRAPH = "/providers/Microsoft.ResourceGraph/resources"


# ---- pages ---------------------------------------------------------------------------------------------------------


def pages(service: Any, path: str) -> list[list[str]]:
    found: list[list[str]] = []
    more: dict[str, str] = {}
    while len(found) < 9:
        body = service.get(path, **more)
        found.append([one["name"] for one in body["value"]])
        if "nextLink" not in body:
            break
        more = {"skiptoken": dict(parse_qsl(body["nextLink"]))["$skipToken"]}
    return found


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ({}, [["a", "b"], ["c", "far"], ["broken"]]),
        ({"pages": "repeat"}, [["a", "b"], ["b", "c"], ["c", "far"], ["far", "broken"]]),
        ({"pages": "skip"}, [["a", "b"], ["far", "broken"]]),
        ({"pages": "repeat", "times": 1}, [["a", "b"], ["b", "c"], ["far", "broken"]]),
        ({"pages": "skip", "skip": 1}, [["a", "b"], ["c", "far"], []]),
    ],
)
def test_a_list_that_changes_between_its_pages(open_service: Any, fault: dict[str, Any], found: Any) -> None:
    faults = [{"path": "*/virtualMachines", **fault}] if fault else []
    service = open_service(pageSize=2, faults=faults)
    assert pages(service, f"{service.group}/providers/Microsoft.Compute/virtualMachines") == found


@pytest.mark.parametrize(("kind", "second"), [("repeat", ["b", "broken"]), ("skip", ["c", "far"])])
def test_the_rows_of_a_query_that_change_between_its_pages(open_service: Any, kind: str, second: list[str]) -> None:
    service = open_service(graphPageSize=2, faults=[{"path": GRAPH, "pages": kind}])
    query: dict[str, Any] = {"query": "resources | where type =~ 'microsoft.compute/virtualmachines'"}
    first = service.ask("POST", GRAPH, query).body
    assert [row["name"] for row in first["data"]] == ["a", "b"]
    query["options"] = {"$skipToken": first["$skipToken"]}
    assert [row["name"] for row in service.ask("POST", GRAPH, query).body["data"]] == second


def test_a_token_that_is_none_is_refused_as_always(open_service: Any) -> None:
    service = open_service(faults=[{"path": "*", "pages": "repeat"}])
    assert service.refused("GET", f"{service.vault()}/backupJobs", skiptoken="!")[0] == 400


# ---- when they strike ----------------------------------------------------------------------------------------------


def struck(service: Any, count: int, path: str = "/subscriptions") -> list[bool]:
    return [service.ask("GET", path).status == 503 for _ in range(count)]


def test_with_a_rate_it_strikes_about_so_often_and_by_the_seed(open_service: Any) -> None:
    def run(seed: int) -> list[bool]:
        return struck(open_service(seed=seed, faults=[{"path": "*", "status": 503, "rate": 0.2}]), 1000)

    first = run(1)
    assert 150 < sum(first) < 250
    assert first == run(1) != run(2)


def test_a_rate_counts_only_in_its_turns(open_service: Any) -> None:
    fault = {"path": "*", "status": 503, "rate": 1, "skip": 2, "times": 3}
    assert struck(open_service(faults=[fault]), 7) == [False, False, True, True, True, False, False]


def test_a_fault_without_a_rate_draws_nothing(open_service: Any) -> None:
    plain, faulty = open_service(), open_service(faults=[{"path": "*", "status": 503, "skip": 9}])
    assert plain.ask("GET", "/subscriptions") == faulty.ask("GET", "/subscriptions")


def test_it_strikes_from_a_moment_on_and_until_another(open_service: Any) -> None:
    fault = {"path": "*", "status": 503, "from": "2026-11-23T08:00:10Z", "until": "2026-11-23T08:00:20Z", "skip": 1}
    service = open_service(faults=[fault])
    found = []
    for _ in range(5):
        found += struck(service, 1)
        service.later(5)
    assert found == [False, False, False, True, False], "what comes too early is not counted"


@pytest.mark.parametrize("fault", [{"ignored": True}, {"late": 5}, {"operation": FAILURE}, {"slow": 2}])
def test_reading_neither_meets_nor_counts_what_only_a_write_can_meet(open_service: Any, fault: Any) -> None:
    service = open_service(faults=[{"path": "*", **fault, "times": 1}])
    service.get(service.vault())
    assert service.state.estate.faults[0].met == 0
    service.put(service.item("a"), service.configure("a"), 202)
    assert service.state.estate.faults[0].met == 1


def test_the_first_that_strikes_decides(open_service: Any) -> None:
    service = open_service(faults=[{**PUT_ITEM, "ignored": True, "times": 1}, {**PUT_ITEM, "status": 500, "times": 2}])
    asked = [service.ask("PUT", service.item(vm), service.configure(vm)).status for vm in ("a", "b", "c")]
    assert asked == [202, 500, 202]
