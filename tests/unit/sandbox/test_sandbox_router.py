"""The actions that roles allow and quotas count."""

from __future__ import annotations

import pytest

from backup_reconciler.sandbox.core.providers import ROUTER

S = "/subscriptions/s"
V = f"{S}/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v"
ITEM = f"{V}/backupFabrics/Azure/protectionContainers/c/protectedItems/i"


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/subscriptions", "Microsoft.Resources/subscriptions/read"),
        ("GET", S, "Microsoft.Resources/subscriptions/read"),
        ("GET", f"{S}/resourceGroups/rg", "Microsoft.Resources/subscriptions/resourceGroups/read"),
        ("GET", f"{S}/providers/Microsoft.RecoveryServices/vaults", "Microsoft.RecoveryServices/vaults/read"),
        ("PATCH", V, "Microsoft.RecoveryServices/vaults/write"),
        ("GET", f"{V}/backupOperations/o", "Microsoft.RecoveryServices/vaults/backupOperations/read"),
        ("PUT", f"{V}/backupconfig/vaultconfig", "Microsoft.RecoveryServices/vaults/backupconfig/write"),
        (
            "POST",
            f"{ITEM}/backup",
            "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/backup/action",
        ),
        ("PUT", f"{S}/providers/Microsoft.Authorization/locks/l", "Microsoft.Authorization/locks/write"),
        ("DELETE", f"{ITEM}/providers/microsoft.authorization/Locks/l", "Microsoft.Authorization/locks/delete"),
        ("POST", "/providers/Microsoft.ResourceGraph/resources", "Microsoft.ResourceGraph/resources/read"),
    ],
)
def test_the_action_of_a_request(method, path, action):
    found = ROUTER.find(path)
    assert found is not None
    assert found.routes[method].action == action


@pytest.mark.parametrize("scope", [S, f"{S}/resourceGroups/rg", V, ITEM, f"{V}/providers/Microsoft.Compute/x/y"])
def test_an_extension_is_found_at_any_scope(scope):
    found = ROUTER.find(f"{scope}/Providers/Microsoft.Authorization/locks/keep")
    assert found is not None
    assert found.words == (scope, "keep")
    assert found.routes["GET"].names == ("scope", "lock")


@pytest.mark.parametrize(
    "path", ["", "/", "/providers/Microsoft.Authorization/locks/l", f"{S}/resourceGroups/g/providers", f"{S}/locks/l"]
)
def test_an_extension_needs_a_scope(path):
    assert ROUTER.find(path) is None
