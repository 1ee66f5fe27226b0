"""Run commands, managed and as an action: what a world says a script gives, on the box's own clock."""

from __future__ import annotations

import pytest

HELLO = {"script": "echo *", "output": "hello\n"}
BROKEN = {"script": "*HttpProxy*", "exitCode": 3, "output": "half", "error": "no proxy", "seconds": 10}


@pytest.fixture
def guest(open_service, world):
    """A service in which the VM `a` answers scripts as told."""

    def opened(*scripts, **vm):
        described = world()
        (subscription,) = described["subscriptions"].values()
        machines = subscription["resourceGroups"]["rg"]["virtualMachines"]
        machines["a"] = {"location": "japaneast", "runCommands": list(scripts), **vm}
        return open_service(subscriptions=described["subscriptions"])

    return opened


def command(service, name="c", vm="a"):
    return f"{service.vm(vm)}/runCommands/{name}"


def sent(script, **more):
    return {"location": "japaneast", "properties": {"source": {"script": script}, **more}}


def seen(service, name="c"):
    properties = service.get(command(service, name), expand="instanceView")["properties"]
    return properties["provisioningState"], properties["instanceView"]["executionState"]


def result(service, name="c"):
    return service.get(command(service, name), expand="instanceView")["properties"]["instanceView"]


def asked(service, accepted, header):
    """What is found where an answer's header leads."""
    return service.ask("GET", accepted.headers[header].removeprefix("http://box"))


def test_a_script_is_sent_runs_and_is_done(guest):
    service = guest(HELLO)
    made = service.put(command(service), sent("echo hello"), 201)
    assert made.body["properties"] == {"source": {"script": "echo hello"}, "provisioningState": "Creating"}
    assert made.body["type"] == "Microsoft.Compute/virtualMachines/runCommands"
    assert seen(service) == ("Creating", "Pending")
    assert asked(service, made, "Azure-AsyncOperation").body["status"] == "InProgress"
    service.later(6)
    assert seen(service) == ("Creating", "Running")
    assert result(service)["output"] == ""
    service.later(2)
    assert seen(service) == ("Succeeded", "Succeeded")
    view = result(service)
    assert (view["exitCode"], view["output"], view["error"]) == (0, "hello\n", "")
    assert view["startTime"] < view["endTime"]
    assert asked(service, made, "Azure-AsyncOperation").body["status"] == "Succeeded"
    assert "instanceView" not in service.get(command(service))["properties"]


def test_a_world_that_says_nothing_of_a_script_lets_it_succeed(service):
    service.put(command(service), sent("anything"), 201)
    service.later(10)
    assert seen(service) == ("Succeeded", "Succeeded")
    assert result(service)["output"] == ""


@pytest.mark.parametrize(("strict", "state"), [(False, "Succeeded"), (True, "Failed")])
def test_a_script_that_fails_fails_its_command_only_when_asked_to(guest, strict, state):
    service = guest(BROKEN)
    made = service.put(command(service), sent("set HttpProxy", treatFailureAsDeploymentFailure=strict), 201)
    service.later(15)
    assert seen(service) == (state, "Failed")
    status = asked(service, made, "Azure-AsyncOperation").body
    assert status["status"] == state
    assert ("error" in status) is strict
    view = result(service)
    assert (view["exitCode"], view["output"], view["error"]) == (3, "half", "no proxy")


def test_asynchronous_commands_are_provisioned_when_the_script_starts(guest):
    service = guest(BROKEN)
    more = {"asyncExecution": True, "treatFailureAsDeploymentFailure": True}
    service.put(command(service), sent("HttpProxy", **more), 201)
    service.later(6)
    assert seen(service) == ("Succeeded", "Running")
    service.later(10)
    assert seen(service) == ("Succeeded", "Failed")


def test_a_script_that_takes_too_long_is_ended(guest):
    service = guest(BROKEN)
    service.put(command(service), sent("HttpProxy", timeoutInSeconds=4), 201)
    service.later(9)
    assert seen(service) == ("Succeeded", "TimedOut")
    service.put(command(service, "d"), sent("HttpProxy", timeoutInSeconds=0), 201)  # as az sends it: no limit
    service.later(15)
    assert seen(service, "d") == ("Succeeded", "Failed")


def test_results_come_in_the_order_of_the_world_each_as_often_as_it_says(guest):
    service = guest({"script": "try*", "exitCode": 1, "times": 2}, {"script": "try*", "output": "at last"})
    codes = []
    for _ in range(4):
        service.put(command(service), sent("try it"), 200 if codes else 201)
        service.later(10)
        codes.append(result(service)["exitCode"])
    assert codes == [1, 1, 0, 0]
    assert result(service)["output"] == "at last"


def test_a_command_that_is_sent_again_runs_again(guest):
    service = guest(HELLO)
    service.put(command(service), sent("echo 1"), 201)
    service.later(10)
    assert service.put(command(service), sent("echo 2")).body["properties"]["provisioningState"] == "Updating"
    assert seen(service) == ("Updating", "Pending")
    changed = service.ask("PATCH", command(service), {"properties": {"source": {"script": "x"}}, "tags": {"a": "b"}})
    assert changed.status == 200
    assert changed.body["tags"] == {"a": "b"}
    service.later(10)
    assert result(service)["output"] == ""
    assert service.refused("PATCH", command(service, "nope"), {}) == (404, "ResourceNotFound")


def test_a_blank_script_breaks_off_what_runs(guest):
    service = guest(BROKEN)
    service.put(command(service), sent("HttpProxy"), 201)
    service.later(7)
    service.put(command(service), sent(""))
    assert seen(service) == ("Succeeded", "Canceled")
    service.later(100)
    assert seen(service) == ("Succeeded", "Canceled")


def test_what_is_protected_is_never_shown(guest):
    service = guest(HELLO)
    secret = {"protectedParameters": [{"name": "key", "value": "s3cret"}], "runAsPassword": "s3cret", "runAsUser": "me"}
    shown = service.put(command(service), sent("echo", parameters=[{"name": "p", "value": "v"}], **secret), 201).body
    assert "s3cret" not in str((shown, service.get(command(service), expand="instanceView"), service.state.estate))
    assert shown["properties"]["parameters"] == [{"name": "p", "value": "v"}]


def test_commands_are_listed_and_deleted(guest):
    service = guest(HELLO)
    for name in ("one", "two"):
        service.put(command(service, name), sent("echo"), 201)
    commands = f"{service.vm('a')}/runCommands"
    assert service.names(commands) == ["one", "two"]
    assert "instanceView" in service.get(commands, expand="instanceView")["value"][0]["properties"]
    assert service.ask("DELETE", command(service, "ONE")).status == 202
    assert seen(service, "one") == ("Deleting", "Canceled")
    service.later(5)
    assert service.names(commands) == ["two"]
    assert service.ask("DELETE", command(service, "one")).status == 204
    assert service.refused("GET", command(service, "one")) == (404, "ResourceNotFound")


def test_a_vm_holds_so_many_commands(service):
    for number in range(25):
        service.put(command(service, f"c{number}"), sent("echo"), 201)
    assert service.refused("PUT", command(service, "more"), sent("echo")) == (409, "OperationNotAllowed")
    service.put(command(service, "c3"), sent("echo"), 200)


def test_nothing_is_sent_into_a_vm_that_does_not_run(service):
    assert service.refused("PUT", command(service, vm="c"), sent("echo")) == (409, "OperationNotAllowed")
    action = {"commandId": "RunPowerShellScript", "script": ["echo"]}
    assert service.refused("POST", f"{service.vm('c')}/runCommand", action) == (409, "OperationNotAllowed")
    assert service.refused("PUT", command(service, vm="nope"), sent("echo")) == (404, "ResourceNotFound")


def test_without_an_agent_the_command_fails_in_the_end(guest):
    service = guest(HELLO, agent=None)
    made = service.put(command(service), sent("echo"), 201)
    service.later(60)
    assert seen(service) == ("Creating", "Pending")
    service.later(90 * 60)
    assert seen(service) == ("Failed", "Failed")
    status = asked(service, made, "Azure-AsyncOperation").body
    assert (status["status"], status["error"]["code"]) == ("Failed", "VMAgentStatusCommunicationError")


@pytest.mark.parametrize(
    "body",
    [
        {"location": "japaneast", "properties": {}},
        {"location": "japaneast", "properties": {"source": {"script": "a", "scriptUri": "b"}}},
        {"location": "japaneast", "properties": {"source": {"script": 1}}},
        {"properties": {"source": {"script": "a"}}},
        sent("a", timeoutInSeconds=True),
        sent("a", timeoutInSeconds=-1),
        sent("a", asyncExecution="yes"),
        sent("a", colour="blue"),
        {**sent("a"), "tags": {"a": 1}},
    ],
)
def test_a_bad_command_is_refused_and_leaves_nothing(service, body):
    assert service.refused("PUT", command(service), body)[0] == 400
    assert service.names(f"{service.vm('a')}/runCommands") == []


def act(service, script, vm="a", command_id="RunShellScript"):
    return service.ask("POST", f"{service.vm(vm)}/runCommand", {"commandId": command_id, "script": script})


def test_an_action_answers_with_what_the_script_wrote(guest):
    service = guest({"script": "echo hello\nexit 1", "output": "hello", "error": "oh", "exitCode": 1})
    accepted = act(service, ["echo hello", "exit 1"])
    assert accepted.status == 202
    assert asked(service, accepted, "Location").status == 202
    service.later(20)
    (value,) = asked(service, accepted, "Location").body["value"]
    assert value["message"] == "Enable succeeded: \n[stdout]\nhello\n[stderr]\noh"
    status = asked(service, accepted, "Azure-AsyncOperation").body
    assert status["status"] == "Succeeded"  # a script's exit code does not show
    assert status["properties"]["output"] == {"value": [value]}


def test_windows_tells_two_streams(guest):
    service = guest({"output": "o" * 5000, "error": "e"}, os="Windows")
    assert service.refused("POST", f"{service.vm('a')}/runCommand", {"commandId": "RunShellScript"})[0] == 400
    accepted = act(service, ["Get-Date"], command_id="RunPowerShellScript")
    service.later(20)
    out, err = asked(service, accepted, "Location").body["value"]
    assert (out["code"], len(out["message"])) == ("ComponentStatus/StdOut/succeeded", 4096)
    assert (err["code"], err["message"]) == ("ComponentStatus/StdErr/succeeded", "e")


def test_one_action_at_a_time(service):
    assert act(service, ["a"]).status == 202
    response = act(service, ["b"])
    assert (response.status, response.body["error"]["code"]) == (409, "Conflict")
    assert "execution is in progress" in response.body["error"]["message"]
    service.later(20)
    assert act(service, ["b"]).status == 202


def test_an_action_on_a_vm_without_agent_fails_in_the_end(guest):
    service = guest(agent=None)
    accepted = act(service, ["a"])
    service.later(90 * 60)
    failed = asked(service, accepted, "Location")
    assert (failed.status, failed.body["error"]["code"]) == (409, "VMAgentStatusCommunicationError")


@pytest.mark.parametrize(
    "body", [{}, {"commandId": 1}, {"commandId": "x", "script": "a"}, {"commandId": "x", "script": [1]}]
)
def test_a_bad_action_is_refused(service, body):
    assert service.refused("POST", f"{service.vm('a')}/runCommand", body)[0] == 400
    assert act(service, ["a"]).status == 202
