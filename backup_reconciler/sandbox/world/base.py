"""What every part of a world is made of: one strict model, the error, and the types of plain values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from backup_reconciler.sandbox.world.ranges import Allowance, RangeError, expanded, names_in

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_LINE = 600
"""Characters."""

Trail = tuple[str | int, ...]
"""The way from the top of a world down to a value."""


class WorldError(Exception):
    """Something is wrong with a world or its saved state; the message is for people and stands on its own."""


class Model(BaseModel):
    """Strict and frozen. The text below a field is its description in the JSON Schema."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=False,
        use_attribute_docstrings=True,
    )


Name = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(ge=0, le=315_576_000, allow_inf_nan=False)]
"""Ten years are the most, so that every moment that follows from one can be written."""
Tags = dict[str, str]

_MOMENT = r"^20\d\d-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)$"
_FIRST, _END = datetime(2000, 1, 2, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
_IN_WORDS = "it should be a moment of 2000 to 2099 with its zone, as 2026-11-23T08:00:00Z"


def _written(value: Any) -> Any:
    """Nobody means a bare number, which pydantic would take for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(_MOMENT, value)):
        return value
    raise ValueError(f"{shortened(value)} is wrong; {_IN_WORDS}")


def _of_this_century(moment: datetime) -> datetime:
    if not _FIRST <= moment < _END:
        raise ValueError(f"{moment.isoformat()} is wrong; {_IN_WORDS}")
    return moment


Moment = Annotated[
    AwareDatetime,
    Field(strict=False),
    AfterValidator(_of_this_century),
    BeforeValidator(_written),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _MOMENT}),
]


def one_line(text: str) -> str:
    """A message on one line, whatever names it repeats, and not longer than anybody reads."""
    cut = text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


def shortened(value: object) -> str:
    """A value as a message shows it; of a long one the beginning."""
    text = f"'{value[:60]}'" if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_VAULT_NAME = r"^[a-zA-Z][-a-zA-Z0-9]{1,49}$"
_RESOURCE_NAME = r"^[^/\[\]\x00-\x1f]+$"
_SCOPE = r"^/(subscriptions(/[^/]+)+)?$"
GUARD_ID = r"^/subscriptions/[^/]+/resource[gG]roups/[^/]+/providers/Microsoft.DataProtection/resourceGuards/[^/]+$"
PATTERNS_IN_WORDS = {
    _GUID: "a subscription's id, as 11111111-2222-3333-4444-555555555555",
    _RESOURCE_NAME: "a name, without a slash",
    _SCOPE: "/ for everywhere, or the id of a subscription, resource group or resource",
    _VAULT_NAME: "2 to 50 letters, digits and hyphens, beginning with a letter",
    GUARD_ID: "the ARM id of a Microsoft.DataProtection/resourceGuards",
}
Scope = Annotated[str, Field(pattern=_SCOPE)]

T = TypeVar("T")


def _named(pattern: str) -> Callable[[dict[str, T], ValidationInfo], dict[str, T]]:
    """Makes a mapping of names out of one of names and ranges of names. The context is the world's allowance."""
    compiled = re.compile(pattern)

    def why_not(name: str) -> str:
        return "" if compiled.match(name) else f"'{name}' is wrong; it should be {PATTERNS_IN_WORDS[pattern]}"

    return lambda keys, info: expanded(keys, why_not, info.context or Allowance())


def _keys(pattern: str) -> Any:
    """What the JSON Schema says of such keys: a name, or something with a range, which the reader looks at."""
    return Field(json_schema_extra={"propertyNames": {"pattern": rf"{pattern}|\["}})


Subscriptions = Annotated[dict[str, T], AfterValidator(_named(_GUID)), _keys(_GUID)]
Vaults = Annotated[dict[str, T], AfterValidator(_named(_VAULT_NAME)), _keys(_VAULT_NAME)]
Resources = Annotated[dict[str, T], AfterValidator(_named(_RESOURCE_NAME)), _keys(_RESOURCE_NAME)]
"""By name; a range such as web-[001-100] stands for each of its names."""


def _names_some(text: str) -> str:
    try:
        names_in(text)
    except RangeError as error:
        raise ValueError(str(error)) from error
    return text


Names = Annotated[Name, AfterValidator(_names_some)]
"""A name or id that may hold ranges, and so stand for many."""
