"""Actions: what a plan would do, one frozen type per verb, complete enough to be executed as they are."""

from backup_reconciler.plan.action.base import Action, Change, Risk, VaultAction
from backup_reconciler.plan.action.firewall import UpdateFirewall
from backup_reconciler.plan.action.policy import CreatePolicy, DeletePolicy, UpdatePolicy
from backup_reconciler.plan.action.protection import (
    BackUpNow,
    BindAction,
    ChangeDisks,
    ChangePolicy,
    DeleteData,
    Migrate,
    Protect,
    Resume,
    Stop,
    Suspend,
    Undelete,
    VMAction,
)
from backup_reconciler.plan.action.run_command import DeleteRunCommand, RunScript
from backup_reconciler.plan.action.security_rule import (
    CreateSecurityRule,
    DeleteSecurityRule,
    SecurityRuleAction,
    UpdateSecurityRule,
)
from backup_reconciler.plan.action.vault import (
    AwaitVault,
    ChangeVault,
    CreateVault,
    DeleteVault,
    LockVault,
    UpdateVault,
    WeakenVault,
)

Rebinding = Resume | ChangePolicy | ChangeDisks | Migrate
"""What binds a VM that has a backup item already."""

AnyVMAction = Protect | Rebinding | Stop | Suspend | Undelete | DeleteData | BackUpNow

AnyAction = (
    CreateVault
    | AwaitVault
    | UpdateVault
    | WeakenVault
    | LockVault
    | DeleteVault
    | CreatePolicy
    | UpdatePolicy
    | DeletePolicy
    | CreateSecurityRule
    | UpdateSecurityRule
    | DeleteSecurityRule
    | UpdateFirewall
    | RunScript
    | DeleteRunCommand
    | AnyVMAction
)

__all__ = [
    "Action",
    "AnyAction",
    "AnyVMAction",
    "AwaitVault",
    "BackUpNow",
    "BindAction",
    "Change",
    "ChangeDisks",
    "ChangePolicy",
    "ChangeVault",
    "CreatePolicy",
    "CreateSecurityRule",
    "CreateVault",
    "DeleteData",
    "DeletePolicy",
    "DeleteRunCommand",
    "DeleteSecurityRule",
    "DeleteVault",
    "LockVault",
    "Migrate",
    "Protect",
    "Rebinding",
    "Resume",
    "Risk",
    "RunScript",
    "SecurityRuleAction",
    "Stop",
    "Suspend",
    "Undelete",
    "UpdateFirewall",
    "UpdatePolicy",
    "UpdateSecurityRule",
    "UpdateVault",
    "VMAction",
    "VaultAction",
    "WeakenVault",
]
