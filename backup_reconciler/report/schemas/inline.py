"""Schemas in one piece."""

from typing import Any

from backup_reconciler.report.schemas.choice import Schema, choice
from backup_reconciler.report.schemas.meanings import with_meanings

_PREFIX = "#/$defs/"


def inlined(schema: Schema) -> Schema:
    """Pydantic's schema with each definition written out where it is used, and with our way of telling choices.

    Up to draft 7 whatever stands beside a `$ref` is ignored, which would be the descriptions of fields. The shapes of a
    document form a tree, so there is an end to it.
    """
    return _written_out(_without(schema, "$defs"), schema.get("$defs", {}))


def _written_out(node: Schema, definitions: Schema) -> Schema:
    if "$ref" in node:
        meant = definitions[node["$ref"].removeprefix(_PREFIX)]
        return _written_out({**meant, **_without(node, "$ref")}, definitions)
    found = {word: _inside(value, definitions) for word, value in node.items()}
    return _told_apart(found) if "discriminator" in found else with_meanings(found)


def _inside(value: Any, definitions: Schema) -> Any:
    if isinstance(value, list):
        return [_inside(item, definitions) for item in value]
    return _written_out(value, definitions) if isinstance(value, dict) else value


def _told_apart(union: Schema) -> Schema:
    """A choice of shapes that one of their fields tells apart."""
    name = union["discriminator"]["propertyName"]
    members = {member["properties"][name]["const"]: member for member in union["oneOf"]}
    return {**_without(union, "discriminator", "oneOf"), **choice(name, members)}


def _without(node: Schema, *words: str) -> Schema:
    return {word: value for word, value in node.items() if word not in words}
