"""The codes with which the service refuses a change of a VM's protection, in words: what each means, and what to do.

Source: Microsoft Learn, "Troubleshoot backup failures on Azure virtual machines" and "Immutable vault for Azure
Backup"; azure-rest-api-specs issue 32688.
"""

_UNDER_WAY = (
    "another operation on the VM's backup, or on its policy, is under way and did not end in time",
    "run again once the vault's jobs show that it has ended",
)

EXPLAINED = {
    "BMSUserErrorInvalidConfigureProtectionRequest": (
        "the service does not know the VM, or not in this vault's region, or the policy is none for it",
        "check the VM's id, region and resource group; a VM that an Enhanced policy backed up stays with Enhanced ones",
    ),
    "BMSUserErrorConflictingProtectionOperation": _UNDER_WAY,
    "BMSUserErrorObjectLocked": _UNDER_WAY,
    "BMSUserErrorDataSourceObjectNotFound": (
        "the vault has no such backup item any more: it was purged, or somebody removed it",
        "plan again: a VM without an item can be protected anew, and its old recovery points are gone",
    ),
    "UserErrorOperationDeniedOnImmutableItem": (
        "the vault is immutable and lets no points go before their time; or (for suspending) it is not immutable",
        "keep the points, and the policy or a longer one; to suspend, declare the vault's immutability first",
    ),
}
