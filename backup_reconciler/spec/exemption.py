"""Kind Exemption: VMs that are meant to have no backup."""

from pydantic import Field

from backup_reconciler.spec.base import Model
from backup_reconciler.spec.selector import Selector
from backup_reconciler.spec.values import Day


class ExemptionSpec(Model):
    """VMs that coverage does not count. An exemption neither starts nor stops a backup."""

    select: Selector = Field(description="The VMs.")
    exclude: Selector | None = Field(default=None, description="VMs that are not meant although they are selected.")
    reason: str = Field(description="Why they need no backup.", examples=["Build agents are made anew every day."])
    expires: Day = Field(description="Last day of the exemption, such as 2027-01-31; after it the VMs count again.")
