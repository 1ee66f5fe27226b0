"""Rules of vaults."""

from backup_reconciler.spec.rules.rule import rule

VAULT_NAME = rule(
    "vault-name",
    "A vault's name has 2 to 50 letters, digits and hyphens and starts with a letter.",
    why="The service refuses every other name.",
    remedy="choose a name such as rsv-prod, or state spec.name where only the handle is different",
    source="Azure naming rules for Microsoft.RecoveryServices/vaults",
)
VAULT_NAME_REUSED = rule(
    "vault-name-reused",
    "A vault's name is used once in a subscription.",
    why="The service asks for a name that is unique in its resource group; people, scripts and the service's own guide "
    "take it to be unique in the subscription.",
    remedy="give the new vault a name of its own",
    source="Back up Azure VMs in a Recovery Services vault (Microsoft Learn)",
)
VAULT_LOCATION = rule(
    "vault-location",
    "A vault stays in the region it was created in.",
    why="The service cannot move a vault to another region, and replacing it would abandon its recovery points.",
    remedy="declare the region the vault is in, or declare a new vault under another name",
    source="Azure Resource Manager: location is fixed at creation",
)
VAULT_MISSING = rule(
    "vault-missing",
    "A vault with 'existing: true' exists.",
    why="It is owned elsewhere, so it is never created here.",
    remedy="create it where it is owned, or remove 'existing: true'",
)
VAULT_NOT_READY = rule(
    "vault-not-ready",
    "A vault that is to be changed is not being created or deleted.",
    why="The service refuses writes to a vault while it is provisioning.",
    remedy="wait and run again; a vault whose state is Failed must be looked at in Azure",
    source="recorded answers of the service: provisioningState",
)
RESOURCE_GROUP_MISSING = rule(
    "resource-group-missing",
    "The resource group of a vault exists.",
    why="Groups carry locks, policies and budgets that are decided elsewhere; one is never created as a side effect.",
    remedy="create the resource group, or correct its name",
)
REDUNDANCY_LOCKED = rule(
    "redundancy-locked",
    "A vault's storage redundancy changes only while the vault protects nothing.",
    why="The service locks it when the first machine is registered (StorageModelModifyError).",
    remedy="declare the redundancy the vault has, or declare a new vault with the wished one and assign VMs to that",
    source="azure-mgmt-recoveryservicesbackup, storageTypeState; StorageModelModifyError",
)
REDUNDANCY_UNKNOWN = rule(
    "redundancy-unknown",
    "A stated redundancy can be compared with Azure.",
    why="Azure's answer for this vault does not tell its redundancy (an old API version or sovereign cloud).",
    remedy="check it in the portal under Properties → Backup configuration",
)
CROSS_REGION_RESTORE_KEPT = rule(
    "cross-region-restore-kept",
    "Cross-region restore that is on stays on, and with it geo-redundant storage.",
    why="The service does not switch it off again.",
    remedy="declare crossRegionRestore: Enabled with redundancy: GeoRedundant, or a new vault",
    source="az CLI backup module; terraform-provider-azurerm, recovery_services_vault",
)
CROSS_SUBSCRIPTION_RESTORE_KEPT = rule(
    "cross-subscription-restore-kept",
    "Restores into other subscriptions that are disabled permanently stay so.",
    why="The service does not enable them again.",
    remedy="declare crossSubscriptionRestore: PermanentlyDisabled, or a new vault",
    source="Azure Backup: cross-subscription restore",
)
SOFT_DELETE_ENFORCED = rule(
    "soft-delete-enforced",
    "Soft delete that is AlwaysOn is Enabled, and stays so.",
    why="The service puts it on new vaults by itself, and nothing takes it back; so it is no difference.",
    remedy="nothing needs doing; declare AlwaysOn to say that it is meant",
    source="Azure Backup: secure by default; terraform-provider-azurerm issue 31163",
)
IMMUTABILITY_LOCKED = rule(
    "immutability-locked",
    "Immutability that is locked stays locked.",
    why="The service refuses it (UserErrorUnsupportedVaultImmutabilityStateChange).",
    remedy="declare immutability: Locked, or a new vault",
    source="Azure Backup: immutable vault",
)
SYSTEM_IDENTITY_KEPT = rule(
    "system-identity-kept",
    "A vault keeps the identity of its own.",
    why="Once it has one, it cannot be taken away.",
    remedy="declare systemAssigned: true, or leave it out",
    source="terraform-provider-azurerm, recovery_services_vault: identity",
)
FIRST_KEY = rule(
    "first-key",
    "A vault gets its first customer-managed key before its first backup.",
    why="The service takes a first key only for a vault with which no machine was ever registered.",
    remedy="leave encryption out, or declare a new vault with the key and assign VMs to that",
    source="Azure Backup: encryption by customer-managed keys",
)
INFRASTRUCTURE_ENCRYPTION = rule(
    "infrastructure-encryption",
    "Infrastructure encryption is chosen together with a vault's first key.",
    why="The service never changes it afterwards.",
    remedy="declare what the vault has, or leave infrastructureEncryption out",
    source="Azure Backup: encryption by customer-managed keys",
)
KEY_ACCESS = rule(
    "key-access",
    "The identity that reads a key has been allowed to.",
    why="An identity that a run creates is known only afterwards; until it may read the key, the service refuses it.",
    remedy="once the vault is there, grant its identity 'Key Vault Crypto Service Encryption User' on the key, and run "
    "again",
    source="Azure Backup: encryption by customer-managed keys",
)
SOFT_DELETE_OFF = rule(
    "soft-delete-off",
    "Soft delete is not switched off.",
    why="It is what brings backup data back after a mistake or an attack, and the service enforces it on new vaults.",
    remedy="use Enabled or AlwaysOn, or leave softDelete out so that it is not managed",
    source="Azure Backup: secure by default; terraform-provider-azurerm issue 31163",
)
SOFT_DELETE_RETENTION = rule(
    "soft-delete-retention",
    "Soft-deleted backup data is kept for 14 to 180 days.",
    why="The service refuses other periods.",
    remedy="use a number from 14 to 180",
    source="Azure Backup: enhanced soft delete",
)
CROSS_REGION_RESTORE = rule(
    "cross-region-restore",
    "Cross-region restore needs geo-redundant storage.",
    why="There is no copy in another region to restore from.",
    remedy="declare redundancy: GeoRedundant, or leave crossRegionRestore out",
    source="Azure Backup: cross-region restore; az CLI backup module",
)
ENCRYPTION_KEY = rule(
    "encryption-key",
    "A key is given by its identifier: https://VAULT.vault.azure.net/keys/NAME, with or without /VERSION.",
    why="The service reads the key from there.",
    remedy="use the identifier that 'az keyvault key show --query key.kid' prints",
    source="Azure Key Vault: object identifiers; Azure Backup: encryption by customer-managed keys",
)
ENCRYPTION_IDENTITY = rule(
    "encryption-identity",
    "The identity that reads the key is one that the vault has.",
    why="The service cannot read a key by an identity that it cannot use.",
    remedy="add the identity to spec.identity, or name one that stands there",
    source="Azure Backup: encryption by customer-managed keys",
)
USER_ASSIGNED_IDENTITY = rule(
    "user-assigned-identity",
    "A user-assigned identity is given by its ARM id.",
    why="Nothing else names it for certain.",
    remedy="use the id that 'az identity show --query id' prints",
    source="Azure Resource Manager: Microsoft.ManagedIdentity/userAssignedIdentities",
)
VAULT_EXISTING = rule(
    "vault-existing",
    "A vault that is owned elsewhere is not governed here.",
    why="'existing: true' says that it is read and referred to, never written.",
    remedy="remove this field, or remove 'existing: true'",
)
VAULT_ABSENT = rule(
    "vault-absent",
    "A vault that is torn down is not used.",
    why="What is declared to be in it could never be carried out.",
    remedy="remove the reference, or the vault's 'state: absent'",
)
VAULT_IMMUTABLE = rule(
    "vault-immutable",
    "No backup data is deleted in a vault that is declared immutable.",
    why="The service refuses it (UserErrorOperationDeniedOnImmutableItem).",
    remedy="declare 'protection: suspended', which lets points expire, or 'protection: stopped'",
    source="Azure Backup: immutable vault",
)
TEARDOWN_UNAPPROVED = rule(
    "teardown-unapproved",
    "A vault is torn down once an approval names every VM whose backups it holds.",
    why="Recovery points that are gone cannot be made again. While the backups of one VM have to stay, the vault has "
    "to, and so nothing in it is stopped or deleted.",
    remedy="name all of them in approval.vms, or remove 'state: absent'",
)
TEARDOWN_IMMUTABLE = rule(
    "teardown-immutable",
    "A vault that holds backups is torn down only while it is not immutable.",
    why="The service refuses to delete backups in an immutable vault (UserErrorOperationDeniedOnImmutableItem).",
    remedy="where it is Unlocked: apply 'immutability: Disabled' with 'state: present' first; where it is Locked: wait "
    "until the points have expired",
    source="Azure Backup: immutable vault",
)
TEARDOWN_ENDPOINTS = rule(
    "teardown-endpoints",
    "A vault that is torn down has no private endpoints.",
    why="The service deletes no vault that a private endpoint is connected to "
    "(ServiceResourceNotEmptyWithBackendMessage).",
    remedy="delete the private endpoints where they are owned, then run again",
    source="Azure Backup: delete a Recovery Services vault",
)
VAULTS_PER_REGION = rule(
    "vaults-per-region",
    "A subscription has at most 500 vaults in a region.",
    why="The service creates no more.",
    remedy="spread the vaults over several subscriptions",
    source="Azure Backup support matrix",
)
AUTHORITATIVE = rule(
    "authoritative",
    "An authoritative vault backs up what is declared, and nothing else.",
    why="No assignment of all the manifests selects these VMs. Their recovery points are kept.",
    remedy="nothing needs doing; select those in an assignment that are to be backed up",
)
AUTHORITATIVE_ROOTS = rule(
    "authoritative-roots",
    "An authoritative vault has its way only in a run over all the manifests there are.",
    why="What another manifest declares would be taken for undeclared, and stopped.",
    remedy="name the folders that hold all manifests as spec.roots in backup-reconciler.yaml, and run over all of them",
)
AUTHORITATIVE_DOUBT = rule(
    "authoritative-doubt",
    "An authoritative vault has its way only while the assignments select what they are meant to.",
    why="A VM that a mistaken selection misses would be taken for undeclared, and stopped.",
    remedy="correct the assignment, or remove it; VMs that are all to be stopped are declared with 'protection: "
    "stopped'",
)
