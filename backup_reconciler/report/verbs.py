"""What each verb of a plan is called, and how a number of them is told."""

from backup_reconciler.plan.action import (
    AwaitVault,
    BackUpNow,
    ChangeDisks,
    ChangePolicy,
    CreatePolicy,
    CreateSecurityRule,
    CreateVault,
    DeleteData,
    DeletePolicy,
    DeleteRunCommand,
    DeleteSecurityRule,
    DeleteVault,
    LockVault,
    Migrate,
    Protect,
    Resume,
    RunScript,
    Stop,
    Suspend,
    Undelete,
    UpdateFirewall,
    UpdatePolicy,
    UpdateSecurityRule,
    UpdateVault,
    WeakenVault,
)
from backup_reconciler.plan.plan import Plan
from backup_reconciler.report.words import counted, listed

_TOLD = {
    CreateVault.verb: ("create", "vault", "vaults", "to create"),
    AwaitVault.verb: ("await", "vault", "vaults", "to wait for"),
    UpdateVault.verb: ("update", "vault", "vaults", "to update"),
    WeakenVault.verb: ("update", "vault", "vaults", "to update with approval"),
    LockVault.verb: ("lock", "vault", "vaults", "to lock for good"),
    CreatePolicy.verb: ("create", "policy", "policies", "to create"),
    UpdatePolicy.verb: ("update", "policy", "policies", "to update"),
    CreateSecurityRule.verb: ("create", "security rule", "security rules", "to create"),
    UpdateSecurityRule.verb: ("update", "security rule", "security rules", "to update"),
    UpdateFirewall.verb: ("update", "firewall", "firewalls", "to update"),
    RunScript.verb: ("run", "script", "scripts", "to run in VMs"),
    Protect.verb: ("protect", "VM", "VMs", "to protect"),
    BackUpNow.verb: ("back up", "VM", "VMs", "to back up for the first time"),
    Undelete.verb: ("undelete", "VM", "VMs", "to undelete"),
    Resume.verb: ("resume", "VM", "VMs", "to resume"),
    ChangePolicy.verb: ("re-bind", "VM", "VMs", "to bind to another policy"),
    ChangeDisks.verb: ("re-disk", "VM", "VMs", "to change the disks of"),
    Migrate.verb: ("migrate", "VM", "VMs", "to move to an Enhanced policy"),
    Stop.verb: ("stop", "VM", "VMs", "to stop, keeping the data"),
    Suspend.verb: ("suspend", "VM", "VMs", "to suspend, letting points expire"),
    DeleteData.verb: ("delete", "VM", "VMs", "to delete the backups of"),
    DeleteSecurityRule.verb: ("delete", "security rule", "security rules", "to delete"),
    DeleteRunCommand.verb: ("delete", "run command", "run commands", "to delete"),
    DeletePolicy.verb: ("delete", "policy", "policies", "to delete"),
    DeleteVault.verb: ("delete", "vault", "vaults", "to delete"),
}


def word_for(verb: str) -> str:
    return _TOLD[verb][0]


def count_words(plan: Plan) -> str:
    """ "1 vault to create, 3 VMs to protect", or "nothing to do"."""
    counts = plan.count_by_verb()
    parts = [
        f"{counted(counts[verb], one, many)} {what}" for verb, (_, one, many, what) in _TOLD.items() if counts[verb]
    ]
    return listed(parts) if parts else "nothing to do"
