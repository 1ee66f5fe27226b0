"""The rights that declared policies take."""

from collections.abc import Iterator

from backup_reconciler.plan.permissions.need import Need, Permission, Purpose, needs
from backup_reconciler.plan.permissions.vault import vault_group
from backup_reconciler.spec.document import Manifests

_POLICIES = "Microsoft.RecoveryServices/Vaults/backupPolicies"
_WRITE = Permission(f"{_POLICIES}/write", "creates and changes policies")
_DELETE = Permission(f"{_POLICIES}/delete", "deletes policies")
_ITEMS = "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems"
READ_ITEMS = Permission(
    f"{_ITEMS}/read", "sees which vault holds a VM, by Azure Resource Graph, and reads the backup of one VM"
)
"""Resource Graph asks for no right of its own and shows what may be read. Source: Learn, "Azure Resource Graph
overview" (Permissions)."""
JOBS = Permission(
    "Microsoft.RecoveryServices/Vaults/backupJobs/read", "reads jobs: whether a change is done, and why a backup failed"
)


def of_policies(manifests: Manifests) -> Iterator[Need]:
    """What creating, changing and deleting policies takes.

    A changed policy starts a job for each of its VMs, and a VM whose job is late is looked at by itself.
    """
    for policy in manifests.policies:
        groups = list(map(vault_group, manifests.vaults_of(policy)))
        writing = [_DELETE] if policy.spec.is_absent() else [_WRITE, READ_ITEMS, JOBS]
        yield from needs(writing if groups else [], [policy], groups, Purpose.APPLY)
    for vault in manifests.vaults:
        if vault.spec.is_absent():
            yield from needs([_DELETE], [vault], [vault_group(vault)], Purpose.APPLY)
