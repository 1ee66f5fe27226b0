"""What exists in the box: plain data, nothing else. All of it, and only it, is kept between two runs.

Dictionaries are keyed by `fold`ed names, because ARM's names and ids ignore case; the values keep the casing of
whoever created them.
"""

from backup_reconciler.sandbox.core.estate.access import Access, AzurePolicy, Lock, LockLevel, Role
from backup_reconciler.sandbox.core.estate.directory import CLIENT_ID, DOMAIN, OBJECT_ID, TENANT_ID
from backup_reconciler.sandbox.core.estate.estate import Arrival, Effect, Estate, ResourceGroup, Subscription
from backup_reconciler.sandbox.core.estate.failure import Failure
from backup_reconciler.sandbox.core.estate.fault import Fault, Postponed
from backup_reconciler.sandbox.core.estate.graph import GraphChange, GraphIndex
from backup_reconciler.sandbox.core.estate.guest import (
    ComputeOperation,
    Execution,
    Extension,
    Guest,
    RunCommand,
    ScriptOutcome,
)
from backup_reconciler.sandbox.core.estate.machine import BackupFailure, DataDisk, Hardware, VirtualMachine
from backup_reconciler.sandbox.core.estate.names import Era, Json, fold, region_key
from backup_reconciler.sandbox.core.estate.network import (
    DefaultNetwork,
    NetworkChild,
    NetworkOperation,
    NetworkResource,
    name_guid,
    network_id,
)
from backup_reconciler.sandbox.core.estate.quota import ArmQuota, Quotas, Spent, Window
from backup_reconciler.sandbox.core.estate.settings import Durations, Latency, Limits, Settings, SlowPath
from backup_reconciler.sandbox.core.estate.vault import (
    DeletedVault,
    GuardProxy,
    Job,
    Operation,
    Policy,
    ProtectedItem,
    RecoveryPoint,
    Task,
    Vault,
)

__all__ = [
    "CLIENT_ID",
    "DOMAIN",
    "OBJECT_ID",
    "TENANT_ID",
    "Access",
    "ArmQuota",
    "Arrival",
    "AzurePolicy",
    "BackupFailure",
    "ComputeOperation",
    "DataDisk",
    "DefaultNetwork",
    "DeletedVault",
    "Durations",
    "Effect",
    "Era",
    "Estate",
    "Execution",
    "Extension",
    "Failure",
    "Fault",
    "GraphChange",
    "GraphIndex",
    "GuardProxy",
    "Guest",
    "Hardware",
    "Job",
    "Json",
    "Latency",
    "Limits",
    "Lock",
    "LockLevel",
    "NetworkChild",
    "NetworkOperation",
    "NetworkResource",
    "Operation",
    "Policy",
    "Postponed",
    "ProtectedItem",
    "Quotas",
    "RecoveryPoint",
    "ResourceGroup",
    "Role",
    "RunCommand",
    "ScriptOutcome",
    "Settings",
    "SlowPath",
    "Spent",
    "Subscription",
    "Task",
    "Vault",
    "VirtualMachine",
    "Window",
    "fold",
    "name_guid",
    "network_id",
    "region_key",
]
