"""Kind VMAssignment: which VMs are protected, in which vault, by which policy. It becomes one protection per VM."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.values import Location

Protection = Literal["active", "stopped"]


class Selector(Model):
    """Which VMs. Every key that is stated must match (AND); one of a key's values is enough (OR).

    Names, groups and tag names ignore letter case, tag values do not: that is Azure's own rule.
    """

    subscriptions: Items[str] | None = Field(default=None, description="Ids of subscriptions to look in.")
    resource_groups: Items[str] | None = Field(default=None, description="Names of resource groups.")
    locations: Items[Location] | None = Field(default=None, description="Regions.")
    names: Items[str] | None = Field(default=None, description="Names of VMs; * and ? are wildcards here.")
    ids: Items[str] | None = Field(default=None, description="ARM ids of VMs.")
    tags: dict[str, Items[str]] | None = Field(
        default=None, description="For each tag name the values of which the VM must have one."
    )


class AssignmentSpec(Model):
    """VMs that are to be protected alike."""

    vault: str = Field(description="Handle of the vault.")
    policy: str | None = Field(
        default=None,
        description="Handle of the policy, or the name of one that the service itself puts into a vault.",
    )
    select: Selector = Field(description="The VMs.")
    exclude: Selector | None = Field(default=None, description="VMs that are not meant although they are selected.")
    protection: Protection = Field(
        default="active",
        description="active: backed up by the policy. stopped: no more backups, every recovery point kept.",
    )


@dataclass(frozen=True, slots=True)
class ProtectionSettings:
    """How one VM is protected: what an assignment wishes for it, and what Azure says of it, in the same words."""

    protection: Protection
    policy: ArmId | None = None
    """The policy that is bound; None while stopped, when the service holds none."""
