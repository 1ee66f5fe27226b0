"""Actions: what a plan would do, one frozen type per verb, complete enough to be executed as they are."""

from backup_reconciler.plan.action.base import Action, Change, Risk
from backup_reconciler.plan.action.policy import CreatePolicy, DeletePolicy, UpdatePolicy
from backup_reconciler.plan.action.protection import (
    BindAction,
    ChangePolicy,
    DeleteData,
    Migrate,
    Protect,
    Resume,
    Stop,
    VMAction,
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
    | Protect
    | Resume
    | ChangePolicy
    | Migrate
    | Stop
    | DeleteData
)

__all__ = [
    "Action",
    "AnyAction",
    "AwaitVault",
    "BindAction",
    "Change",
    "ChangePolicy",
    "ChangeVault",
    "CreatePolicy",
    "CreateVault",
    "DeleteData",
    "DeletePolicy",
    "DeleteVault",
    "LockVault",
    "Migrate",
    "Protect",
    "Resume",
    "Risk",
    "Stop",
    "UpdatePolicy",
    "UpdateVault",
    "VMAction",
    "WeakenVault",
]
