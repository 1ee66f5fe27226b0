"""Pydantic's JSON Schemas, as people meet them in an editor."""

import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

_ROLE = re.compile("(Document|Spec|Data)$")
_WORD = re.compile("[A-Z]+(?![a-z])|[A-Z][a-z]*")


class Generator(GenerateJsonSchema):
    """Says what the language takes and no more: no null where a field may be left out, no names of Python."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - none has one but its own name
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """A field that may be left out. In Python it is None then; in a manifest nobody may write null for it."""
        inner = schema["schema"]
        if schema.get("default", ...) is None and inner["type"] == "nullable":
            return self.generate_inner(inner["schema"])
        return super().default_schema(schema)

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """A list of a manifest, where no list is empty (rule empty-list)."""
        return {**super().tuple_schema(schema), "minItems": 1}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        found = super().model_schema(schema)
        found["title"] = _title(schema["cls"].__name__)
        if "description" in found:
            found["description"] = _unwrapped(found["description"])
        return found


def _title(name: str) -> str:
    """`VMAssignmentDocument` is a VM assignment."""
    first, *others = _WORD.findall(_ROLE.sub("", name))
    return " ".join((first, *(word if word.isupper() else word.lower() for word in others)))


def _unwrapped(text: str) -> str:
    """Each paragraph on one line: where a docstring's lines end means nothing to its reader."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
