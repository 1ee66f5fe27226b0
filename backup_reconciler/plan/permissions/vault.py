"""The rights that declared vaults take."""

from collections.abc import Iterator

from backup_reconciler.plan.permissions.need import Need, Permission, Purpose, needs, subscription
from backup_reconciler.spec.arm_id import ArmId, resource_group_of
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.vault import VaultSpec

Vault = Declaration[VaultSpec]

_RECOVERY = "Microsoft.RecoveryServices/Vaults"
_READ = (
    Permission(f"{_RECOVERY}/read", "lists the vaults of a subscription, and reads the settings of a vault"),
    Permission(f"{_RECOVERY}/backupPolicies/read", "lists the policies of a vault"),
    Permission(f"{_RECOVERY}/backupProtectedItems/read", "lists the backups in a vault"),
    Permission(
        f"{_RECOVERY}/backupResourceGuardProxies/read",
        "reads what a Resource Guard watches over, where one governs the vault",
    ),
)
_READ_STORAGE = Permission(
    f"{_RECOVERY}/backupstorageconfig/read", "reads whether the redundancy or the key can still be changed"
)
_WRITE_STORAGE = Permission(
    f"{_RECOVERY}/backupstorageconfig/write", "writes the redundancy, where the vault itself does not tell it"
)
_WRITE = Permission(f"{_RECOVERY}/write", "creates the vault, and changes its settings")
_DELETE = Permission(f"{_RECOVERY}/delete", "deletes the vault")
_ASSIGN_IDENTITY = Permission(
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "gives the vault a user-assigned identity"
)
"""Asked on the identity whenever a resource is written that is to have it. Source: Learn, "Azure built-in
roles" (Managed Identity Operator)."""


def of_vaults(manifests: Manifests) -> Iterator[Need]:
    """What reading, creating, changing and deleting vaults takes; those that are owned elsewhere are read alone."""
    homes = [subscription(one.spec.subscription) for one in manifests.vaults]
    yield from needs(_READ, manifests.vaults, homes)
    for vault in manifests.vaults:
        if vault.spec.is_absent():
            yield from _written(_DELETE, vault)
        elif not vault.spec.existing:
            yield from _written(_WRITE, vault)
            yield from _of_settings(vault)


def vault_group(vault: Vault) -> ArmId:
    """The resource group of a vault."""
    return resource_group_of(vault.spec.vault_id(vault.handle))


def _of_settings(vault: Vault) -> Iterator[Need]:
    spec = vault.spec
    stored = spec.redundancy is not None or spec.cross_region_restore is not None
    if stored or spec.encryption is not None:
        yield from needs([_READ_STORAGE], [vault], [vault_group(vault)])
    if stored:
        yield from _written(_WRITE_STORAGE, vault)
    identities = spec.identity.user_assigned if spec.identity else None
    yield from needs(
        [_ASSIGN_IDENTITY] if identities else [],
        [vault],
        [resource_group_of(ArmId(one)) for one in identities or ()],
        Purpose.APPLY,
    )


def _written(permission: Permission, vault: Vault) -> list[Need]:
    return needs([permission], [vault], [vault_group(vault)], Purpose.APPLY)
