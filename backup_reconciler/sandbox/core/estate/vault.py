"""Vaults and what they hold: policies, protected items, jobs, operations. Deleted vaults keep all of it for a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from backup_reconciler.sandbox.core.estate.failure import Failure
from backup_reconciler.sandbox.core.estate.names import Json, fold


@dataclass
class Policy:
    """A backup policy; `properties` as on the wire, without the count of its items, which is counted when asked."""

    name: str
    properties: Json
    next_run: datetime | None = None
    """When it runs next; None while it protects nothing."""


@dataclass(frozen=True, slots=True)
class RecoveryPoint:
    time: datetime
    expires: datetime
    levels: str = ""
    """Initials of the retention levels that keep it (`dwmy`), for good; empty when somebody asked for the backup."""


@dataclass
class ProtectedItem:
    """A VM that a vault backs up, or whose backups it still keeps."""

    group: str
    vm: str
    source: str
    """The VM's ARM id as it was PUT."""
    data_id: str
    state: str
    policy_id: str = ""
    """As it was PUT: the service echoes that casing (R21)."""
    policy_before: str = ""
    """The policy that it followed until it was stopped or deleted."""
    extended: Json | None = None
    last_backup_status: str = ""
    last_backup_time: datetime | None = None
    last_failure: Failure | None = None
    """Why the last backup failed, wholly or in its transfer."""
    recovery_points: list[RecoveryPoint] = field(default_factory=list)
    """In the order of their times. Some may be over: ask `points.held`."""
    snapshots: list[datetime] = field(default_factory=list)
    """Instant-restore snapshots in the VM's restore point collection."""
    backups: list[str] = field(default_factory=list)
    """Backup jobs that run now."""
    asked_for: list[datetime] = field(default_factory=list)
    """When backups were asked for, of the last day."""
    deleted: datetime | None = None
    """When it was soft-deleted."""

    @property
    def token(self) -> str:
        """The name without its first token, as `containerName` and jobs print it."""
        return f"iaasvmcontainerv2;{self.group};{self.vm}"

    @property
    def key(self) -> str:
        return fold(self.token)

    @property
    def policy_name(self) -> str:
        return self.policy_id.rpartition("/")[2]


@dataclass
class Task:
    """One phase of a job."""

    name: str
    status: str


@dataclass
class Job:
    id: str
    operation: str
    container: str
    vm: str
    started: datetime
    activity: str
    status: str = "InProgress"
    ended: datetime | None = None
    tasks: list[Task] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    error: Failure | None = None
    expires: datetime | None = None
    """When the recovery point that a backup makes expires."""
    levels: str = ""
    """The retention levels of that point."""

    @property
    def key(self) -> str:
        return fold(self.container)


@dataclass
class Operation:
    """A request that was accepted with 202 (or 201, for a vault) and is worked on."""

    id: str
    verb: str
    started: datetime
    status: Literal["InProgress", "Succeeded", "Failed"] = "InProgress"
    items: list[str] = field(default_factory=list)
    """Keys of the protected items it changes; a second operation on one of them is refused."""
    jobs: list[str] = field(default_factory=list)
    intent: Json = field(default_factory=dict)
    """What was asked for, until it is done."""
    error: Failure | None = None


@dataclass
class GuardProxy:
    """The tie of a vault to the Resource Guard that watches over its critical operations."""

    guard: str
    """The guard's ARM id. The guard itself belongs to Microsoft.DataProtection and is not in the estate."""
    linked: datetime
    protects: list[str]
    """Kinds of requests that need the guard: `deleteProtectedItemRequests`, …"""
    description: str = ""
    other_tenant: bool = False
    """Calls that lean on the guard then carry a second token, in `x-ms-authorization-auxiliary`."""
    approves: bool = True
    """Whether the caller holds a role on the guard now."""
    unlocked: dict[str, datetime] = field(default_factory=dict)
    """What may be deleted until when, by its folded id."""


@dataclass
class Vault:
    subscription: str
    group: str
    name: str
    location: str
    sku: Json
    changed: datetime
    tags: dict[str, str] | None = None
    identity: Json | None = None
    properties: Json = field(default_factory=dict)
    """What the vault API of today reads and writes; the two configuration resources are views of it."""
    provisioning: str = "Succeeded"
    redundancy_locked: bool = False
    """Turns true when the first machine registers, for good (SDKB)."""
    redundancy_by_vault_api: bool = False
    soft_delete_by_vault_api: bool = False
    classic_alerts_stay: bool = False
    """Whether this is one of the vaults that refuse to have classic alerts disabled (TF issue)."""
    guard: GuardProxy | None = None
    private_endpoints: list[str] = field(default_factory=list)
    """ARM ids of the private endpoints that are connected to it."""
    policy_writes: list[datetime] = field(default_factory=list)
    """When its policies were written, as far back as the service counts."""
    policies: dict[str, Policy] = field(default_factory=dict)
    items: dict[str, ProtectedItem] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    runs: dict[str, list[str]] = field(default_factory=dict)
    """Backup jobs that go through their phases together, by the first of them."""
    operations: dict[str, Operation] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.RecoveryServices/vaults/{self.name}"
        )

    @property
    def key(self) -> str:
        return fold(self.id)


@dataclass
class DeletedVault:
    """A vault after its deletion, with all it held: it can be undeleted until `purge_at`."""

    name: str
    """`{group}_{guid}` (R26)."""
    vault: Vault
    deleted: datetime
    purge_at: datetime

    @property
    def subscription(self) -> str:
        return self.vault.subscription

    @property
    def group(self) -> str:
        return self.vault.group

    @property
    def location(self) -> str:
        return self.vault.location

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/providers/Microsoft.RecoveryServices/locations/{self.location}"
            f"/deletedVaults/{self.name}"
        )
