"""The log of whole runs: on standard error, while standard output is the report alone."""

import json
from typing import Any

from tests.conftest import Cli, Estate, Told, assignment, interrupt_at, policy, vault, vms, world


def log_of(told: Told) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.err.splitlines()]


def test_a_log_in_json_tells_what_a_run_sent_and_what_became_of_each_action(estate: Estate, cli: Cli) -> None:
    quoting = "denied to https://a.blob.core.windows.net/c?sig=Zm9v"
    faults = [
        {"method": "GET", "path": "*/vaults", "status": 429, "retryAfter": 30, "times": 1},
        {"method": "PUT", "path": "*VM;*web-02*", "status": 400, "code": "Odd", "message": quoting},
    ]
    estate.exists(**world(vms("web-01", "web-02"), faults=faults, latency={"seconds": 0.25}))
    estate.declare("all", vault(), policy(), assignment())
    told = cli("apply", *estate.sandboxed, "--auto-approve", "--log-format", "json", "-v")
    assert told.status == 3
    log = log_of(told)
    sent = [one for one in log if one["event"] == "request"]
    assert [(one["method"], one["status"]) for one in sent if one["path"].endswith("/vaults")][:2] == [
        ("GET", 429),
        ("GET", 200),
    ]
    assert len(sent) == len(estate.requests())
    assert {one["milliseconds"] for one in sent if one["method"] == "PUT"} == {250}
    assert all(one["requestId"] and one["correlationId"] and one["clientRequestId"] for one in sent)
    assert {(one["verb"], one["outcome"], one.get("code")) for one in log if one["event"] == "action"} >= {
        ("createVault", "done", None),
        ("protect", "done", None),
        ("protect", "failed", "Odd"),
    }
    assert log[-1]["event"] == "summary"
    assert (log[-1]["reads"] + log[-1]["writes"], log[-1]["throttled"]) == (len(sent), 1)
    assert log[-1]["waitedSeconds"] >= 30
    assert "Zm9v" not in told.out + told.err
    assert "sig=***" in told.text


def test_without_v_a_log_in_json_leaves_single_requests_out(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    told = cli("plan", *estate.sandboxed, "--format", "json", "--log-format", "json")
    assert told.json["requests"]["read"] == log_of(told)[0]["reads"]
    assert [one["event"] for one in log_of(told)] == ["summary"]


def test_what_ends_a_run_is_an_event_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), faults=[{"path": "*/vaults", "status": 403, "code": "No"}]))
    estate.declare("all", vault(), policy(), assignment())
    in_json = ("--log-format", "json")
    failed = log_of(cli("drift", *estate.sandboxed, *in_json))
    assert [(one["event"], one.get("exitStatus")) for one in failed] == [("summary", None), ("error", 1)]
    assert failed[-1]["message"].startswith("error: GET /subscriptions/")

    wrong = cli("plan", estate.folder / "nowhere", *in_json)
    (problem,) = log_of(wrong)
    assert (wrong.status, problem["level"], problem["exitStatus"]) == (1, "error", 1)


def test_ctrl_c_is_an_event_too(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    interrupt_at(estate, 1, "PUT", "/vaults/rsv")
    stopped = cli("apply", *estate.sandboxed, "--auto-approve", "--log-format", "json")
    assert stopped.status == 130
    assert log_of(stopped)[0]["event"] == "stopping"
