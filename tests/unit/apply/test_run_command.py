"""Before a script is sent it is looked what is there, and afterwards how it ended."""

from typing import Any

import pytest

from backup_reconciler.azure.codec import run_command
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.action import AnyAction, DeleteRunCommand, RunScript
from backup_reconciler.plan.outcome import Outcome, Status
from tests.unit.apply.test_overlay import COMMON, run_alone
from tests.unit.fakes import Answer, Cut
from tests.unit.plan.networks import vm_id

COMMAND = vm_id("web-01").child("runCommands", "ours")


def shown(script: str, state: str = "Succeeded", **view: Any) -> dict[str, Any]:
    properties = {"source": {"script": script}, "provisioningState": state, "instanceView": view}
    return {"id": COMMAND.text, "location": "japaneast", "properties": properties}


def running(before: dict[str, Any] | None = None) -> RunScript:
    found = run_command.decode(before) if before else None
    return RunScript(address="c", command=COMMAND, location="japaneast", script="new", found=found, **COMMON)


DELETE = DeleteRunCommand(address="c", command=COMMAND, script="undo", **COMMON)


class Machine:
    """A VM with one run command at most, which takes a look to run."""

    def __init__(self, *found: dict[str, Any] | None, ends: dict[str, Any] | None = None) -> None:
        self.found = list(found)
        """What is read one after the other; the last stays."""
        self.ends = [ends]
        """What is read once something was written."""

    def __call__(self, request: ArmRequest) -> Answer:
        if request.changes:
            self.found = [shown("new", "Updating"), *self.ends]
            return Answer(201)
        now = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        return Answer(200, now) if now else Answer(404, {"error": {"code": "NotFound"}})


def outcome_of(action: AnyAction, azure: Machine) -> tuple[Outcome, list[str]]:
    outcome, writes = run_alone(azure, action)
    return outcome, [one.method for one in writes]


def test_a_script_is_sent_and_has_done_well() -> None:
    for before in (None, shown("old"), shown("new", "Failed")):
        outcome, writes = outcome_of(running(before), Machine(before, ends=shown("new")))
        assert (outcome.status, writes) == (Status.DONE, ["PUT"])


def test_what_somebody_sent_meanwhile_is_not_written_over_nor_deleted() -> None:
    for action, found in ((running(), shown("theirs")), (running(shown("old")), None), (DELETE, shown("theirs"))):
        outcome, writes = outcome_of(action, Machine(found))
        assert "somebody changed the run command since it was read; nothing was" in outcome.detail
        assert writes == []


def test_what_is_so_already_is_not_done_again() -> None:
    under_way = shown("new", "Updating")
    assert outcome_of(running(), Machine(under_way, shown("new")))[1] == []
    assert outcome_of(DELETE, Machine(None))[1] == []


def test_a_script_that_fails_is_told_with_its_exit_code_and_what_it_said() -> None:
    view = {"executionState": "Failed", "exitCode": 1, "error": "mktemp:\nRead-only file system\n"}
    outcome, _ = outcome_of(running(), Machine(None, ends=shown("new", "Failed", **view)))
    assert outcome.status is Status.FAILED
    assert outcome.detail == "the script in web-01 failed with exit code 1: mktemp:; Read-only file system"
    assert outcome.remedy == "put right in the VM what it says, then run again: it is run anew"


@pytest.mark.parametrize(
    ("state", "ending"), [("Succeeded", ""), ("Failed", "it was sent, and whether Azure took it is not known")]
)
def test_what_became_of_a_script_whose_answer_was_lost_is_looked_at(state: str, ending: str) -> None:
    machine = Machine(shown("old"), ends=shown("new", state))

    def silent(request: ArmRequest) -> Answer:
        answer = machine(request)
        return Cut() if request.changes else answer

    outcome, _ = run_alone(silent, running(shown("old")))
    assert (outcome.status is Status.DONE) == (not ending)
    assert outcome.detail.startswith(ending)
    assert "nothing was sent" not in outcome.detail


def test_what_azure_took_and_did_not_do_is_a_failure_of_that_name() -> None:
    outcome, _ = outcome_of(running(), Machine(None, ends=shown("another")))
    assert outcome.detail.startswith("accepted, not applied: Azure took the script")
    undone = shown("undo")
    outcome, _ = outcome_of(DELETE, Machine(undone, ends=undone))
    assert outcome.detail.startswith("accepted, not applied: Azure took the deletion")


def test_a_run_command_is_deleted_once_it_has_undone() -> None:
    outcome, writes = outcome_of(DELETE, Machine(shown("undo")))
    assert (outcome.status, writes) == (Status.DONE, ["DELETE"])


def test_what_compute_refuses_is_explained() -> None:
    def refusing(request: ArmRequest) -> Answer:
        error = {"code": "OperationNotAllowed", "message": "Cannot modify extensions in the VM."}
        return Answer(409, {"error": error}) if request.changes else Answer(404, {"error": {"code": "NotFound"}})

    outcome, _ = run_alone(refusing, running())
    assert outcome.detail.startswith("the VM does not run, or has 25 run commands already")
    assert outcome.remedy.startswith("start the VM")
