"""A change that another operation bars waits for its end, and is sent again only where things are left as found."""

from typing import Any

import pytest

from backup_reconciler.azure.codec import protection
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.action import AnyAction, DeleteData, Stop
from backup_reconciler.plan.outcome import Outcome, Status
from tests.unit.apply.test_overlay import COMMON, LIVE_VAULT, VAULT, run_alone
from tests.unit.apply.test_watching import VM, item
from tests.unit.fakes import Answer

ACTIVE, OTHER = item(), item(policy="weekly")
STOPPED = item("ProtectionStopped", "")
DELETED = {**STOPPED, "properties": {**STOPPED["properties"], "isScheduledForDeferredDelete": True}}
BARRED = Answer(409, {"error": {"code": "BMSUserErrorConflictingProtectionOperation", "message": "Wait."}})


def outcome_of(action: AnyAction, *states: dict[str, Any]) -> tuple[Outcome, list[ArmRequest]]:
    """What becomes of an action that is refused once; the item is in the next state after each write."""
    left = list(states)

    def script(request: ArmRequest) -> Answer:
        if request.path.endswith("/backupProtectedItems"):
            return Answer(200, {"value": left[:1]})
        if request.path.endswith("/backupJobs"):
            return Answer(200, {"value": []})
        if request.method == "GET":
            return Answer(200, LIVE_VAULT)
        left.pop(0)
        return BARRED if len(left) == len(states) - 1 else Answer(202, None)

    return run_alone(script, action)


def stop() -> Stop:
    return Stop(address="i", vault=VAULT, vm=VM, found=protection.decode(ACTIVE), **COMMON)


def deletion() -> DeleteData:
    return DeleteData(address="i", vault=VAULT, vm=VM, found=protection.decode(STOPPED), **COMMON)


@pytest.mark.parametrize(
    ("action", "found", "theirs"), [(stop(), ACTIVE, OTHER), (deletion(), STOPPED, ACTIVE)], ids=["stop", "delete"]
)
def test_what_the_operation_that_bars_it_has_changed_is_not_undone(
    action: AnyAction, found: dict[str, Any], theirs: dict[str, Any]
) -> None:
    outcome, writes = outcome_of(action, found, theirs, DELETED)
    assert outcome.status is Status.FAILED
    assert outcome.detail.startswith("somebody changed its protection since it was read; ")
    assert len(writes) == 1, "the one that was refused"


@pytest.mark.parametrize(
    ("action", "found", "wished"), [(stop(), ACTIVE, STOPPED), (deletion(), STOPPED, DELETED)], ids=["stop", "delete"]
)
def test_what_is_as_it_was_found_is_asked_for_again(
    action: AnyAction, found: dict[str, Any], wished: dict[str, Any]
) -> None:
    outcome, writes = outcome_of(action, found, found, wished)
    assert (outcome.status, len(writes)) == (Status.DONE, 2)


@pytest.mark.parametrize(
    ("action", "found", "wished"), [(stop(), ACTIVE, STOPPED), (deletion(), STOPPED, DELETED)], ids=["stop", "delete"]
)
def test_what_the_operation_that_bars_it_has_brought_about_is_not_asked_for_again(
    action: AnyAction, found: dict[str, Any], wished: dict[str, Any]
) -> None:
    outcome, writes = outcome_of(action, found, wished)
    assert (outcome.status, len(writes)) == (Status.DONE, 1)
