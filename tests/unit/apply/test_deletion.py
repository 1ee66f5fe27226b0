"""Before anything is deleted it is read again: what is not as the plan found it stays."""

from datetime import date
from typing import Any

from backup_reconciler.azure.codec import policy, protection, vault
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.action import AnyAction, DeleteData, DeletePolicy, DeleteVault
from backup_reconciler.plan.outcome import Outcome, Status
from tests.unit.apply.test_overlay import COMMON, LIVE_POLICY, LIVE_VAULT, VAULT, run_alone
from tests.unit.apply.test_watching import VM, item
from tests.unit.fakes import Answer

STOPPED = item("ProtectionStopped", "")
GONE = Answer(404, {"error": {"code": "NotFound"}})


def outcome_of(action: AnyAction, *items: dict[str, Any], **found: Any) -> tuple[Outcome, list[ArmRequest]]:
    """What becomes of an action where Azure lists these items, and shows the policy and the vault as told."""

    def script(request: ArmRequest) -> Answer:
        if request.path.endswith("/backupProtectedItems"):
            return Answer(200, {"value": list(items)})
        if request.path.endswith(("/backupJobs", "/vaults")):
            return Answer(200, {"value": []})
        arm = found.get("policy" if "backupPolicies" in request.path else "vault")
        return GONE if arm is None else Answer(200, arm)

    return run_alone(script, action)


def deletion_of_backups(found: dict[str, Any], *, is_next_step: bool = False) -> DeleteData:
    live = protection.decode(found)
    return DeleteData(address="i", vault=VAULT, vm=VM, found=live, is_next_step=is_next_step, **COMMON)


def test_backups_that_are_not_as_they_were_are_kept() -> None:
    for now in (item(), item("ProtectionPaused", "")):
        outcome, writes = outcome_of(deletion_of_backups(STOPPED), now)
        assert outcome.detail == "somebody changed its protection since it was read; nothing was deleted"
        assert writes == []
    resumed, writes = outcome_of(deletion_of_backups(STOPPED, is_next_step=True), item())
    assert resumed.status is Status.FAILED, "a step before had stopped them"
    assert writes == []


def test_backups_that_are_deleted_already_are_not_deleted_again() -> None:
    deleted = {**STOPPED, "properties": {**STOPPED["properties"], "isScheduledForDeferredDelete": True}}
    for now in ((), (deleted,)):
        outcome, writes = outcome_of(deletion_of_backups(STOPPED), *now)
        assert (outcome.status, writes) == (Status.DONE, [])


def test_a_policy_that_somebody_changed_is_kept_and_one_that_is_gone_is_not_asked_for() -> None:
    live = policy.decode(LIVE_POLICY)
    action = DeletePolicy(address="p", vault=VAULT, policy=live.id, live=live, **COMMON)
    changed = {**LIVE_POLICY, "properties": {**LIVE_POLICY["properties"], "instantRpRetentionRangeInDays": 5}}
    outcome, writes = outcome_of(action, policy=changed)
    assert outcome.detail == "somebody changed it since it was read; nothing was deleted"
    assert writes == []
    outcome, writes = outcome_of(action)
    assert (outcome.status, writes) == (Status.DONE, [])


def test_a_vault_that_holds_something_new_is_kept_and_one_that_is_gone_is_not_asked_for() -> None:
    live, day = vault.decode(LIVE_VAULT), date(2026, 11, 23)
    action = DeleteVault(address="v", vault=VAULT, live=live, emptied_on=day, **COMMON)
    outcome, writes = outcome_of(action, STOPPED, vault=LIVE_VAULT)
    assert outcome.detail == f"it protects what it did not when it was read: {str(VM).upper()}"
    assert writes == []
    outcome, writes = outcome_of(action)
    assert (outcome.status, writes) == (Status.DONE, [])
