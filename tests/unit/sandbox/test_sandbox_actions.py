"""Every route's action is one that Azure has published (Learn: resource provider operations), whatever its casing."""

from __future__ import annotations

import pytest

from backup_reconciler.sandbox.core import providers

_ITEM = "backupFabrics/protectionContainers/protectedItems"
PUBLISHED = {
    "Microsoft.RecoveryServices": f"""
        locations/backupPreValidateProtection/action locations/backupStatus/action
        locations/checkNameAvailability/action locations/capabilities/action locations/deletedVaults/read
        locations/deletedVaults/undelete/action locations/deletedVaults/operations/read locations/operationStatus/read
        operations/read vaults/backupSecurityPIN/action vaults/write vaults/read vaults/delete vaults/backupconfig/read
        vaults/backupconfig/write vaults/backupDeletedProtectionContainers/read vaults/backupEncryptionConfigs/read
        vaults/backupEncryptionConfigs/write vaults/backupEngines/read vaults/backupFabrics/refreshContainers/action
        vaults/backupFabrics/backupProtectionIntent/delete vaults/backupFabrics/backupProtectionIntent/read
        vaults/backupFabrics/backupProtectionIntent/write vaults/backupFabrics/operationResults/read
        vaults/backupFabrics/operationsStatus/read vaults/backupFabrics/protectableContainers/read
        vaults/backupFabrics/protectionContainers/delete vaults/backupFabrics/protectionContainers/inquire/action
        vaults/backupFabrics/protectionContainers/read vaults/backupFabrics/protectionContainers/write
        vaults/backupFabrics/protectionContainers/items/read
        vaults/backupFabrics/protectionContainers/operationResults/read
        vaults/backupFabrics/protectionContainers/operationsStatus/read
        vaults/{_ITEM}/backup/action vaults/{_ITEM}/delete vaults/{_ITEM}/read vaults/{_ITEM}/write
        vaults/{_ITEM}/operationResults/read vaults/{_ITEM}/operationsStatus/read vaults/{_ITEM}/recoveryPoints/read
        vaults/backupJobs/cancel/action vaults/backupJobs/read vaults/backupJobs/retry/action
        vaults/backupJobs/operationResults/read vaults/backupJobs/operationsStatus/read
        vaults/backupOperationResults/read vaults/backupOperations/read vaults/backupPolicies/delete
        vaults/backupPolicies/read vaults/backupPolicies/write vaults/backupPolicies/operationResults/read
        vaults/backupPolicies/operations/read vaults/backupProtectableItems/read vaults/backupProtectedItems/read
        vaults/backupProtectionContainers/read vaults/backupProtectionIntents/read
        vaults/backupResourceGuardProxies/delete vaults/backupResourceGuardProxies/read
        vaults/backupResourceGuardProxies/unlockDelete/action vaults/backupResourceGuardProxies/write
        vaults/backupstorageconfig/read vaults/backupstorageconfig/write vaults/backupUsageSummaries/read
        vaults/replicationUsages/read vaults/usages/read vaults/operationStatus/read vaults/operationResults/read""",
    "Microsoft.Compute": """
        locations/operations/read virtualMachines/read virtualMachines/write virtualMachines/delete
        virtualMachines/start/action virtualMachines/powerOff/action virtualMachines/restart/action
        virtualMachines/deallocate/action virtualMachines/runCommand/action virtualMachines/instanceView/read
        virtualMachines/extensions/read virtualMachines/extensions/write virtualMachines/extensions/delete
        virtualMachines/runCommands/read virtualMachines/runCommands/write virtualMachines/runCommands/delete""",
    "Microsoft.Authorization": "locks/read locks/write locks/delete permissions/read",
    "Microsoft.PolicyInsights": "checkPolicyRestrictions/read",
}
KNOWN = {
    f"{namespace}/{action}".lower()
    for namespace, actions in PUBLISHED.items()
    for action in actions.split()
}  # fmt: skip
ROUTES = [
    route
    for module in providers._MODULES
    for route in getattr(module, "ROUTES", ())
    if route.action.partition("/")[0] in PUBLISHED
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.action}")
def test_the_action_is_published(route):
    assert route.action.lower() in KNOWN
