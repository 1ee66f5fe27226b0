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
