"""Rules of backup policies."""

from backup_reconciler.spec.rules.rule import rule

POLICY_NAME = rule(
    "policy-name",
    "A policy's name has 3 to 150 letters, digits, '-', '_' and '!' and starts with a letter.",
    why="The service refuses every other name.",
    remedy="choose a name such as daily-30d, or state spec.name where only the handle is different",
    source="Azure naming rules for backup policies of VMs",
)
POLICY_TAGS = rule(
    "policy-tags",
    "Only vaults have tags; policies have none.",
    why="The service accepts tags on a policy and never stores them: the next plan would find them missing, for ever.",
    remedy="remove tags here, or put them on the vault",
    source="terraform-provider-azurerm issues 5729, 8984 and 15284",
)
ENHANCED_ONLY = rule(
    "enhanced-only",
    "Hourly schedules and crash-consistent snapshots go with tier: Enhanced.",
    why="The service refuses them in a Standard policy (BMSUserErrorInvalidPolicyInput), and names no field.",
    remedy="add tier: Enhanced",
    source="Azure Backup: Enhanced policy for VMs; terraform-provider-azurerm issues 17816 and 17817",
)
BUILT_IN_TIER = rule(
    "built-in-tier",
    "DefaultPolicy is a Standard policy and EnhancedPolicy an Enhanced one.",
    why="The service puts them into a vault with these tiers, and no policy changes its tier.",
    remedy="declare the tier it has, or a new policy under another name",
    source="recorded answers of the service: the policies of a new vault",
)
DATABASE_POLICY_NAME = rule(
    "database-policy-name",
    "No policy for VMs is named HourlyLogBackup.",
    why="The service puts a policy of this name into every new vault, for databases in VMs; it turns it into no policy "
    "for VMs (BMSUserErrorInvalidPolicyInput), and plans never touch it.",
    remedy="choose another name",
    source="recorded answers of the service: the policies of a new vault",
)
SNAPSHOT_GROUP_NAME = rule(
    "snapshot-group-name",
    "The prefix and suffix of snapshot resource groups are 1 to 74 letters, digits, '_', '-', '.', '(' and ')' "
    "together, and the suffix does not end with a dot.",
    why="The service puts its number between them and creates resource groups of these names; where Azure takes no "
    "such name, backups fail.",
    remedy="correct the name",
    source="Azure Backup: resource group for virtual machines (Enable backup when you create an Azure VM)",
)
POLICIES_PER_VAULT = rule(
    "policies-per-vault",
    "A vault has at most 200 policies.",
    why="The service refuses the next one.",
    remedy="declare it for another vault, or remove policies that no VM needs",
    source="Azure Backup FAQ",
)
POLICY_ABSENT = rule(
    "policy-absent",
    "A policy with state: absent says nothing but its name and its vaults.",
    why="What a policy is like is of no account once it is deleted; both together are most likely a mistake.",
    remedy="remove state: absent, or everything but name and vaults",
)
POLICY_ABSENT_IN_USE = rule(
    "policy-absent-in-use",
    "No assignment names a policy with state: absent.",
    why="The service deletes no policy that a VM is bound to (BMSUserErrorPolicyObjectInUse).",
    remedy="assign the VMs to another policy, or remove state: absent there",
    source="Azure Backup: manage policies; azure-docs issue 123284",
)
POLICY_IN_USE = rule(
    "policy-in-use",
    "A policy that is deleted backs up no VM any more.",
    why="The service deletes no policy that a VM is bound to (BMSUserErrorPolicyObjectInUse).",
    remedy="assign these VMs to another policy or stop their backups: the run that does so deletes the policy too",
    source="Azure Backup: manage policies; azure-docs issue 123284",
)
POLICY_INCOMPLETE = rule(
    "policy-incomplete",
    "A policy that does not exist yet states its schedule and its retention.",
    why="There is nothing in Azure to take the unstated values from.",
    remedy="add schedule and retention",
)
POLICY_TIER = rule(
    "policy-tier",
    "A policy keeps its tier, and a VM that is bound to an Enhanced policy goes to Enhanced ones only.",
    why="The service cannot turn a Standard policy into an Enhanced one in place, nor lead a VM back.",
    remedy="declare a new policy under another name and assign the VMs to that",
    source="Azure Backup: Enhanced policy for VMs; azure-cli migration prompt",
)
IMMUTABLE_RETENTION = rule(
    "immutable-retention",
    "In an immutable vault the points of a VM are not kept for less than they are.",
    why="The service refuses a shorter retention of a policy that VMs are bound to, and binding a VM to a policy that "
    "keeps less (UserErrorOperationDeniedOnImmutableItem).",
    remedy="keep at least what is kept now, or declare the vault's immutability Disabled where it is not Locked",
    source="Azure Backup: immutable vault",
)
POLICY_NOT_UNDERSTOOD = rule(
    "policy-not-understood",
    "A live policy can be told in the words of a manifest.",
    why="Comparing what is not understood would invent differences.",
    remedy="leave it to the tool that made it, or declare a new policy under another name",
)
