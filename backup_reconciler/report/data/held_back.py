"""Actions that are left out of a plan, as JSON."""

from typing import Literal

from pydantic import Field

from backup_reconciler.plan.plan import HeldBack
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.changes import source


class HeldBackData(JsonData):
    """An action that is left out."""

    address: str = Field(description="What the action would have been done to.")
    label: str = Field(description="The same in a person's words.")
    verb: str = Field(description="What would have been done.")
    because: str = Field(
        description="The address that is blocked, the assignment whose next wave it is in, or the vault whose "
        "writes of policies are used up or which has to get its key."
    )
    why: Literal["blocked", "later wave", "write budget", "key"] = Field(
        description="blocked: what it needs is blocked. Otherwise a later run carries it out."
    )
    source: str = Field(description="file:line of the document that declares it.")
    column: int = Field(description="The column there, counted from 1.")


def held_data(held: HeldBack) -> HeldBackData:
    action = held.action
    return HeldBackData(
        address=action.address,
        label=action.label,
        verb=action.verb,
        because=held.because,
        why=held.why.value,
        source=source(action.place),
        column=action.place.column,
    )
