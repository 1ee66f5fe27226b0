"""Resource Graph: the evaluator, the tables, paging, lag."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backup_reconciler.sandbox.core.resource_graph import graph, graph_index, graph_rows
from backup_reconciler.sandbox.core.resource_graph.kql import NotUnderstoodError, parse
from backup_reconciler.sandbox.core.wire.listing import skip_token
from tests.conftest import SUBSCRIPTION, daily_policy

ROWS = [
    {"id": "/A", "type": "t/one", "n": 2, "tags": {"env": "prod"}, "properties": {"state": "On", "list": [1, 2]}},
    {"id": "/b", "type": "T/Two", "n": 1, "tags": None, "properties": {"state": "Off", "flag": True}},
    {"id": "/c", "type": "t/three", "n": None, "tags": {}, "properties": {}},
]


def run(query: str) -> list[Any]:
    return parse(query).run(ROWS)


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("type =~ 'T/ONE'", ["/A"]),
        ("type == 't/two'", []),
        ("type != 't/one'", ["/b", "/c"]),
        ("type !~ 'T/one'", ["/b", "/c"]),
        ("type in ('t/one', 'T/Two')", ["/A", "/b"]),
        ("type in~ ('T/ONE', 't/two')", ["/A", "/b"]),
        ("properties.state =~ 'on' and n == 2", ["/A"]),
        ("tags.env == 'prod'", ["/A"]),
        ("tags['env'] == 'prod'", ["/A"]),
        ("isempty(properties.state)", ["/c"]),
        ("isnotempty(properties.state)", ["/A", "/b"]),
        ("isnull(n)", ["/c"]),
        ("isnotnull(n)", ["/A", "/b"]),
        ("properties.flag == true", ["/b"]),
        ("properties.flag", ["/b"]),
        ("tostring(properties.flag) == 'true'", ["/b"]),
        ("type contains 'tw'", ["/b"]),
        ("id startswith '/a'", ["/A"]),
        ("id endswith 'C'", ["/c"]),
        ("properties.list[1] == 2", ["/A"]),
        ("properties.list[7] == 2", []),
        ("split(type, '/')[1] == 'one'", ["/A"]),
        ("toupper(id) == '/B'", ["/b"]),
        ('id == "/b" // the second', ["/b"]),
        ("nothing.at.all == 'x'", []),
        ("n == null", []),
    ],
)
def test_where(condition, ids):
    assert [row["id"] for row in run(f"resources | where {condition}")] == ids


def test_columns():
    assert run("resources | where n == 2 | project id, state = tolower(properties.state), properties.list") == [
        {"id": "/A", "state": "on", "properties_list": [1, 2]}
    ]
    extended = run("resources | extend short = tostring(split(type, '/')[1]) | where short =~ 'two'")
    assert [row["short"] for row in extended] == ["Two"]
    assert extended[0]["id"] == "/b"


def test_order_and_limit():
    assert [row["id"] for row in run("resources | order by n asc")] == ["/c", "/b", "/A"]
    assert [row["id"] for row in run("resources | sort by n")] == ["/A", "/b", "/c"]
    assert [row["id"] for row in run("resources | order by tags.env desc, id asc | limit 2")] == ["/A", "/b"]
    assert len(run("resources | take 1")) == 1
    assert run("resources | count") == [{"Count": 3}]


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ("", "table"),
        ("resources |", "operator"),
        ("resources | join kind=inner (x) on id", "'join'"),
        ("resources | where type =~ 't' or n == 1", "'or'"),
        ("resources | where extract('a', 1, id) == 'x'", "'extract'"),
        ("resources | where type has 'x'", "'has'"),
        ("resources | where tolower(type, 'x') == 'x'", "takes 1"),
        ("resources | where (n == 1)", "'('"),
        ("resources | limit many", "'many'"),
        ("resources | limit 1.5", "'1.5'"),
        ("resources | order n", "'by'"),
        ("resources | where type in ('a'", "')'"),
        ("resources | where type in 'a'", "'('"),
        ("resources | project 'x'", "column"),
        ("resources | where id == #", "#"),
        ("resources | where", "ends"),
    ],
)
def test_what_is_not_served_is_said(query, about):
    with pytest.raises(NotUnderstoodError, match=about.replace("(", r"\(").replace(")", r"\)")):
        run(query)


def ask(service: Any, query: str, status: int = 200, **more: Any) -> Any:
    response = service.ask("POST", "/providers/Microsoft.ResourceGraph/resources", {"query": query, **more})
    assert response.status == status, response
    return response.body


PROTECTED = (
    "RecoveryServicesResources | where type =~ 'microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/"
    "protecteditems' | project id, vm=tolower(tostring(properties.sourceResourceId)), "
    "state=tostring(properties.protectionState)"
)


def test_who_is_protected_where(service):
    service.protect("a")
    data = ask(service, PROTECTED)["data"]
    assert [row["state"] for row in data] == ["IRPending"]
    assert data[0]["vm"] == service.vm("a").lower()


def test_vaults_and_machines_are_resources(service):
    data = ask(service, "resources | where type =~ 'Microsoft.Compute/virtualMachines' | project name, resourceGroup")
    assert [row["name"] for row in data["data"]] == ["a", "b", "broken", "c", "far"]
    vaults = ask(service, "resources | where type == 'microsoft.recoveryservices/vaults'")["data"]
    assert vaults[0]["properties"]["securitySettings"]["softDeleteSettings"]["softDeleteState"] == "Enabled"
    assert not any(" table" in row for row in vaults)


def test_policies_and_jobs_are_of_recovery_services(service):
    service.protect("a")
    jobs = "recoveryservicesresources | where type =~ 'microsoft.recoveryservices/vaults/backupjobs' | count"
    assert ask(service, jobs)["data"] == [{"Count": 1}]
    policies = "recoveryservicesresources | where type =~ 'microsoft.recoveryservices/vaults/backuppolicies' | count"
    assert ask(service, policies)["data"] == [{"Count": 6}]


def test_subscriptions_are_honoured(service):
    query = "resources | count"
    assert ask(service, query, subscriptions=[service.subscription.upper()])["data"][0]["Count"] == 7
    assert ask(service, query, subscriptions=["22222222-2222-2222-2222-222222222222"])["data"][0]["Count"] == 0


def test_pages_go_on_where_the_last_one_ended(service, open_service):
    names, token = [], None
    while True:
        page = ask(service, "resources | project name", options={"$top": 3, **({"$skipToken": token} if token else {})})
        assert page["totalRecords"] == 7
        assert page["resultTruncated"] == "false"
        names += [row["name"] for row in page["data"]]
        token = page.get("$skipToken")
        if token is None:
            break
    assert names == ["a", "b", "broken", "c", "far", "rsv", "rsv2"]
    assert ask(open_service(graphPageSize=2), "resources")["count"] == 2
    assert ask(service, "resources | project name", options={"$skip": 6})["data"] == [{"name": "rsv2"}]


def test_a_later_page_shows_what_changed_since_the_first(service):
    query = "resources | where type =~ 'microsoft.recoveryservices/vaults' | project name, tags"
    first = ask(service, query, options={"$top": 1})
    later = {"$top": 1, "$skipToken": first["$skipToken"]}
    assert ask(service, query, options=later)["data"] == [{"name": "rsv2", "tags": None}]
    assert service.ask("PATCH", service.vault("rsv2"), {"tags": {"a": "b"}}).status == 200
    assert ask(service, query, options=later)["data"] == [{"name": "rsv2", "tags": {"a": "b"}}]


def test_what_came_to_pass_by_itself_shows_too(service):
    query = "recoveryservicesresources | where type endswith 'protecteditems' | project name"
    service.put(service.item("a"), service.configure("a"), 202)
    later = {"$top": 5, "$skipToken": skip_token(0)}
    assert ask(service, query, options=later)["data"] == []
    service.later(32)
    assert len(ask(service, query, options=later)["data"]) == 1


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("policyresources", {}),
        ("resources | summarize count()", {}),
        ("resources", {"options": {"resultFormat": "table"}}),
        ("resources", {"options": {"$skipToken": "x"}}),
        ("resources", {"options": {"$top": "many"}}),
        ("resources", {"subscriptions": "all"}),
    ],
)
def test_a_bad_request_says_why_in_its_details(service, query, more):
    error = ask(service, query, 400, **more)["error"]
    assert error["code"] == "BadRequest"
    assert error["details"][0]["code"] == "InvalidQuery"
    assert error["details"][1]["message"]


def test_the_index_lags(open_service):
    service = open_service(graphLagSeconds=120)
    assert ask(service, PROTECTED)["data"] == []
    service.protect("a")
    service.get(service.item("a"))
    assert ask(service, PROTECTED)["data"] == []
    service.later(119)
    assert ask(service, PROTECTED)["data"] == []
    service.later(1)
    assert [row["state"] for row in ask(service, PROTECTED)["data"]] == ["IRPending"]
    service.ask("DELETE", service.vault("rsv2"))
    service.later(129)
    vaults = "resources | where type =~ 'microsoft.recoveryservices/vaults' | project name"
    assert [row["name"] for row in ask(service, vaults)["data"]] == ["rsv", "rsv2"]
    service.later(1)
    assert [row["name"] for row in ask(service, vaults)["data"]] == ["rsv"]


def test_the_index_lags_behind_new_vaults(open_service):
    service = open_service(graphLagSeconds=120)
    service.put(service.vault("new"), {"location": "japaneast", "sku": {"name": "Standard"}}, 201)
    query = "resources | where name == 'new' | project state = properties.provisioningState"
    service.later(10)
    service.get(service.vault("new"))
    service.later(109)
    assert ask(service, query)["data"] == []
    service.later(1)
    assert ask(service, query)["data"] == [{"state": "Provisioning"}]
    service.later(10)
    assert ask(service, query)["data"] == [{"state": "Succeeded"}]


def test_the_index_lags_behind_vms_that_change_go_and_come(open_service, world):
    group = world()["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg"]
    group["virtualMachines"]["later"] = {"location": "japaneast", "createdAt": "2026-11-23T08:10:00Z"}
    service = open_service(graphLagSeconds=120, subscriptions={SUBSCRIPTION: {"resourceGroups": {"rg": group}}})

    def shown():
        query = "resources | where type =~ 'microsoft.compute/virtualmachines' | project name, tags"
        return {row["name"]: row["tags"] for row in ask(service, query)["data"]}

    there = shown()
    assert set(there) == {"a", "b", "broken", "c", "far"}
    assert service.ask("PATCH", service.vm("b"), {"tags": {"x": "y"}}).status == 200
    assert service.ask("DELETE", service.vm("far")).status == 202
    service.later(119)
    assert shown() == there
    service.later(1)
    assert shown()["b"] == {"x": "y"}
    service.later(44)
    assert "far" in shown()
    service.later(1)
    assert "far" not in shown()
    service.later(435 + 119)
    assert service.ask("GET", service.vm("later")).status == 200
    assert "later" not in shown()
    service.later(1)
    assert "later" in shown()


def test_run_commands_have_rows_of_their_own_that_lag(open_service):
    query = (
        "resources | where type =~ 'microsoft.compute/virtualmachines/runcommands'"
        " | project id, name, script = properties.source.script, state = properties.provisioningState"
    )
    service = open_service(graphLagSeconds=120)
    command = f"{service.vm('b')}/runCommands/greet"
    body = {"location": "japaneast", "properties": {"source": {"script": "echo hello"}}}
    assert service.ask("PUT", command, body).status == 201
    service.later(119)
    assert ask(service, query)["data"] == []
    service.later(1)
    row = {"id": command, "name": "greet", "script": "echo hello", "state": "Creating"}
    assert ask(service, query)["data"] == [row]
    service.later(8)
    assert ask(service, query)["data"] == [row | {"state": "Succeeded"}]
    assert service.ask("DELETE", command).status == 202
    service.later(119)
    assert ask(service, query)["data"] == [row | {"state": "Succeeded"}]
    service.later(1)
    assert ask(service, query)["data"] == [row | {"state": "Deleting"}]
    service.later(5)
    assert ask(service, query)["data"] == []


def test_the_index_knows_what_was_there_at_the_start(open_service):
    service = open_service(graphLagSeconds=120)
    assert ask(service, "resources | count")["data"] == [{"Count": 7}]


def test_once_the_lag_is_over_the_index_shows_what_there_is(open_service):
    """A vault is not shown whole at each change; whatever happens in it, nothing that has changed is missed."""
    service = open_service(graphLagSeconds=120)
    estate, backup = service.state.estate, {"properties": {"objectType": "IaasVMBackupRequest"}}

    def without_time_left(rows: Any) -> list[Any]:
        """Which goes by without a change."""
        found = [{**row, "properties": {**row["properties"], "deferredDeleteTimeRemaining": None}} for row in rows]
        return sorted(found, key=lambda row: row["id"].lower())

    for step in (
        lambda: service.protect("a"),
        lambda: service.protect("b"),
        lambda: service.ask("POST", f"{service.item('a')}/backup", backup),
        lambda: service.later(3600),
        lambda: service.put(f"{service.vault()}/backupPolicies/DefaultPolicy", {"properties": daily_policy(40)}, 202),
        lambda: service.later(86_400),
        lambda: service.ask("DELETE", service.item("b")),
        lambda: service.later(60),
        lambda: service.ask("PATCH", service.vault(), {"tags": {"a": "b"}}),
        lambda: service.later(20 * 86_400),
    ):
        step()
        service.get(service.vault())  # whatever has come due has come to pass
        there = [row for owner in graph_rows.owners(estate) for row in graph_rows.of(owner, service.now)]
        later = service.now + timedelta(seconds=120)
        tables = ("resources", "recoveryservicesresources")
        shown = [row for table in tables for row in graph_index.rows(estate, table, later)]
        assert without_time_left(shown) == without_time_left(there)


def test_the_pages_of_two_queries_may_be_asked_for_in_turns(service, monkeypatch):
    asked = []
    monkeypatch.setattr(graph, "rows", lambda *arguments: asked.append(arguments) or graph_index.rows(*arguments))
    queries = ["resources | project name", "recoveryservicesresources | project name"]
    firsts = [ask(service, query, options={"$top": 2}) for query in queries]
    for query, first in zip(queries, firsts, strict=True):
        ask(service, query, options={"$top": 2, "$skipToken": first["$skipToken"]})
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("resources | where type =~ 'A/B' | count", "a/b"),
        ("resources | where type == 'a/b' and name == 'x'", "a/b"),
        ("resources | where name == 'x'", None),
        ("resources | where type =~ name", None),
        ("resources | where type in~ ('a/b')", None),
        ("resources | project type", None),
        ("resources", None),
    ],
)
def test_a_query_that_begins_with_a_type_is_about_its_rows_alone(query, kind):
    assert parse(query).kind == kind
