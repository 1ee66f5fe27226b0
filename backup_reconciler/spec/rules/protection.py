"""Rules of assignments and of the protection of VMs."""

from backup_reconciler.spec.rules.rule import rule

SELECT_EMPTY = rule(
    "select-empty",
    "A selection says what it selects.",
    why="An empty selection could be read as nothing or as every VM there is.",
    remedy='state ids, names, tags or another key; every VM is names: ["*"]',
)
VM_ID = rule(
    "vm-id",
    "A VM's id has the form /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/virtualMachines/….",
    why="Nothing else names a VM for certain.",
    remedy="use the id that 'az vm show --query id' prints",
    source="Azure Resource Manager ids",
)
VAULT_NEEDED = rule(
    "vault-needed",
    "An assignment names one vault, or vaults of which each VM goes to one.",
    why="A VM is backed up to one vault only.",
    remedy="add vault: a handle, or vaults: {matchRegion: [handles]}",
    source="Azure Backup support matrix for VMs",
)
POLICY_NEEDED = rule(
    "policy-needed",
    "An assignment with active protection names a policy.",
    why="Without one the service has no schedule to back up on.",
    remedy="add policy: a handle, or DefaultPolicy",
)
POLICY_NOT_IN_VAULT = rule(
    "policy-not-in-vault",
    "An assignment's policy is in the assignment's vault.",
    why="A policy belongs to a vault; the service binds no VM across vaults.",
    remedy="add the vault to the policy's vaults, or name a policy of that vault",
    source="Azure Resource Manager: a policy is a child of its vault",
)
VM_REGION = rule(
    "vm-region",
    "A VM is backed up to a vault in its own region.",
    why="The service refuses a VM of another region.",
    remedy="assign the VM to a vault in its region, or exclude it here",
    source="Azure Backup support matrix for VMs",
)
VM_IN_OTHER_VAULT = rule(
    "vm-in-other-vault",
    "A VM is backed up to one vault only.",
    why="The service would accept the request and let its job fail.",
    remedy="to release it, stop its backups there and delete its backup data, and wait until what is soft-deleted is "
    "purged; until then exclude it here",
    source="Azure Backup support matrix for VMs; azapi issue 398",
)
VM_MISSING = rule(
    "vm-missing",
    "A VM selected by id exists.",
    why="There is nothing to protect. It was deleted, or moved, by which it gets another id.",
    remedy="correct the id, or remove it",
)
VM_HIDDEN = rule(
    "vm-hidden",
    "These rights show the VMs that are selected by id, and those that a vault backs up.",
    why="A VM that is not shown may be there, or be gone. It is never taken for a deleted or an unprotected one.",
    remedy="grant this identity the Reader role on the VM's resource group, or leave the VM out",
    source="Azure RBAC: a list has what the caller may read",
)
VMS_HIDDEN = rule(
    "vms-hidden",
    "These rights show the VMs of every subscription in which an assignment looks for them.",
    why="What it selects cannot be told, so nothing of it is carried out. What other assignments select goes on.",
    remedy="grant this identity the Reader role on the subscription, or select the VMs by their ids",
    source="Azure RBAC: listing the VMs of a subscription is a right on the subscription",
)
ORPHANED_ITEM = rule(
    "orphaned-item",
    "A backup item's VM exists.",
    why="The VM was deleted. Its recovery points stay and cost, and an active item keeps trying to back it up.",
    remedy="select the VM by its id: 'protection: stopped' keeps the points, 'protection: deleted' with an approval "
    "deletes them",
    source="Azure Backup: troubleshoot VM backups, BCMV2VMNotFound",
)
VM_MOVED = rule(
    "vm-moved",
    "A backup item's VM is where it was when it was protected.",
    why="A VM that is moved to another resource group or subscription gets another id: its backups stop, and the item "
    "under the old one cannot be resumed.",
    remedy="if it is this VM, select it at its new place; the old item keeps its recovery points, and is ended as that "
    "of a deleted VM: by its old id with 'protection: stopped' or 'protection: deleted'",
    source="azure-docs issues 35727 and 74153",
)
VM_RECREATED = rule(
    "vm-recreated",
    "A VM's recovery points are of the machine that it is.",
    why="It was made after its last backup, under the id of one that was deleted: its points are of that one.",
    remedy="nothing needs to be done: the next backup is of the new VM; restore an older point under another name",
    source="Azure Compute: timeCreated of a VM",
)
VM_CLAIMED_TWICE = rule(
    "vm-claimed-twice",
    "A VM is selected by one assignment.",
    why="Two assignments would take turns in changing it.",
    remedy="exclude the VM from one of the two",
)
SELECTS_NOTHING = rule(
    "selects-nothing",
    "A selection matches at least one VM.",
    why="It is often a misspelt tag or a VM that was moved.",
    remedy="correct the selection, or remove the assignment",
)
MOVE_TO_ENHANCED = rule(
    "move-to-enhanced",
    "A VM moves from a Standard policy to an Enhanced one only where its assignment says so, 1 to 1000 VMs a run.",
    why="The service lets no VM back to a Standard policy, and the snapshots of an Enhanced one cost more.",
    remedy="add moveToEnhanced: {vmsPerRun: 10} to the assignment, or name a Standard policy",
    source="Azure Backup: migrate VM backups from Standard to Enhanced policy",
)
VM_NEEDS_ENHANCED = rule(
    "vm-needs-enhanced",
    "VMs with Ultra or Premium SSD v2 disks and confidential VMs are backed up by an Enhanced policy.",
    why="The service backs them up by no Standard policy.",
    remedy="assign the VM to an Enhanced policy, such as EnhancedPolicy",
    source="Azure Backup support matrix for VMs; Azure Backup: Enhanced policy for VMs",
)
ITEM_STATE_UNKNOWN = rule(
    "item-state-unknown",
    "The state of a protected VM is one that is understood.",
    why="Acting on a state that is not understood could lose data.",
    remedy="look at the backup item in its vault",
)
NOTHING_TO_STOP = rule(
    "nothing-to-stop",
    "A VM whose protection is to be stopped is protected.",
    why="There is no backup item whose data could be kept.",
    remedy="remove the assignment, or leave it for when the VM has been protected",
)
UNDECLARED_ITEM = rule(
    "undeclared-item",
    "What a managed vault protects is declared.",
    why="What no assignment selects is listed, never touched, unless its vault is authoritative.",
    remedy="select it in an assignment; 'backup-reconciler export' writes one",
)
UNDECLARED_POLICY = rule(
    "undeclared-policy",
    "The policies of a managed vault are declared.",
    why="No manifest speaks of this policy. It is listed, never touched.",
    remedy="declare it; 'backup-reconciler export' writes the manifest",
)
REGION_CHOICE = rule(
    "region-choice",
    "Of the vaults that an assignment chooses from, each is in a region of its own.",
    why="A VM could go to two of them, and nothing says to which.",
    remedy="name one vault for each region",
)
SELECT_CONTRADICTION = rule(
    "select-contradiction",
    "What a selection names by id, its other keys and the exclusion do not take away again.",
    why="All keys of a selection must match, so the VM is never selected.",
    remedy="remove the id, or what takes it away",
)
SUSPEND_IMMUTABLE = rule(
    "suspend-immutable",
    "Backups are suspended in an immutable vault only.",
    why="The service refuses it elsewhere, with a message that says the opposite "
    "(UserErrorOperationDeniedOnImmutableItem).",
    remedy="declare 'protection: stopped', or the vault's immutability",
    source="azure-rest-api-specs issue 32688; Azure Backup: immutable vault",
)
SUSPEND_ACTIVE = rule(
    "suspend-active",
    "Backups that are suspended are those of a VM that is backed up.",
    why="Suspended recovery points expire as the policy says that the VM had; one that is stopped or deleted has none.",
    remedy="declare it active with a policy first, and suspended once it is",
    source="Azure Backup: immutable vault",
)
DELETE_IMMUTABLE = rule(
    "delete-immutable",
    "Backups in an immutable vault are not deleted.",
    why="The service denies it until their recovery points have expired.",
    remedy="declare 'protection: suspended', by which the recovery points expire as their policy says",
    source="Azure Backup: immutable vault",
)
DISK_SELECTION = rule(
    "disk-selection",
    "Disks are either included or excluded, by LUNs from 0 to 63.",
    why="The service takes one list of LUNs and whether it includes or excludes them.",
    remedy="state include or exclude, with LUNs as 'az vm show --query storageProfile.dataDisks' prints them",
    source="azure-mgmt-recoveryservicesbackup, diskExclusionProperties; Azure Compute, data disk LUNs",
)
DISK_NOT_LISTED = rule(
    "disk-not-listed",
    "A list of disks to include names every data disk of its VMs that matters.",
    why="Only listed disks are backed up, so one that is attached later is not.",
    remedy="name its LUN in include, or state exclude instead: disks that come later are then backed up",
    source="Azure Backup: selective disk backup and restore",
)
DISK_LUN_MISSING = rule(
    "disk-lun-missing",
    "The LUNs of a list of disks are those of the VM's data disks.",
    why="It may be a mistake, or the disk was detached.",
    remedy="correct the LUN as 'az vm show --query storageProfile.dataDisks' prints it, or remove it",
    source="Azure Compute, data disk LUNs",
)
INITIAL_BACKUP = rule(
    "initial-backup",
    "The first backup of VMs that are actively protected is kept for 1 to 9999 days, or until a day to come.",
    why="There is no first backup of a VM that is not backed up, and a point that has expired is none.",
    remedy="state keepDays from 1 to 9999, or keepUntil with a day to come",
    source="azure-mgmt-recoveryservicesbackup, IaasVMBackupRequest; Azure support matrix",
)
VMS_PER_VAULT = rule(
    "vms-per-vault",
    "A vault protects at most 1,000 VMs.",
    why="The service protects no more.",
    remedy="spread the VMs over several vaults",
    source="Azure Backup support matrix",
)
