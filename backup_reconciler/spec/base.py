"""What every shape has in common: frozen, strict, camelCase in YAML, and no null where a field may be left out."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from backup_reconciler.spec.rules.document import NULL_VALUE

T = TypeVar("T")
M = TypeVar("M", bound="Model")

Items = Annotated[tuple[T, ...], Field(strict=False)]
"""A list as YAML has it; a tuple here, because nothing in a spec changes."""


class Model(BaseModel):
    """A frozen, strict shape: unknown fields are errors, and `"1"` is not `1`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        defer_build=True,  # most runs need few of the kinds, and start sooner without the others
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_null(cls, value: Any) -> Any:
        """Unstated means unmanaged; a null would leave it open which of the two was meant."""
        if isinstance(value, dict):
            for name, inner in value.items():
                if inner is None:
                    raise PydanticCustomError(NULL_VALUE.id, "null is not a value here", {"field": (name,)})
        return value

    def stated(self) -> dict[str, Any]:
        """The fields that say something, by their YAML names, as plain data; a default says nothing."""
        return self.model_dump(by_alias=True, exclude_defaults=True, mode="json")

    def over(self: M, other: M) -> M:
        """The other one, with what is stated here in its place; a stated field is taken whole."""
        return other.model_copy(update={name: value for name, value in self if value is not None})

    def part(self, shape: type[M]) -> M:
        """The fields of `shape` that this document states, as that shape."""
        return shape.model_validate(
            {name: value for name, value in self if value is not None and name in shape.model_fields}
        )
