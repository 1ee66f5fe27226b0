"""What decides whether backups will succeed, beside what a plan compares: read only for VMs that are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.lock import Lock
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.snapshot_group import SnapshotGroup, SnapshotGroupNames
from backup_reconciler.state.vm_status import VMStatus


@dataclass(frozen=True, slots=True)
class ReadinessScope:
    """What has to be read."""

    subscriptions: frozenset[str]
    """Of the VMs, by their ids in lower case."""
    snapshot_groups: frozenset[SnapshotGroupNames]
    """Where the VMs' snapshots go."""
    networks: frozenset[str] = frozenset()
    """The subscriptions whose networks have to be read."""
    service_tags: bool = True
    """Whether the service tags are not known yet, by which networks are judged."""
    failures: Mapping[ArmId, frozenset[ArmId]] = field(default_factory=dict)
    """By vault: the VMs whose last backup failed, and whose items do not tell why."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was read."""

    statuses: Mapping[str, Mapping[ArmId, VMStatus] | NotRead] = field(default_factory=dict)
    """By subscription, and in it by VM."""
    locks: Mapping[str, tuple[Lock, ...] | NotRead] = field(default_factory=dict)
    """By subscription: the locks on it and on all that lies in it."""
    groups: Mapping[str, frozenset[ArmId] | NotRead] = field(default_factory=dict)
    """By subscription: its resource groups."""
    snapshot_groups: Mapping[SnapshotGroupNames, tuple[SnapshotGroup, ...]] = field(default_factory=dict)
    """The groups that are there; where there is none, the one that the service will make."""
    network: Network = field(default_factory=Network)
    """What was read of the networks; those that a plan had read already are not in it."""
    unread_networks: Mapping[str, NotRead] = field(default_factory=dict)
    """By subscription."""
    last_errors: Mapping[ArmId, Mapping[ArmId, str] | NotRead] = field(default_factory=dict)
    """By vault, and in it by VM: Azure's code of the last failed backup."""
    requests: int = 0
    """HTTP requests that reading took."""
