"""What worlds that are made from real estates need to say: vaults less their first policies, VMs that are gone."""

from __future__ import annotations

from typing import Any

import pytest

from backup_reconciler.sandbox import WorldError, parse_world, why_no_policy
from tests.conftest import SUBSCRIPTION, daily_policy


def changed(**vault: Any) -> dict[str, Any]:
    """The subscriptions of a world: VM `a`, and the vaults `rsv`, with more in it, and `rsv2`."""
    here = {"location": "japaneast"}
    group = {"virtualMachines": {"a": here}, "vaults": {"rsv": {**here, **vault}, "rsv2": here}}
    return {"subscriptions": {SUBSCRIPTION: {"resourceGroups": {"rg": group}}}}


def mistakes(**vault: Any) -> str:
    with pytest.raises(WorldError) as error:
        parse_world({"kind": "World", **changed(**vault)})
    return str(error.value)


def test_a_vault_may_have_lost_the_policies_it_came_with(open_service):
    service = open_service(**changed(defaultPolicies=False, policies={"mine": daily_policy(30)}))
    assert service.names(f"{service.vault()}/backupPolicies") == ["mine"]
    assert len(service.names(f"{service.vault('rsv2')}/backupPolicies")) > 1


def test_what_it_has_lost_nothing_can_be_bound_to():
    told = mistakes(defaultPolicies=False, protectedItems=[{"vm": "rg/a", "policy": "DefaultPolicy"}])
    assert "'DefaultPolicy' is not a policy of this vault" in told


def test_backups_outlive_their_vm(open_service):
    gone = {"vm": "rg/GONE", "vmGone": True, "state": "ProtectionStopped"}
    service = open_service(**changed(protectedItems=[gone]))
    properties = service.properties("gone")
    assert (properties["protectionState"], properties["sourceResourceId"]) == ("ProtectionStopped", service.vm("GONE"))
    assert service.ask("GET", service.vm("gone")).status == 404
    assert service.refused("PUT", service.item("gone"), service.configure("gone"))[0] == 400


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"vm": "rg/a", "vmGone": True, "policy": "DefaultPolicy"}, "'rg/a' is in this world; leave 'vmGone' out"),
        ({"vm": "/x", "vmGone": True, "policy": "DefaultPolicy"}, "'/x' names no VM; name it as group/name"),
    ],
)
def test_a_vm_that_is_gone_is_named_and_not_there(item, message):
    assert message in mistakes(protectedItems=[item])


def test_a_vm_that_was_never_backed_up_has_no_time_of_it(open_service):
    stopped = {"vm": "rg/a", "state": "ProtectionStopped", "recoveryPoints": {"count": 0}}
    service = open_service(**changed(protectedItems=[stopped]))
    properties = service.properties("a")
    assert (properties["lastBackupStatus"], properties["lastBackupTime"]) == ("", "2001-01-01T00:00:00Z")
    assert "lastRecoveryPoint" not in properties


def test_why_no_world_can_state_a_policy():
    three_days = {**daily_policy(3), "instantRpRetentionRangeInDays": 1}
    assert why_no_policy(daily_policy(30)) == ""
    assert "1 day, or 7 and more" in why_no_policy(three_days)
    assert why_no_policy(three_days, legacy=True) == ""
    assert why_no_policy({}) == why_no_policy({}, legacy=True) != ""
