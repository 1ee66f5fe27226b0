"""What is made of what was read, where the box has no such VM."""

from dataclasses import replace
from pathlib import Path

import pytest

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.readiness.candidate import Candidate, readiness_scope
from backup_reconciler.plan.readiness.cause import Said
from backup_reconciler.plan.readiness.consistency import consistency_of
from backup_reconciler.plan.readiness.looking import causes_of
from backup_reconciler.plan.readiness.snapshot_group import said_around
from backup_reconciler.plan.readiness.vm import said_of_vm
from backup_reconciler.spec.arm_id import ArmId, policy_id, vault_id
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.readiness import Readiness
from backup_reconciler.state.snapshot_group import SnapshotGroup
from backup_reconciler.state.vm import LiveVM
from backup_reconciler.state.vm_status import LiveAgent, VMStatus

VAULT = vault_id("s", "rg", "rsv")
RUNNING = VMStatus("running", LiveAgent("2.7.1"))


def candidate(name: str = "web-01", os: str | None = "Linux", subscription: str = "S") -> Candidate:
    id_ = ArmId(f"/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/{name}")
    vm = LiveVM(id_, "japaneast", {}, os=os)  # type: ignore[arg-type]
    place = Place(Path("all.yaml"), 1, 1)
    return Candidate(
        vm, VAULT, policy_id(VAULT, "daily"), f"Protection/{name}", f"VM {name} in rsv", place, PolicySettings()
    )


def said(status: VMStatus | None, os: str | None = "Linux") -> list[tuple[str, str, str]]:
    return [(one.severity.value, one.rule.id, one.message) for one in said_of_vm(candidate(os=os), status)]


@pytest.mark.parametrize("status", [None, VMStatus(), VMStatus(agent=LiveAgent("2.7.1"))])
def test_a_vm_of_which_azure_tells_nothing_is_not_known(status: VMStatus | None) -> None:
    message = "Azure does not tell whether it runs, so its agent is not known"
    assert said(status) == [("warning", "readiness-not-known", message)]
    assert consistency_of(candidate(), status) is None


def test_a_change_that_failed_is_told_in_azures_words() -> None:
    broken = VMStatus("running", LiveAgent("2.7.1"), provisioning_failure="The disk is busy.")
    assert said(broken) == [("warning", "vm-provisioning", "its provisioning state is Failed: The disk is busy")]
    silent = VMStatus("stopped", None, provisioning_failure="")
    assert [rule for _, rule, _ in said(silent)] == ["vm-off", "vm-provisioning"]


def test_a_version_that_is_no_number_and_a_system_that_is_not_told_are_let_pass() -> None:
    assert said(VMStatus("running", LiveAgent("Preview")), "Windows") == []
    assert said(VMStatus("running", LiveAgent("1.0")), None) == []
    assert consistency_of(candidate(os=None), RUNNING) is None


def test_without_an_operating_system_the_rule_says_what_to_install() -> None:
    (found,) = said_of_vm(candidate(os=None), VMStatus("running"))
    assert (found.instead, found.remedy) == ("", found.rule.remedy)


def test_lists_that_were_not_read_are_said_once_for_all_vms_of_a_subscription() -> None:
    fleet = [candidate("web-02"), candidate("web-01"), candidate("db-01", subscription="T")]
    scope = readiness_scope(fleet)
    assert scope.subscriptions == {"s", "t"}
    not_read = NotRead("429 TooManyRequests", forbidden=False)
    readiness = Readiness(
        statuses={"s": not_read, "t": {fleet[2].vm.id: RUNNING}},
        locks={"s": (), "t": ()},
        groups={"s": frozenset(), "t": frozenset()},
        snapshot_groups={names: (SnapshotGroup(names.first, exists=False),) for names in scope.snapshot_groups},
    )
    (cause,) = causes_of(fleet, readiness)
    assert [one.vm.id.name for one in cause.candidates] == ["web-01", "web-02"]
    assert cause.said.label == "subscription s"
    assert cause.said.message == "the status of its VMs cannot be read now (429 TooManyRequests)"
    assert cause.said.remedy == "check again later"
    (finding,) = cause.findings()
    assert finding.message.endswith("(this concerns 2 VMs)")


def test_azure_policy_that_was_never_registered_is_told_with_what_to_do() -> None:
    names = candidate().snapshot_groups
    why = NotRead("409 MissingSubscriptionRegistration", forbidden=False)
    group = SnapshotGroup(names.first, exists=True, point_denials=why)
    readiness = Readiness({"s": {}}, {"s": ()}, {"s": frozenset()}, {names: (group,)})
    (found,) = said_around(names, readiness)
    assert (found.rule.id, found.label) == ("readiness-not-known", "resource group AzureBackupRG_japaneast_1")
    assert "az provider register" in found.remedy


def test_equal_things_are_equal_whatever_vm_they_are_said_of() -> None:
    (one,), (other,) = (said_of_vm(candidate(name), VMStatus("running")) for name in ("web-01", "web-02"))
    assert one == other
    assert isinstance(one, Said)
    assert one.severity is Severity.WARNING


def test_jobs_that_cannot_be_read_leave_open_why_backups_failed() -> None:
    failed = LiveItem(
        ArmId("item"), ArmId("vm"), ItemState.ACTIVE, "ProtectionError", None, True, last_backup_failed=True
    )
    fleet = [replace(candidate(), item=failed), candidate("web-02")]
    names = fleet[0].snapshot_groups
    readiness = Readiness(
        statuses={"s": {one.vm.id: RUNNING for one in fleet}},
        locks={"s": ()},
        groups={"s": frozenset()},
        snapshot_groups={names: (SnapshotGroup(names.first, exists=False),)},
        last_errors={VAULT: NotRead("403 AuthorizationFailed", forbidden=True)},
    )
    (cause,) = causes_of(fleet, readiness)
    assert [one.vm.id.name for one in cause.candidates] == ["web-01"]
    assert cause.said.message == "why last backups failed cannot be read with these rights (403 AuthorizationFailed)"
