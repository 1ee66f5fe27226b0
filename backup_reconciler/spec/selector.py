"""Which VMs are meant."""

from pydantic import Field

from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.values import Location


class TagPresence(Model):
    """Whether a VM has a tag, whatever its value."""

    exists: bool = Field(description="true: the VM has the tag. false: it has not.")


class Selector(Model):
    """Which VMs. Every key that is stated must match (AND); one of a key's values is enough (OR).

    Names, groups and tag names ignore letter case, tag values do not: that is Azure's own rule.
    """

    subscriptions: Items[str] | None = Field(default=None, description="Ids of subscriptions to look in.")
    resource_groups: Items[str] | None = Field(default=None, description="Names of resource groups.")
    locations: Items[Location] | None = Field(default=None, description="Regions.")
    names: Items[str] | None = Field(default=None, description="Names of VMs; * and ? are wildcards here.")
    ids: Items[str] | None = Field(default=None, description="ARM ids of VMs.")
    tags: dict[str, Items[str] | TagPresence] | None = Field(
        default=None,
        description="For each tag name the values of which the VM must have one, or {exists: true} for any value, or "
        "{exists: false} for VMs without the tag.",
    )
