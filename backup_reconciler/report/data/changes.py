"""What differs of something, field by field, as JSON; and how a place in the manifests is told."""

from typing import Any

from pydantic import Field

from backup_reconciler.plan.action import Change
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.spec.document import Place


class ChangeData(JsonData):
    """One field that differs."""

    path: str = Field(description="Path of the field, in the words of a manifest.")
    from_: Any = Field(alias="from", description="What Azure has.")
    to: Any = Field(description="What the manifest declares.")
    source: str = Field(description="file:line where the manifest states it.")
    column: int = Field(description="The column there, counted from 1.")


def change_data(change: Change) -> ChangeData:
    at = change.place
    return ChangeData(path=change.path, from_=change.found, to=change.declared, source=source(at), column=at.column)


def source(place: Place) -> str:
    return f"{place.file}:{place.line}"
