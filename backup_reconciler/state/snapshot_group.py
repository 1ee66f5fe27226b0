"""The resource groups in which the service keeps snapshots for instant restore."""

import re
from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.not_read import NotRead


@dataclass(frozen=True, slots=True)
class Denial:
    """An assignment of Azure Policy that denies a resource."""

    assignment: ArmId
    fields: tuple[str, ...] = ()
    """What of the resource its rule is about, as Azure names it: `tags.owner`, `location`; empty where all of it is."""


@dataclass(frozen=True, slots=True, order=True)
class SnapshotGroupNames:
    """How the service names them for the VMs of a subscription in one region: a prefix, a number from 1, a suffix.

    The prefix is `AzureBackupRG_` and the region, unless the policy names another (source: Azure Backup, instant
    restore). The next number is taken when a group has no room left.
    """

    subscription: str
    """Its id, in lower case."""
    location: str
    prefix: str
    suffix: str = ""

    @property
    def first(self) -> ArmId:
        """The group that the service makes where there is none."""
        return ArmId(f"/subscriptions/{self.subscription}/resourceGroups/{self.prefix}1{self.suffix}")

    def mean(self, group: ArmId) -> bool:
        pattern = rf"{re.escape(self.prefix)}\d+{re.escape(self.suffix)}"
        return re.fullmatch(pattern, group.name, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class SnapshotGroup:
    """One such group, with what Azure Policy would say to the service's work in it."""

    id: ArmId
    exists: bool | None
    """False where the service is still to make it; None where that cannot be read."""
    group_denials: tuple[Denial, ...] | NotRead = ()
    """What denies the group itself; nothing denies one that is there."""
    point_denials: tuple[Denial, ...] | NotRead = ()
    """What denies restore points in it."""
