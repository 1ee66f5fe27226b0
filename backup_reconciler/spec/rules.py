"""The rule catalogue: every rule a document or a plan can break, in one place.

The validator, the planner and the documentation read the rules from here. A rule of the service names its source as
Azure's documentation, Azure's own tools or recorded answers of the live service give it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `id` is what messages print in brackets, `remedy` what to do when nothing more precise can be said."""

    id: str
    statement: str
    why: str
    remedy: str
    source: str


CATALOGUE: dict[str, Rule] = {}


def _rule(id_: str, statement: str, *, why: str, remedy: str, source: str = "backup-reconciler") -> Rule:
    if id_ in CATALOGUE:
        raise AssertionError(f"rule {id_} is defined twice")
    rule = CATALOGUE[id_] = Rule(id_, statement, why, remedy, source)
    return rule


# ---- files and documents -------------------------------------------------------------------------------------------

FILE_UNREADABLE = _rule(
    "file-unreadable",
    "A manifest is a readable UTF-8 text file.",
    why="What cannot be read cannot be compared, and skipping it would make its resources look undeclared.",
    remedy="save the file as UTF-8 text and check its permissions",
)
FILE_TOO_LARGE = _rule(
    "file-too-large",
    "A manifest file has at most 10 MB.",
    why="Nobody writes one that large; it is usually another file in the wrong folder.",
    remedy="split it into several files, or move it out of the folder",
)
NO_MANIFESTS = _rule(
    "no-manifests",
    "At least one document is declared.",
    why="An empty desired state is far more often a wrong path than a wish.",
    remedy="name a file or folder that holds *.yaml manifests",
)
YAML_SYNTAX = _rule(
    "yaml-syntax",
    "A manifest is well-formed YAML.",
    why="Guessing at broken YAML would plan something nobody wrote.",
    remedy="mend the YAML at this place",
)
YAML_ALIAS = _rule(
    "yaml-alias",
    "Anchors and aliases are not used.",
    why="They can expand without bound, and a value's place in the file would no longer be one place.",
    remedy="write the value out where it is used",
)
YAML_TAG = _rule(
    "yaml-tag",
    "Tags (a '!' before a value) are not used.",
    why="Every field has one type; a tag could only contradict it.",
    remedy="remove the tag; a text that begins with '!' needs quotes",
)
YAML_DEPTH = _rule(
    "yaml-depth",
    "Values are nested at most 50 levels deep.",
    why="No document needs more than a few; deeper ones exist to exhaust their reader.",
    remedy="remove the nesting",
)
DUPLICATE_KEY = _rule(
    "duplicate-key",
    "A mapping has each key once.",
    why="YAML parsers silently keep the last one, which is not what the first line says.",
    remedy="remove one of the two",
)
DOCUMENT_SHAPE = _rule(
    "document-shape",
    "A document is a mapping with apiVersion, kind, metadata and spec.",
    why="Everything else is decided by kind.",
    remedy="start the document with 'apiVersion: backup-reconciler/v1' and a kind",
)
UNKNOWN_KIND = _rule(
    "unknown-kind",
    "A document has a kind that this version knows.",
    why="A misspelt kind would otherwise be a resource that is silently not managed.",
    remedy="use one of the known kinds",
)
UNKNOWN_FIELD = _rule(
    "unknown-field",
    "A document has only fields that its kind knows.",
    why="A misspelt field would otherwise be a wish that is silently not granted.",
    remedy="remove the field or correct its name",
)
MISSING_FIELD = _rule(
    "missing-field",
    "A document has every field that its kind requires.",
    why="There is no default that would be right for everybody.",
    remedy="add the field",
)
WRONG_TYPE = _rule(
    "wrong-type",
    "A field's value has the field's type.",
    why="Azure's own answer to a wrong type names no field.",
    remedy="write a value of the type that is asked for",
)
NOT_ALLOWED = _rule(
    "value-not-allowed",
    "A field's value is one of those that are allowed.",
    why="Azure's own answer to a wrong value names no field.",
    remedy="use one of the allowed values",
)
NULL_VALUE = _rule(
    "null-value",
    "A field is stated or left out, never null.",
    why="A field that is left out is not managed; null would leave open whether that was meant.",
    remedy="give the field a value, or leave it out so that it is not managed",
)
DUPLICATE_TAG = _rule(
    "duplicate-tag",
    "A tag's name is used once, whatever its letter case.",
    why="Azure's tag names ignore letter case: the two would be one tag with two values.",
    remedy="remove one of the two",
    source="Azure Resource Manager: tag names are case-insensitive",
)
DUPLICATE_HANDLE = _rule(
    "duplicate-handle",
    "A handle (metadata.name) is used once per kind, whatever its letter case.",
    why="Other documents refer to it.",
    remedy="rename one of the two",
)
DUPLICATE_TARGET = _rule(
    "duplicate-target",
    "One Azure resource is declared once.",
    why="Two declarations of the same resource would take turns in changing it.",
    remedy="merge the two documents",
)
UNKNOWN_REFERENCE = _rule(
    "unknown-reference",
    "A reference names a document that exists.",
    why="There is nothing to refer to.",
    remedy="declare it, or correct the name",
)
HANDLE_FORM = _rule(
    "handle-form",
    "A handle has letters, digits, '.', '_', '!' and '-', starts with a letter or digit, and is 1 to 150 long.",
    why="It is part of file names, reports and references.",
    remedy="use letters, digits and hyphens",
)

# ---- vaults --------------------------------------------------------------------------------------------------------

VAULT_NAME = _rule(
    "vault-name",
    "A vault's name has 2 to 50 letters, digits and hyphens and starts with a letter.",
    why="The service refuses every other name.",
    remedy="choose a name such as rsv-prod, or state spec.name where only the handle is different",
    source="Azure naming rules for Microsoft.RecoveryServices/vaults",
)
SUBSCRIPTION_ID = _rule(
    "subscription-id",
    "A subscription is given by its id, a GUID.",
    why="Names of subscriptions are not unique and can change.",
    remedy="use the id that 'az account list --output table' prints",
    source="Azure Resource Manager ids",
)
RESOURCE_GROUP_NAME = _rule(
    "resource-group-name",
    "A resource group's name has 1 to 90 letters, digits, '_', '-', '.', '(' and ')', and does not end with a dot.",
    why="The service refuses every other name.",
    remedy="correct the name",
    source="Azure naming rules for resource groups",
)
REGION_NAME = _rule(
    "region-name",
    "A region is given by its name: letters and digits, spaces and letter case do not count.",
    why="The service refuses other texts, and a selection by them would match nothing.",
    remedy="use a name such as japaneast or 'Japan East'",
    source="Azure Resource Manager: names of locations",
)
VAULT_NAME_REUSED = _rule(
    "vault-name-reused",
    "A vault's name is used once in a subscription.",
    why="The service asks for a name that is unique in its resource group; people, scripts and the service's own guide "
    "take it to be unique in the subscription.",
    remedy="give the new vault a name of its own",
    source="Back up Azure VMs in a Recovery Services vault (Microsoft Learn)",
)
VAULT_LOCATION = _rule(
    "vault-location",
    "A vault stays in the region it was created in.",
    why="The service cannot move a vault to another region, and replacing it would abandon its recovery points.",
    remedy="declare the region the vault is in, or declare a new vault under another name",
    source="Azure Resource Manager: location is fixed at creation",
)
VAULT_MISSING = _rule(
    "vault-missing",
    "A vault with 'existing: true' exists.",
    why="It is owned elsewhere, so it is never created here.",
    remedy="create it where it is owned, or remove 'existing: true'",
)
VAULT_NOT_READY = _rule(
    "vault-not-ready",
    "A vault that is to be changed is not being created or deleted.",
    why="The service refuses writes to a vault while it is provisioning.",
    remedy="wait and run again; a vault whose state is Failed must be looked at in Azure",
    source="recorded answers of the service: provisioningState",
)
RESOURCE_GROUP_MISSING = _rule(
    "resource-group-missing",
    "The resource group of a vault exists.",
    why="Groups carry locks, policies and budgets that are decided elsewhere; one is never created as a side effect.",
    remedy="create the resource group, or correct its name",
)
REDUNDANCY_LOCKED = _rule(
    "redundancy-locked",
    "A vault's storage redundancy changes only while the vault protects nothing.",
    why="The service locks it when the first machine is registered (StorageModelModifyError).",
    remedy="declare the redundancy the vault has, or declare a new vault with the wished one and assign VMs to that",
    source="azure-mgmt-recoveryservicesbackup, storageTypeState; StorageModelModifyError",
)
REDUNDANCY_UNKNOWN = _rule(
    "redundancy-unknown",
    "A stated redundancy can be compared with Azure.",
    why="Azure's answer for this vault does not tell its redundancy (an old API version or sovereign cloud).",
    remedy="check it in the portal under Properties → Backup configuration",
)

# ---- policies ------------------------------------------------------------------------------------------------------

POLICY_NAME = _rule(
    "policy-name",
    "A policy's name has 3 to 150 letters, digits, '-', '_' and '!' and starts with a letter.",
    why="The service refuses every other name.",
    remedy="choose a name such as daily-30d, or state spec.name where only the handle is different",
    source="Azure naming rules for backup policies of VMs",
)
POLICY_TAGS = _rule(
    "policy-tags",
    "Only vaults have tags; policies have none.",
    why="The service accepts tags on a policy and never stores them: the next plan would find them missing, for ever.",
    remedy="remove tags here, or put them on the vault",
    source="terraform-provider-azurerm issues 5729, 8984 and 15284",
)
SCHEDULE_TIME = _rule(
    "schedule-time",
    "A backup starts on the hour or the half hour, written HH:MM with 24 hours.",
    why="The service refuses other times with a message that names no field (BMSUserErrorInvalidPolicyInput).",
    remedy='write the nearest half hour, for example "23:00" or "23:30"',
    source="validation of hashicorp/terraform-provider-azurerm; Azure PowerShell issue 15769",
)
INSTANT_RESTORE_DAYS = _rule(
    "instant-restore-days",
    "A Standard policy with a daily schedule keeps instant-restore snapshots for 1 to 5 days.",
    why="The service refuses other values with a message that names no field.",
    remedy="use 1, 2, 3, 4 or 5; the service's own default is 2",
    source="az CLI backup module; Azure support matrix",
)
INSTANT_RESTORE_BELOW_DAILY = _rule(
    "instant-restore-below-daily",
    "Instant-restore days are fewer than the days a daily point is kept.",
    why="The service refuses them with BMSUserErrorInstantRPRetentionExceedsVaultedRetention.",
    remedy="shorten instantRestoreDays or lengthen retention.daily.days",
    source="BMSUserErrorInstantRPRetentionExceedsVaultedRetention",
)
DAILY_RETENTION = _rule(
    "daily-retention",
    "Daily points are kept for at least 7 days (or exactly 1), at most 9999.",
    why="The service refuses 2 to 6 for new and changed policies.",
    remedy="use 7 or more",
    source="terraform-provider-azurerm issues 7792 and 7898; Azure support matrix",
)
DAILY_NEEDS_DAILY = _rule(
    "daily-needs-daily",
    "A policy that runs daily states retention.daily.",
    why="The service refuses a daily schedule without a daily retention.",
    remedy="add retention.daily.days",
    source="terraform-provider-azurerm, backup policy validation",
)
RETENTION_COUNT = _rule(
    "retention-count",
    "A count of weeks, months or years is from 1 to 9999.",
    why="It is the range of the service's schema.",
    remedy="use a number from 1 to 9999",
    source="Azure support matrix: at most 9999 recovery points",
)
RETENTION_FORMAT = _rule(
    "retention-format",
    "Monthly and yearly points are chosen either by weeks and days, or by dates.",
    why="The service knows two formats and a policy uses one of them per level.",
    remedy="state weeks and days together, or dates alone",
    source="azure-mgmt-recoveryservicesbackup, retentionScheduleFormatType",
)
RETENTION_DATE = _rule(
    "retention-date",
    "A date is a day of the month from 1 to 28, or 'last'.",
    why="Not every month has the others, and the service's tools refuse them.",
    remedy="use 1 to 28, or last",
    source="Azure PowerShell backup module",
)
EMPTY_LIST = _rule(
    "empty-list",
    "A list that is stated is not empty.",
    why="It would select nothing, or everything, depending on who reads it.",
    remedy="list at least one, or leave the field out",
)
TIME_ZONE = _rule(
    "time-zone",
    "A time zone is an IANA name or a Windows id.",
    why="The service knows Windows ids alone; IANA names are translated.",
    remedy="use a name such as Asia/Tokyo or 'Tokyo Standard Time'",
    source="Unicode CLDR windowsZones, as kept by tzlocal",
)
POLICY_INCOMPLETE = _rule(
    "policy-incomplete",
    "A policy that does not exist yet states its schedule and its retention.",
    why="There is nothing in Azure to take the unstated values from.",
    remedy="add schedule and retention",
)
POLICY_TIER = _rule(
    "policy-tier",
    "A policy keeps its tier and its kind of schedule.",
    why="The service cannot turn a Standard policy into an Enhanced one in place, nor back.",
    remedy="declare a new policy under another name and assign the VMs to that",
    source="Azure Backup: Enhanced policy for VMs; azure-cli migration prompt",
)
POLICY_NOT_UNDERSTOOD = _rule(
    "policy-not-understood",
    "A live policy can be told in the words of a manifest.",
    why="Comparing what is not understood would invent differences.",
    remedy="leave it to the tool that made it, or declare a new policy under another name",
)

# ---- protection ----------------------------------------------------------------------------------------------------

SELECT_EMPTY = _rule(
    "select-empty",
    "A selection says what it selects.",
    why="An empty selection could be read as nothing or as every VM there is.",
    remedy='state ids, names, tags or another key; every VM is names: ["*"]',
)
VM_ID = _rule(
    "vm-id",
    "A VM's id has the form /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/virtualMachines/….",
    why="Nothing else names a VM for certain.",
    remedy="use the id that 'az vm show --query id' prints",
    source="Azure Resource Manager ids",
)
POLICY_NEEDED = _rule(
    "policy-needed",
    "An assignment with active protection names a policy.",
    why="Without one the service has no schedule to back up on.",
    remedy="add policy: a handle, or DefaultPolicy",
)
POLICY_NOT_IN_VAULT = _rule(
    "policy-not-in-vault",
    "An assignment's policy is in the assignment's vault.",
    why="A policy belongs to a vault; the service binds no VM across vaults.",
    remedy="add the vault to the policy's vaults, or name a policy of that vault",
    source="Azure Resource Manager: a policy is a child of its vault",
)
VM_REGION = _rule(
    "vm-region",
    "A VM is backed up to a vault in its own region.",
    why="The service refuses a VM of another region.",
    remedy="assign the VM to a vault in its region, or exclude it here",
    source="Azure Backup support matrix for VMs",
)
VM_IN_OTHER_VAULT = _rule(
    "vm-in-other-vault",
    "A VM is backed up to one vault only.",
    why="The service would accept the request and let its job fail.",
    remedy="stop protection there and delete or keep its backup data as you decide; until the VM is released there, "
    "exclude it here",
    source="Azure Backup support matrix for VMs; azapi issue 398",
)
VM_MISSING = _rule(
    "vm-missing",
    "A VM selected by id exists.",
    why="There is nothing to protect. It may have been deleted or moved, or these rights may not show it.",
    remedy="correct the id, or remove it",
)
VM_CLAIMED_TWICE = _rule(
    "vm-claimed-twice",
    "A VM is selected by one assignment.",
    why="Two assignments would take turns in changing it.",
    remedy="exclude the VM from one of the two",
)
SELECTS_NOTHING = _rule(
    "selects-nothing",
    "A selection matches at least one VM.",
    why="It is often a misspelt tag or a VM that was moved.",
    remedy="correct the selection, or remove the assignment",
)
ITEM_SOFT_DELETED = _rule(
    "item-soft-deleted",
    "A VM whose backup was soft-deleted is brought back before it is protected again.",
    why="The service refuses to protect it, and its recovery points would be lost when the soft-delete period ends.",
    remedy="undelete the backup item in its vault, then run again",
    source="Azure Backup: soft delete for VMs",
)
ITEM_STATE_UNKNOWN = _rule(
    "item-state-unknown",
    "The state of a protected VM is one that is understood.",
    why="Acting on a state that is not understood could lose data.",
    remedy="look at the backup item in its vault",
)
NOTHING_TO_STOP = _rule(
    "nothing-to-stop",
    "A VM whose protection is to be stopped is protected.",
    why="There is no backup item whose data could be kept.",
    remedy="remove the assignment, or leave it for when the VM has been protected",
)
UNDECLARED_ITEM = _rule(
    "undeclared-item",
    "What a managed vault protects is declared.",
    why="No assignment selects this VM. It is listed, never touched.",
    remedy="select it in an assignment; 'backup-reconciler export' writes one",
)
UNDECLARED_POLICY = _rule(
    "undeclared-policy",
    "The policies of a managed vault are declared.",
    why="No manifest speaks of this policy. It is listed, never touched.",
    remedy="declare it; 'backup-reconciler export' writes the manifest",
)
