"""What the caller's permissions at a scope grant."""

import pytest

from backup_reconciler.azure.codec.permissions import all_granted, decode

READ_VM, READ_VAULT = "Microsoft.Compute/virtualMachines/read", "Microsoft.RecoveryServices/vaults/read"


@pytest.mark.parametrize(
    ("roles", "granted"),
    [
        ([{"actions": ["*"]}], True),
        ([{"actions": ["*/read"], "notActions": []}], True),
        ([{"actions": ["*/READ"]}], True),
        ([{"actions": ["Microsoft.Compute/*", "Microsoft.RecoveryServices/Vaults/read"]}], True),
        ([{"actions": [READ_VM]}, {"actions": [READ_VAULT]}], True),
        ([{"actions": ["*"], "notActions": ["Microsoft.Compute/*"]}], False),
        ([{"actions": ["*"], "notActions": ["Microsoft.Compute/*"]}, {"actions": [READ_VM]}], True),
        ([{"actions": ["Microsoft.Compute/virtualMachines/*/read", READ_VAULT]}], False),
        ([{"actions": ["Microsoft_Compute/virtualMachines/read", READ_VAULT]}], False),
        ([{}], False),
        ([], False),
    ],
)
def test_all_of_it_is_granted_by_some_role(roles: list[dict[str, list[str]]], granted: bool) -> None:
    assert all_granted(map(decode, roles), (READ_VM, READ_VAULT)) is granted
