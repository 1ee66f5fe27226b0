"""Approvals: who agreed to a deletion, why, for which VMs, and until when."""

from typing import Annotated

from pydantic import Field

from backup_reconciler.spec.base import Items, Model
from backup_reconciler.spec.resource_type import VIRTUAL_MACHINE
from backup_reconciler.spec.values import Day


class Approval(Model):
    """Consent to delete backup data. It names what it is for, and it ends."""

    by: str = Field(description="Who approves.", examples=["Tanaka Yui"])
    reason: str = Field(
        description="Why the data may be deleted.", examples=["The application was retired (CHG-1234)."]
    )
    expires: Day = Field(description="Last day on which the approval holds, such as 2027-01-31.")
    vms: Items[Annotated[str, VIRTUAL_MACHINE]] = Field(
        description="ARM ids of the VMs whose backup data may be deleted; no other's is."
    )
