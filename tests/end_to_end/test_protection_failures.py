"""Every failure of the service in protecting a VM: shown with its code, explained and with the way on."""

from typing import Any

import pytest

from backup_reconciler.azure.codes import explain
from tests.conftest import Cli, Estate, assignment, daily_policy, policy, vault, vm_id, vms, world

CONSENT = ("--auto-approve", "--allow-destructive", "--allow-one-way")

# Code of a job that configures a VM → what the service says beside.
OF_JOBS = {
    "UserErrorGuestAgentStatusUnavailable": "VM agent unable to communicate with Azure Backup.",
    "GuestAgentSnapshotTaskStatusError": "Could not communicate with the VM agent for snapshot status.",
    "ExtensionSnapshotFailedNoNetwork": "Snapshot operation failed due to no network connectivity on the VM.",
    "ExtensionSnapshotFailedNoSecureNetwork": "Snapshot operation failed: no secure communication channel.",
    "ExtensionFailedTimeoutVMNetworkUnresponsive": "The VM could not connect for the extension.",
    "UserErrorVmNotInDesirableState": "VM is not in a state that allows backups.",
    "VmNotInDesirableState": "VM is not in a state that allows backups.",
    "UserErrorRpCollectionLimitReached": "The restore point collection limit has been reached.",
    "UserErrorBackupOperationInProgress": "Another backup operation is in progress.",
    "UserErrorKeyvaultPermissionsNotConfigured": "Backup does not have the permissions to the key vault.",
    "UserErrorRequestDisallowedByPolicy": "An invalid policy is configured on the VM.",
    "UserErrorFsFreezeFailed": "Failed to freeze a file system.",
    "ExtensionStuckInDeletionState": "The extension state is not supportive to the backup operation.",
    "BCMV2VMNotFound": "The VM was not found.",
    "AzureVmOffline": "The VM is offline.",
    "CloudInternalError": "Something went wrong.",
    "UserErrorVMAlreadyProtected": "Virtual machine is already registered\\registering with another vault.",
}
# Code with which a PUT is refused → status and message.
OF_WRITES = {
    "BMSUserErrorInvalidConfigureProtectionRequest": (400, "Input for configure protection is not in proper format."),
    "BMSUserErrorConflictingProtectionOperation": (400, "Another configure protection operation is in progress."),
    "BMSUserErrorObjectLocked": (409, "Another operation is in progress on the selected item."),
    "BMSUserErrorDataSourceObjectNotFound": (404, "Item not found."),
    "UserErrorOperationDeniedOnImmutableItem": (400, "The Vault and Backup Item is in Immutable state."),
    "AuthorizationFailed": (403, "The client does not have authorization to perform the action."),
    "LinkedAuthorizationFailed": (403, "The client does not have permission on the linked scope."),
    "ScopeLocked": (409, "The scope cannot perform write operation because following scope(s) are locked."),
}


def name_of(code: str) -> str:
    return f"vm-{code[:50]}"


def apply(estate: Estate, cli: Cli, machines: dict[str, Any], *documents: dict[str, Any], **rest: Any) -> str:
    """Protect them all, beside one with which nothing is wrong; gives what is told."""
    estate.exists(**world({**vms("well"), **machines}, {"rsv": {"location": "japaneast"}}, **rest))
    estate.declare("all", vault(), *documents, assignment(policy="DefaultPolicy"))
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3, told.out
    return told.text


def test_every_failure_of_a_job_is_explained_and_stops_nobody_else(estate: Estate, cli: Cli) -> None:
    machines: dict[str, Any] = {}
    for code, message in OF_JOBS.items():
        machines |= vms(name_of(code), configureFails={"code": code, "message": message})
    text = apply(estate, cli, machines)
    for code, message in OF_JOBS.items():
        assert_explained(text, code, message)
    assert f"Apply: 1 done and {len(OF_JOBS)} failed" in text


def test_every_refusal_of_a_write_is_explained_and_stops_nobody_else(estate: Estate, cli: Cli) -> None:
    machines = vms(*map(name_of, OF_WRITES))
    faults = [
        {"method": "PUT", "path": f"*{name_of(code)}", "status": status, "code": code, "message": message}
        for code, (status, message) in OF_WRITES.items()
    ]
    text = apply(estate, cli, machines, faults=faults)
    for code, (_, message) in OF_WRITES.items():
        assert_explained(text, code, message)
    assert f"Apply: 1 done and {len(OF_WRITES)} failed" in text


def assert_explained(text: str, code: str, message: str) -> None:
    meaning, remedy = explain(code, message)
    assert (bool(meaning), bool(remedy)) == (True, True), code
    assert f"failed VM {name_of(code)} in rsv" in text
    assert f"[{code}]" in text
    assert meaning in text
    assert f"fix: {remedy}" in text


def test_the_right_that_protecting_takes_is_named_with_where_it_is_needed(estate: Estate, cli: Cli) -> None:
    """Who has every right but that one is told of it, and not of one that it has (the box asks as Azure does)."""
    estate.exists(**world(vms("web-01"), access=[{"actions": ["*/read", "Microsoft.RecoveryServices/*"]}]))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3, "the vault is created"
    assert "[LinkedAuthorizationFailed]" in told.text
    assert "protecting a VM takes Microsoft.Compute/virtualMachines/write on it" in told.text


def test_a_code_that_nobody_knows_is_told_as_it_is(estate: Estate, cli: Cli) -> None:
    unknown = {"code": "UserErrorNeverSeen", "message": "Something else."}
    text = apply(estate, cli, vms("web-01", configureFails=unknown))
    assert "web-01: Something else. [UserErrorNeverSeen]" in text
    assert "fix: look up UserErrorNeverSeen in Azure's documentation" in text


# How a VM is found, what is wished for it, and the code with which its own operation ends.
VERBS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "resume": ({"state": "ProtectionStopped"}, {}),
    "stop": ({"policy": "daily"}, {"protection": "stopped"}),
    "undelete": ({"state": "SoftDeleted"}, {"protection": "stopped"}),
    "disks": ({"policy": "daily"}, {"disks": "osOnly"}),
    "delete": (
        {"state": "ProtectionStopped"},
        {
            "protection": "deleted",
            "approval": {"by": "Ada", "reason": "x", "expires": "2099-12-31", "vms": [vm_id("delete")]},
        },
    ),
}


@pytest.mark.parametrize("way", ["refused", "failed"])
def test_each_verb_tells_how_it_failed_and_is_tried_again_by_another_run(estate: Estate, cli: Cli, way: str) -> None:
    refused = {"status": 404, "code": "BMSUserErrorDataSourceObjectNotFound", "message": "Item not found."}
    failed = {"operation": {"code": "CloudInternalError", "message": "It broke."}}
    items = [{"vm": f"rg-web/{name}", **found} for name, (found, _) in VERBS.items()]
    live = {"location": "japaneast", "policies": {"daily": daily_policy(30)}, "protectedItems": items}
    each = [{"method": method, **(refused if way == "refused" else failed)} for method in ("PUT", "DELETE")]
    faults = [{**fault, "path": f"*{name}", "times": 1} for fault in each for name in VERBS]
    estate.exists(**world(vms(*VERBS), {"rsv": live}, faults=faults))
    wishes = [assignment(name, select={"names": [name]}, **wished) for name, (_, wished) in VERBS.items()]
    estate.declare("all", vault(), policy(), *wishes)
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == (1 if way == "refused" else 3), "what was refused changed nothing"
    assert f"Apply: {len(VERBS)} failed" in told.text
    assert told.text.count("[BMSUserErrorDataSourceObjectNotFound]" if way == "refused" else "It broke") == len(VERBS)
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
