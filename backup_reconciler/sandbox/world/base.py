"""What every part of a world is made of: one strict model, the error, and the types of plain values."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Trail = tuple[str | int, ...]
"""The way from the top of a world down to a value."""


class WorldError(Exception):
    """Something is wrong with a world or its saved state; the message is for people and stands on its own."""


class Model(BaseModel):
    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=False,
    )


Name = Annotated[str, Field(min_length=1)]
Moment = Annotated[AwareDatetime, Field(strict=False)]
Seconds = Annotated[float, Field(ge=0, le=366 * 24 * 3600, strict=False)]
Tags = dict[str, str]

_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_VAULT_NAME = r"^[a-zA-Z][-a-zA-Z0-9]{1,49}$"
_SCOPE = r"^/(subscriptions(/[^/]+)+)?$"
GUARD_ID = r"^/subscriptions/[^/]+/resource[gG]roups/[^/]+/providers/Microsoft.DataProtection/resourceGuards/[^/]+$"
PATTERNS_IN_WORDS = {
    _GUID: "a subscription's id, as 11111111-2222-3333-4444-555555555555",
    _SCOPE: "/ for everywhere, or the id of a subscription, resource group or resource",
    _VAULT_NAME: "2 to 50 letters, digits and hyphens, beginning with a letter",
    GUARD_ID: "the ARM id of a Microsoft.DataProtection/resourceGuards",
}
Scope = Annotated[str, Field(pattern=_SCOPE)]
SubscriptionId = Annotated[str, Field(pattern=_GUID)]
VaultName = Annotated[str, Field(pattern=_VAULT_NAME)]
