"""Azure's own error codes, in words: what each means, and what to do.

Source: Microsoft Learn, "Troubleshoot backup failures on Azure virtual machines" and the pages it leads to.
"""

from backup_reconciler.azure.codes import backup, compute, protection

CONFLICTS = frozenset(
    {
        "BMSUserErrorConflictingProtectionOperation",
        "BMSUserErrorObjectLocked",
        "RSVaultUpdateErrorConflictingOperationInProgress",
        "AzureFirewallUpdateNotAllowedWhenUpdatingOrDeleting",
        "FirewallPolicyUpdateNotAllowedWhenUpdatingOrDeleting",
        "PreconditionFailed",
    }
)
"""Another operation on the same item, vault or firewall is under way, or came right before; after another look the
request will be taken later."""

NOT_EMPTY = "ServiceResourceNotEmptyWithBackendMessage"
"""A vault is not deleted while it holds something."""
_VAGUE = ("BMSUserErrorInvalidPolicyInput", "BMSUserErrorInstantRP")
"""How codes begin that refuse a policy and name no field of it (azure-sdk-for-go issue 2822, azure-cli issue 10270)."""

_FIREWALL_BUSY = (
    "the firewall is still being changed by somebody else, for which it takes minutes",
    "run again when that is over",
)
_EXPLAINED = {
    **backup.EXPLAINED,
    **protection.EXPLAINED,
    **compute.EXPLAINED,
    "BMSUserErrorInvalidPolicyInput": (
        "the service refuses the policy and does not say which field",
        "compare the body that was sent with a policy that the portal made, as 'az backup policy show' prints it",
    ),
    "CloudDosAbsoluteLimitReached": (
        "the vault has had its 50 writes of policies in 24 hours, or the VM its 9 backups on demand",
        "apply again tomorrow",
    ),
    "StorageModelModifyError": (
        "the vault's redundancy is locked because it protects something",
        "declare the redundancy it has, or a new vault",
    ),
    "BMSUserErrorSoftDeleteStateNotSetToAlwaysON": (
        "the service makes every new vault of this region with soft delete that is always on",
        "declare softDelete: {state: AlwaysOn}, or leave it out",
    ),
    "BMSUserErrorDisablingSoftDeleteStateNotAllowed": (
        "the vault's soft delete is always on, and nothing takes that back",
        "declare softDelete: {state: AlwaysOn}, or leave it out",
    ),
    "UserErrorUnsupportedVaultImmutabilityStateChange": (
        "immutability goes from Disabled to Unlocked and back, and from Unlocked to Locked, and no other way",
        "run plan again: somebody changed the vault's immutability since",
    ),
    "BMSUserErrorPolicyObjectInUse": (
        "VMs are bound to the policy",
        "assign them to another policy or stop their backups, then run again",
    ),
    NOT_EMPTY: (
        "the vault holds something still: backups, in some clouds also soft-deleted ones, servers or private endpoints",
        "look for what else it holds, such as backups of databases or file shares, which are not managed here",
    ),
    "AuthorizationFailed": (
        "this identity lacks the right to do that",
        "grant it a role that holds the action; backup-reconciler permissions shows all that manifests need",
    ),
    "LinkedAuthorizationFailed": (
        "this identity lacks a right on what the change refers to, such as the VM",
        "grant it the action that Azure names; protecting a VM takes Microsoft.Compute/virtualMachines/write on it",
    ),
    "SecurityRuleConflict": (
        "another rule of the network security group has this priority now",
        "run again: another one is chosen; or state another, where the manifest states this one",
    ),
    "AzureFirewallUpdateNotAllowedWhenUpdatingOrDeleting": _FIREWALL_BUSY,
    "FirewallPolicyUpdateNotAllowedWhenUpdatingOrDeleting": _FIREWALL_BUSY,
    "PreconditionFailed": (
        "somebody changed it right before, and it was not written",
        "run again",
    ),
    "ScopeLocked": ("a lock forbids the change", "remove the lock, or leave the resource as it is"),
}

_CLASSIC_ALERTS = (
    "this is one of the vaults whose classic alerts the service does not let be disabled",
    "leave alerts.criticalOperations out",
)


def names_no_field(code: str) -> bool:
    """Whether the service refuses a policy with this code and leaves it to the reader to find out why."""
    return code.startswith(_VAGUE)


def explain(code: str, message: str) -> tuple[str, str]:
    """(meaning, remedy) of a code, or of what the service's message lets one tell; empty for what is not known."""
    if code in _EXPLAINED:
        return _EXPLAINED[code]
    if code == "InvalidRestApiParameter" and "monitoringsettings" in message.casefold():
        return _CLASSIC_ALERTS
    if "already registered" in message.casefold():
        return "another vault holds this VM", "stop protection there first, then run again"
    if "resourceguard" in message.casefold().replace(" ", ""):
        return "a Resource Guard watches over that", "let somebody whom the guard trusts carry it out"
    return "", ""


def explain_job_error(number: str, title: str, message: str) -> tuple[str, str]:
    """(meaning, remedy) of an error of a job, which Azure names by a number, by a title, or by both; as `explain`."""
    return backup.EXPLAINED_BY_NUMBER.get(number) or explain(title, message)
