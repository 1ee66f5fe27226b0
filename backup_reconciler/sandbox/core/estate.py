"""What exists in the box: plain data, nothing else. All of it, and only it, is kept between two runs.

Dictionaries are keyed by `fold`ed names, because ARM's names and ids ignore case; the values keep the casing of
whoever created them.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - these types are read at run time, to keep and load a state
from typing import Any, Literal

Json = dict[str, Any]
Era = Literal[2021, 2026]


def fold(name: str) -> str:
    """The form under which a name or id is compared."""
    return name.lower()


@dataclass(frozen=True)
class Durations:
    """Seconds that the service takes. The defaults are medians of what was recorded in 2021."""

    vault: float = 10.0
    protect: float = 32.0
    stop: float = 13.0
    delete: float = 60.0
    undelete: float = 13.0
    policy_update: float = 45.0
    first_backup: float = 3600.0


@dataclass
class Fault:
    """Something that goes wrong with the requests it matches: a status in place of the answer, or a cut connection."""

    method: str
    path: str
    status: int | None = None
    code: str = ""
    message: str = ""
    retry_after: int | None = None
    cut: Literal["before", "after"] | None = None
    times: int | None = None
    skip: int = 0
    met: int = 0
    """How many requests have matched so far."""


@dataclass(frozen=True)
class Settings:
    """How this service behaves."""

    era: Era = 2026
    page_size: int = 100
    graph_page_size: int = 1000
    graph_lag_seconds: float = 0.0
    durations: Durations = field(default_factory=Durations)


@dataclass(frozen=True)
class Failure:
    """Why an operation and its job failed: `code` stands in the operation's `error` and is the job's `errorTitle`."""

    code: str
    message: str
    number: int = 0
    """The job's `errorCode`; most of Azure's numbers are not published, and then it is 0."""


@dataclass
class VirtualMachine:
    """A VM as Compute knows it."""

    subscription: str
    group: str
    name: str
    location: str
    vm_id: str
    created: datetime
    os: Literal["Linux", "Windows"] = "Linux"
    tags: dict[str, str] = field(default_factory=dict)
    power: Literal["running", "stopped", "deallocated"] = "running"
    agent_version: str | None = None
    """None: no agent reports from inside the VM."""
    configure_fails: Failure | None = None
    """What protecting this VM ends in."""

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.Compute/virtualMachines/{self.name}"
        )


@dataclass
class Policy:
    """A backup policy; `properties` as on the wire, without the count of its items, which is counted when asked."""

    name: str
    properties: Json


@dataclass(frozen=True)
class RecoveryPoint:
    time: datetime
    expires: datetime


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
    extended: Json | None = None
    last_backup_status: str = ""
    last_backup_time: datetime | None = None
    recovery_points: list[RecoveryPoint] = field(default_factory=list)
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
    policies: dict[str, Policy] = field(default_factory=dict)
    items: dict[str, ProtectedItem] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
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
class ResourceGroup:
    subscription: str
    name: str
    location: str
    tags: dict[str, str] = field(default_factory=dict)
    vaults: dict[str, Vault] = field(default_factory=dict)
    virtual_machines: dict[str, VirtualMachine] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.name}"


@dataclass
class Subscription:
    id: str
    groups: dict[str, ResourceGroup] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Effect:
    """Something that comes to pass later. Ordered as it comes due; `sequence` breaks ties."""

    due: datetime
    sequence: int
    kind: str
    vault: str
    """Key of the vault it happens in."""
    subject: str
    """Key of the operation, job or item it happens to."""


@dataclass
class GraphChange:
    """A row of Resource Graph as it was from `at` on; None where the resource had gone."""

    at: datetime
    id: str
    row: Json | None


@dataclass
class GraphIndex:
    """What Resource Graph knows when it lags: the rows it shows, and the changes it has yet to learn."""

    rows: dict[str, Json] = field(default_factory=dict)
    coming: list[GraphChange] = field(default_factory=list)
    seen: dict[str, dict[str, Json]] = field(default_factory=dict)
    """Per vault, its rows as they were when a change was last looked for."""


@dataclass
class Estate:
    """Everything there is."""

    settings: Settings = field(default_factory=Settings)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    vault_operations: dict[str, Operation] = field(default_factory=dict)
    """Creations and deletions of vaults: a deletion is asked after when its vault is gone."""
    holders: dict[str, str] = field(default_factory=dict)
    """VM id → key of the vault that holds it: a VM is registered with one vault at a time."""
    graph: GraphIndex = field(default_factory=GraphIndex)
    sequence: int = 0

    def schedule(self, due: datetime, kind: str, vault: Vault, subject: str) -> None:
        """Let something come to pass at `due`."""
        self.sequence += 1
        heapq.heappush(self.effects, Effect(due, self.sequence, kind, vault.key, subject))

    def groups(self) -> list[ResourceGroup]:
        return [group for subscription in self.subscriptions.values() for group in subscription.groups.values()]

    def vaults(self) -> list[Vault]:
        return [vault for group in self.groups() for vault in group.vaults.values()]

    def vault(self, vault_id: str) -> Vault | None:
        group = self._group(vault_id)
        return group.vaults.get(fold(vault_id).rpartition("/")[2]) if group else None

    def virtual_machine(self, vm_id: str) -> VirtualMachine | None:
        group = self._group(vm_id)
        if group is None or "/providers/microsoft.compute/virtualmachines/" not in fold(vm_id):
            return None
        return group.virtual_machines.get(fold(vm_id).rpartition("/")[2])

    def _group(self, resource_id: str) -> ResourceGroup | None:
        """The resource group of `/subscriptions/{s}/resourceGroups/{rg}/providers/{ns}/{type}/{name}`."""
        match fold(resource_id).split("/"):
            case ["", "subscriptions", subscription, "resourcegroups", group, "providers", _, _, _]:
                found = self.subscriptions.get(subscription)
                return found.groups.get(group) if found else None
            case _:
                return None
